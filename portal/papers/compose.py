"""A paper put together: cells from the records, number and proof from the ledger, one template for both faces."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import current_app, render_template

from portal.actors import Actor, Role
from portal.filters import NOTHING
from portal.numbers import IssuedPaper, PaperState, latest, official_number
from portal.papers.catalogue import Paper
from portal.papers.glyphs import unprintable
from portal.papers.proofs import Proof, follow_proof, proof_of
from portal.pledges.models import Pledge
from portal.registrations.models import IN_PROGRESS, Registration, RegistrationState
from portal.wishes.models import Wish

DRAFT, VOID, RETURNED, OPENING = "草稿", "作废", "退回", "期初"
BY_HAND = "＿"


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
    cells: SimpleNamespace
    lacking: list[str]

    @property
    def file_name(self) -> str:
        """What the file is called: title and number, no name of a person."""
        return f"{self.title} {self.number}.pdf"


def compose(paper: Paper, row: Any, full: bool, **shown_once: str) -> Sheet:
    """The paper of one case; `full` shows phone and address, else they are masked.

    `shown_once` are cells that no record keeps: the query code of a wish, at the moment it is shown.
    """
    filled = paper.fill(row, full) | shown_once
    cells = {name: NOTHING if value in (None, "") else value for name, value in filled.items()}
    issued = _issued(paper, row)
    number, proof = _number_and_proof(paper, row, issued)
    return Sheet(
        kind=paper.kind,
        title=paper.title,
        number=number,
        version=issued.version if issued else 1,
        watermark=_watermark(paper.kind, row, issued),
        keywords=", ".join(filter(None, (number, cells["issuer"], proof and proof.token))),
        proof=proof,
        cells=SimpleNamespace(**cells),
        lacking=unprintable("".join(_words(list(cells.values()))), current_app.config["INSTANCE_DIR"]),
    )


def _number_and_proof(paper: Paper, row: Any, issued: IssuedPaper | None) -> tuple[str, Proof | None]:
    if isinstance(row, Wish):
        return official_number("wish", row.number), follow_proof(row.number)
    if issued:
        return official_number(paper.kind, issued.number), proof_of(issued)
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
    return render_template(paper.template, frame="papers/_print.html", sheet=sheet, cells=SimpleNamespace(**cells))


def may_see_contact(by: Actor, row: Any) -> bool:
    """Whether this person may read phone and address on papers of this case: the member, the unit's liaison,
    the community's clerk."""
    if not isinstance(row, Registration):
        return isinstance(row, Wish)  # on a pledge stands neither
    return (
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


def _issued(paper: Paper, row: Any) -> IssuedPaper | None:
    """The paper in the ledger; none of a pledge or a card that is to become final anew."""
    if isinstance(row, Wish) or (isinstance(row, Pledge) and not row.approved_on):
        return None
    if paper.kind == "info-card" and row.state in IN_PROGRESS:
        return None
    return latest(paper.kind, row.id)


def _watermark(kind: str, row: Any, issued: IssuedPaper | None) -> str | None:
    if isinstance(row, Wish):
        return None
    if row.state is RegistrationState.CANCELLED or (issued and issued.state is PaperState.CANCELLED):
        return VOID
    if row.state is RegistrationState.RETURNED and kind == "certificate":
        return RETURNED
    if _is_old(kind, row):
        return OPENING
    return None if issued else DRAFT
