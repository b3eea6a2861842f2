"""What was built on an act of this room, so that it can't be undone any more."""

from portal.actors import Actor
from portal.extensions import db
from portal.registrations import deferments, exemptions, queries
from portal.registrations.models import TransferRequest, TransferState


def begun(row: TransferRequest, _by: Actor) -> str:
    """What keeps a release: the new unit has something under way for the member, or another one asks for them."""
    asks = db.session.query(TransferRequest).filter_by(member_id=row.member_id, state=TransferState.REQUESTED)
    theirs = queries.in_progress_of(row.member_id) or exemptions.open_of(row.member_id) or asks.first()
    if theirs or deferments.foreseen(row.member):
        return f"{row.to_unit.name}已为{row.member.name}办理后续事项，不能撤销。"
    return ""
