"""Papers of the ledger in any state, for the room's tests."""

import pytest

from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState
from portal.registrations import workflow as registrations
from portal.registrations.models import Registration
from portal.seals import workflow
from portal.seals.models import SealEntry
from tests.pledges.conftest import pledged

# The shortest way to each state: a step may be passed over.
WAY = {"generated": "", "printed": "mark_printed", "signed": "sign", "stamped": "stamp", "archived": "archive"}
BOX = "2026-永久-03"


def asked(verb: str) -> dict:
    """What a move asks for beside the row."""
    reason = {"reason": "登记错了"} if verb in ("step_back", "rebox") else {}
    return reason | {"archive": {"box": BOX}, "rebox": {"box": "2026-永久-04"}}.get(verb, {})


def paper_of(kind: str) -> IssuedPaper:
    """The valid paper of this kind."""
    return db.session.scalars(
        db.select(IssuedPaper).where(IssuedPaper.kind == kind, IssuedPaper.state == PaperState.VALID)
    ).one()


def some_paper(cast, kind: str = "receipt", state: str = "generated", by: str = "county") -> SealEntry:
    """The line of member1's paper of this kind, led to a state by one move, and committed."""
    row = workflow.entry_for(paper_of(kind))
    if verb := WAY[state]:
        workflow.flow.moves[verb](row, cast.by(by), **asked(verb))
    db.session.commit()
    assert row.state.value == state
    return row


@pytest.fixture
def papers(cast):
    """member1's certificate, receipt, info card and pledge card: unit1's two, community1's two."""
    pledged(cast, "approved")
    registrations.make_card_final(db.session.scalars(db.select(Registration)).one())
    db.session.commit()
    return cast
