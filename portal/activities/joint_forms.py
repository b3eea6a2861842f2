"""The forms by which wishes are taken up, and teams or members asked to come."""

from portal.activities.forms import MOST, MemberForm
from portal.choices import PickRowField, TickRowsField
from portal.forms import ChineseForm, DayField, LinesField, NumberField

__all__ = ["DropWishForm", "InviteTeamForm", "MemberForm", "SignUpTeamForm", "TakeUpForm"]


class TakeUpForm(ChineseForm):
    """Which wishes are taken up."""

    wishes = TickRowsField("带办哪几条", "请勾选要带办的微心愿。", description="本社区心愿墙上待认领的，同类的在前。")


class DropWishForm(ChineseForm):
    """Which wish goes back to the wall, and why."""

    wish_id = PickRowField("哪一条", "请选择微心愿。")
    reason = LinesField("原因", 500, "请填写原因。", description="如：需要上门办理，活动当天办不了。")


class InviteTeamForm(ChineseForm):
    """Which team is asked, and how many places are kept for it until when."""

    team_id = PickRowField("服务队", "请选择服务队。")
    held = NumberField("保留名额", 0, MOST, description="为这支队留几个名额，可以不填；再邀请一次可以改。")
    held_until = DayField("保留到", description="到这天为止没有报满的，名额放开给大家。")


class SignUpTeamForm(ChineseForm):
    """Which members of the team come."""

    people = TickRowsField(
        "哪几位队员", "请勾选队员。", description="先问过本人再报；每个人都会收到消息，来不了的自己退出。"
    )
