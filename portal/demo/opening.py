"""What the demonstration shows of the first day: imports of old registrations in every state, the last ones waiting."""

from collections.abc import Callable

from sqlalchemy import exists, select

from portal import clock
from portal.actors import SYSTEM, Actor
from portal.demo.county import County
from portal.demo.moving import login
from portal.extensions import db
from portal.firstday import workflow
from portal.firstday.columns import LAYOUTS
from portal.firstday.models import FirstdayImport, Part
from portal.firstday.planning import plan_book
from portal.people.models import Member
from portal.registrations import queries
from portal.registrations.models import CURRENT, IN_PROGRESS, Registration
from portal.sheets import Cell, Sheet

OLD = 6  # years since the old papers were made out
Rows = dict[Part, list[dict[str, Cell]]]


def settle(county: County) -> None:
    """Bring a few registrations of old, take one upload back, and leave one to the county and one to its uploader."""
    by, home = login(county, "county"), county.places[0].name
    old = [_reported(county, member, number) for number, member in enumerate(_unreported(6), 1)]
    estate: Rows = {Part.ESTATES: [{"community": home, "name": "向阳小区"}]}
    _upload(SYSTEM, "期初数据（第一批）.xlsx", {Part.REGISTRATIONS: old[:2]}, workflow.submit, workflow.write)
    _upload(SYSTEM, "期初数据（误传）.xlsx", estate, workflow.submit, workflow.write, _undo)
    _upload(by, "期初数据（旧）.xlsx", estate, workflow.drop)
    _upload(SYSTEM, "期初数据（第二批）.xlsx", {Part.REGISTRATIONS: old[2:4]}, workflow.submit)
    wrong = [{**old[4], "accepted_on": "2012-05-06"}, {**old[5], "community": "没有的社区"}]
    _upload(by, "期初数据（第三批）.xlsx", estate | {Part.REGISTRATIONS: [*old[:1], *wrong]})


def _unreported(most: int) -> list[Member]:
    """Members who must report and have neither reported nor a certificate on the way."""
    under_way = exists().where(Registration.member_id == Member.id, Registration.state.in_((*CURRENT, *IN_PROGRESS)))
    free = (queries.living_in_town(), Member.community_id.is_not(None), ~under_way, ~queries.is_exempt())
    return list(db.session.scalars(select(Member).where(*free).order_by(Member.id.desc()).limit(most)))


def _reported(county: County, member: Member, number: int) -> dict[str, Cell]:
    year = county.year - OLD
    return {
        "name": member.name, "unit": member.unit.code, "phone": member.phone or "",
        "old_number": f"{member.unit.code}-{year}-{number:02d}", "issued_on": f"{year}.5.{number + 3}",
        "community": member.community.name if member.community else "",
        "accepted_on": f"{year}年5月{number + 8}日", "old_receipt_number": f"回{year}-{number:02d}",
    }  # fmt: skip


def _upload(by: Actor, name: str, rows: Rows, *moves: Callable[[FirstdayImport, Actor], None]) -> None:
    """Upload a workbook with these rows as the county would, and make the moves that follow."""
    book = []
    for part, lines in rows.items():
        columns = LAYOUTS[part].columns
        head: list[Cell] = [column.label for column in columns]
        book.append(Sheet(part.label, [head, *([line.get(column.key, "") for column in columns] for line in lines)]))
    *_, firstday = workflow.stage(plan_book(book, clock.today()), by, name, None)
    workflow.preview(firstday, by)
    for move in moves:
        move(firstday, by)


def _undo(firstday: FirstdayImport, by: Actor) -> None:
    workflow.undo(firstday, by, reason="传错了文件")
