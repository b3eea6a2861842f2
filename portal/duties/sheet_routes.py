"""What the pages of the five ones show, as .xlsx; each export is audited."""

from flask import Response

from portal import audit, clock, web
from portal.actors import Actor
from portal.doors import for_roles
from portal.duties import progress, tally
from portal.duties.five_ones import Status
from portal.duties.routes import READERS, behind_the_number, bp, chosen_grouping
from portal.extensions import db, reading
from portal.people.models import Community, Member, Unit
from portal.pledges.models import FiveOne
from portal.registrations.models import Registration
from portal.sheet_writing import new_book

PEOPLE_HEADS = (("姓名", 14), ("单位", 28), ("社区", 14), ("领导干部", 9), *((one.label, 26) for one in FiveOne))
TABLE_HEADS = (("名称", 28), ("已报到", 9), ("五项都完成", 11),
               *((f"{one.label}：{word}", 13) for one in FiveOne for word in ("完成", "未完成")))  # fmt: skip


@bp.route("/export", methods=["POST"])
@for_roles(*READERS)
def export_table():
    """The table of the numbers, with its totals."""
    by, today = web.me(), clock.today()
    with reading():
        table = tally.table(by, chosen_grouping(), today)
    lines = [
        [line.name, line.people, line.whole,
         *(line.number(one, status) for one in FiveOne for status in (Status.DONE, Status.LACKING))]
        for line in (*table.lines, table.total, table.leading)
    ]  # fmt: skip
    return _sheet("五个一完成情况", TABLE_HEADS, lines)


@bp.route("/people/export", methods=["POST"])
@for_roles(*READERS)
def export_people():
    """The members behind a number, with what each has done and lacks."""
    by, today = web.me(), clock.today()
    with reading():
        found = behind_the_number()
        ones = progress.of(tally.ids(by, chosen_grouping()), today)
        named = _names(by)
        lines = [[*named[person.id], *(_told(ones[person.id][one]) for one in FiveOne)] for person in found]
    return _sheet("五个一名单", PEOPLE_HEADS, lines)


def _names(by: Actor) -> dict[int, tuple]:
    rows = tally.ids(by, chosen_grouping()).join(Unit, Unit.id == Member.unit_id).join(Registration.community)
    shown = rows.add_columns(Member.name, Unit.name.label("unit"), Community.name.label("home"), Member.leading)
    return {row[0]: (row[1], row[2], row[3], "是" if row[4] else "") for row in db.session.execute(shown)}


def _told(one) -> str:
    return one.words if one.status is Status.DONE else f"{one.status.label}：{one.words}"


def _sheet(name: str, heads, lines: list) -> Response:
    by, today = web.me(), clock.today()
    audit.write(by, "duties.export", reason=f"导出{name} {len(lines)} 行")
    web.keep()
    title = f"{by.office or by.role.label} {name}（截至{today:%Y年%-m月%-d日}）"
    return web.download(new_book(name, heads, lines, title), f"{name}{today:%Y%m%d}.xlsx")
