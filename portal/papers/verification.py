"""Is this paper genuine? Looked up by its check code, or by the signed token of its QR; nothing personal is told."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal import clock, throttle
from portal.errors import Throttled
from portal.evaluations.models import Evaluation
from portal.evaluations.workflow import CARD
from portal.extensions import db
from portal.numbers import OF_NO_PERSON, IssuedPaper, PaperState, latest, official_number
from portal.papers.catalogue import PAPERS
from portal.papers.household_year import KIND as HOUSEHOLD
from portal.papers.paper_keys import public_keys
from portal.papers.seal_code import read_check_code, shown, verify

MISSES = 20  # a whole office may sit behind one address
WITHIN = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Copy:
    """What is known of the file that a final paper was kept as: its SHA-256, and when and why it was erased, if so.

    `cells` gives the words that stand on it, `read` its bytes; it refuses where the file is broken. While it is not
    stored yet, there is no SHA-256 and `read` gives None.
    """

    sha256: str
    erased_on: dt.date | None = None
    reason: str = ""
    read: Callable[[], bytes | None] = lambda: None
    cells: Callable[[], dict] = dict


@dataclass(frozen=True)
class Verdict:
    """What anybody may know of a paper: kind, number, to whom, issued when by whom, and its state.

    `whom` tells of a person the family name only, '' where none is known (any more). `newer` names what replaces it,
    '' where nothing does.
    """

    title: str
    number: str
    version: int
    whom: str
    office: str
    issued_on: dt.date
    state: PaperState
    check_code: str
    signed: bool
    newer: str = ""
    copy: Copy | None = None

    @property
    def is_erased(self) -> bool:
        """Whether the paper was issued and is erased by law, so that only its number and SHA-256 are left."""
        return self.copy is not None and self.copy.erased_on is not None

    @property
    def stands(self) -> bool:
        """Whether it is in force."""
        return self.state is PaperState.VALID and not self.is_erased

    @property
    def state_words(self) -> str:
        """Its state as people read it."""
        return "已依法删除" if self.is_erased else self.state.label


_copies: list[Callable[[Sequence[int]], dict[int, Copy]]] = []


def copies_told_by(tell: Callable[[Sequence[int]], dict[int, Copy]]) -> None:
    """Say who knows the files that papers were kept as, by the ids of the papers."""
    _copies.append(tell)


def copies_of(issued: Iterable[IssuedPaper | None]) -> dict[int, Copy]:
    """By the paper's id, what is known of the files that these were kept as; none of what is not kept."""
    ids = [paper.id for paper in issued if paper]
    return {key: copy for tell in _copies if ids for key, copy in tell(ids).items()}


def copy_of(issued: IssuedPaper | None) -> Copy | None:
    """What is known of the file that a paper was kept as; None of a draft, and while it is not kept."""
    return copies_of([issued]).get(issued.id) if issued else None


def look_up(typed: str, address: str) -> Verdict | None:
    """The paper of a check code or token, or None; a miss is counted for the address, and the caller keeps it.

    Raises Throttled after too many misses.
    """
    if throttle.is_spent("verify", address, MISSES, WITHIN):
        raise Throttled("核验不成功的次数太多，请 10 分钟后再试。")
    verdict = find(typed)
    if verdict is None:
        throttle.count("verify", address, WITHIN)
    return verdict


def find(typed: str) -> Verdict | None:
    """The paper of a check code or token, or None."""
    facts = verify(typed, public_keys())
    code = facts.check_code if facts else read_check_code(typed)
    issued = code and db.session.scalar(select(IssuedPaper).where(IssuedPaper.check_code == code))
    if not issued or (facts and (facts.kind, facts.number) != (issued.kind, issued.number)):
        return None
    copy = copy_of(issued)
    return Verdict(
        title=PAPERS[issued.kind].title,
        number=official_number(issued.kind, issued.number),
        version=issued.version,
        whom="" if copy and copy.erased_on else _whom(issued),
        office=issued.office,
        issued_on=clock.local(issued.issued_at).date(),
        state=issued.state,
        check_code=shown(issued.check_code),
        signed=facts is not None,
        newer="" if copy and copy.erased_on else _newer(issued),
        copy=copy,
    )


def _whom(issued: IssuedPaper) -> str:
    if issued.kind in OF_NO_PERSON:
        return "党组织"
    if not issued.family_name:
        return ""  # of an erased paper, also of a version that never had a copy
    # Who is supported may be a child, and need not be a Party member.
    return f"{issued.family_name}××" + ("" if issued.kind == HOUSEHOLD else "同志")


def _newer(issued: IssuedPaper) -> str:
    """What is valid in the place of a paper: another version of its number, or the card sent after one taken back."""
    if issued.state is PaperState.REPLACED:
        same = (IssuedPaper.kind == issued.kind, IssuedPaper.year == issued.year, IssuedPaper.serial == issued.serial)
        newest = db.session.scalar(select(IssuedPaper).where(*same, IssuedPaper.state == PaperState.VALID))
        return f"同一编号的第 {newest.version} 版" if newest else ""
    if issued.kind == CARD and issued.state is PaperState.CANCELLED:
        return _sent_after(issued.subject_id)
    return ""


def _sent_after(evaluation_id: int) -> str:
    """The number of the valid card among those sent one after the other in the place of this one."""
    anew = db.session.scalar(select(Evaluation.id).where(Evaluation.replaces_id == evaluation_id).limit(1))
    if anew is None:
        return ""
    newest = latest(CARD, anew)
    valid = newest is not None and newest.state is PaperState.VALID
    return official_number(CARD, newest.number) if newest and valid else _sent_after(anew)
