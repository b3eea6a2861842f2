"""What becomes of stories and answers to notices when two rows of the roster prove to be one person."""

from collections.abc import Collection

from portal.people.merging import rows_naming, when_merged
from portal.people.models import Member
from portal.publicity.models import NoticeAnswer, Story


def answers_stay(kept: Member, gone: Member) -> Collection:
    """Answers to notices that the row which stays has answered too."""
    answered = {row.notice_id for row in rows_naming(NoticeAnswer.member_id, kept)}
    return [row for row in rows_naming(NoticeAnswer.member_id, gone) if row.notice_id in answered]


def register() -> None:
    """Say it to the merging of members."""
    when_merged(Story.about_id, "写到本人的事迹稿件")
    when_merged(NoticeAnswer.member_id, "通知回执", answers_stay)
