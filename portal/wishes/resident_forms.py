"""What residents fill in: a wish, number and code, and their answers when it is done."""

import datetime as dt

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from portal import clock
from portal.choices import PickField
from portal.forms import ChineseForm, DayField, LineField, LinesField, NumberField, is_name, is_phone
from portal.labels import Category
from portal.wording import problems

LONGEST_WAIT = dt.timedelta(days=366)
WHICH = "请选择您住的社区；不知道就选“不清楚”。"
RATINGS = [
    SelectChoice(str(n), words)
    for n, words in ((5, "很满意"), (4, "满意"), (3, "一般"), (2, "不太满意"), (1, "不满意"))
]


def names_nobody(form, field) -> None:
    """A WTForms validator: the field will be public, so no phone, address or name may stand in it."""
    name = form.name.data if "name" in form else ""
    if field.data and (found := problems(field.data, name or "")):
        raise ValidationError("这一栏会公开：" + "".join(found))


class WishForm(ChineseForm):
    """A wish: five fields, and more for those who want to say more.  [二(二)2]"""

    detail = LinesField("您的心愿", 500, "请写下您的心愿。", description="想请人帮什么忙？一两句话就行。")
    community = SelectField(
        "您住在哪个社区",
        [DataRequired(WHICH)],
        description="找到您住的小区或社区；找不到就选“不清楚”。",
        invalid_choice_message=WHICH,
    )
    estate = LineField("小区或街道名", 40, description="工作人员按它判断您属于哪个社区。",
                       render_kw={"list": "estates", "autocomplete": "off"})  # fmt: skip
    name = LineField("您的姓名", 30, "请填写您的姓名。", [is_name], render_kw={"autocomplete": "name"},
                     description="不公开，心愿墙上只显示姓，如“王某某”。")  # fmt: skip
    phone = LineField("联系电话", 20, "请填写联系电话，好让社区和认领的党员找到您。", [is_phone], narrow=True,
                      render_kw={"autocomplete": "tel", "inputmode": "tel"},
                      description="不公开。手机、座机都行。")  # fmt: skip
    consent = BooleanField(
        "我同意社区工作人员和认领心愿的党员为办理这个心愿使用以上信息",
        [DataRequired("请勾选同意，否则社区无法联系您。")],
    )

    title = LineField(
        "心愿标题", 30, None, [names_nobody], description="会公开，如“想学用手机看病挂号”；不写由社区来拟。"
    )
    category = PickField("类别", Category, nothing="由社区来定")
    address = LineField("住址", 80, description="不公开，上门时才用。", render_kw={"autocomplete": "address-line1"})
    on_behalf_of = LineField(
        "替谁提出", 30, None, [is_name], description="替父母、孩子或邻居提出时，写他（她）的姓名，不公开。"
    )
    helpers_needed = NumberField("需要几个人帮忙", 1, 20, render_kw={"class": "control--short", "inputmode": "numeric"})
    wanted_by = DayField("希望哪天以前办好")
    minor = BooleanField("这是 14 岁以下孩子的心愿")
    guardian_consent = BooleanField("我是孩子的监护人，或已征得监护人同意")
    lone_elder = BooleanField("家里只有老人独自居住")

    website = LineField("网址（请不要填写）", 200, render_kw={"tabindex": "-1", "autocomplete": "off"})
    opened = HiddenField()

    def told(self) -> dict:
        """What was told, by the names of `submitting.Asked`; where the resident lives is looked up apart."""
        words = ("detail", "name", "phone", "address", "on_behalf_of", "title")
        facts = ("helpers_needed", "wanted_by", "minor", "guardian_consent", "lone_elder")
        told = {name: self[name].data or "" for name in words} | {name: self[name].data for name in facts}
        return told | {"category": self.category.data}

    def validate_wanted_by(self, field):
        """Neither past nor beyond a year."""
        today = clock.today()
        if field.data and not today <= field.data <= today + LONGEST_WAIT:
            raise ValidationError("请填写今天以后、一年以内的日期。")

    def validate_guardian_consent(self, field):
        """A child's wish needs the guardian."""
        if self.minor.data and not field.data:
            raise ValidationError("14 岁以下孩子的心愿，需要监护人同意。")


class FollowForm(ChineseForm):
    """Number and query code of a wish, as the slip shows them."""

    number = LineField("受理号", 30, "请填写受理单上的受理号。", narrow=True, description="如 2026-0012",
                       render_kw={"autocomplete": "off", "class": "control--half"})  # fmt: skip
    code = LineField("查询码", 30, "请填写受理单上的查询码。", narrow=True,
                     description="10 个字母和数字；大小写、空格都不要紧。",
                     render_kw={"autocomplete": "off", "class": "control--half"})  # fmt: skip


class _Followed(ChineseForm):
    """A resident's move: number and code go with it, out of sight and never in an address."""

    number = HiddenField(validators=[Length(max=30)])
    code = HiddenField(validators=[Length(max=30)])

    def asked(self) -> dict:
        """What the move asks for, without number and code."""
        return {name: value for name, value in super().asked().items() if name not in ("number", "code")}


class ConfirmForm(_Followed):
    """The wish came true: how it was, and thanks."""

    rating = RadioField("您满意吗", [InputRequired("请选择是否满意。")], choices=RATINGS, coerce=int)
    thanks = LinesField(
        "想说一句感谢的话",
        200,
        None,
        [names_nobody],
        description="可以不写。会转给帮忙的党员，也可能公开，请不要写电话、住址。",
    )


class WithdrawForm(_Followed):
    """The wish is not needed any more."""


class ReopenForm(_Followed):
    """The wish was reported done, but it is not."""

    reason = LinesField("哪里没有办好", 300, "请写明哪里没有办好。")


class SayForm(_Followed):
    """What is still missing, said to the community."""

    words = LinesField("还缺什么", 300, "请写明还缺什么。", description="社区工作人员和认领的党员会看到。")
