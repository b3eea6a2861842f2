"""The life cycle of a pledge: written, submitted, approved by the unit, shown unless the community asks for a change.

The actor is never the subject, and whoever wrote or submitted a pledge in a member's place never approves it.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal import audit, clock, history, numbers, wording
from portal.accounts.queries import members_with_login
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.flow import Flow, who
from portal.labels import Category
from portal.numbers import PaperState
from portal.people.models import Member
from portal.people.names import shown_name, surname_of
from portal.pledges import holding, queries
from portal.pledges.models import MOST_ITEMS, OPEN, Pledge, PledgeItem, PledgeState
from portal.posts import keeping
from portal.registrations import queries as registrations
from portal.registrations.models import Registration
from portal.registrations.workflow import hold
from portal.scheme import queries as scheme
from portal.telling import Tells, Topic, to_member

S = PledgeState
CARD = "pledge-card"
flow = Flow(
    Pledge, "这份承诺", room="pledges", noun="pledge", visible_to=queries.visible_to,
    named=lambda row: f"服务承诺（{row.number}）", of_year=lambda row: row.year,
)  # fmt: skip
tells_member = Tells(Topic.PLEDGE, lambda row: [to_member(row.member_id)])
tells_of_showing = Tells(
    Topic.PLEDGE,
    lambda row: [to_member(row.member_id)],
    lambda row: f"社区没有修改意见的，{row.show_on:%-m月%-d日}公示。",
)


@dataclass(frozen=True)
class Item:
    """One promise as it is written: so many times, or so many half hours, or neither."""

    category: Category
    what: str
    due_on: dt.date
    for_whom: str | None = None
    times: int | None = None
    half_hours: int | None = None


@who("本人")
def the_member(row: Pledge, by: Actor) -> bool:
    """The member whose pledge it is."""
    return by.is_in(Role.MEMBER) and by.is_self(row.member_id)


@who("所在单位联络员（限没有账号的党员）")
def standing_in(row: Pledge, by: Actor) -> bool:
    """A liaison of the unit, in the place of a member who has no login."""
    return stands_in_for(row.member_id, row.unit_id, by)


def _apart(row: Pledge, by: Actor) -> bool:
    """Not the subject, and nobody who wrote or submitted it."""
    taken_part = by.user_id is not None and by.user_id in (row.written_by_user_id, row.submitted_by_user_id)
    return not taken_part and not by.is_self(row.member_id)


@who("所在单位联络员（本人的、自己代办的除外）")
def liaison_of(row: Pledge, by: Actor) -> bool:
    """A liaison of the unit who is not the subject and did not stand in."""
    return by.is_in(Role.LIAISON) and by.unit_id == row.unit_id and _apart(row, by)


@who("主管部门（限联络员本人的、联络员代办的）")
def supervisor_of(row: Pledge, by: Actor) -> bool:
    """The unit's supervisor, where the subject is the unit's own liaison or a liaison stood in."""
    above = by.is_in(Role.DEPARTMENT, Role.TOWN) and by.supervisor_id == row.unit.supervisor_id
    return (
        above and _apart(row, by) and (row.stand_in or row.member_id in registrations.liaisons_among([row.member_id]))
    )


@who("社区专干（本人的除外）")
def clerk_of(row: Pledge, by: Actor) -> bool:
    """A clerk of the community to which it is pledged, not its subject."""
    return by.is_in(Role.CLERK) and by.community_id == row.community_id and not by.is_self(row.member_id)


@who("城关镇党委")
def town_of(row: Pledge, by: Actor) -> bool:
    """The town above that community, standing in for a clerk on record."""
    leads = by.is_in(Role.TOWN) and by.leads_county_town and by.supervisor_id == row.community.town_id
    return leads and not by.is_self(row.member_id)


@who("系统")
def system(row: Pledge, by: Actor) -> bool:
    """Time itself, and what follows from the end of a registration."""
    return by.is_in(Role.SYSTEM)


def stands_in_for(member_id: int, unit_id: int, by: Actor) -> bool:
    """Whether this person writes in the place of this member: a liaison of the unit, for one without a login."""
    of_unit = by.is_in(Role.LIAISON) and by.unit_id == unit_id and not by.is_self(member_id)
    return of_unit and not members_with_login([member_id])


def write(
    member: Member, by: Actor, items: Sequence[Item], version: int = 0, kept_posts: Collection[int] | None = None
) -> Pledge:
    """A member writes this year's pledge, or the unit in the place of one without a login.  [二(一)] [附件4]

    `version` is that of the pledge which was shown (0: none yet); `kept_posts` are the claims of earlier years' posts
    that the member keeps (None: all). Raises NotYours, RuleBroken, TooLate when
    somebody else saved it in between.
    """
    own = by.is_in(Role.MEMBER) and by.is_self(member.id)
    if not own and not stands_in_for(member.id, member.unit_id, by):
        raise NotYours("承诺由本人填写；没有账号的党员，由所在单位联络员代办。")
    today = clock.today()
    hold(member)
    registration = _registration_of(member)
    _check(member, items, today)
    row = queries.of_member(member.id, today.year)
    if row is not None:
        _check_open(row, version)
    changed = row is not None
    row = row or _new(member, today.year)
    serve_under(row, registration)
    _set(row, items)
    if kept_posts is not None:
        holding.set_kept(row, kept_posts)
    row.stand_in, row.written_at = not own, clock.now()
    row.written_by, row.written_by_user_id = by.shown, by.user_id
    if changed:
        row.version += 1
        history.write(row, by, "write", "修改承诺", row.state, row.state, stand_in=not own)
        audit.write(by, "pledges.write", row, fields=("items",))
    else:
        db.session.add(row)
        flow.opened(row, by, "write", "填写承诺", stand_in=not own)
    return row


@flow.move("提交审定", start=OPEN, end=S.SUBMITTED, who=the_member, stand_in=standing_in,
           done="已提交，等单位党组织审定。")  # fmt: skip
def submit(row, by):
    """A member pledges to unit and community in public, and hands the card to the unit.  [三2]"""
    if row.year != clock.today().year:
        raise RuleBroken(f"{row.year}年度已过，请填写今年的承诺。")
    serve_under(row, _registration_of(row.member))
    row.submitted_on, row.submitted_by_user_id = clock.today(), by.user_id


@flow.move(
    "撤回", start=S.SUBMITTED, end=S.DRAFT, who=the_member, stand_in=standing_in, done="已撤回，可以修改后再提交。"
)
def withdraw(row, by):
    """A member takes the pledge back as long as the unit has not approved it.  [二(一)]"""


@flow.move("审定", start=S.SUBMITTED, end=S.APPROVED, who=liaison_of, stand_in=supervisor_of,
           tells=tells_of_showing, done="已审定，承诺卡已定稿；社区没有意见的，到期公示。", undo=True)  # fmt: skip
def approve(row, by):
    """The unit approves the pledge; the card gets its number, and the community may ask for a change.  [二(三)2]"""
    today = clock.today()
    row.approved_on, row.approved_by = today, by.name
    row.show_on = scheme.due(today, scheme.year_of(today).pledge_shown_workdays)
    make_final(row)
    keeping.confirm(row.member_id, row.year, by, {each.claim_id for each in row.dropped_posts})


def _may_send_back(row: Pledge, by: Actor) -> bool:
    """A community asks for a change only of what the unit has approved."""
    return row.is_approved or not (clerk_of | town_of)(row, by)


@flow.move("退回修改", start=(S.SUBMITTED, S.APPROVED, S.SHOWN), end=S.RETURNED, who=liaison_of | clerk_of,
           stand_in=supervisor_of | town_of, reason=True, danger=True, when=_may_send_back,
           tells=tells_member,
           done="已退回，本人修改后会再次提交。", undo=True)  # fmt: skip
def send_back(row, by):
    """The unit, or the community once the unit has approved it, asks the member for a change.  [三2]"""
    if not _may_send_back(row, by):
        raise RuleBroken("单位还没有审定，请等审定以后再提修改意见。")
    open_again(row)


@flow.move("公示", start=S.APPROVED, end=S.SHOWN, who=system)
def show(row, by):
    """Time shows a pledge of which the community asked no change within three working days.  [三2]"""


@flow.move("终止", start=(S.DRAFT, S.SUBMITTED, S.APPROVED, S.SHOWN, S.RETURNED), end=S.ENDED, who=system, reason=True)
def end(row, by):
    """Whoever leaves is held to the year's pledge no longer; it is not shown any more.  [二(三)3]"""
    if row.state is not S.SHOWN:
        row.show_on = None


