"""A paper put together: cells from the records, number and proof from the ledger, one template for both faces."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from flask import current_app, render_template

from portal.activities.models import ActivityState
from portal.actors import Actor, Role
from portal.feedback.models import Bulletin
from portal.filters import NOTHING
from portal.inspections.models import ResultNotice
from portal.numbers import IssuedPaper, PaperState, latest, official_number
from portal.papers.catalogue import Gathered, OfYear, Paper
from portal.papers.glyphs import unprintable
from portal.papers.proofs import Proof, follow_proof, proof_of
from portal.registrations.models import IN_PROGRESS, Registration, RegistrationState
from portal.reports.models import Report
from portal.wishes.models import Wish

DRAFT, VOID, RETURNED, OPENING = "草稿", "作废", "退回", "期初"
UNPROVED = "本件尚未定稿，无校验码，不得用印"
BY_HAND = "＿"


class KeptCells(SimpleNamespace):
    """Cells that were kept some time ago: one that the template has been given since is empty."""

    def __getattr__(self, name: str) -> str:
        """An empty cell."""
        return NOTHING


@dataclass(frozen=True)
class Sheet:
    """One paper of one case: what its template needs besides the cells."""

    kind: str
    title: str
    number: str
    version: int
    watermark: str | None
    keywords: str
    proof: Proof | None
    unproved: str
    filed_as: str
    cells: SimpleNamespace
    lacking: list[str]
    issued: IssuedPaper | None = field(default=None, repr=False)  # told by number and proof

    @property
    def file_name(self) -> str:
        """What the file is called: title and number, no name of a person."""
        return f"{self.title} {self.called}.pdf"

    @property
    def fingerprint(self) -> str:
        """Tells this sheet from any that would look otherwise."""
        return sha256(repr(self).encode()).hexdigest()

    @property
    def called(self) -> str:
        """The number, or before there is one what its case is filed under."""
        return self.filed_as if self.number == NOTHING else self.number


def compose(paper: Paper, row: Any, full: bool, **shown_once: str) -> Sheet:
    """The paper of one case, or of one in one year; `full` shows what is personal, else it is masked.

    `shown_once` are cells that no record keeps: the query code of a wish, at the moment it is shown.
    """
    cells = cells_of(paper, row, full) | shown_once
    issued = issued_of(paper, row)
    number, proof = _number_and_proof(paper, row, issued)
    return _sheet(paper, cells, number, proof, issued, _watermark(paper, row, issued))


def compose_kept(paper: Paper, issued: IssuedPaper, cells: dict) -> Sheet:
    """A final paper with the cells that were kept of it, whatever its case says by now."""
    proof = proof_of(issued)
    sheet = _sheet(paper, cells, official_number(issued.kind, issued.number), proof, issued, None)
    return replace(sheet, cells=KeptCells(**cells))


def cells_of(paper: Paper, row: Any, full: bool) -> dict:
    """What stands in each cell of the paper of one case, as plain values; an empty one is filled with —."""
    filled = {"unproved": UNPROVED, "filed_as": NOTHING} | paper.fill(row, full)
    return {name: NOTHING if value in (None, "") else value for name, value in filled.items()}


def _sheet(
    paper: Paper, cells: dict, number: str, proof: Proof | None, issued: IssuedPaper | None, watermark: str | None
) -> Sheet:
    return Sheet(
        kind=paper.kind,
        title=paper.title,
        number=number,
        version=issued.version if issued else 1,
        watermark=watermark,
        keywords=", ".join(filter(None, (number, cells["issuer"], proof and proof.token))),
        proof=proof,
        unproved=cells["unproved"],
        filed_as=cells["filed_as"],
        cells=SimpleNamespace(**cells),
        lacking=unprintable("".join(_words(list(cells.values()))), current_app.config["INSTANCE_DIR"]),
        issued=issued,
    )


def _number_and_proof(paper: Paper, row: Any, issued: IssuedPaper | None) -> tuple[str, Proof | None]:
    if isinstance(row, Wish):
        return official_number("wish", row.number), follow_proof(row.number)
    if not paper.ledger:
        return row.number, None
    if issued:
        return official_number(issued.kind, issued.number), proof_of(issued)
    if _is_old(paper.kind, row):
        # The paper itself lies in the archive: this portal can't vouch for it.
        return row.certificate_number if paper.kind == "certificate" else row.receipt_printed_number, None
    return NOTHING, None


def _is_old(kind: str, row: Any) -> bool:
    """Whether the paper was made out before the portal (期初), so that here it is only printed after the fact."""
    return isinstance(row, Registration) and row.opening and kind in ("certificate", "receipt")


def print_html(paper: Paper, sheet: Sheet) -> str:
    """The page that goes to the printing process; a character that no face has is a blank to write in by hand."""
    blanks = str.maketrans(dict.fromkeys(sheet.lacking, BY_HAND))
    cells = {name: _blanked(value, blanks) for name, value in vars(sheet.cells).items()}
    return render_template(paper.template, frame="papers/_print.html", sheet=sheet, cells=type(sheet.cells)(**cells))


def may_see_all(paper: Paper, row: Any, by: Actor) -> bool:
    """Whether this person may read what is personal on this paper: the member, the unit's liaison, the clerk."""
    if not paper.private:
        return False
    if isinstance(row, Gathered):
        return row.clear
    return isinstance(row, Registration) and (
        by.is_self(row.member_id)
        or (by.role == Role.LIAISON and by.unit_id == row.unit_id)
        or (by.role == Role.CLERK and by.community_id == row.community_id)
    )


def _words(value: Any) -> Iterator[str]:
    """All words of a cell, those of its lines too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)


def _blanked(value: Any, blanks: dict) -> Any:
    if isinstance(value, list | tuple):
        return [_blanked(part, blanks) for part in value]
    return value.translate(blanks) if isinstance(value, str) else value


def issued_of(paper: Paper, row: Any) -> IssuedPaper | None:
    """The paper in the ledger; none of a card, a notice or a summary that is to become final anew."""
    if isinstance(row, Gathered):
        return row.issued
    if not paper.ledger:
        return None
    if (isinstance(row, Bulletin) and not row.sent_on) or (isinstance(row, ResultNotice) and not row.published_on):
        return None
    if (paper.kind == "info-card" and row.state in IN_PROGRESS) or (isinstance(row, Report) and row.is_unsent):
        return None
    return latest(paper.kind, row.id)


def _watermark(paper: Paper, row: Any, issued: IssuedPaper | None) -> str | None:
    if issued and issued.state is PaperState.CANCELLED:
        return VOID
    if isinstance(row, OfYear):
        return None  # before the year's closing it says up to which day it is
    if isinstance(row, Gathered):
        return None if issued else DRAFT
    if row.state in (RegistrationState.CANCELLED, ActivityState.CANCELLED):
        return VOID
    if not paper.ledger:
        return None
    if row.state is RegistrationState.RETURNED and paper.kind == "certificate":
        return RETURNED
    if _is_old(paper.kind, row):
        return OPENING
    return None if issued else DRAFT
