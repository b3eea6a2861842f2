"""What becomes of the rows of imports when two rows of the roster prove to be one person."""

from sqlalchemy import select

from portal.extensions import db
from portal.people.merging import when_merged
from portal.people.models import Member
from portal.rosters.models import ImportRow, RowResult


def stays(kept: Member, gone: Member) -> list[ImportRow]:
    """What an import did to a row it did to that row; only whom it looks for on another roster is the person."""
    own = (ImportRow.member_id == gone.id, ImportRow.result != RowResult.ELSEWHERE)
    return list(db.session.scalars(select(ImportRow).where(*own)))


def register() -> None:
    """Say it to the merging of members."""
    when_merged(ImportRow.member_id, "名册导入中的提示", stays)
