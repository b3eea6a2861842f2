"""What the demonstration leaves to the life cycles themselves: imports, changes of home and unit, a lock."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from portal import clock
from portal.accounts import workflow as logins
from portal.accounts.acting import actor_of
from portal.accounts.models import User
from portal.accounts.queries import appointments_of
from portal.actors import Actor
from portal.demo.county import County
from portal.extensions import db
from portal.people.models import Member, MemberStatus, Unit
from portal.registrations import queries as registrations
from portal.registrations import transfers
from portal.registrations import workflow as reporting
from portal.registrations.models import CURRENT, Deferment, Registration, TransferRequest
from portal.rosters import queries, workflow
from portal.rosters.comparing import compare
from portal.rosters.models import RosterImport
from portal.rosters.parsing import read_roster
from portal.sheet_writing import new_book
from portal.sheets import Cell, Sheet

HEADS = (("姓名", 14), ("性别", 6), ("出生年月", 12), ("手机号", 15), ("居住社区", 16), ("职务", 16))
LISTED = 6  # members of the unit in each file


def settle(county: County) -> None:
    """Carry uploads of the first unit's liaison to each end, the last still waiting; lock a login no longer used."""
    liaison, second = login(county, "unit1"), login(county, "unit2")
    _change_unit(county, second, liaison)
    _move_home(county, second)
    rows, elsewhere = _known_rows(liaison.unit_id), _known_rows(second.unit_id)[:1]
    _upload(liaison, "在职党员名册（职务变动）.xlsx", [*_with_post(rows[:1], "办公室主任"), *rows[1:]], workflow.write)
    _upload(liaison, "在职党员名册（误传）.xlsx", _with_post(rows[1:3], "借调人员"), workflow.write, _undo)
    _upload(liaison, "在职党员名册（旧）.xlsx", _with_post(rows[3:4], "干事"), workflow.drop)
    _upload(
        liaison,
        "在职党员名册.xlsx",
        [*_with_post(rows[:2], "年级组长"), *rows[2:], rows[-1], *elsewhere, *_new_rows(county)],
    )
    *_, last_member = (user_id for username, (user_id, _) in county.users.items() if username.startswith("member"))
    logins.lock(db.session.get_one(User, last_member), login(county, "admin"), reason="本人已不用此账号")


def _change_unit(county: County, new: Actor, old: Actor) -> None:
    """A member goes from the first unit to the second, keeping the registration."""
    member = _registered(old.unit_id)[-1]
    transfers.release(transfers.ask(member, db.session.get_one(Unit, new.unit_id), new), old)


def _move_home(county: County, liaison: Actor) -> None:
    """One member's unit was told and has issued the certificate, another's has not yet."""
    told, telling = _registered(liaison.unit_id)[0], _registered(county.offices[2].id)[0]
    for member, by in ((told, liaison), (telling, _of_community(county, telling))):
        row = registrations.current_of(member.id)
        home = next(place for place in county.places if place.id != row.community_id)
        address = f"{home.estates[0][1]}2号楼1单元301室"
        reporting.relocate(row, by, community_id=home.id, address=address, reason=f"新的居住社区：{home.name}")


def _registered(unit_id: int | None) -> list[Member]:
    """The registered members of a unit without a login or another case of their own."""
    busy = (User.member_id, Deferment.member_id, TransferRequest.member_id)
    free = [Member.id.not_in(select(column).where(column.is_not(None))) for column in busy]
    current = Member.id.in_(select(Registration.member_id).where(Registration.state.in_(CURRENT)))
    return list(db.session.scalars(select(Member).where(Member.unit_id == unit_id, current, *free).order_by(Member.id)))


def _of_community(county: County, member: Member) -> Actor:
    """A clerk of the member's community."""
    user = db.session.get_one(User, county.clerks[member.community_id][0][0])
    return actor_of(user, appointments_of(user.id, county.today)[0])


def login(county: County, username: str) -> Actor:
    """A login of the demonstration in its first appointment."""
    user = db.session.get_one(User, county.users[username][0])
    return actor_of(user, appointments_of(user.id, county.today)[0])


def _known_rows(unit_id: int) -> list[list[Cell]]:
    """Members of a unit as their own lines of a tidy file."""
    on_roster = (Member.unit_id == unit_id, Member.status == MemberStatus.ACTIVE, Member.community_id.is_not(None))
    members = db.session.scalars(select(Member).where(*on_roster).order_by(Member.id).limit(LISTED))
    return [[one.name, one.sex.label, one.born, one.phone, one.community.name, one.post] for one in members]


def _with_post(rows: Sequence[list[Cell]], post: str) -> list[list[Cell]]:
    return [[*row[:-1], post] for row in rows]


def _new_rows(county: County) -> list[list[Cell]]:
    """Somebody new, and two lines that cannot be taken."""
    home = county.places[0].name
    return [
        ["冯雅琴", "女", "1991-08", county.phone(9998), home, "教师"],
        ["秦志远", "男", "1988-13", county.phone(9999), home, "教师"],
        ["贺文斌", "男", "1985-04", "138917012345", home, "教师"],
    ]


def _upload(by: Actor, name: str, rows: list[list[Cell]], *moves: Callable[[RosterImport, Actor], None]) -> None:
    """Upload a file of these rows as the liaison would, and make the moves that follow."""
    (sheet,) = read_roster([Sheet("名册", [[label for label, _ in HEADS], *rows])], clock.today())
    known = queries.known_members(by.unit_id)
    planned = compare(sheet.rows, known, queries.known_homes(), lambda them: queries.on_other_rosters(by.unit_id, them))
    preview = workflow.Preview(planned, {sheet.name: sheet.head}, [], known.missing())
    *_, roster = workflow.stage(preview, by.unit_id, by, name, new_book("名册", HEADS, rows))
    workflow.preview(roster, by)
    for move in moves:
        move(roster, by)


def _undo(roster: RosterImport, by: Actor) -> None:
    workflow.undo(roster, by, reason="文件有误，重新核对后再导入")
