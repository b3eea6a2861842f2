"""The forms of the scheme year and of the calendar."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import ValidationError

from portal.choices import PickField
from portal.edits import EditForm
from portal.forms import ChineseForm, DayField, LineField, LinesField, NumberField
from portal.scheme.models import DayKind


def _days(label: str, maximum: int = 366, **kw) -> NumberField:
    return NumberField(label, 1, maximum, required="请填写天数。", **kw)


class YearForm(EditForm):
    """Dates, limits and minimum duties of one year."""

    report_in_by = DayField("报到截止", "请填写日期。", description="对名册截止日已在册的党员。")
    roster_by = DayField("名册截止", "请填写日期。")
    later_report_in_days = _days("此后列入名册的，几天内报到")
    inspection_on = DayField("督查日期", "请填写日期。")
    evaluations_from = DayField("现实表现评议开始", "请填写日期。", description="从这一天起社区可以发起当年的评议。")
    yearly_report_by = DayField("年度上报截止", "请填写日期。")
    certificate_valid_days = _days("证明信有效天数")
    transfer_release_days = _days("转入申请几天未答复，县可放行")
    least_services = NumberField("全年最少服务次数", 0, 366, required="请填写次数。")
    least_hours = NumberField("或最少服务小时", 0, 1000, required="请填写小时数。")
    late_record_days = _days("几天后登记的算补录")
    wish_review_workdays = _days("审核（工作日）", 60)
    wish_finish_workdays = _days("认领后办结（工作日）", 120)
    wish_extension_workdays = _days("延期（工作日）", 120)
    wish_fitting_days = _days("几天无人认领，推给合适的党员")
    wish_teams_days = _days("几天无人认领，推给服务队和联络员")
    wish_town_days = _days("几天无人认领，转镇办理")
    wish_county_days = _days("到镇几天还没办，转县办理", description="县里也应在同样的天数内办理或书面答复。")
    wish_confirm_days = _days("办理后几天默认实现")
    wish_reopen_days = _days("默认实现后几天内可重新办理")
    wish_archive_days = _days("结束几天后归档")
    wish_proposal_hours = NumberField("邀请的名额保留小时", 1, 720, required="请填写小时数。")
    most_open_claims = NumberField("每人同时认领最多", 1, 20, required="请填写件数。")
    pledge_shown_workdays = _days("审定后几个工作日公示", 60, description="社区在此之前没有意见，承诺即公示。")
    remark_answer_workdays = _days("党员说明意见（工作日）", 60, description="到期没有说明的，社区可以直接答复居民。")
    suggestion_answer_workdays = _days("答复合理建议（工作日）", 120)
    difficulty_answer_workdays = _days("答复党员求助（工作日）", 120)
    evaluation_reply_days = _days("党员对评议可在几天内说明", 60, description="从评议反馈之日算起，社区要书面答复。")

    GROUPS = (
        ("日期", ("report_in_by", "roster_by", "later_report_in_days", "inspection_on", "evaluations_from",
                  "yearly_report_by")),
        ("最低要求和报到", (
            "least_services", "least_hours", "certificate_valid_days", "late_record_days", "transfer_release_days",
        )),
        ("心愿的期限", (
            "wish_review_workdays", "wish_finish_workdays", "wish_extension_workdays", "wish_fitting_days",
            "wish_teams_days", "wish_town_days", "wish_county_days", "wish_confirm_days", "wish_reopen_days",
            "wish_archive_days", "wish_proposal_hours", "most_open_claims",
        )),
        ("服务承诺、群众意见、合理建议、求助和评议", (
            "pledge_shown_workdays", "remark_answer_workdays", "suggestion_answer_workdays",
            "difficulty_answer_workdays", "evaluation_reply_days",
        )),
    )  # fmt: skip

    def validate_report_in_by(self, field) -> None:
        """Nobody has to report in before the roster is fixed."""
        if field.data and self.roster_by.data and field.data < self.roster_by.data:
            raise ValidationError("报到截止不能早于名册截止。")

    def validate_wish_town_days(self, field) -> None:
        """The steps of the ladder follow one another."""
        steps = (self.wish_fitting_days.data, self.wish_teams_days.data, field.data)
        if None not in steps and list(steps) != sorted(steps):
            raise ValidationError("三步的天数要一步比一步长。")


class DayForm(ChineseForm):
    """One day that is not what its weekday says."""

    day = DayField("日期", "请填写日期。")
    kind = PickField("安排", DayKind, "请选择安排。", radios=True)
    note = LineField("说明", 40, "请填写说明，如国庆节。")


class PasteForm(ChineseForm):
    """Many days at once, as people copy them from a spreadsheet or write them down."""

    lines = LinesField(
        "从表格粘贴",
        20000,
        "请粘贴内容。",
        description="一行一天，依次是日期、放假或调休上班、说明，用空格、逗号或制表符隔开，如：2027-10-01 放假 国庆节",
    )


class UploadForm(ChineseForm):
    """A spreadsheet of days."""

    file = FileField(
        "表格文件",
        validators=[FileRequired("请选择要上传的表格。")],
        description="WPS 或 Excel 的 .xlsx、.xls 文件，一行一天。",
        render_kw={"accept": ".xlsx,.xls"},
    )
    marked = BooleanField("只要一份标出错误的副本", description="原表加一列“错误原因”，改好后再传。")


class ServiceDaysForm(EditForm):
    """Other days than the rule's for a quarter's service, and why."""

    starts_on = DayField("开始", "请填写日期。")
    ends_on = DayField("结束", description="只有一天的不用填。")
    note = LineField("原因", 100, "请写明原因。", description="和服务日一起显示给所有人看，如：因中考，提前一周。")
