"""A small county for tests: two supervisors, units and communities, and a login in every role."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts import acting, queries, workflow
from portal.accounts.models import Appointment, AppointmentState, User
from portal.actors import Actor, Role
from portal.evaluations import grades
from portal.extensions import db
from portal.people.members import new_member
from portal.people.models import (
    Community,
    Estate,
    Grid,
    Member,
    Sex,
    Supervisor,
    SupervisorKind,
    Unit,
    UnitKind,
    UnitLevel,
)  # fmt: skip
from portal.scheme.queries import default_year
from tests.kept import Kept, keep, put_back

PASSWORD = "correct-horse-2026"

# Who acts is asked thousands of times by the tables of life cycles: kept until people or their offices change.
_acting: dict[tuple, Actor] = {}
_settled: list[tuple[Kept, dict, dict]] = []
_OF_ACTORS = (User, Appointment, Member, Unit, Community, Supervisor, Grid)


@event.listens_for(Session, "after_flush")
def _rows_change(session, _context) -> None:
    if any(isinstance(row, _OF_ACTORS) for row in (*session.new, *session.dirty, *session.deleted)):
        _acting.clear()
        session.info["actors_changed"] = True


@event.listens_for(Session, "do_orm_execute")
def _statement_changes(state) -> None:
    if not state.is_select and (mapper := state.bind_mapper) and mapper.class_ in _OF_ACTORS:
        _acting.clear()
        state.session.info["actors_changed"] = True


@event.listens_for(Session, "after_rollback")
def _taken_back(session) -> None:
    if session.info.pop("actors_changed", False):
        _acting.clear()


@event.listens_for(Session, "after_commit")
def _kept(session) -> None:
    session.info.pop("actors_changed", None)


def make_member(unit: Unit, community: Community | None, name: str, phone: str, **more) -> Member:
    """A member with life-like facts; `more` replaces some of them (see portal.people.members.FACTS, and `since`)."""
    db.session.add_all([place for place in (unit, community) if place])
    db.session.flush()
    facts = {
        "name": name,
        "sex": Sex.MALE,
        "born": "1980-05",
        "joined": "2005-07",
        "phone": phone,
        "address": "东大街12号院3号楼2单元501室",
        "community_id": community.id if community else None,
        "since": dt.date(2020, 1, 1),
    }
    member = new_member(unit, **(facts | more))
    db.session.add(member)
    db.session.flush()
    return member


@dataclass
class Cast:
    """The people and places of a test, by name."""

    places: dict = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    @classmethod
    def settle(cls) -> "Cast":
        """Two communities of 城关镇, two units, a member or more in each, a login in every role."""
        _acting.clear()
        cast = cls()
        cast._build_places()
        cast._appoint_offices()
        cast._appoint_members()
        db.session.add_all([default_year(year) for year in (2025, 2026, 2027)])
        grades.ensure_usual()
        db.session.commit()
        return cast

    @classmethod
    def as_settled(cls) -> "Cast":
        """The same, put back as the first test of this process settled it; nothing on it says when that was."""
        if not _settled:
            cast = cls.settle()
            places = {name: (type(row), row.id) for name, row in cast.places.items()}
            _settled.append((keep(), places, {name: user.id for name, user in cast.users.items()}))
            return cast
        [(kept, places, users)] = _settled
        _acting.clear()
        put_back(kept)
        models = {model for model, _ in places.values()} | {User}
        rows = {(model, row.id): row for model in models for row in db.session.scalars(select(model))}
        here = {name: rows[key] for name, key in places.items()}
        return cls(here, {name: rows[User, key] for name, key in users.items()})

    def __getattr__(self, name: str):
        try:
            return self.__dict__["places"][name]
        except KeyError:
            raise AttributeError(name) from None

    def by(self, username: str, role: Role | None = None) -> Actor:
        """This login as an Actor, in its first appointment or the one of this role."""
        asked = (username, role, clock.today())
        if asked not in _acting:
            user = self.users[username]
            held = queries.appointments_of(user.id, asked[2])
            _acting[asked] = acting.actor_of(user, next((a for a in held if role in (None, a.role)), None))
        return _acting[asked]

    def _build_places(self) -> None:
        chengguan = Supervisor(code="S01", name="城关镇党委", kind=SupervisorKind.TOWN, leads_county_town=True)
        town2 = Supervisor(code="S02", name="柳林镇党委", kind=SupervisorKind.TOWN)
        dept1 = Supervisor(code="S03", name="县教育体育局党委", kind=SupervisorKind.DEPARTMENT)
        dept2 = Supervisor(code="S04", name="县卫生健康局党委", kind=SupervisorKind.DEPARTMENT)
        committee = Supervisor(code="S05", name="县直机关工委", kind=SupervisorKind.WORK_COMMITTEE)
        unit1 = Unit(code="U01", name="凤翔中学党支部", kind=UnitKind.INSTITUTION, level=UnitLevel.COUNTY,
                     supervisor=dept1, phone="0917-7212345")  # fmt: skip
        unit2 = Unit(code="U02", name="县医院党总支", kind=UnitKind.INSTITUTION, level=UnitLevel.COUNTY,
                     supervisor=dept2)  # fmt: skip
        unit3 = Unit(code="U03", name="县教育体育局机关党支部", kind=UnitKind.OFFICE, level=UnitLevel.COUNTY,
                     supervisor=dept1)  # fmt: skip
        community1 = Community(code="C01", name="儒林社区", town=chengguan, phone="0917-7219001")
        community2 = Community(code="C02", name="凤鸣社区", town=chengguan)
        grid1 = Grid(code="G1", name="第一网格", community=community1)
        grid2 = Grid(code="G2", name="第二网格", community=community1)
        other_grid = Grid(code="G1", name="第一网格", community=community2)
        estate1 = Estate(name="儒林苑", community=community1)
        self.places = {k: v for k, v in locals().items() if k != "self"}
        db.session.add_all(self.places.values())
        db.session.flush()

    def _appoint_offices(self) -> None:
        for username, name, role, scope in (
            ("county", "刘建国", Role.COUNTY, {}),
            ("county_b", "何敏", Role.COUNTY, {}),
            ("admin", "管理员", Role.ADMIN, {}),
            ("dept1", "郭振华", Role.DEPARTMENT, {"supervisor": self.dept1}),
            ("dept2", "冯雅琴", Role.DEPARTMENT, {"supervisor": self.dept2}),
            ("chengguan", "郑卫东", Role.TOWN, {"supervisor": self.chengguan}),
            ("town2", "罗长安", Role.TOWN, {"supervisor": self.town2}),
            ("committee", "薛梅", Role.COMMITTEE, {"supervisor": self.committee}),
            ("inspector", "韩宁", Role.INSPECTOR, {}),
            ("liaison1", "高翔", Role.LIAISON, {"unit": self.unit1}),
            ("liaison2", "曹静", Role.LIAISON, {"unit": self.unit2}),
            ("liaison3", "袁立", Role.LIAISON, {"unit": self.unit3}),
            ("clerk1", "王秀兰", Role.CLERK, {"community": self.community1}),
            ("clerk1b", "赵晓梅", Role.CLERK, {"community": self.community1}),
            ("clerk2", "孙桂芳", Role.CLERK, {"community": self.community2}),
            ("grid1", "马德胜", Role.GRID_WORKER, {"community": self.community1, "grid": self.grid1}),
            ("grid2", "田力", Role.GRID_WORKER, {"community": self.community1, "grid": self.grid2}),
        ):
            self.appoint(username, name, role, **scope)

    def _appoint_members(self) -> None:
        for username, name, unit, community, phone in (
            ("member1", "欧阳䶮", self.unit1, self.community1, "13891701001"),
            ("member2", "买买提·吐尔逊", self.unit1, self.community1, "13891701002"),
            ("member3", "单雪", self.unit2, self.community2, "13891701003"),
            ("dual", "仇文博", self.unit1, self.community1, "13891701004"),
        ):
            member = make_member(unit, community, name, phone)
            self.places[f"{username}_row"] = member
            self.appoint(username, name, Role.MEMBER, member=member, unit=unit)
        self.appoint("dual", "仇文博", Role.LIAISON, unit=self.unit1)
        db.session.flush()

    def appoint(self, username: str, name: str, role: Role, member: Member | None = None, **scope) -> User:
        """Give a login (made when there is none) one more appointment."""
        user = self.users.get(username)
        if user is None:
            user = User(username=username, name=name, password_hash="!", must_change_password=False, member=member)
            self.users[username] = user
        held = Appointment(role=role, state=AppointmentState.ACTIVE, starts_on=dt.date(2020, 1, 1), **scope)
        user.appointments.append(held)
        db.session.add(user)
        return user


def sign_in(app, user: User):
    """A test client signed in as this login, without asking for the password."""
    client = app.test_client()
    token = workflow.sign_in(user, "127.0.0.1")
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client
