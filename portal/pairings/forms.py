"""The forms of pairings: proposing, the three lists, joint actions, contact points, and the filters of lists."""

from wtforms import BooleanField

from portal.choices import PickField, PickRowField
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField
from portal.pairings.models import (
    MOST_TOOK_PART,
    ActionState,
    ContactPointState,
    ItemKind,
    PairingState,
    ProjectState,
)


class ProposeForm(ChineseForm):
    """With whom to build together, and what for."""

    place_id = PickRowField("结对的社区", "请选择结对的一方。")
    aim = LinesField("想一起做什么", 200, description="可以不填；对方同意以前看得到。")


class ItemForm(ChineseForm):
    """One need or one resource."""

    kind: ItemKind
    what = LineField("做什么", 60, "请写一句话。")
    note = LinesField("说明", 200, description="可以不填：时间、地点、要多少人、能来多少人。不写居民姓名和住址。")

    def asked(self) -> dict:
        """What was asked for, and in words for the history."""
        return super().asked() | {"reason": f"{self.kind.label}：{self.what.data}"}


class NeedForm(ItemForm):
    """What the community needs of the unit."""

    kind = ItemKind.NEED
    what = LineField("需要什么", 60, "请写一句话说明需要什么。", render_kw={"placeholder": "如：老年人手机使用辅导"})


class ResourceForm(ItemForm):
    """What the unit can bring."""

    kind = ItemKind.RESOURCE
    what = LineField("能提供什么", 60, "请写一句话说明能提供什么。", render_kw={"placeholder": "如：周末开放篮球场"})


class StrikeForm(ChineseForm):
    """Which line holds no longer, and why."""

    item_id = PickRowField("划去哪一条", "请选择要划去的一条。")
    reason = LinesField("原因", 500, "请填写划去的原因。")


class PlanForm(ChineseForm):
    """What both do, from which need and resource, who answers for it, by when."""

    need_id = PickRowField("对应的需求", nothing="不对应需求")
    resource_id = PickRowField("用到的资源", nothing="不用清单上的资源")
    what = LineField("项目", 60, "请填写一起做什么。")
    responsible = LineField(
        "责任人", 60, "请填写责任人。", description="双方各一人最好，如：曹静（县医院）、王秀兰（社区）。"
    )
    due_on = DayField("完成时限", "请填写完成时限。")


class FinishForm(ChineseForm):
    """What came of a project."""

    result = LinesField("做成了什么", 200, "请填写做成了什么。")


class PostponeForm(ChineseForm):
    """Until when, and why."""

    due_on = DayField("新的完成时限", "请填写新的完成时限。")
    reason = LinesField("改期原因", 500, "请填写改期的原因。")


class RecordForm(ChineseForm):
    """What was done together on a day."""

    held_on = DayField("活动日期", "请填写活动日期。")
    what = LineField("做了什么", 60, "请填写做了什么。")
    took_part = NumberField("参加人数", 1, MOST_TOOK_PART, "请填写参加人数。", description="双方来的人加在一起。")
    project_id = PickRowField("属于哪个项目", nothing="不属于项目")
    words = LinesField("情况", 500, description="可以不填。党员的服务时长不从这里算，由志愿服务活动登记。")


class PointForm(ChineseForm):
    """Which leader adopts which community."""

    member_id = PickRowField("领导干部", "请选择领导干部。")
    community_id = PickRowField("联系的社区", "请选择联系的社区。")


class PairingsFilter(FilterForm):
    """What the list of pairings is narrowed to; `mine` are those that wait for one's own agreement."""

    state = PickField("状态", PairingState, nothing="全部")
    mine = BooleanField("等我方同意")


class ProjectsFilter(FilterForm):
    """What the list of projects is narrowed to."""

    state = PickField("状态", ProjectState, nothing="全部")
    late = BooleanField("已过时限")


class ActionsFilter(FilterForm):
    """What the list of joint actions is narrowed to; `mine` are those that wait for one's own confirmation."""

    state = PickField("状态", ActionState, nothing="全部")
    mine = BooleanField("等我方确认")


class PointsFilter(FilterForm):
    """What the list of contact points is narrowed to; `mine` are those that wait for one's own agreement."""

    state = PickField("状态", ContactPointState, nothing="全部")
    mine = BooleanField("等我方同意")
