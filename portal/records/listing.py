"""What the list of service records shows: filters in the address, pages by keyset."""

import datetime as dt
from collections.abc import Callable

from flask import url_for
from sqlalchemy import Select, false, or_, select, tuple_
from wtforms import SelectChoice

from portal import clock, sought
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.models import Community, Member, MemberStatus
from portal.records import queries
from portal.records.models import RecordState, ServiceRecord

PER_PAGE = 50


def page(by: Actor, args) -> dict:
    """What the list's template needs: records of this page, filters, the next page, totals of a member's year."""
    year, waiting = chosen_year(args), args.get("state") == "to_confirm"
    rows = narrowed(by, args)
    found = list(db.session.scalars((rows if waiting else _after(rows, args.get("after", ""))).limit(PER_PAGE + 1)))
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    return {
        "records": shown,
        "year": year,
        "years": range(clock.today().year, clock.today().year - 3, -1),
        "state": args.get("state", ""),
        "states": RecordState,
        "q": sought.words(),
        "waiting": waiting,
        "next": _next(args, shown[-1]) if more and not waiting else "",
        "total": queries.year_total(by.member_id, year) if by.member_id else None,
        "confirms": by.is_in(Role.CLERK, Role.GRID_WORKER, Role.TOWN),
        "write_at": _write_at(by),
    }


def chosen_year(args) -> int:
    """The year that the address names, this one where it names none."""
    return int(args["year"]) if args.get("year", "").isdecimal() and len(args["year"]) == 4 else clock.today().year


def narrowed(by: Actor, args) -> Select:
    """The records that the address leaves, in the order of the list."""
    match args.get("state"):
        case "to_confirm":
            return queries.to_confirm(by)
        case "objected":
            return queries.objected(by)
        case state:
            return _filtered(by, chosen_year(args), RecordState.of(state), sought.words())


def to_confirm_address() -> str:
    """The address of the list of what waits for a second person."""
    return url_for("records.index", state="to_confirm")


_asked_for: dict[Callable[[Actor], Select], None] = {}


def also_of(members: Callable[[Actor], Select]) -> None:
    """A later room says whose service a clerk may write down wherever they live now: `members(by)` are their ids."""
    _asked_for[members] = None


def members_of(by: Actor) -> Select:
    """The members whose home is the clerk's community, and those of whom a service is asked for."""
    at_home = (Member.community_id == by.community_id) & (Member.status == MemberStatus.ACTIVE)
    return select(Member).where(or_(at_home, *(Member.id.in_(members(by)) for members in _asked_for)))


def members(by: Actor, q: str) -> list[Member]:
    """Up to 30 of these members found by name or pinyin; none for an empty question."""
    wanted = or_(Member.name.contains(q, autoescape=True), Member.pinyin.contains(q.lower(), autoescape=True))
    rows = members_of(by).where(wanted if q else false()).order_by(Member.pinyin, Member.id)
    return list(db.session.scalars(rows.limit(30)))


def communities() -> list[SelectChoice]:
    """All communities as choices."""
    return [
        (row.id, row.name) for row in db.session.execute(select(Community.id, Community.name).order_by(Community.id))
    ]


def _write_at(by: Actor) -> str:
    """Where this person writes a service down; '' for those who only read."""
    endpoint = {Role.MEMBER: "records.new_own", Role.CLERK: "records.choose"}.get(by.role)
    return url_for(endpoint) if endpoint else ""


def _filtered(by: Actor, year: int, state: RecordState | None, q: str) -> Select:
    rows = queries.visible_to(by).where(ServiceRecord.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
    if state:
        rows = rows.where(ServiceRecord.state == state)
    if q:
        named = or_(Member.name.contains(q, autoescape=True), Member.pinyin.contains(q.lower(), autoescape=True))
        rows = rows.where(ServiceRecord.member_id.in_(select(Member.id).where(named)))
    return rows.order_by(ServiceRecord.day.desc(), ServiceRecord.id.desc())


def _after(rows: Select, after: str) -> Select:
    day, _, number = after.partition("_")
    if not (number.isdecimal() and len(number) < 10):
        return rows
    try:
        last = dt.date.fromisoformat(day)
    except ValueError:
        return rows
    return rows.where(tuple_(ServiceRecord.day, ServiceRecord.id) < tuple_(last, int(number)))


def _next(args, last: ServiceRecord) -> str:
    kept = {name: args[name] for name in ("year", "state", "s") if args.get(name)}
    return url_for("records.index", **kept, after=f"{last.day.isoformat()}_{last.id}")
