"""The life cycle of a registration (报到): certificate, presenting, receipt, filing; sending back, ending.

The actor is never the subject: a liaison's own papers are handled by the unit's supervisor, a clerk's own by
another clerk or 城关镇.
"""

import datetime as dt
from collections.abc import Callable

from portal import clock, history, numbers, undo
from portal.accounts.rights import same
from portal.accounts.workflow import end_member_appointments
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.history import HistoryLine
from portal.numbers import PaperState
from portal.pairings import contact_points
from portal.people.holding import hold_members
from portal.people.members import set_member_facts
from portal.people.models import Community, Grid, Member, MemberStatus, Unit
from portal.people.names import surname_of
from portal.registrations import concerned, modes, posting, queries
from portal.registrations.models import (
    CURRENT,
    IN_PROGRESS,
    EndKind,
    Registration,
    RegistrationState,
)
from portal.scheme import queries as scheme
from portal.teams import workflow as teams

S = RegistrationState
# After these a person is no member of the unit any more; who only moved house still is.
LEAVING = (EndKind.TRANSFERRED, EndKind.RETIRED, EndKind.LEFT, EndKind.DIED)
# What people say; that a registration was a double follows from a merging.
BY_HAND = (EndKind.MOVED, *LEAVING)
# What a community knows of by itself; the rest is the unit's to say.
KNOWN_TO_COMMUNITY = (EndKind.MOVED, EndKind.DIED)
flow = Flow(
    Registration, "这次报到", room="registrations", noun="registration", visible_to=queries.visible_to,
    named=lambda row: f"报到（{row.number}）", first=lambda row, by, asked: hold_first(row, by, asked),
)  # fmt: skip

_when_ended: dict[Callable[[Registration, Actor], None], Callable[[Member], str] | None] = {}
_when_accepted: dict[Callable[[Registration, Actor], None], None] = {}


def when_ended(
    consequence: Callable[[Registration, Actor], None], foreseen: Callable[[Member], str] | None = None
) -> None:
    """Later rooms say what follows when a member leaves (claims released, sign-ups cancelled …).

    Called as `consequence(registration, by)` in the transaction of `end`, with `end_kind` set; `foreseen` says
    beforehand, in one line, what it would do ("" for nothing).
    """
    _when_ended[consequence] = foreseen


def when_accepted(consequence: Callable[[Registration, Actor], None]) -> None:
    """Later rooms say what follows when a community receives a member (a pledge goes along to a new home).

    Called as `consequence(registration, by)` in the transaction of `accept`.
    """
    _when_accepted[consequence] = None


def foreseen(member: Member) -> list[str]:
    """What would follow if this member left now, a line for each who has something to do."""
    return [words for say in _when_ended.values() if say and (words := say(member))]


def works_for(unit: Unit, member: Member, by: Actor) -> bool:
    """A liaison of the unit, for anybody's papers but their own."""
    return by.is_in(Role.LIAISON) and by.unit_id == unit.id and not by.is_self(member.id)


def supervises(unit: Unit, member: Member, by: Actor) -> bool:
    """The supervisor of the unit, for the papers of its own liaison only."""
    above = by.is_in(Role.DEPARTMENT, Role.TOWN) and by.supervisor_id == unit.supervisor_id
    return above and not by.is_self(member.id) and member.id in queries.liaisons_among([member.id])


@who("本人")
def the_member(row: Registration, by: Actor) -> bool:
    """The member who reports."""
    return by.is_in(Role.MEMBER) and by.is_self(row.member_id)


@who("所在单位联络员")
def any_liaison(row: Registration, by: Actor) -> bool:
    """A liaison of the member's unit, who may lead a group in which they report themselves."""
    return by.is_in(Role.LIAISON) and by.unit_id == row.unit_id


@who("所在单位联络员（本人的除外）")
def liaison_of(row: Registration, by: Actor) -> bool:
    """A liaison of the unit that issued the certificate, not its subject."""
    return works_for(row.unit, row.member, by)


@who("主管部门（限联络员本人的）")
def supervisor_of_liaison(row: Registration, by: Actor) -> bool:
    """The unit's supervisor, where the subject is the unit's own liaison."""
    return supervises(row.unit, row.member, by)


