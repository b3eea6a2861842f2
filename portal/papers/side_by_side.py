"""Parts drawn side by side by one command: as many at once as there are processors, each in a process of its own."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from flask import current_app

from portal.actors import Actor
from portal.papers.part_drawing import Drawn, draw_part
from portal.papers.render import PrintRoom
from portal.papers.workflow import Wanted


def draw_parts(by: Actor, parts: Sequence[Sequence[int]], wanted: Wanted) -> Iterator[Drawn]:
    """What became of each of these parts (ids of cases), in their order; nothing on the papers is masked."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # threads have no context of their own
    count = min(len(parts), len(os.sched_getaffinity(0)))
    rooms = [PrintRoom(app.config["INSTANCE_DIR"]) for _ in range(count)]
    free: SimpleQueue[PrintRoom] = SimpleQueue()
    for room in rooms:
        free.put(room)

    def draw(ids: Sequence[int]) -> Drawn:
        room = free.get()
        try:
            with app.app_context():
                return draw_part(by, ids, wanted, full=True, room=room)
        finally:
            free.put(room)

    try:
        with ThreadPoolExecutor(count) as hands:
            yield from hands.map(draw, parts)
    finally:
        for room in rooms:
            room.close()
