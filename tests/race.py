"""C1: two hundred members press 认领 on a hundred wishes at the same moment, before the real server.

And of wishes with two places, of which one is held: the invited press 接受 while two others press 认领.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from flask import Flask

from tests import crowds
from tests.cast import Cast
from tests.server import Server, serving
from tests.visitors import Answer, Visitor

WISHES, CLIENTS = 100, 200
INVITING = 20


@dataclass(frozen=True)
class Attempt:
    """One member's press: who, on which wish, the answer, the page it led to, and the seconds of waiting for it."""

    member: str
    number: str
    answer: Answer
    page: Answer
    waited: float

    @property
    def won(self) -> bool:
        return self.answer.status == 303


def run(app: Flask, cast: Cast, folder: Path) -> list[Attempt]:
    """Two members for each wish, all at once; what came of each press."""
    numbers = crowds.wishes(cast, WISHES)
    members = crowds.registered_members(cast, CLIENTS)
    names = [member.name for member in members]
    browsers = crowds.cookies(app, members)  # commits last: nothing here may hold the database's lock from now on
    together = threading.Barrier(CLIENTS)
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    with serving(folder, uri) as server, ThreadPoolExecutor(CLIENTS) as pool:
        presses = [
            pool.submit(press, server, name, cookie, numbers[index % WISHES], together)
            for index, (name, cookie) in enumerate(zip(names, browsers, strict=True))
        ]
        return [attempt.result() for attempt in presses]


def run_invited(app: Flask, cast: Cast, folder: Path) -> dict[str, list[Attempt]]:
    """What came of each press, by verb: on every wish one invited accepts and two others claim, all at once."""
    numbers = crowds.wishes(cast, INVITING)
    members = crowds.registered_members(cast, 3 * INVITING)
    crowds.invite(numbers, [member.member_id for member in members[:INVITING]])
    names = [member.name for member in members]
    browsers = crowds.cookies(app, members)  # commits last, as above
    together = threading.Barrier(len(names))
    verbs = ["accept"] * INVITING + ["claim"] * 2 * INVITING
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    with serving(folder, uri) as server, ThreadPoolExecutor(len(names)) as pool:
        presses = [
            pool.submit(press, server, names[at], browsers[at], numbers[at % INVITING], together, verb)
            for at, verb in enumerate(verbs)
        ]
        found: dict[str, list[Attempt]] = {"accept": [], "claim": []}
        for verb, pressed in zip(verbs, presses, strict=True):
            found[verb].append(pressed.result())
        return found


def press(
    server: Server, member: str, cookie: str, number: str, together: threading.Barrier, verb: str = "claim"
) -> Attempt:
    """Open the wish's page, wait for all the others, make the move, and read the page that follows."""
    claim = f"/wishes/{number}/{verb}"
    with Visitor(server, cookie) as visitor:
        try:
            fields = visitor.get(f"/wishes/{number}").hidden(claim)
        except BaseException:
            together.abort()
            raise
        visitor.hang_up()  # the server may do so too, should the others be long in coming
        together.wait()
        begun = perf_counter()
        answer = visitor.post(claim, fields)
        waited = perf_counter() - begun
        page = visitor.get(answer.location) if answer.status == 303 else answer
    return Attempt(member, number, answer, page, waited)