@who("接收社区专干（本人的除外）")
def clerk_of(row: Registration, by: Actor) -> bool:
    """A clerk of the community to which the certificate is addressed, not its subject."""
    return by.is_in(Role.CLERK) and by.community_id == row.community_id and not by.is_self(row.member_id)


@who("城关镇党委")
def town_of(row: Registration, by: Actor) -> bool:
    """The town above that community, standing in for a clerk on record."""
    leads = by.is_in(Role.TOWN) and by.leads_county_town and by.supervisor_id == row.community.town_id
    return leads and not by.is_self(row.member_id)


def issue(member: Member, by: Actor, taken_by: str = "") -> Registration:
    """The unit issues the certificate with which a member reports where they live; the next number of the year.

    `taken_by` is who takes the paper along, the member when nobody is named. Raises NotYours, RuleBroken.
    [二(三)2]
    """
    unit = member.unit
    if not (works_for(unit, member, by) or supervises(unit, member, by)):
        raise NotYours(f"证明信只能由{liaison_of.label}或{supervisor_of_liaison.label}开具。")
    hold(member)
    _check_may_report(member)
    today = clock.today()
    serial = numbers.draw("certificate", today.year)
    row = Registration(
        number=numbers.address_number(today.year, serial),
        year=today.year,
        serial=serial,
        member=member,
        unit=unit,
        community=member.community,
        issued_on=today,
        valid_days=scheme.year_of(today).certificate_valid_days,
        issued_by=by.name,
        taken_by=taken_by or member.name,
    )
    db.session.add(row)
    stand_in = not by.is_in(Role.LIAISON)
    flow.opened(row, by, "issue", "开具证明信", stand_in, tells=concerned.member_reports)
    _enter("certificate", row, row.year, row.serial, row.paper_version, unit.name)
    return row


def hold_first(row, _by: Actor, _asked: dict) -> None:
    """Hold the member whom a case concerns before the case itself, as whatever begins with the member does."""
    hold_members([row.member_id])


def hold(member: Member) -> None:
    """Of two people who write for one member at once, let the second wait and then see what the first one did."""
    hold_members([member.id])


def _check_may_report(member: Member) -> None:
    if member.status is not MemberStatus.ACTIVE:
        raise RuleBroken(f"{member.name}已不在单位名册上，不能开具证明信。")
    if not member.lives_in_town or member.community_id is None:
        raise RuleBroken(f"{member.name}没有县城居住社区，请先在名册中补齐居住社区。")
    if under_way := queries.in_progress_of(member.id):
        raise RuleBroken(f"{member.name}已有证明信 {under_way.number}（{under_way.state.label}），不能重复开具。")
    current = queries.current_of(member.id)
    if current and current.community_id == member.community_id:
        raise RuleBroken(f"{member.name}已在{current.community.name}报到（{current.number}），不必再开。")


def _enter(kind: str, row: Registration, year: int, serial: int, version: int, office: str) -> None:
    numbers.issue(kind, year, serial, version, row.id, surname_of(row.member.name), office)


@flow.move("报到", start=S.ISSUED, end=S.PRESENTED, who=the_member, stand_in=any_liaison,
           tells=concerned.member_is_presented, done="已向社区报到，请等社区接洽。", undo=True)  # fmt: skip
def present(row, by, mode=None):
    """A member reports to the community of their home, alone, in a group, by contact point or pairing.  [二(三)2]"""
    row.mode = modes.settled(row, by, mode)
    row.presented_on = clock.today()


@flow.move("接洽", start=(S.ISSUED, S.PRESENTED), end=S.ACCEPTED, who=clerk_of, stand_in=town_of,
           tells=concerned.member_is_received, done="已接洽，报到回执已送达单位。", undo=True)  # fmt: skip
def accept(row, by, grid_id=None, team_id=None, post_id=None, mode=None):
    """A clerk receives the member, assigns grid, team and post, and answers with the receipt; an old registration ends.

    Whoever presented the member in their place does not accept as well, in whatever other office.

    The certificate's number is enough (straight from issued); an expired one is accepted and flagged. A missing
    info card does not stand in the way: the unit urges, and the card becomes final when it is filled.  [二(二)1]
    """
    today = clock.today()
    _check_second_person(row, by)
    _end_elsewhere(row, by, today)
    row.grid_id = _grid(row, grid_id)
    row.team = teams.assign(row.member, by, team_id, row.community_id) if team_id else None
    row.was_expired = today > row.valid_until
    row.mode = row.mode or modes.settled(row, by, mode)
    row.presented_on = row.presented_on or today
    row.accepted_on, row.received_by = today, by.name
    set_member_facts(row.member, lives_in_town=True, community_id=row.community_id, grid_id=row.grid_id)
    for consequence in _when_accepted:
        consequence(row, by)
    if post_id:
        posting.assign(row, by, post_id)
    _answer(row, today)


