"""A package as a folder: each stored paper as it was kept, its record, the catalogue, and the signed manifest."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from portal import clock
from portal.archives import manifest, shelf, volume
from portal.archives.models import ArchivedPaper, CopyState, Damage
from portal.archives.scope import CHAIN, Scope
from portal.archives.volume import Line, Volume
from portal.extensions import db
from portal.numbers import IssuedPaper, official_number
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.papers.merge import merge
from portal.papers.paper_keys import private_key
from portal.papers.render import print_room
from portal.sheet_writing import new_book

CATALOGUE = "卷内目录"
KEPT = (CopyState.STORED, CopyState.ERASED)
PART = 100


@dataclass(frozen=True)
class Label:
    """What stands on a package: its title, who made it, and for which unit or community (codes)."""

    title: str
    office: str
    unit: str | None = None
    community: str | None = None


def pack(scope: Scope, label: Label, folder: Path) -> Iterator[int]:
    """Write the package into an empty folder; yields how many papers are in it so far, after each part and each sheet.

    Its papers are those stored by now. Between two parts no transaction need be open.
    """
    lines: list[Line] = []
    papers: list[dict] = []
    for ids in _parts(scope):
        for copy in _copies(ids):
            words = copy.words
            lines.append(volume.line_of(len(lines) + 1, copy, words))
            papers.append(_lay_down(copy, words, folder))
        yield len(lines)
    whole = Volume(
        label.title, label.title, label.office, scope.year, len(lines), sum(line.pages for line in lines), lines
    )
    for _ in _catalogue(whole, folder):
        yield len(lines)
    facts = {
        "title": label.title, "made_by": label.office, "made_at": clock.now().isoformat(), "year": scope.year,
        "unit": label.unit, "community": label.community, "papers": papers,
    }  # fmt: skip
    manifest.seal(folder, facts, private_key())


def _parts(scope: Scope) -> Iterator[list[int]]:
    rows = (
        scope.copies().where(ArchivedPaper.state.in_(KEPT)).join(IssuedPaper, IssuedPaper.id == ArchivedPaper.paper_id)
    )
    columns = (ArchivedPaper.id, ArchivedPaper.kind, IssuedPaper.serial, IssuedPaper.version)
    found = list(db.session.execute(rows.with_only_columns(*columns)))
    ids = [key for key, *_ in sorted(found, key=lambda row: (CHAIN.index(row[1]), *row[2:]))]
    for start in range(0, len(ids), PART):
        yield ids[start : start + PART]


def _copies(ids: list[int]) -> list[ArchivedPaper]:
    found = {copy.id: copy for copy in db.session.scalars(select(ArchivedPaper).where(ArchivedPaper.id.in_(ids)))}
    return [found[key] for key in ids if key in found]


def _lay_down(copy: ArchivedPaper, words: dict, folder: Path) -> dict:
    """The paper's PDF and its record in the folder; its entry in the manifest."""
    issued = copy.paper
    stem = f"papers/{copy.kind}/{issued.number}-v{issued.version}"
    entry = {
        "kind": copy.kind, "number": official_number(copy.kind, issued.number), "version": issued.version,
        "state": "erased" if copy.state is CopyState.ERASED else issued.state.value, "sha256": copy.sha256,
    }  # fmt: skip
    if copy.state is CopyState.ERASED:
        reason = copy.erased_for.label if copy.erased_for else ""
        return entry | {
            "erased_on": copy.erased_at and clock.local(copy.erased_at).date().isoformat(),
            "reason": reason,
        }
    content = shelf.read(copy.file, copy.sha256)
    if isinstance(content, Damage):
        raise Spoilt(
            f"{entry['number']}（第 {issued.version} 版）的归档件{content.label}，请先从备份恢复，再做归档包。"
        )
    target = folder / f"{stem}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    (folder / f"{stem}.json").write_text(json.dumps(_record(copy, words, entry), ensure_ascii=False, indent=1))
    return entry | {"file": f"{stem}.pdf", "record": f"{stem}.json", "pages": copy.pages}


class Spoilt(Exception):
    """A stored copy is broken: no package is made with a hole in it; the sentence names the paper."""


def _record(copy: ArchivedPaper, words: dict, entry: dict) -> dict:
    """What a machine reads of a paper: where it stands in the ledger, its proofs, and its cells by name."""
    issued = copy.paper
    return entry | {
        "title": PAPERS[copy.kind].title, "year": issued.year, "office": issued.office,
        "issued_at": issued.issued_at.isoformat(), "check_code": issued.check_code, "token": copy.token,
        "replaces_version": issued.version - 1 or None, "pages": copy.pages, "size": copy.size,
        "stored_at": copy.stored_at and copy.stored_at.isoformat(), "written_by_hand": list(copy.lacking),
        "cells": words,
    }  # fmt: skip


def _catalogue(whole: Volume, folder: Path) -> Iterator[None]:
    """The 卷内目录 as PDF/A, sheet by sheet, and as a spreadsheet."""
    pages = [print_html(volume.PAPER, compose(volume.PAPER, part, full=True)) for part in volume.split(whole)]
    room, parts = print_room(current_app.config["INSTANCE_DIR"]), []
    scratch = folder / "parts"
    scratch.mkdir()
    for place, page in enumerate(pages):
        parts.append(scratch / f"{place:04}.pdf")
        parts[-1].write_bytes(room.print_one(page))
        yield
    if len(parts) == 1:
        parts[0].replace(folder / f"{CATALOGUE}.pdf")
    else:
        merge(parts, folder / f"{CATALOGUE}.pdf", f"{CATALOGUE} {whole.title}")
    shutil.rmtree(scratch)
    rows = [[line.place, *line.cells[1:5], line.pages or None, line.remark] for line in whole.lines]
    (folder / f"{CATALOGUE}.xlsx").write_bytes(new_book(CATALOGUE, volume.HEADS, rows, whole.title))
