"""The list of an office's wishes as a spreadsheet: what the page shows, nobody's name or telephone."""

from sqlalchemy import Select

from portal import clock, web
from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.wishes import narrowing, rights, waiting
from portal.wishes.forms import CaseFilters
from portal.wishes.models import Wish


def _shown(by: Actor) -> tuple[Select, CaseFilters]:
    form = narrowing.filters_form(by)
    return narrowing.filtered(by, narrowing.filters_of(form), waiting.is_late(clock.today())), form


def _late(rows: list[Wish]) -> set[int]:
    return set(waiting.late_among(rows, clock.today()))


def _title(wish: Wish, _late: set[int]) -> str:
    if wish.is_shown or rights.reads_whole(wish, web.me()) or (wish.on_wall and wish.published_at):
        return wish.title or "待审核的心愿"
    return "不公开的心愿" if wish.published_at else "未上墙的心愿"


COLUMNS = (
    ("编号", 12, "number"), ("心愿", 36, _title), ("类别", 10, "category"),
    ("状态", 14, "state"), ("办理层级", 9, "level"),
    ("社区", 14, lambda wish, _: wish.community.name if wish.community else "待定"),
    ("网格", 12, "grid.name"),
    ("提出日期", 12, lambda wish, _: clock.local(wish.submitted_at).date()),
    ("办理期限", 12, lambda wish, _: wish.finish_by if wish.state.value == "claimed" else None),
    ("是否超期", 9, lambda wish, late: "已超期" if wish.id in late else ""),
)  # fmt: skip

offer(ListSheet("wishes", "心愿办理", "wishes.cases", _shown, COLUMNS, newest_first=True, gather=_late))