def _answer(row: Registration, today: dt.date) -> None:
    """The receipt, numbered last: whoever draws a number waits for no case any more."""
    row.receipt_year, row.receipt_serial = today.year, numbers.draw("receipt", today.year)
    row.receipt_number = numbers.address_number(row.receipt_year, row.receipt_serial)
    _enter("receipt", row, row.receipt_year, row.receipt_serial, 1, row.community.name)
    if row.card:
        make_card_final(row)


def _check_second_person(row: Registration, by: Actor) -> None:
    presented = [line for line in history.of(row) if line.verb == "present"] if row.state is S.PRESENTED else []
    if presented and presented[-1].stand_in and same(presented[-1].by_user_id, by.user_id):
        raise RuleBroken(f"{row.member.name}的报到是您以单位联络员身份代办的，请由另一位专干或城关镇党委接洽。")


def _grid(row: Registration, grid_id: int | None) -> int | None:
    """The grid chosen, which must be the community's; else the one that the roster already names there."""
    grid = db.session.get(Grid, grid_id or row.member.grid_id or 0)
    if grid is not None and grid.community_id == row.community_id:
        return grid.id
    if grid_id:
        raise RuleBroken("请选择本社区的网格。")
    return None


def _end_elsewhere(row: Registration, by: Actor, today: dt.date) -> None:
    old = queries.current_of(row.member_id)
    if old is None:
        return
    before = old.state
    old.end_kind, old.ended_on, old.state = EndKind.MOVED, today, S.ENDED
    why = f"{row.community.name}已接洽证明信 {row.number}"
    flow.noted(old, by, "end", "迁居结束", before, why, tells=concerned.old_community)


def make_card_final(row: Registration) -> None:
    """The info card of a current registration becomes final; a later correction is its next version.  [附件1]"""
    last = numbers.latest("info-card", row.id)
    numbers.set_aside("info-card", row.id, PaperState.REPLACED)
    if last is None:
        year = clock.today().year
        _enter("info-card", row, year, numbers.draw("info-card", year), 1, row.community.name)
    else:
        _enter("info-card", row, last.year, last.serial, last.version + 1, row.community.name)


@flow.move("回执备案", start=S.ACCEPTED, end=S.FILED, who=liaison_of, stand_in=supervisor_of_liaison,
           done="回执已备案。", undo=True)  # fmt: skip
def file(row, by):
    """The unit files the community's receipt.  [三1]"""
    row.filed_on, row.filed_by = clock.today(), by.name


@flow.move("重新开具", start=S.RETURNED, end=S.ISSUED, who=liaison_of, stand_in=supervisor_of_liaison,
           tells=concerned.member_reports, done="已重新开具，编号不变，原证明信作废。")  # fmt: skip
def reissue(row, by, community_id=None):
    """The unit issues a returned certificate anew to the right community: same number, next version.  [二(三)2]"""
    community = db.session.get(Community, community_id or row.right_community_id)
    if community is None:
        raise RuleBroken("请选择居住地社区。")
    today = clock.today()
    set_member_facts(row.member, lives_in_town=True, community_id=community.id)
    numbers.set_aside("certificate", row.id, PaperState.REPLACED)
    row.paper_version += 1
    _enter("certificate", row, row.year, row.serial, row.paper_version, row.unit.name)
    row.issued_on, row.issued_by = today, by.name
    row.valid_days = scheme.year_of(today).certificate_valid_days
    row.mode = row.presented_on = row.right_community_id = None
    row.community = community


@flow.move("退回", start=(S.ISSUED, S.PRESENTED), end=S.RETURNED, who=clerk_of, stand_in=town_of, reason=True,
           danger=True, tells=concerned.member_waits, done="已退回单位，单位会重新开具。", undo=True)  # fmt: skip
