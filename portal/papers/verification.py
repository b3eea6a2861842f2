"""Is this paper genuine? Looked up by its check code, or by the signed token of its QR; nothing personal is told."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from portal import clock, throttle
from portal.errors import Throttled
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState, official_number
from portal.papers.catalogue import PAPERS
from portal.papers.proofs import public_key
from portal.papers.seal_code import read_check_code, shown, verify

MISSES = 20  # a whole office may sit behind one address
WITHIN = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Verdict:
    """What anybody may know of a paper: kind, number, whom by family name, issued when by whom, and its state."""

    title: str
    number: str
    version: int
    family_name: str
    office: str
    issued_on: dt.date
    state: PaperState
    check_code: str
    signed: bool


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
    facts = verify(typed, public_key())
    code = facts.check_code if facts else read_check_code(typed)
    issued = code and db.session.scalar(select(IssuedPaper).where(IssuedPaper.check_code == code))
    if not issued or (facts and (facts.kind, facts.number) != (issued.kind, issued.number)):
        return None
    return Verdict(
        title=PAPERS[issued.kind].title,
        number=official_number(issued.kind, issued.number),
        version=issued.version,
        family_name=issued.family_name,
        office=issued.office,
        issued_on=clock.local(issued.issued_at).date(),
        state=issued.state,
        check_code=shown(issued.check_code),
        signed=facts is not None,
    )
