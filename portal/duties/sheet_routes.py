"""What the pages of the five ones show, as .xlsx; each export is audited."""

from portal import clock, web
from portal.actors import Actor
from portal.doors import for_roles
from portal.duties import progress, tally
from portal.duties.five_ones import Status
from portal.duties.routes import READERS, behind_the_number, bp, chosen_grouping
from portal.extensions import db
from portal.list_sheets import table
from portal.people.models import Community, Member, Unit
from portal.pledges.models import FiveOne
from portal.registrations.models import Registration

PEOPLE_HEADS = (("姓名", 14), ("单位", 28), ("社区", 14), ("领导干部", 9), *((one.label, 26) for one in FiveOne))
TABLE_HEADS = (("名称", 28), ("已报到", 9), ("五项都完成", 11),
               *((f"{one.label}：{word}", 13) for one in FiveOne for word in ("完成", "未完成")))  # fmt: skip


@bp.route("/export", methods=["POST"])
@for_roles(*READERS)
def export_table():
    """The table of the numbers, with its totals."""
    return table("五个一完成情况", TABLE_HEADS, _table_lines, "duties.export")


@bp.route("/people/export", methods=["POST"])
@for_roles(*READERS)
def export_people():
    """The members behind a number, with what each has done and lacks."""
    return table("五个一名单", PEOPLE_HEADS, _people_lines, "duties.export")


def _table_lines() -> list[list]:
    counted = tally.table(web.me(), chosen_grouping(), clock.today())
    return [
        [line.name, line.people, line.whole,
         *(line.number(one, status) for one in FiveOne for status in (Status.DONE, Status.LACKING))]
        for line in (*counted.lines, counted.total, counted.leading)
    ]  # fmt: skip


def _people_lines() -> list[list]:
    by, found = web.me(), behind_the_number()
    ones, named = progress.of(tally.ids(by, chosen_grouping()), clock.today()), _names(by)
    # Who came or left between two of the statements is not in all of them.
    here = [person.id for person in found if person.id in named and person.id in ones]
    return [[*named[key], *(_told(ones[key][one]) for one in FiveOne)] for key in here]


def _names(by: Actor) -> dict[int, tuple]:
    rows = tally.ids(by, chosen_grouping()).join(Unit, Unit.id == Member.unit_id).join(Registration.community)
    shown = rows.add_columns(Member.name, Unit.name.label("unit"), Community.name.label("home"), Member.leading)
    return {row[0]: (row[1], row[2], row[3], "是" if row[4] else "") for row in db.session.execute(shown)}


def _told(one) -> str:
    return one.words if one.status is Status.DONE else f"{one.status.label}：{one.words}"
