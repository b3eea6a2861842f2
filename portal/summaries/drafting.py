"""What the portal drafts for each section of a summary, with the names of figures in it; the sender goes on from it."""

from portal.reports.models import ReportKind
from portal.summaries.models import Section

_BASICS = (
    "截至〔截至〕，应到社区报到的在职党员〔应报到〕人，已报到〔已报到〕人，报到率〔报到率〕；组建志愿服务队〔服务队〕支，"
    "〔认领岗位人数〕名党员认领了服务岗位。"
)
_PRACTICES = (
    "坚持量力而行、尽力而为，组织党员在工作时间以外就近服务；服务由对象或组织者和另一名同志共同确认，如实记录，"
    "不评分、不排名。"
)
_RESULTS = (
    "全年参加服务〔服务（人次）〕人次、〔服务（小时）〕小时，开展公益活动〔公益活动〕场。\n"
    "结对帮扶困难家庭〔帮扶家庭（户）（合计）〕户，走访〔走访〕次；认领微心愿〔微心愿（个）（认领）〕个，实现〔微心愿（个）（实现）〕个。\n"
    "提出合理建议〔合理建议（条数）〕条，采纳〔合理建议（采纳）〕条；评选服务标兵〔服务标兵〕人。"
)
_LEAD = "其中编入服务队〔附件7：编入服务队〕人，经批准免报〔附件7：免报〕人，还没有报到〔附件7：未报到（合计）〕人。"
_PROBLEMS = "（请写明存在的主要问题。）"
_PLANS = "（请写明下一步的打算。）"


def drafted(kind: ReportKind) -> dict[Section, str]:
    """The words of each section before the sender has written any."""
    lead = f"\n{_LEAD}" if kind is ReportKind.LEAD else ""
    return {
        Section.BASICS: _BASICS + lead, Section.PRACTICES: _PRACTICES, Section.RESULTS: _RESULTS,
        Section.PROBLEMS: _PROBLEMS, Section.PLANS: _PLANS,
    }  # fmt: skip


def still_to_write(words: dict[Section, str]) -> list[Section]:
    """The sections in which nothing but the portal's own request stands."""
    return [section for section, text in words.items() if text in (_PROBLEMS, _PLANS)]
