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
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import delete, insert, select

from portal import clock, vault
from portal.actors import Actor
from portal.extensions import db, reading
from portal.people.models import Supervisor
from portal.reports import behind, confirming, queries, reconciling, tables
from portal.reports.behind import Behind
from portal.reports.counting import WHOLE
from portal.reports.models import Report, ReportKind, Snapshot, SnapshotRow, SnapshotState
from portal.reports.scopes import By, Scope
from portal.reports.tables import Table
from portal.reports.tallies import Kind

PART = 100  # lists written between two commits: the write lock is held for some ten milliseconds
KEPT = dt.timedelta(hours=1)  # so long what was laid down and never handed in is kept


@dataclass(frozen=True)
class Foot:
    """Who stands below the tables: all of it is known of the body, nothing is typed."""

    body: str
    head: str
    deputy: str
    compiled_by: str
    phone: str
    day: str


@dataclass(frozen=True)
class Frozen:
    """What a report says: its tables, its foot, what did not match, and what changed after a community confirmed it."""

    tables: list[Table]
    foot: Foot
    breaches: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def table(self, number: int) -> Table | None:
        """The table of this number, or None."""
        return next((table for table in self.tables if table.number == number), None)


@dataclass
class Laid:
    """A snapshot counted, packed and sealed, not yet written."""

    snapshot: dict
    rows: list[dict]
    breaches: list[str]
    changes: list[str]


def scope_of(report: Report) -> tuple[By, Scope]:
    """By what the rows of a report's tables are, and over what they are counted."""
    if report.kind is ReportKind.LEAD:
        return By.COMMUNITIES, Scope(town_id=report.supervisor_id)
    return By.UNITS, Scope(supervisor_id=report.supervisor_id)


def until(report: Report, today: dt.date) -> dt.date:
    """The day up to which a report counts: today, of a year gone by its last day."""
    return min(today, dt.date(report.year, 12, 31))


def counted(report: Report, today: dt.date) -> list[Table]:
    """The tables of a report as they stand now, with the sender's words."""
    by, scope = scope_of(report)
    day, words = until(report, today), queries.words_of(report)
    found = [tables.six(by, scope, report.year, day)]
    if report.kind is ReportKind.LEAD:
        found.append(tables.seven(scope, report.year, day))
    return [with_words(table, words) for table in found]


def with_words(table: Table, words: dict[tuple[int, str], str]) -> Table:
    """The table with the sender's words in its column of words (备注)."""
    columns = [column.key for column in table.columns if column.kind == Kind.WORDS.value]
    rows = (
        replace(row, cells=row.cells | {key: words.get((table.number, str(row.key))) for key in columns})
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def foot_of(body: Supervisor, by_name: str, day: dt.date) -> Foot:
    """The foot of the tables, from what is known of the body."""
    return Foot(body.name, body.head or "", body.deputy or "", by_name, body.phone or "", day.isoformat())


def live(report: Report, by_name: str, today: dt.date) -> Frozen:
    """What the report would say if it were handed in now."""
    found = counted(report, today)
    _, scope = scope_of(report)
    breaches = [str(each.words) for each in reconciling.breaches(scope, report.year, until(report, today))]
    changes = [
        f"{part.community.name}：{change.label} {change.before} → {change.now}"
        for part in queries.parts_of(report)
        for change in confirming.changes_since(part, found)
    ]
    return Frozen(found, foot_of(report.supervisor, by_name, until(report, today)), breaches, changes)


def lay_down(report: Report, by: Actor) -> Laid:
    """Count, pack and seal everything that is handed in with a report, without holding a lock."""
    with reading():
        now = clock.now()
        said = live(report, by.name, clock.local(now).date())
        seal_id, prints = uuid.uuid4().hex, hashlib.sha256()
        whole = _packed(_plain(said), prints)
        rows = [_row(seal_id, prints, *each) for each in _lists(report, said)]
        snapshot = {
            "report_id": report.id, "taken_at": now, "until": dt.date.fromisoformat(said.foot.day),
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


def read(snapshot: Snapshot) -> Frozen:
    """What a snapshot says."""
    whole = vault.unseal_bytes(snapshot.tables_sealed, _place(snapshot.seal_id))
    plain = json.loads(zlib.decompress(whole))
    return Frozen(
        [Table.of(table) for table in plain["tables"]], Foot(**plain["foot"]), plain["breaches"], plain["changes"]
    )


def behind_of(snapshot: Snapshot, table: int, row_key: int, column_key: str) -> list[Behind]:
    """The list behind one number of a snapshot; behind a total, the lists of its rows together, each thing once."""
    rows = select(SnapshotRow.row_key, SnapshotRow.behind_sealed).where(
        SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.table == table, SnapshotRow.column_key == column_key
    )
    if row_key != WHOLE:
        rows = rows.where(SnapshotRow.row_key == str(row_key))
    found: dict[int, Behind] = {}
    for key, sealed in db.session.execute(rows.order_by(SnapshotRow.id)):
        packed = vault.unseal_bytes(sealed, _place(snapshot.seal_id, table, column_key, key))
        for line in json.loads(zlib.decompress(packed)):
            found.setdefault(line[0], Behind(*line))
    return list(found.values())


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


def _lists(report: Report, said: Frozen) -> Iterator[tuple[int, str, int, list[Behind]]]:
    """The list behind each number of each row that is not nought; those of the totals follow from them."""
    by, scope = scope_of(report)
    day = dt.date.fromisoformat(said.foot.day)
    for table in said.tables:
        for column in table.columns:
            if column.kind in (Kind.RATE.value, Kind.WORDS.value):
                continue
            for row in table.rows:
                if row.cells.get(column.key):
                    found = behind.rows(table.number, row.key, column.key, by, scope, report.year, day)
                    yield table.number, column.key, row.key, found


def _row(seal_id: str, prints, table: int, column_key: str, row_key: int, found: list[Behind]) -> dict:
    plain = [[each.key, each.label, each.note, each.amount, each.url] for each in found]
    packed = _packed(plain, prints)
    return {
        "table": table, "column_key": column_key, "row_key": str(row_key), "lines": len(found),
        "behind_sealed": vault.seal_bytes(packed, _place(seal_id, table, column_key, row_key)),
    }  # fmt: skip


def _plain(said: Frozen) -> dict:
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
