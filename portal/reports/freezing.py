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
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from sqlalchemy import delete, insert, select

from portal import clock, vault
from portal.actors import Actor
from portal.errors import RuleBroken
from portal.extensions import db, reading
from portal.reports import content, lists
from portal.reports.behind import Behind
from portal.reports.content import Content, Foot
from portal.reports.counting import WHOLE
from portal.reports.models import Report, Snapshot, SnapshotRow, SnapshotState
from portal.reports.tables import Table

PART = 100  # lists written between two commits: the write lock is held for some ten milliseconds
TRIES = 3
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
    with reading():
        now, key = clock.now(), report.id
        said, found = _counted_together(report, by, clock.local(now).date())
        seal_id, prints = uuid.uuid4().hex, hashlib.sha256()
        whole = _packed(_plain(said), prints)
        rows = [_row(seal_id, prints, *each) for each in found]
        snapshot = {
            "report_id": key, "taken_at": now, "until": dt.date.fromisoformat(said.foot.day),
            "by_name": by.shown, "by_user_id": by.user_id, "seal_id": seal_id, "sha256": prints.hexdigest(),
            "lines": sum(row["lines"] for row in rows),
            "tables_sealed": vault.seal_bytes(whole, _place(seal_id)),
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


def read(snapshot: Snapshot) -> Content:
    """What a snapshot says."""
    whole = vault.unseal_bytes(snapshot.tables_sealed, _place(snapshot.seal_id))
    plain = json.loads(zlib.decompress(whole))
    return Content(
        [Table.of(table) for table in plain["tables"]], Foot(**plain["foot"]), plain["breaches"], plain["changes"]
    )


def behind_of(snapshot: Snapshot, table: Table, row_key: int, column_key: str) -> list[Behind]:
    """The list behind one number of a snapshot; behind a total, the lists of its rows together, each thing once."""
    rows = select(SnapshotRow.row_key, SnapshotRow.behind_sealed).where(
        SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.table == table.number, SnapshotRow.column_key == column_key
    )
    if row_key != WHOLE:
        rows = rows.where(SnapshotRow.row_key == str(row_key))
    names = {str(row.key): row.name for row in table.rows}
    found: dict[int, Behind] = {}
    held: dict[int, list[str]] = defaultdict(list)
    for key, sealed in db.session.execute(rows.order_by(SnapshotRow.id)):
        packed = vault.unseal_bytes(sealed, _place(snapshot.seal_id, table.number, column_key, key))
        for line in json.loads(zlib.decompress(packed)):
            found.setdefault(line[0], Behind(*line))
            held[line[0]].append(names.get(key, ""))
    return [_shared(line, held[key]) for key, line in found.items()]


def _shared(line: Behind, rows: list[str]) -> Behind:
    """The line with the rows that share the thing, where there are several."""
    together = f"共有：{'、'.join(rows)}" if len(rows) > 1 else ""
    return replace(line, note="；".join(filter(None, (line.note, together)))) if together else line


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the snapshot is what was handed in, to the last list: its fingerprint still fits."""
    prints = hashlib.sha256()
    prints.update(zlib.decompress(vault.unseal_bytes(snapshot.tables_sealed, _place(snapshot.seal_id))))
    rows = select(SnapshotRow).where(SnapshotRow.snapshot_id == snapshot.id).order_by(SnapshotRow.id)
    for row in db.session.scalars(rows.execution_options(yield_per=PART)):
        place = _place(snapshot.seal_id, row.table, row.column_key, row.row_key)
        prints.update(zlib.decompress(vault.unseal_bytes(row.behind_sealed, place)))
    return prints.hexdigest() == snapshot.sha256


def forget_unsent(now: dt.datetime) -> None:
    """A sweep: what was laid down and never handed in is cleared away."""
    old = select(Snapshot.id).where(Snapshot.state == SnapshotState.STAGED, Snapshot.taken_at < now - KEPT)
    ids = list(db.session.scalars(old.limit(20)))
    if ids:
        db.session.execute(delete(SnapshotRow).where(SnapshotRow.snapshot_id.in_(ids)))
        db.session.execute(delete(Snapshot).where(Snapshot.id.in_(ids)))


def _counted_together(report: Report, by: Actor, today: dt.date) -> tuple[Content, list[tuple]]:
    """The tables and the lists behind their numbers, which fit: counted once more where something was written between.

    Raises RuleBroken when people never stop writing.
    """
    (grouping, scope), day = content.scope_of(report), content.until(report, today)
    for _ in range(TRIES):
        said = content.live(report, by.name, today)
        found = [(table, lists.of_table(table, grouping, scope, day)) for table in said.tables]
        if all(lists.agrees(table, each) for table, each in found):
            return said, [
                (table.number, key, row, lines)
                for table, each in found for key, rows in each.items() for row, lines in sorted(rows.items())
            ]  # fmt: skip
    raise RuleBroken("现在正有人在登记，数字还在变，请过一会儿再上报。")


def _row(seal_id: str, prints, table: int, column_key: str, row_key: int, found: list[Behind]) -> dict:
    plain = [[each.key, each.label, each.note, each.amount, each.url] for each in found]
    packed = _packed(plain, prints)
    return {
        "table": table, "column_key": column_key, "row_key": str(row_key), "lines": len(found),
        "behind_sealed": vault.seal_bytes(packed, _place(seal_id, table, column_key, row_key)),
    }  # fmt: skip


def _plain(said: Content) -> dict:
    return {
        "tables": [table.plain() for table in said.tables], "foot": asdict(said.foot), "breaches": said.breaches,
        "changes": said.changes,
    }  # fmt: skip


def _packed(plain, prints) -> bytes:
    """A value as packed JSON, counted into the fingerprint."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    prints.update(text)
    return zlib.compress(text)


def _place(seal_id: str, *cell) -> str:
    return ":".join(["snapshots", seal_id, *map(str, cell)])