def send_back(row, by, community_id=None):
    """A clerk returns a certificate that came to the wrong community and names the right one.  [二(二)1]"""
    right = db.session.get(Community, community_id or 0)
    if right is None or right.id == row.community_id:
        raise RuleBroken("请选择应当报到的社区。")
    row.right_community_id = right.id


@flow.move("作废", start=IN_PROGRESS, end=S.CANCELLED, who=liaison_of, stand_in=supervisor_of_liaison, reason=True,
           danger=True, tells=concerned.member, done="证明信已作废，编号不再使用。", undo=True)  # fmt: skip
def cancel(row, by):
    """The unit cancels a certificate that is not needed; its number stays used.  [二(三)2]"""
    numbers.set_aside("certificate", row.id, PaperState.CANCELLED)


@flow.move("登记迁居", start=CURRENT, end=CURRENT, who=the_member | clerk_of,
           stand_in=liaison_of | supervisor_of_liaison | town_of, tells=concerned.member_moved,
           done="已登记新的居住社区；新社区接洽以前，原来的报到照常有效。", undo=True)  # fmt: skip
def relocate(row, by, community_id=None, address=""):
    """A member who moved house says where to, or somebody for them; where the unit does, the certificate goes along.

    The old registration stays current until the new community accepts, and so do the wishes taken on.  [二(三)2]
    """
    home, member = db.session.get(Community, community_id or 0), row.member
    if home is None or home.id == member.community_id:
        raise RuleBroken("请选择新的居住社区，不能与现在登记的相同。")
    cancel_on_the_way(member.id, by, f"又迁往{home.name}")
    set_member_facts(member, lives_in_town=True, community_id=home.id, address=address or None)
    member.community = home  # the certificate is made out to it before anything is flushed
    if row.card:
        row.card.estate_id = next((each.id for each in home.estates if each.name in (address or "")), None)
    if home.id != row.community_id and (works_for(row.unit, member, by) or supervises(row.unit, member, by)):
        issue(member, by)
    return row.state


@flow.move("结束报到", start=CURRENT, end=S.ENDED, who=liaison_of | clerk_of, stand_in=supervisor_of_liaison | town_of,
           reason=True, danger=True, tells=concerned.everybody,
           done="报到已结束；过去的服务仍记在原社区。", undo=True)  # fmt: skip
def end(row, by, kind=None):
    """Unit or community ends a registration: moved out of town, transferred, retired, left, died.  [二(三)3]"""
    if kind not in BY_HAND:
        raise RuleBroken("请选择结束的原因类别。")
    if (clerk_of | town_of)(row, by) and kind not in KNOWN_TO_COMMUNITY:
        raise RuleBroken(f"“{kind.label}”由所在单位办理；社区只办理迁居和去世。")
    row.end_kind, row.ended_on = kind, clock.today()
    if kind in LEAVING:
        take_off_roster(row.member, by, kind)
    else:
        set_member_facts(row.member, lives_in_town=False)
        cancel_on_the_way(row.member_id, by, "已迁出县城")
    for consequence in _when_ended:
        consequence(row, by)


def take_off_roster(member: Member, by: Actor, kind: EndKind) -> None:
    """A member leaves the roster: login as a member and contact points end, an unused certificate is of no use."""
    member.status = MemberStatus.LEFT
    end_member_appointments(member.id, by, kind.label)
    contact_points.end_all(member.id, by, f"已离册：{kind.label}")
    cancel_on_the_way(member.id, by, f"已离册：{kind.label}")


def cancel_on_the_way(member_id: int, by: Actor, why: str) -> None:
    """Cancel the certificate that a member has not used yet, as something else made it pointless."""
    other = queries.in_progress_of(member_id)
    if other is not None:
        before, other.state = other.state, S.CANCELLED
        numbers.set_aside("certificate", other.id, PaperState.CANCELLED)
        flow.noted(other, by, "cancel", "作废", before, why)


def _cancel_undone(row: Registration, by: Actor, undone: HistoryLine) -> None:
    """A certificate issued by an act that was undone is cancelled; its number stays used."""
    before, row.state = row.state, S.CANCELLED
    flow.noted(row, by, "cancel", "作废", before, f"撤销：{undone.label}")


undo.instead_of_deleting(Registration, _cancel_undone)
