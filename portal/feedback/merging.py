"""What becomes of feedback when two rows of the roster prove to be one person: what was told stays as it was told."""

from collections.abc import Collection

from sqlalchemy import select

from portal.extensions import db
from portal.feedback.models import BulletinLine, Difficulty
from portal.people.merging import when_merged
from portal.people.models import Member


def _both_told(kept: Member, gone: Member) -> Collection:
    """Lines of bulletins in which both rows stand: the second one stays, since that is what the unit was told."""
    told = select(BulletinLine.bulletin_id).where(BulletinLine.member_id == kept.id)
    rows = select(BulletinLine).where(BulletinLine.member_id == gone.id, BulletinLine.bulletin_id.in_(told))
    return list(db.session.scalars(rows.order_by(BulletinLine.id)))


def register() -> None:
    """Say it to the merging of members."""
    when_merged(BulletinLine.member_id, "季度反馈", _both_told)
    when_merged(Difficulty.member_id, "求助")
