"""The forms of remarks: what a resident says, whom it is about, the member's answer and the community's."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from portal.choices import PickField, PickRowField
from portal.forms import ChineseForm, FilterForm, LineField, LinesField, is_name, is_phone
from portal.remarks.models import Finding, RemarkKind, RemarkState

WORDS = "转给党员看的话"


class RemarkForm(ChineseForm):
    """Praise or a concern about a service.  [二(一)]"""

    kind = PickField("您要说的是", RemarkKind, "请选择表扬或意见。", radios=True)
    community = PickRowField("是哪个社区的服务", "请选择社区。")
    told = LinesField("您想说什么", 500, "请写下您想说的话。",
                      description="只说服务：什么事、哪天、做得怎么样。党员的私事不在这里说。")  # fmt: skip
    about = LineField("哪位党员或哪次服务", 80, description="知道名字、单位或活动的话写上，社区好核实；不公开。")
    wish_number = LineField("心愿的受理号", 30, narrow=True, description="说的是一条微心愿的，如 2026-0012。",
                            render_kw={"autocomplete": "off", "class": "control--half"})  # fmt: skip
    name = LineField("您的姓名", 30, "请填写您的姓名。", [is_name], render_kw={"autocomplete": "name"},
                     description="只给社区工作人员看，不告诉党员。")  # fmt: skip
    phone = LineField("联系电话", 20, "请填写联系电话，好让社区答复您。", [is_phone], narrow=True,
                      render_kw={"autocomplete": "tel", "inputmode": "tel"},
                      description="只给社区工作人员看。手机、座机都行。")  # fmt: skip
    consent = BooleanField("我同意社区工作人员为核实和答复使用以上信息",
                           [DataRequired("请勾选同意，否则社区无法答复您。")])  # fmt: skip
    website = LineField("网址（请不要填写）", 200, render_kw={"tabindex": "-1", "autocomplete": "off"})
    opened = HiddenField()


class TakeDownForm(RemarkForm):
    """A remark told to a clerk, of the own community; who leaves no phone is answered when they come again."""

    kind = PickField("居民说的是", RemarkKind, "请选择表扬或意见。", radios=True)
    told = LinesField("居民说了什么", 500, "请写下居民说了什么。",
                      description="照原话写：什么事、哪天、做得怎么样。党员的私事不写。")  # fmt: skip
    name = LineField("居民姓名", 30, "请填写居民姓名。", [is_name], description="只给社区工作人员看，不告诉党员。")
    phone = LineField("联系电话", 20, None, [is_phone], narrow=True, description="没有电话可以不填，上门或当面答复。")
    consent = BooleanField("居民同意社区为核实和答复使用以上信息", [DataRequired("请先征得居民同意，再勾选。")])


class AboutForm(ChineseForm):
    """Which member a remark is about, and in what words they get to read it."""

    member_id = PickRowField("说的是哪位党员", "请选择党员。")
    words = LinesField(WORDS, 300, "请写下转给党员看的话。",
                       description="写清服务和情况，不写居民的姓名、电话、住址。")  # fmt: skip


class AnswerForm(ChineseForm):
    """The member's own words on a concern."""

    reply = LinesField("您的说明", 500, "请写下当时的情况。", description="社区看得到，答复居民时会参考。")


class SettleForm(ChineseForm):
    """What was found, and what the resident is told."""

    finding = PickField("核实的结果", Finding, radios=True)
    outcome = LinesField(
        "答复居民的话", 500, "请写下怎样答复居民。", description="党员也看得到；不写居民的姓名、电话。"
    )


class DeclineForm(ChineseForm):
    """Why a remark is not taken up."""

    outcome = LinesField("为什么不受理", 500, "请写明原因，如“与党员的服务无关”。")


class LookForm(ChineseForm):
    """Why somebody looks once more at who made a remark."""

    reason = LineField("查看原因", 100)


class ListFilter(FilterForm):
    """What the list of remarks is narrowed to."""

    state = PickField("状态", RemarkState, nothing="全部")