def make_final(row: Pledge) -> None:
    """The card of an approved pledge becomes final; approved again it is the next version of its number.  [附件4]"""
    last = numbers.latest(CARD, row.id)
    numbers.set_aside(CARD, row.id, PaperState.REPLACED)
    year, serial = (last.year, last.serial) if last else (row.year, numbers.draw(CARD, row.year))
    version = last.version + 1 if last else 1
    numbers.issue(CARD, year, serial, version, row.id, surname_of(row.member.name), row.unit.name)


def open_again(row: Pledge) -> None:
    """What the unit approved stands no longer: the card is cancelled until the next version is approved."""
    numbers.set_aside(CARD, row.id, PaperState.CANCELLED)
    row.approved_on = row.approved_by = row.show_on = None


def serve_under(row: Pledge, registration: Registration) -> None:
    """The pledge is made where its member is registered, for the unit and under the name on the roster now."""
    row.unit, row.community = registration.member.unit, registration.community
    row.shown_name, row.pinyin = shown_name(registration.member.name), registration.member.pinyin


def _registration_of(member: Member) -> Registration:
    found = registrations.current_of(member.id)
    if found is None:
        raise RuleBroken(f"{member.name}还没有到社区报到，报到以后才能承诺。")
    return found


def _check_open(row: Pledge, version: int) -> None:
    if not row.is_open:
        raise TooLate(f"这份承诺现在是“{row.state.label}”，不能修改。")
    if row.version != version:
        raise TooLate(f"{row.written_by}刚刚更新过这份承诺，请核对后再保存。")


