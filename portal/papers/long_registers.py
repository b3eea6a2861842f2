"""A register of thousands of lines, drawn in parts so that memory stays bounded, and put together as one.

A part ends with its last full page: the lines of the page that is not full begin the next part. So nobody sees where
one part ends, and the pages are numbered through; how many there are stands at the end, since only then it is known.
Since that takes minutes, the worker does it, as a print job of its own kind.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import current_app

from portal import clock
from portal.actors import Actor
from portal.extensions import db, reading
from portal.papers import kept_files, workflow
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.compose import Sheet, compose, print_html
from portal.papers.merge import merge
from portal.papers.models import PrintJob
from portal.papers.part_drawing import GONE, Drawn
from portal.papers.part_printing import Keep
from portal.papers.render import FAULTS, PaperFailed, print_room
from portal.papers.workflow import Lost, Wanted
from portal.papers.yearly_tables import PrintedRegister, foot_of
from portal.people.models import Community
from portal.reports import registers

KIND = "register"  # of a print job: a register of today is no paper of the ledger
PAPER = "registration-table"
PART = 120  # lines, some ten pages: laid out within seconds, in a small part of what a printing process may hold


def register_of(community: Community, by: Actor) -> PrintedRegister:
    """The register of a community as it stands today, with the foot of who prints it."""
    today, lines = clock.today(), tuple(registers.lines(community.id))
    return PrintedRegister(
        row=None, year=today.year, community=community.name, lines=lines, total=len(lines), until=today,
        foot=foot_of(by, today),
    )  # fmt: skip


def is_long(register: PrintedRegister) -> bool:
    """Whether it is drawn in parts, by the worker."""
    return register.total > PART


def ask(community: Community, by: Actor) -> PrintJob:
    """Put the printing of a community's register into the queue; RuleBroken when too much is waiting."""
    wanted = Wanted(KIND, clock.today().year, community_id=community.id)
    return workflow.ask(by, wanted, _called(community), [community.id])


def draw_part(by: Actor, ids: Sequence[int], _wanted: Wanted, keep: Keep) -> Drawn:
    """Draw the register of the one community that such a job is of, as it stands now, into one kept file."""
    (community_id,) = ids
    with reading():
        community = db.session.scalar(registers.communities(by).where(Community.id == community_id))
        if community is None:
            return Drawn(lost=all_lost(KIND, ids, GONE))
        called, register = _called(community), register_of(community, by)
        key = kept_files.key_of(KIND, register)
    if kept_files.is_kept(key):
        return Drawn(key)
    files = []
    try:
        for part, done in _parts(PAPERS[PAPER], register):
            files.append(io.BytesIO(part))
            keep(100 * done // register.total)
    except PaperFailed as failure:
        return Drawn(lost=[Lost(community_id, called, failure.sentence.rstrip("。"))])
    merge(files, kept_files.draft_of(key), called)
    kept_files.keep(key)
    return Drawn(key)


def all_lost(_kind: str, ids: Sequence[int], reason: str) -> list[Lost]:
    """The registers of these communities, each lost for the same reason."""
    return [Lost(community_id, "报到名册", reason) for community_id in ids]


def _called(community: Community) -> str:
    return f"{community.name}报到名册"


def _parts(paper: Paper, register: PrintedRegister) -> Iterator[tuple[bytes, int]]:
    """The PDF of each part, in order, and how many lines are drawn with it."""
    done, page = 0, 1
    while done < register.total:
        lines = register.lines[done : done + PART]
        part = replace(register, lines=lines, before=done, in_parts=True)
        printed = _print(paper, compose(paper, part, full=True), page, ends=done + len(lines) == register.total)
        page += sum(printed.pages)
        done = int(printed.rest.removeprefix("line-")) - 1 if printed.rest else done + len(lines)
        yield printed.pdf, done


def _print(paper: Paper, sheet: Sheet, first_page: int, ends: bool):
    room = print_room(current_app.config["INSTANCE_DIR"])
    printed = room.print_many([print_html(paper, sheet)], first_page=first_page, cut=not ends)
    if printed.pdf is None:
        raise PaperFailed(FAULTS[printed.faults[0]])
    return printed
