"""What the moves of a wish ask: the review, the helpers' report, answers and reasons."""

from collections.abc import Iterable

from wtforms import BooleanField, Field, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.choices import PickField, PickRowField, TickRowsField
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, NumberField
from portal.labels import Category
from portal.wishes.crafts import Craft
from portal.wishes.models import Level, WishState
from portal.wishes.photos import PhotosField

HALF_HOURS = [SelectChoice("0", "没有参加"), *(SelectChoice(str(n), f"{n / 2:g} 小时") for n in range(1, 25))]
RATINGS = [SelectChoice("", "没有评价"), *(SelectChoice(str(n), words) for n, words in
           ((5, "很满意"), (4, "满意"), (3, "一般"), (2, "不太满意"), (1, "不满意")))]  # fmt: skip


class WordsForm(ChineseForm):
    """What stands on the wall, and the wording that members read."""

    title = LineField("上墙的标题", 30, "请写一句标题。", description="心愿墙上人人可见：不写姓名、电话、门牌号。")
    category = PickField("类别", Category, "请选择类别。")
    detail = LinesField("给党员看的说明", 500, "请写明需要做什么。", description="登录的党员可见，同样不写个人信息。")


class PublishForm(WordsForm):
    """The review of a wish; filled in beforehand, so that one click is enough when nothing is to be changed."""

    helpers_needed = NumberField("需要几人", 1, 20, "请填写需要几人。", default=1)
    grid_id = PickRowField("网格", nothing="暂不分配")
    on_wall = BooleanField("公开上心愿墙（不便公开的不勾选，只推荐给合适的党员）", default=True)
    guardian_consent = BooleanField("许愿人未满14周岁，监护人已同意")


class PassOnForm(ChineseForm):
    """The community where the resident lives."""

    community_id = PickRowField("居民居住的社区", "请选择社区。")


class MergeForm(ChineseForm):
    """The wish into which this one goes."""

    into_id = PickRowField("并入哪一条", "请选择要并入的心愿。", description="居民手中的查询码以后查到的是那一条。")


def _reason(label: str, required: str, description: str) -> type[ChineseForm]:
    """A form that asks for nothing but the reason, in the words of its move."""
    return type("ReasonForm", (ChineseForm,), {"reason": LinesField(label, 500, required, description=description)})


RejectForm = _reason("不采纳的原因", "请填写原因。", "居民凭查询码会看到，并可修改后再提一次。")
CloseForm = _reason("给居民的书面答复", "请填写答复。", "实话实说：为什么办不成，还能找谁、什么时候能办。")
ExtendForm = _reason("延期的原因", "请填写原因。", "只能延期一次，社区会看到。")
RevokeForm = _reason("收回的原因", "请填写原因。", "认领人会看到。收回后心愿重新上墙。")
EscalateForm = _reason("上报的原因", "请填写原因。", "写清办到哪一步、为什么本级办不了，上一级和办理过程里看得到。")
HandBackForm = _reason("退回的原因", "请填写原因。", "写清下一级可以怎么办；退回后重新计算天数。")
ReopenForm = _reason("还缺什么", "请写明还缺什么。", "原来的认领人继续办理，已记的服务时长作废。")


class SolveForm(ChineseForm):
    """The organisation that will do it, what, and by when."""

    organisation = LineField("由哪个单位或组织办理", 60, "请填写单位或组织。", description="居民凭查询码看得到。")
    task = LinesField(
        "办什么、怎么办", 200, "请写明办什么。", description="居民凭查询码看得到；不写姓名、电话、门牌号。"
    )
    due = DayField("什么时候办好", "请填写日期，如 2026-05-16。")


class ForUnitForm(ChineseForm):
    """The members of the unit who will come."""

    people = TickRowsField("本单位来哪几位", "请勾选来的人。",
                           description="只列出已经报到的党员。他们会看到居民的联系方式和住址。")  # fmt: skip


class ForTeamForm(ChineseForm):
    """The team, of those one leads, and its members who will come."""

    team_id = PickRowField("哪支服务队", "请选择服务队。")
    people = TickRowsField("本队来哪几位", "请勾选来的人。", description="他们会看到居民的联系方式和住址。")


