"""The forms of teams: what one is called and good at, whom to recommend, appoint or take out, filters."""

from collections.abc import Sequence

from wtforms import BooleanField

from portal.choices import PickField, PickRowField, TickRowsField
from portal.edits import EditForm
from portal.forms import ChineseForm, FilterForm, LineField, LinesField, ReasonForm
from portal.labels import Category
from portal.teams.models import TeamState


class TeamForm(EditForm):
    """What a team is called, what it is good at, and the grid near which its members live."""

    name = LineField("名称", 30, "请填写服务队的名称。", description="如：儒林苑水电维修服务队。")
    category = PickField("服务类别", Category, nothing="不限类别")
    skills = LineField("专长", 60, description="会做什么，用顿号分开，如：水电维修、家电维修。可以不填。")
    grid_id = PickRowField("就近网格", nothing="全社区", description="按就近原则编组的，选网格。")


class RecommendForm(ChineseForm):
    """The members who are recommended."""

    people = TickRowsField("推荐哪几位", "请勾选推荐的党员。", description="只列出在本社区报到、还不在这支队里的党员。")

    def asked(self) -> dict:
        """The members, and for the history how many they are: their names stand on the team's list."""
        return super().asked() | {"reason": f"推荐 {len(self.people.data)} 人"}


class AppointForm(ChineseForm):
    """Who leads the team."""

    member_id = PickRowField("队长", "请选择队长。", description="队长代表服务队认领心愿、登记办理情况。")


class RemoveForm(ChineseForm):
    """Who is taken out, and why."""

    member_id = PickRowField("移出哪一位", "请选择队员。")
    reason = LinesField("原因", 500, "请填写移出的原因。")


class EndForm(ReasonForm):
    """Why a team is disbanded; `follows` says what will happen then, a line each."""

    follows: Sequence[str] = ()


class ListFilter(FilterForm):
    """What the list of teams is narrowed to."""

    state = PickField("状态", TeamState, nothing="全部")
    community = PickRowField("社区", nothing="全部")
    vacant = BooleanField("只看没有队长的")
