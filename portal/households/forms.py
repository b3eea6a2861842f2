"""The forms of households: the file, the consent, closing, supporters, a visit, and the filters of the list."""

import re

from wtforms import BooleanField, FieldList, FormField, SelectChoice, SelectField, TimeField
from wtforms.validators import Optional, ValidationError

from portal.choices import PickField, PickRowField, TickRowsField, TicksField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField, ReasonForm, is_name, is_phone
from portal.households.kinds import CloseKind, ConsentBy, Difficulty, HouseholdKind, Need, Policy, Way
from portal.households.models import HouseholdState, VisitState
from portal.households.months import Lacking
from portal.people.forms import MonthField
from portal.people.models import Sex
from portal.sought import SoughtFilter

MOST_PEOPLE = 8
OFF = {"autocomplete": "off"}
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
HALF_HOURS = [SelectChoice(str(n), f"{n / 2:g} 小时") for n in range(1, 17)]


class PersonForm(ChineseForm):
    """One more person of the household; one of whom nothing is written counts as none."""

    class Meta(ChineseForm.Meta):
        """The token stands in the form around it."""

        csrf = False

    relation = LineField("与本人关系", 10)
    born = LineField("哪年出生", 4, narrow=True, render_kw={"inputmode": "numeric"})
    does = LineField("工作或就学", 30)

    def validate_born(self, field) -> None:
        """A year; the age follows from it."""
        if field.data and not _YEAR.fullmatch(field.data):
            raise ValidationError("请填写出生的年份，如 1980。")

    def validate(self, extra_validators=None) -> bool:
        """Besides: of a person the relation is said."""
        fine = super().validate(extra_validators)
        if (self.born.data or self.does.data) and not self.relation.data:
            self.relation.errors = ["请填写与本人的关系。"]
            return False
        return fine


class Family(list):
    """The people of a household as they are typed, who read as one line."""

    def __str__(self) -> str:
        """Each person's relation, year and occupation."""
        return "；".join(" ".join(filter(None, person.values())) for person in self)


class FamilyField(FieldList):
    """The other people of the household: those of whom something is written."""

    def __init__(self, label: str, **kw):
        """At most eight people besides the one whose file it is."""
        super().__init__(FormField(PersonForm), label, min_entries=MOST_PEOPLE, max_entries=MOST_PEOPLE, **kw)

    @property
    def data(self) -> Family:
        """What was written of each person."""
        entries = ({name: entry.form[name].data or None for name in ("relation", "born", "does")} for entry in self)
        return Family(person for person in entries if any(person.values()))


class FileForm(EditForm):
    """A household's file; no diagnosis, no income, no number of an identity card."""

    kind = PickField("类别", HouseholdKind, "请选择类别。", radios=True)
    name = LineField("姓名", 40, "请填写姓名。", [is_name], render_kw=dict(OFF))
    sex = PickField("性别", Sex, "请选择性别。", radios=True)
    born = MonthField("出生年月", "请填写出生年月。")
    phone = LineField("联系电话", 20, None, [is_phone], narrow=True, render_kw={"inputmode": "tel"} | OFF,
                      description="没有电话可以不填。")  # fmt: skip
    address = LineField("住址", 80, "请填写住址。", render_kw=dict(OFF))
    grid_id = PickRowField("网格", nothing="不清楚")
    difficulties = TicksField(
        "主要困难", Difficulty, "请至少选一项主要困难。", description="只选类别，不写病名，不写收入。"
    )
    policies = TicksField("享受政策", Policy)
    policy_words = LineField("其他政策", 60)
    needs = TicksField("需要什么帮助", Need, "请至少选一项需要的帮助。")
    need_words = LinesField("需求说明", 300, description="结对的帮扶人看得到；不写病名、身份证号。")
    ways = TicksField("帮扶形式", Way, description="不送现金、不转账。")
    aim = LinesField("帮扶措施和目标", 300)
    note = LinesField("备注", 300, description="只给社区看。")
    people = FamilyField("其他家庭成员")


class ConsentForm(ChineseForm):
    """Who agreed, when, and who took it down."""

    consent_by = PickField("谁同意的", ConsentBy, "请选择本人或监护人。", radios=True,
                           description="未满 14 周岁的，由监护人同意。")  # fmt: skip
    guardian = LineField("监护人姓名", 40, None, [is_name], render_kw=dict(OFF), description="监护人同意的要填。")
    consent_on = DayField("同意的日期", "请填写同意的日期。")
    consent_taken_by = LineField("谁当面问的", 40, "请填写谁当面征得同意。")


class CloseForm(ChineseForm):
    """Why a household is supported no longer."""

    kind = PickField("结束的原因", CloseKind, "请选择结束的原因。", radios=True)
    reason = LinesField("说明", 500, "请写明情况。", description="不写病情。")


class DeclineForm(ChineseForm):
    """Why a member declines, if they want to say."""

    reason = LinesField("想说的话", 150, description="只给社区看，可以不写。")


class SupportEndForm(ReasonForm):
    """Why a support ends."""

    reason = LinesField("原因", 190, "请填写原因。")


class ReplaceForm(ChineseForm):
    """Who supports the household instead, and why."""

    member_id = PickRowField("请谁接替", "请选择接替的党员。", description="合适的排在前面。")
    reason = LinesField("为什么更换", 190, "请填写更换的原因。")


class ProposeForm(ChineseForm):
    """Which member is asked."""

    member_id = PickRowField("请哪位党员", "请选择党员。")


class VisitForm(ChineseForm):
    """One visit: when, how long, who came, what was done and what that solved."""

    day = DayField("走访日期", "请填写走访日期。")
    starts = TimeField("几点开始", [Optional()], description="不含路上的时间。")
    half_hours = SelectField("时长", choices=HALF_HOURS, coerce=int, default=2)
    people = TickRowsField("谁去了", "请勾选去走访的人。")
    done = LinesField("做了什么", 300, "请写明做了什么。", description="不写姓名、电话、门牌号，不写病情。")
    solved = LinesField("解决了什么", 300, description="没有就不填。")


class LookForm(ChineseForm):
    """Why somebody looks at a file, and whether to change it."""

    reason = LineField("查看原因", 100)
    then = LineField("接着做什么", 10)


class ListFilter(SoughtFilter):
    """What the list of households is narrowed to."""

    q = LineField("编号或姓氏", 20, narrow=True)
    state = PickField("状态", HouseholdState, nothing="全部")
    kind = PickField("类别", HouseholdKind, nothing="全部")
    need = PickField("需求", Need, nothing="全部")
    grid = PickRowField("网格", nothing="全部")
    community = PickRowField("社区", nothing="全部")
    without = BooleanField("没有帮扶人")
    month = PickField("走访", Lacking, nothing="不限")


class VisitsFilter(FilterForm):
    """What the list of visits is narrowed to."""

    state = PickField("状态", VisitState, nothing="全部")
