"""What is handed in is frozen: the tables with every cell, and the list behind every number, as they stood.

All of it is counted, packed and sealed while nothing is locked (`lay_down`), then laid down in small parts under a
snapshot that nobody sees (`stage`); handing in makes it stand. A stop in between leaves such an unseen snapshot, which
the tick clears away. What is read of a report that was handed in is read from here, whatever happened since.
"""

import datetime as dt
import hashlib
import json
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, select

from portal import clock, vault
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db, one_reading, reading
from portal.reports import content, lists, registers
from portal.reports.content import Content, Foot
from portal.reports.counting import NOWHERE
from portal.reports.lists import Line
from portal.reports.models import Report, Snapshot, SnapshotRow, SnapshotState
from portal.reports.tables import Cell, Table

PART = 100  # lists written between two commits: the write lock is held for some ten milliseconds
TRIES = 3
LEVEL = 1  # of packing: more would take twice the time for a fifth of the room
REGISTER = "register"  # what the registers are kept under, beside the lists of columns
KEPT = dt.timedelta(hours=1)  # so long what was laid down and never handed in is kept


@dataclass
class Laid:
    """A snapshot counted, packed and sealed, not yet written."""

    snapshot: dict
    rows: list[dict]
    breaches: list[str]
    changes: list[str]


def lay_down(report: Report, by: Actor) -> Laid:
    """Count, pack and seal everything that is handed in with a report, without holding a lock."""
    with reading(), one_reading() as let_go:
        return packed(report, by, clock.now(), let_go)


def packed(report: Report, by: Actor, now: dt.datetime, let_go: Callable = lambda: None) -> Laid:
    """What is handed in with a report as of a moment; `let_go` ends each reading (see lists).

    Where each query reads by itself, everything is done once more if something was written between: so the numbers and
    the lists are of one moment. Raises RuleBroken when people never stop writing.
    """
    for _ in range(TRIES):
        if laid := _packed_once(report, by, now, let_go):
            return laid
    raise RuleBroken("现在正有人在登记，数字还在变，请过一会儿再上报。")


def _packed_once(report: Report, by: Actor, now: dt.datetime, let_go: Callable) -> Laid | None:
    key, today = report.id, clock.local(now).date()
    (_, scope), day = content.scope_of(report), content.until(report, today)
    said = content.live(report, by.name, today)
    let_go()
    seal_id, prints = uuid.uuid4().hex, hashlib.sha256()
    kept_under = {str(table.number): lists.kept_under(table) for table in said.tables}
    whole, rows = _packed(_plain(said) | {"lists": kept_under}, prints), []
    for table in said.tables:
        for listing in lists.of_table(table, scope, day, let_go):
            if not lists.agrees(table, listing):
                return None
            for row in sorted(listing.rows):  # packed book by book: all lines of a county town at once are too many
                rows.append(_row(seal_id, prints, table.number, listing.key, row, listing.rows.pop(row)))
    reported = _reported(said)
    for place, lines in _registers(list(reported), day).items():
        if len(lines) != reported[place]:
            return None
        rows.append(_row(seal_id, prints, 7, REGISTER, place, lines))
    let_go()
    snapshot = {
        "report_id": key, "taken_at": now, "until": dt.date.fromisoformat(said.foot.day), "by_name": by.shown,
        "by_user_id": by.user_id, "seal_id": seal_id, "sha256": prints.hexdigest(),
        "lines": sum(row["lines"] for row in rows), "tables_sealed": vault.seal_bytes(whole, place_of(seal_id)),
    }  # fmt: skip
    return Laid(snapshot, rows, said.breaches, said.changes)


def stage(laid: Laid) -> Iterator[int]:
    """Write what was laid down, part by part, unseen; the caller commits after each part, the last says its id."""
    snapshot = Snapshot(state=SnapshotState.STAGED, **laid.snapshot)
    db.session.add(snapshot)
    db.session.flush()
    key = snapshot.id
    yield key
    for start in range(0, len(laid.rows), PART):
        part = [row | {"snapshot_id": key} for row in laid.rows[start : start + PART]]
        db.session.execute(insert(SnapshotRow), part)
        yield key


def parts_of(laid: Laid) -> int:
    """In how many parts it is written."""
    return 1 + -(-len(laid.rows) // PART)


def read(snapshot: Snapshot) -> Content:
    """What a snapshot says."""
    plain = plain_of(snapshot)
    return Content(
        [Table.of(table) for table in plain["tables"]], Foot(**plain["foot"]), plain["breaches"], plain["changes"]
    )


def forget_unsent(now: dt.datetime) -> None:
    """A sweep: what was laid down and never handed in is cleared away."""
    old = select(Snapshot.id).where(Snapshot.state == SnapshotState.STAGED, Snapshot.taken_at < now - KEPT)
    ids = list(db.session.scalars(old.limit(20)))
    if ids:
        db.session.execute(delete(SnapshotRow).where(SnapshotRow.snapshot_id.in_(ids)))
        db.session.execute(delete(Snapshot).where(Snapshot.id.in_(ids)))


def _row(seal_id: str, prints, table: int, list_key: str, row_key: int, lines: list[Line]) -> dict:
    packed = _packed(lines, prints)
    return {
        "table": table, "list_key": list_key, "row_key": str(row_key), "lines": len(lines),
        "behind_sealed": vault.seal_bytes(packed, place_of(seal_id, table, list_key, row_key)),
    }  # fmt: skip


def plain_of(snapshot: Snapshot) -> dict:
    """What a snapshot says as JSON has it, and under which key the list of each column is kept."""
    whole = vault.unseal_bytes(snapshot.tables_sealed, place_of(snapshot.seal_id))
    return json.loads(zlib.decompress(whole))


def _registers(places: list[int], day: dt.date) -> dict[int, list[Line]]:
    """The register of each community (附件7乙) on a day."""
    found = registers.of_communities(places, day)
    return {key: [[place, *line.cells] for place, line in enumerate(lines, 1)] for key, lines in found.items()}


def _reported(said: Content) -> dict[int, Cell]:
    """The number 已报到 of each community, where table 7 is handed in."""
    table = said.table(7)
    return {row.key: row.cells["reported"] for row in table.rows if row.key != NOWHERE} if table else {}


def _plain(said: Content) -> dict:
    return {
        "tables": [table.plain() for table in said.tables], "foot": asdict(said.foot), "breaches": said.breaches,
        "changes": said.changes,
    }  # fmt: skip


def _packed(plain, prints) -> bytes:
    """A value as packed JSON, counted into the fingerprint."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    prints.update(text)
    return zlib.compress(text, LEVEL)


def place_of(seal_id: str, *cell) -> str:
    """What a part of a snapshot is sealed to: the snapshot, and which list it is."""
    return ":".join(["snapshots", seal_id, *map(str, cell)])
