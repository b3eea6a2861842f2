"""The lists of a snapshot read again: behind a number, the register of a community; and whether it is still whole."""

import hashlib
import json
import zlib
from collections import defaultdict
from dataclasses import replace

from sqlalchemy import select

from portal import vault
from portal.extensions import db
from portal.reports import lists
from portal.reports.behind import Behind
from portal.reports.counting import WHOLE
from portal.reports.freezing import REGISTER, place_of, plain_of
from portal.reports.lists import Line
from portal.reports.models import Snapshot, SnapshotRow
from portal.reports.tables import Table


def behind_of(snapshot: Snapshot, table: Table, row_key: int, column_key: str) -> list[Behind]:
    """The list behind one number of a snapshot; behind a total, the lists of its rows together, each thing once."""
    kept_under = plain_of(snapshot)["lists"][str(table.number)].get(column_key)
    if kept_under is None:
        return []
    key, place = kept_under
    rows = select(SnapshotRow.row_key, SnapshotRow.behind_sealed).where(
        SnapshotRow.snapshot_id == snapshot.id, SnapshotRow.table == table.number, SnapshotRow.list_key == key
    )
    if row_key != WHOLE:
        rows = rows.where(SnapshotRow.row_key == str(row_key))
    names = {str(row.key): row.name for row in table.rows}
    found: dict[int, Behind] = {}
    held: dict[int, list[str]] = defaultdict(list)
    for row, sealed in db.session.execute(rows.order_by(SnapshotRow.id)):
        text = vault.unseal_bytes(sealed, place_of(snapshot.seal_id, table.number, key, row))
        for line in json.loads(zlib.decompress(text)):
            if line[lists.FIRST + place]:
                found.setdefault(line[0], lists.behind(line, place))
                held[line[0]].append(names.get(row, ""))
    return [_shared(line, held[thing]) for thing, line in found.items()]


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
    together = f"共有：{'、'.join(rows)}" if len(rows) > 1 else ""
    return replace(line, note="；".join(filter(None, (line.note, together)))) if together else line


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
