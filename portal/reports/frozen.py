"""The lists of snapshots read again: behind a number, the register of a community; and whether one is still whole."""

import hashlib
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import Row, and_, or_, select, true

from portal import vault
from portal.extensions import db
from portal.reports import lists
from portal.reports.behind import Behind
from portal.reports.counting import WHOLE
from portal.reports.freezing import REGISTER, place_of, plain_of
from portal.reports.lists import Line
from portal.reports.models import Snapshot, SnapshotRow
from portal.reports.tables import Column, Table
from portal.reports.tallies import Kind

AT_ONCE = 8  # lists fetched together: one of a large community is a megabyte
MARK = re.compile(r"(\d{1,10})-(\d{1,7})")


@dataclass(frozen=True)
class Source:
    """What was handed in of a table: the snapshot, one of its rows (WHOLE: all), and what a row is called here.

    With a `name` all of it is called by that (the body's, in the county's table); else each row by its own.
    """

    snapshot: Snapshot
    table: Table
    row: int = WHOLE
    name: str = ""

    def named(self, row_key: str) -> str:
        """What the row of this key is called."""
        return self.name or next((row.name for row in self.table.rows if str(row.key) == row_key), "")


@dataclass(frozen=True)
class Part:
    """A part of a list, and the mark after which the next one begins (None on the last one)."""

    lines: list[Behind]
    next: str | None


def behind_of(snapshot: Snapshot, table: Table, row_key: int, column_key: str) -> list[Behind]:
    """The list behind one number of a snapshot; behind a total, the lists of its rows together, each thing once."""
    return together([Source(snapshot, table, row_key)], column_key)


def together(sources: Iterable[Source], column_key: str, shared: bool = False) -> list[Behind]:
    """The lists of several as one, each thing once, saying which rows share it; `shared`: only such things."""
    found: dict[int, Behind] = {}
    held: dict[int, dict[str, None]] = defaultdict(dict)
    for _, row, line in _stream(list(sources), column_key):
        found.setdefault(line.key, line)
        held[line.key][row] = None
    return [_shared(line, list(held[key])) for key, line in found.items() if not shared or len(held[key]) > 1]


def part(sources: list[Source], column: Column, after: str | None, size: int, shared: bool = False) -> Part:
    """The part of the list behind a number that begins after a mark.

    What adds up is read from the mark on, row by row: a county town has some hundred thousand services.
    """
    typed = MARK.fullmatch(after or "")
    mark = (int(typed[1]), int(typed[2])) if typed else (0, 0)
    if column.kind == Kind.ADDITIVE.value:
        found = list(islice(_stream(sources, column.key, mark), size + 1))
        lines = [_whose(line, row if len(sources) > 1 else "") for _, row, line in found[:size]]
        return Part(lines, "{}-{}".format(*found[size - 1][0]) if len(found) > size else None)
    everything = together(sources, column.key, shared)
    end = mark[1] + size
    return Part(everything[mark[1] : end], f"0-{end}" if len(everything) > end else None)


def unions(sources: list[Source], columns: Iterable[Column]) -> dict[str, int]:
    """By column how many things are in the lists of all these together, each once."""
    found: dict[str, set[int]] = {column.key: set() for column in columns}
    books: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for source in sources:
        for key, (list_key, place) in _kept_under(source).items():
            if key in found:
                books[source.snapshot.id, list_key].append((key, place))
    for row, lines in _lists(sources, books.keys()):
        for key, place in books[row.snapshot_id, row.list_key]:
            found[key].update(line[0] for line in lines if line[lists.FIRST + place])
    return {key: len(things) for key, things in found.items()}


def _stream(sources: list[Source], column_key: str, after: tuple[int, int] = (0, 0)) -> Iterator[tuple]:
    """Mark, row and line of each thing that was counted, as they were laid down; nothing more is kept in memory."""
    found = {source.snapshot.id: (source, *_kept_under(source).get(column_key, ("", 0))) for source in sources}
    kept = [(key, list_key) for key, (_, list_key, _) in found.items() if list_key]
    for row, lines in _lists(sources, kept, after[0]):
        source, _, place = found[row.snapshot_id]
        counted = [line for line in lines if line[lists.FIRST + place]]
        first = after[1] if row.id == after[0] else 0
        for at, line in enumerate(counted[first:], first + 1):
            yield (row.id, at), source.named(row.row_key), lists.behind(line, place)


def _kept_under(source: Source) -> dict[str, list]:
    """By column under which key its list is kept, and at which place of a line its amount stands."""
    return plain_of(source.snapshot)["lists"].get(str(source.table.number), {})


def _lists(sources: list[Source], kept: Iterable[tuple[int, str]], first: int = 0) -> Iterator[tuple[Row, list[Line]]]:
    """Each list that is kept under one of these keys (snapshot, list), in the order in which they were laid down."""
    wanted, seals = defaultdict(list), {source.snapshot.id: source for source in sources}
    for snapshot_id, list_key in kept:
        wanted[snapshot_id].append(list_key)
    if not wanted:
        return
    R = SnapshotRow
    here = [_is_of(seals[key], list_keys) for key, list_keys in wanted.items()]
    columns = (R.id, R.snapshot_id, R.table, R.list_key, R.row_key, R.behind_sealed)
    rows = select(*columns).where(R.id >= first, R.table == sources[0].table.number, or_(*here)).order_by(R.id)
    for row in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        seal_id = seals[row.snapshot_id].snapshot.seal_id
        text = vault.unseal_bytes(row.behind_sealed, place_of(seal_id, row.table, row.list_key, row.row_key))
        yield row, json.loads(zlib.decompress(text))


def _is_of(source: Source, list_keys: list[str]):
    of_row = true() if source.row == WHOLE else SnapshotRow.row_key == str(source.row)
    return and_(SnapshotRow.snapshot_id == source.snapshot.id, SnapshotRow.list_key.in_(list_keys), of_row)


def register_of(snapshot: Snapshot, community_id: int) -> list[Line] | None:
    """The register of a community as it was handed in: number and cells of each person; None where there is none."""
    mine = (SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.row_key == str(community_id))
    row = db.session.scalar(select(SnapshotRow).where(*mine, SnapshotRow.table == 7, SnapshotRow.list_key == REGISTER))
    if row is None:
        return None
    text = vault.unseal_bytes(row.behind_sealed, place_of(snapshot.seal_id, 7, REGISTER, row.row_key))
    return json.loads(zlib.decompress(text))


def _shared(line: Behind, rows: list[str]) -> Behind:
    """The line with the rows that share the thing, where there are several."""
    return _whose(line, f"共有：{'、'.join(rows)}") if len(rows) > 1 else line


def _whose(line: Behind, words: str) -> Behind:
    return replace(line, note="；".join(filter(None, (line.note, words)))) if words else line


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the snapshot is what was handed in, to the last list: its fingerprint still fits."""
    prints = hashlib.sha256()
    prints.update(zlib.decompress(vault.unseal_bytes(snapshot.tables_sealed, place_of(snapshot.seal_id))))
    keys = select(SnapshotRow.id).where(SnapshotRow.snapshot_id == snapshot.id).order_by(SnapshotRow.id)
    for key in db.session.scalars(keys).all():
        row = db.session.get_one(SnapshotRow, key)  # one after the other: all of a county town are many megabytes
        place = place_of(snapshot.seal_id, row.table, row.list_key, row.row_key)
        prints.update(zlib.decompress(vault.unseal_bytes(row.behind_sealed, place)))
    return prints.hexdigest() == snapshot.sha256
