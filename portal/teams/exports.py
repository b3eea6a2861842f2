"""The list of teams as a spreadsheet."""

from portal.list_sheets import ListSheet, offer
from portal.teams.models import Team
from portal.teams.routes import narrowed

COLUMNS = (
    ("名称", 24, "name"), ("专长", 24, "good_at"), ("社区", 14, "community.name"), ("网格", 12, "grid.name"),
    ("队长", 12, "leading.member.name"), ("人数", 8, lambda team: len(team.current)), ("组建日期", 12, "founded_on"),
    ("状态", 10, "state"),
)  # fmt: skip

offer(ListSheet("teams", "志愿者服务队", "teams.index", narrowed, COLUMNS, (Team.name,)))
