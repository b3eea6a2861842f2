"""What stands on the 年度总结: the sender's words with the figures set in, and where each figure comes from."""

from portal.actors import Role
from portal.papers.catalogue import paper
from portal.reports import queries
from portal.reports.models import Report
from portal.summaries import workflow

NUMERALS = "一二三四五"
COLLECTORS = (Role.COUNTY,)  # each body prints its own from its page


@paper("10", "年度总结", kind=workflow.KIND, who=queries.visible_to, offices=COLLECTORS)
def summary(report: Report, full: bool) -> dict:
    """The yearly summary that goes with the tables; each figure in it is a cell of one of them.  [四]"""
    said = workflow.read(report)
    return {
        "issuer": said.issuer,
        "filed_as": report.number,
        "title": said.title,
        "to": "县委组织部",
        "copies": None,
        "red_head": None,
        "sealed_on": said.day,
        "until": said.until,
        "sections": [(NUMERALS[at], heading, lines) for at, (heading, lines) in enumerate(said.plain)],
        "figures": [(figure.source, figure.shown) for figure in said.figures],
    }
