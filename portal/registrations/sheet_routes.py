"""What the lists of registrations show, as .xlsx; each export is audited."""

from sqlalchemy import Select

from portal import web
from portal.actors import Role
from portal.doors import for_roles
from portal.extensions import db
from portal.list_sheets import Heads, table
from portal.people.models import Member
from portal.registrations import member_file, queries, rates
from portal.registrations.file_routes import listed
from portal.registrations.forms import FileFilter, ListFilter
from portal.registrations.rate_routes import behind_the_number, chosen_grouping, chosen_standing
from portal.registrations.rates import Standing
from portal.registrations.routes import OFFICES, bp, wanted

LIST_HEADS = (
    ("证明信编号", 12), ("姓名", 14), ("单位", 28), ("社区", 14), ("领导干部", 9), ("状态", 12), ("开具日期", 12),
    ("报到日期", 12), ("报到方式", 12), ("接洽日期", 12), ("网格", 12), ("回执编号", 12), ("备案日期", 12),
    ("信息卡", 9),
)  # fmt: skip
PEOPLE_HEADS = (("姓名", 14), ("单位", 28), ("居住社区", 14), ("领导干部", 9), ("进展", 14), ("证明信编号", 12))


@bp.route("/export", methods=["POST"])
@for_roles(*OFFICES)
def export_list():
    """The registrations that the list shows."""
    rows = queries.filtered(web.me(), wanted(ListFilter())).order_by(queries.Registration.id)
    return _sheet("报到名单", LIST_HEADS, lambda: list(map(_list_line, _all(rows))))


@bp.route("/people/export", methods=["POST"])
@for_roles(*OFFICES)
def export_people():
    """The names behind one number of the rates."""
    return _sheet(f"{chosen_standing().label}名单", PEOPLE_HEADS, lambda: _people_lines(behind_the_number()))


@bp.route("/rates/export", methods=["POST"])
@for_roles(*OFFICES)
def export_rates():
    """The table of the rates, with its totals."""
    heads = (("名称", 28), ("报到率", 10), *((standing.label, 12) for standing in Standing))
    return _sheet("报到率", heads, _rate_lines)


@bp.route("/file/export", methods=["POST"])
@for_roles(Role.CLERK)
def export_file():
    """What the member file shows, with phones."""
    rows = listed(FileFilter()).order_by(Member.pinyin, Member.id)
    return _sheet("在职党员信息库", member_file.HEADS, lambda: member_file.lines(list(_all(rows))), ("phone",))


def _sheet(name: str, heads: Heads, lines_of, fields: tuple[str, ...] = ()):
    return table(name, heads, lines_of, "registrations.export", fields)


def _all(rows: Select):
    return db.session.scalars(rows).unique()


def _list_line(row) -> list:
    return [
        row.number, row.member.name, row.unit.name, row.community.name, "是" if row.member.leading else "",
        row.state.label, row.issued_on, row.presented_on, row.mode.label if row.mode else "", row.accepted_on,
        row.grid.name if row.grid else "", row.receipt_number, row.filed_on, "已填" if row.card else "未填",
    ]  # fmt: skip


def _people_lines(rows: Select) -> list[list]:
    members = list(_all(rows.order_by(Member.pinyin, Member.id)))
    found = rates.registrations_of(web.me(), [member.id for member in members])
    return [_person_line(member, found.get(member.id)) for member in members]


def _person_line(member: Member, row) -> list:
    home = member.community.name if member.community else "名册未填"
    leads = "是" if member.leading else ""
    return [member.name, member.unit.name, home, leads, *((row.state.label, row.number) if row else ("没有证明信", ""))]


def _rate_lines() -> list[list]:
    counted = rates.table(web.me(), chosen_grouping())
    return [
        [line.name, line.percent, *(line[standing] for standing in Standing)]
        for line in (*counted.lines, counted.total, counted.leading)
    ]
