"""The forms of posts: what one is, whom to sign up or take off, what was done on it, filters."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField, TimeField
from wtforms.validators import Optional

from portal.choices import PickField, PickRowField, TickRowsField, TicksField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField, ReasonForm
from portal.labels import Category
from portal.posts.models import MOST_PLACES, PostState
from portal.records.forms import HALF_HOURS
from portal.registrations.models import FreeTime


class PostForm(EditForm):
    """What a post is: everybody reads it on the menu board."""

    title = LineField("岗位名称", 30, "请填写岗位名称。", description="如：儒林苑治安巡逻岗。")
    category = PickField("类别", Category, "请选择类别。")
    duty = LinesField("做什么", 500, "请写明做什么。", description="几句话写清楚；人人可见，不写姓名、电话、门牌号。")
    place = LineField("地点", 60, "请填写地点。", description="如：社区服务站、儒林苑小区内。")
    times = LineField("什么时候", 60, "请写明什么时候。", description="如：每周六上午，或每月一次、时间自定。")
    free_times = TicksField("落在哪些空闲时间", FreeTime, description="用来推荐给这些时候有空的党员，可以不选。")
    capacity = NumberField("需要几人", 1, MOST_PLACES, required="请填写需要几人。", default=2)
    grid_id = PickRowField("网格", nothing="全社区")
    team_id = PickRowField("归哪支服务队", nothing="不归服务队")


class SignUpForm(ChineseForm):
    """The members who are signed up, and since when they are on duty."""

    people = TickRowsField("登记哪几位", "请勾选党员。", description="只列出在本社区报到、还不在这个岗位上的党员。")
    since = DayField("从哪天起在岗", "请填写从哪天起在岗。", description="早已在岗、现在补登的，填当时的日期。")

    def asked(self) -> dict:
        """The members, and for the history how many they are: their names stand on the post's list."""
        return super().asked() | {"reason": f"登记 {len(self.people.data)} 人"}


class EndClaimForm(ChineseForm):
    """Who is taken off a post, and why."""

    member_id = PickRowField("哪一位", "请选择在岗的党员。")
    reason = LinesField("原因", 500, "请填写离岗的原因。")


class CloseForm(ReasonForm):
    """Why a post is closed; `follows` says what will happen then, a line each."""

    follows: Sequence[str] = ()


class ServeForm(ChineseForm):
    """A duty done on a post; what it is and where stands on the post already."""

    day = DayField("值岗日期", "请填写值岗日期。")
    half_hours = SelectField("时长", choices=HALF_HOURS, coerce=int, default=4, description="不含路上的时间。")
    what = LineField("做了什么", 120, description="不填就写岗位的名称和地点。不写姓名、电话、门牌号。")
    starts = TimeField("开始时间", [Optional()], description="可以不填；同一天值岗两次的，两次都要填。")
    for_whom = LineField("服务对象", 60, description="如：过往居民约30人。可以不填。")
    note = LineField("备注", 200, description="一天超过 8 小时，或在工作日上班时间内的，请在这里说明。")


class RollForm(ServeForm):
    """A duty done by several who hold the post, as the community noted it."""

    people = TickRowsField("哪几位值了岗", "请勾选值岗的党员。")


class ListFilter(FilterForm):
    """What the list of posts is narrowed to."""

    state = PickField("状态", PostState, nothing="全部")
    category = PickField("类别", Category, nothing="全部")
    community = PickRowField("社区", nothing="全部")
    vacant = BooleanField("只看有名额的")
    unheld = BooleanField("只看没有人的")