class ProposeForm(ChineseForm):
    """The members to be asked: those whom the wish fits, and one of all the others who may be asked."""

    people = TickRowsField("邀请谁", render_kw={"class": "chips--rows"})
    other = PickRowField("还想邀请名单以外的一位", nothing="不另邀请")

    def asked(self) -> dict:
        """All of them as one."""
        others = [self.other.data] if self.other.data else []
        return {"people": [*(self.people.data or []), *others]}


class RecallForm(ChineseForm):
    """The invitations to be taken back."""

    people = TickRowsField("取消谁的邀请", "请勾选要取消的邀请。")


class DeclineForm(ChineseForm):
    """Why a member declines, if they want to say so."""

    words = LinesField("谢绝的原因（可以不写）", 200, description="只有社区看得到。")


class CallBackForm(ChineseForm):
    """What the resident said."""

    words = LinesField("居民怎么说", 500, "请记下居民的话。")


class ConfirmForm(ChineseForm):
    """What a clerk heard when calling back."""

    rating = SelectField("居民评价", choices=RATINGS, coerce=lambda value: int(value) if value else None,
                         validators=[Optional()], description="只给社区看。")  # fmt: skip
    thanks = LinesField("居民的感谢", 200, description="认领的党员会看到。")


class FinishForm(ChineseForm):
    """What the leader reports for all; hours, words and photos are added by `finish_form`."""

    day = DayField("服务日期", "请填写服务日期，如 2026-05-16。")
    starts = TimeField(
        "开始时间", [InputRequired(message="请填写开始时间，如 19:00。")], description="到了开始办的时间，不含路上。"
    )

    def asked(self) -> dict:
        """The hours as half hours by claim id."""
        given = super().asked()
        hours = {name: given.pop(name) for name in list(given) if name.startswith(("hours_", "person_"))}
        return given | {
            "half_hours": _by_id(hours, "hours_"),
            "people_hours": _by_id(hours, "person_"),
            "photos": given["photos"] or [],
        }


def finish_form(helpers: Iterable[tuple[str, str]], today) -> FinishForm:
    """The form by which the leader reports for these helpers, given as (field, name).

    A field is named `hours_` with the claim's id, or `person_` with the id of one who came for a unit.
    """
    fields: dict[str, Field] = {
        key: SelectField(f"{name}的服务时长", choices=HALF_HOURS, coerce=int, default=2) for key, name in helpers
    }
    fields["words"] = LinesField("办理情况", 500, description="一两句话就行，如修好了什么。上班时间服务的请说明。")
    fields["photos"] = PhotosField()
    return type("FinishFormOfWish", (FinishForm,), fields)(data={"day": today})


class ReportForm(ChineseForm):
    """What an organisation did, by the office that charged it; nobody is given hours."""

    day = DayField("办好的日期", "请填写日期，如 2026-05-16。")
    words = LinesField("办理情况", 500, "请写明办理情况。", description="写明谁办的、办成什么样，居民看得到。")
    photos = PhotosField()


def _by_id(hours: dict[str, int], kind: str) -> dict[int, int]:
    return {int(name.removeprefix(kind)): spent for name, spent in hours.items() if name.startswith(kind)}


class WallFilters(FilterForm):
    """What the wall is narrowed to."""

    q = LineField("找心愿", 40)
    community = PickRowField("社区", nothing="全部社区")
    grid = PickRowField("网格", nothing="全部网格")
    category = PickField("类别", Category, nothing="全部类别")
    status = PickField("状态", WishState)


class CaseFilters(FilterForm):
    """What a list of cases is narrowed to."""

    q = LineField("标题或编号", 40)
    state = PickField("状态", WishState, nothing="全部状态")
    level = PickField("由谁办理", Level, nothing="各级")
    category = PickField("类别", Category, nothing="各类")
    craft = PickField("要用的特长", Craft, nothing="不限特长")
    community = PickRowField("社区", nothing="全部社区")
    late = BooleanField("只看超期的")
    waited = BooleanField("只看久等没人认领的")


class GapFilters(FilterForm):
    """Whose wishes and members are set side by side, and which line a list belongs to."""

    community = PickRowField("社区", nothing="全部社区")
    category = PickField("类别", Category)
    craft = PickField("特长", Craft)
    idle = BooleanField("现在能接")