def _check(member: Member, items: Sequence[Item], today: dt.date) -> None:
    if scheme.year_of(today).closed_at:
        raise RuleBroken(f"{today.year}年度已结账，不能再承诺。")
    if not 1 <= len(items) <= MOST_ITEMS:
        raise RuleBroken(f"请写 1 到 {MOST_ITEMS} 项承诺。")
    if any(item.due_on.year != today.year for item in items):
        raise RuleBroken(f"完成期限应在{today.year}年之内。")
    words = [text for item in items for text in (item.what, item.for_whom) if text]
    # Everybody reads it on the public page.
    if found := [sentence for text in words for sentence in wording.problems(text, member.name)]:
        raise RuleBroken("".join(dict.fromkeys(found)))


def _new(member: Member, year: int) -> Pledge:
    serial = numbers.draw("pledge", year)
    return Pledge(member=member, state=S.DRAFT, year=year, serial=serial, number=numbers.address_number(year, serial))


def _set(row: Pledge, items: Sequence[Item]) -> None:
    """Write the items; rows that stay are kept, since a delete and an insert of the same place would clash."""
    old = {item.place: item for item in row.items}
    row.items = [old.get(place) or PledgeItem(place=place) for place in range(1, len(items) + 1)]
    for kept, item in zip(row.items, items, strict=True):
        for name, value in vars(item).items():
            setattr(kept, name, value)
