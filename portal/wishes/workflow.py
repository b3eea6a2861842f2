"""The life cycle of a wish: from the resident's words to thanks, and into the helpers' service records.  [二(二)2]"""

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import select

from portal import clock, wording
from portal.actors import Actor, Role
from portal.errors import RuleBroken, TooLate
from portal.extensions import db
from portal.flow import Flow, Move
from portal.labels import Category
from portal.people.holding import hold_members
from portal.people.models import Community, Grid
from portal.records import workflow as records
from portal.records.models import Evidence, Source
from portal.scheme import queries as scheme
from portal.telling import Topic, tell, to_member
from portal.wishes import concerned, groups, hours, phones, places, queries, rights
from portal.wishes.models import (
    ClaimState,
    ConfirmedBy,
    Level,
    MessageKind,
    ProposalState,
    Wish,
    WishMessage,
    WishPhoto,
    WishState,
)

S = WishState
ENDS = (S.CONFIRMED, S.REJECTED, S.MERGED, S.WITHDRAWN, S.CLOSED)
TOLD = (S.CLAIMED, S.DONE, S.CONFIRMED, S.REJECTED, S.MERGED, S.CLOSED)
MOST_REOPENINGS = 2
flow = Flow(
    Wish, "这条微心愿", room="wishes", noun="wish", visible_to=queries.visible_to,
    named=lambda wish: f"微心愿“{wish.title}”（{wish.number}）" if wish.title else f"微心愿 {wish.number}",
    # Of one member's pages pressed at once, each waits for the one before it and counts what that one took.
    first=lambda wish, by, asked: hold_members([by.member_id]) if by.is_in(Role.MEMBER) else None,
)  # fmt: skip


def has_place(wish: Wish, by: Actor) -> bool:
    """Whether one more helper may come, who is not among them already: on a free place or on the one held for them."""
    invited = places.invitation_of(wish, by.member_id) is not None
    return has_place_for_group(wish, by) or (invited and not _comes(wish, by))


def has_place_for_group(wish: Wish, by: Actor) -> bool:
    """Whether this person's unit or team may come besides: on a free place only, since a held one is a person's own."""
    return wish.on_wall and not wish.full and not _comes(wish, by)


def _comes(wish: Wish, by: Actor) -> bool:
    return any(rights.comes(claim, by) for claim in wish.open_claims)


def _takes_more(wish: Wish, _by: Actor) -> bool:
    return not wish.full or bool(wish.invitations)


def may_revoke(wish: Wish, by: Actor) -> bool:
    """Whether a claim may be taken back: once it is overdue, or before by the office that charged an organisation; of
    a team that nobody leads at once, since nobody could report it done.
    """
    charged = wish.leading is not None and wish.leading.organisation is not None
    return wish.is_overdue(clock.today()) or rights.is_nobodys(wish) or (charged and rights.handler(wish, by))


def _said_again(wish: Wish, _by: Actor) -> str:
    """What keeps a refusal from being undone: the resident has said the wish again, in other words."""
    again = db.session.scalar(select(Wish.number).where(Wish.follows_id == wish.id))
    return f"居民已改过重新提交（{again}），不能撤销；请办理新的那一条。" if again else ""


# ---- Review


@flow.move("审核发布", start=S.SUBMITTED, end=S.PUBLISHED, who=rights.reviewer, done="已发布到心愿墙，等待认领。",
           undo=True)  # fmt: skip
def publish(
    wish: Wish,
    by: Actor,
    title: str,
    category: Category,
    detail: str,
    grid_id: int | None,
    helpers_needed: int,
    on_wall: bool,
    guardian_consent: bool = False,
):
    """A clerk or the grid worker gives a wish its title and category and puts it on the wall.  [二(二)2]"""
    if wish.minor and not (wish.guardian_consent or guardian_consent):
        raise RuleBroken("许愿人未满14周岁，须先取得监护人同意。")
    wish.guardian_consent = wish.guardian_consent or guardian_consent
    if wish.community_id is None:
        wish.community_id = by.community_id
    _set_words(wish, title, category, detail)
    _set_grid(wish, grid_id)
    phones.index(wish)  # before anybody may claim it: whose own wish it is must be known
    wish.helpers_needed, wish.on_wall = helpers_needed, on_wall
    wish.published_at, wish.level = clock.now(), Level.COMMUNITY


@flow.move("修改文字", start=S.PUBLISHED, end=S.PUBLISHED, who=rights.clerk, done="已修改。", undo=True)
def correct(wish, by, title, category, detail):
    """A clerk corrects title, category or wording as long as nobody has claimed the wish.  [二(二)2]"""
    _set_words(wish, title, category, detail)


@flow.move("转交社区", start=S.SUBMITTED, end=S.SUBMITTED, who=rights.clerk, done="已转交，由该社区审核。", undo=True)
def pass_on(wish, by, community_id: int):
    """A clerk passes a wish on to the community where the resident lives.  [二(二)2]"""
    if community_id == wish.community_id or db.session.get(Community, community_id) is None:
        raise RuleBroken("请选择居民居住的另一个社区。")
    wish.community_id, wish.grid_id, wish.level = community_id, None, Level.COMMUNITY


@flow.move("不予采纳", start=S.SUBMITTED, end=S.REJECTED, who=rights.reviewer, reason=True, danger=True,
           tells=concerned.of_who_typed, done="已答复居民。", undo=_said_again)  # fmt: skip
def reject(wish, by, reason):
    """A clerk or the grid worker refuses a wish and tells the resident why.  [二(二)2]"""
    wish.answer = reason
    _end(wish)


@flow.move("合并到另一条", start=(S.SUBMITTED, S.PUBLISHED), end=S.MERGED, who=rights.clerk, danger=True,
           tells=concerned.of_invited, undo=True)  # fmt: skip
def merge(wish, by, into_id: int):
    """A clerk merges a wish told twice into the other one; the resident's code follows it there.  [二(二)2]"""
    into = db.session.get(Wish, into_id)
    if into is None or into.id == wish.id or into.community_id != wish.community_id:
        raise RuleBroken("只能合并到本社区的另一条微心愿。")
    if into.state not in (S.SUBMITTED, S.PUBLISHED, S.CLAIMED, S.DONE):
        raise RuleBroken(f"那条微心愿现在是“{into.state.label}”，不能并入。")
    wish.merged_into_id = into.id
    _end(wish)


# ---- Helpers


@flow.move("认领", start=(S.PUBLISHED, S.CLAIMED), end=S.CLAIMED, who=rights.registered_member, when=has_place,
           done="认领成功，请尽快与居民联系。")  # fmt: skip
def claim(wish, by):
    """A member takes a wish, or a further place on it, by one click; first come, first served.  [二(二)2]"""
    take_place(wish, by, claim)


def take_place(wish: Wish, by: Actor, move: Move) -> None:
    """Give a member who claims, or accepts, the place held for them or a free one. Raises TooLate or RuleBroken."""
    if not has_place(wish, by):
        raise TooLate(places.why_none(wish) or move.too_late(wish))
    if places.is_own(wish, by.member_id):
        raise RuleBroken("这是您自己提出的心愿，不能由本人认领。")
    if invitation := places.invitation_of(wish, by.member_id):
        places.settle(invitation, ProposalState.ACCEPTED)
    _begin(wish)
    places.take(wish, by.member_id, scheme.year_of(clock.today()).most_open_claims)


@flow.move("本单位认领", start=(S.PUBLISHED, S.CLAIMED), end=S.CLAIMED, who=rights.liaison, when=has_place_for_group,
           done="已由本单位认领，请转告来的同志与居民联系。", undo=True)  # fmt: skip
def claim_for_unit(wish, by, people: Collection[int]):
    """A liaison takes a wish, or a place on it, for the unit, and names the members who will come.  [二(三)3]"""
    take_for_group(wish, by, claim_for_unit, people, groups.may_come(by.unit_id), unit_id=by.unit_id)


def take_for_group(wish: Wish, by: Actor, move: Move, people: Collection[int], offered, **group) -> None:
    """Give a unit or team (`unit_id`, `team_id`) a place for these people of those offered as (id, name).

    Whoever comes for it has answered their own invitation by that. Raises TooLate, RuleBroken.
    """
    if not has_place_for_group(wish, by):
        raise TooLate(places.why_none(wish) or move.too_late(wish))
    if not people or not set(people) <= {key for key, _ in offered}:
        raise RuleBroken(f"请从{move.label.removesuffix('认领')}已报到的党员中选择来的人。")
    if any(held.has(one) for held in wish.open_claims for one in people):
        raise RuleBroken("所选的人中有人已经认领了这条心愿，不必重复。")
    if any(places.is_own(wish, one) for one in people):
        raise RuleBroken("许愿人本人不能来办自己的心愿，请改选别人。")
    for invitation in (one for one in wish.invitations if one.member_id in people):
        places.settle(invitation, ProposalState.ACCEPTED)
    _begin(wish)
    places.take_for_group(wish, people, **group)
    tell(Topic.WISH, map(to_member, people), wish, by, f"{move.label}，由您前去办理", adds=concerned.until(wish))


@flow.move("办理完成", start=S.CLAIMED, end=S.DONE, who=rights.leader, tells=concerned.of_invited,
           done="已登记，等居民确认后计入服务时长。", undo=True)  # fmt: skip
def finish(
    wish: Wish,
    by: Actor,
    day: dt.date,
    starts: dt.time | None = None,
    half_hours: Mapping[int, int] | None = None,
    people_hours: Mapping[int, int] | None = None,
    words: str = "",
    photos: Collection[str] = (),
):
    """The leader says for all what was done: day, start, half hours by claim id and, of those who came for a unit or
    team, by their ids (0 = took no part), words, photos; of an organisation its office says so, without hours.

    [二(二)4]
    """
    hours.note(wish, half_hours or {}, people_hours or {})
    hours.check(wish, day, starts, words)
    places.end_all(wish, ClaimState.FINISHED)
    places.call_off(wish)
    wish.done_at, wish.done_by_user_id = clock.now(), by.user_id
    wish.done_on, wish.done_from, wish.done_words = day, starts, words or None
    wish.photos += [WishPhoto(file=file, at=clock.now()) for file in photos]


@flow.move("人已齐", start=S.CLAIMED, end=S.CLAIMED, who=rights.leader, when=_takes_more,
           tells=concerned.of_invited, done="不再接受新的认领。", undo=True)  # fmt: skip
def start(wish, by):
    """The leader says that those who came are enough; the wish takes no more helpers.  [二(二)2]"""
    places.call_off(wish)
    wish.full = True


@flow.move("放弃认领", start=S.CLAIMED, end=(S.CLAIMED, S.PUBLISHED), who=rights.helper, danger=True,
           tells=concerned.of_helpers,
           done="已放弃，名额重新开放。", undo=True)  # fmt: skip
def release(wish, by):
    """A helper gives the place back; the lead passes on, the last one opens the wish again.  [二(二)2]"""
    places.give_back(wish, rights.claim_of(wish, by))
    return S.CLAIMED if wish.open_claims else waits_again(wish)


@flow.move("延期", start=S.CLAIMED, end=S.CLAIMED, who=rights.leader, reason=True,
           when=lambda wish, by: not wish.extended, tells=concerned.of_helpers_until, undo=True)  # fmt: skip
def extend(wish, by):
    """The leader asks for more time, once, saying why.  [二(二)2]"""
    if wish.extended:
        raise RuleBroken("已经延期过一次，不能再延期。")
    today = clock.today()
    days = scheme.year_of(today).wish_extension_workdays
    wish.finish_by, wish.extended = scheme.due(max(wish.finish_by, today), days), True


@flow.move("收回认领", start=S.CLAIMED, end=S.PUBLISHED, who=rights.clerk | rights.holder, reason=True, danger=True,
           when=may_revoke, tells=concerned.of_helpers, done="已收回，重新上墙等待认领。", undo=True)  # fmt: skip
def revoke(wish, by):
    """A clerk, or the level above that holds it, takes an overdue wish back from its helpers.  [二(二)2]"""
    if not may_revoke(wish, by):
        raise RuleBroken("还没有超过办理期限，不能收回。")
    places.end_all(wish, ClaimState.REVOKED)
    return waits_again(wish)


# ---- Confirmed, or not yet


@flow.move("确认实现", start=S.DONE, end=S.CONFIRMED, who=rights.resident | rights.clerk_apart,
           tells=concerned.of_helpers_thanked,
           done="已确认，感谢您的反馈。", undo=True)  # fmt: skip
def confirm(wish, by, rating: int | None = None, thanks: str | None = None):
    """The resident, or after calling back a clerk who took no part, says that it came true.  [二(二)4]"""
    wish.rating, wish.thanks = rating, thanks or None
    wish.confirmed_by = ConfirmedBy.RESIDENT if by.is_in(Role.RESIDENT) else ConfirmedBy.CLERK
    # Only the resident's own code is the served person's word; a clerk's call is a second person's.
    evidence = Evidence.SERVED if by.is_in(Role.RESIDENT) else Evidence.ORGANISER
    _confirmed(wish, evidence, by)


@flow.move("到期默认确认", start=S.DONE, end=S.CONFIRMED, who=rights.system,
           tells=concerned.of_helpers_pending)  # fmt: skip
def lapse(wish, by):
    """Time confirms a wish that nobody answered for seven days; its records wait for a second person.  [二(二)4]"""
    wish.confirmed_by = ConfirmedBy.DEFAULT
    _confirmed(wish, Evidence.ORGANISER, None)


def may_reopen(wish: Wish, _by: Actor) -> bool:
    """Whether a wish may still be taken up again: twice at most, after 到期默认 within the days of the scheme year."""
    if wish.state is S.CONFIRMED:
        since = clock.local(wish.confirmed_at).date()
        days = scheme.year_of(since).wish_reopen_days
        if wish.confirmed_by is not ConfirmedBy.DEFAULT or (clock.today() - since).days > days:
            return False
    return wish.reopened < MOST_REOPENINGS


@flow.move("还没办好", start=(S.DONE, S.CONFIRMED), end=S.CLAIMED, who=rights.resident | rights.clerk, reason=True,
           when=may_reopen, tells=concerned.of_helpers_until, done="已请认领人继续办理。", undo=True)  # fmt: skip
def reopen(wish, by, reason):
    """The resident or a clerk says what is missing: the same helpers go on, and their records are voided.  [二(二)2]"""
    if not may_reopen(wish, by):
        raise RuleBroken("已不能重新办理：每条心愿最多两次，已确认的不再改动。请联系社区另行许愿。")
    wish.reopened += 1
    today = clock.today()
    wish.finish_by = scheme.due(today, scheme.year_of(today).wish_finish_workdays)
    wish.done_at = wish.done_by_user_id = wish.confirmed_at = wish.confirmed_by = wish.ended_at = None
    places.hold_again(wish)
    records.void_of_source(Source.WISH, wish.id, by, f"心愿重新办理：{reason}")


# ---- Other ends


@flow.move("登记回访", start=TOLD, end=TOLD, who=rights.clerk, done="回访已登记。", undo=True)
def call_back(wish, by, words):
    """A clerk notes what a resident said when called on or visited, or that the answer was told.  [二(二)2]"""
    wish.messages.append(WishMessage(kind=MessageKind.CALLED_BACK, words=words, at=clock.now(), by_name=by.shown))
    return wish.state


@flow.move("答复办结", start=(S.SUBMITTED, S.PUBLISHED, S.CLAIMED), end=S.CLOSED,
           who=rights.clerk | rights.holder, reason=True, danger=True, tells=concerned.of_everybody,
           done="已办结，居民凭查询码可看到答复。", undo=True)  # fmt: skip
def close(wish, by, reason):
    """A clerk, or the level that holds it, ends a wish that can't come true this way by an honest written answer.

    [二(二)2]
    """
    wish.answer = reason
    places.end_all(wish, ClaimState.RELEASED)
    _end(wish)


@flow.move("撤回心愿", start=(S.SUBMITTED, S.PUBLISHED, S.CLAIMED), end=S.WITHDRAWN,
           who=rights.resident_before_claim | rights.clerk, danger=True,
           tells=concerned.of_helpers_and_invited, done="心愿已撤回。", undo=True)  # fmt: skip
def withdraw(wish, by):
    """The resident takes the wish back; once somebody has claimed it, through a clerk.  [二(二)2]"""
    places.end_all(wish, ClaimState.RELEASED)
    _end(wish)


def may_archive(wish: Wish, _by: Actor) -> bool:
    """Whether the days after the wish's end are over."""
    ended = clock.local(wish.ended_at).date()
    return (clock.today() - ended).days >= scheme.year_of(ended).wish_archive_days


@flow.move("归档", start=ENDS, end=S.ARCHIVED, who=rights.clerk | rights.system, when=may_archive, undo=True)
def archive(wish, by):
    """Time, or a clerk, lays a wish in the archive thirty days after its end.  [二(二)2]"""
    # `tick` may be run for another moment than the clock's, and has looked at the day itself.
    if not by.is_in(Role.SYSTEM) and not may_archive(wish, by):
        raise RuleBroken("结束后满 30 天才能归档。")


# ---- What the moves share


def _set_words(wish: Wish, title: str, category: Category, detail: str) -> None:
    if found := [*wording.problems(title, wish.name or ""), *wording.problems(detail, wish.name or "")]:
        raise RuleBroken("".join(dict.fromkeys(found)))
    wish.title, wish.category, wish.detail = title, category, detail


def _set_grid(wish: Wish, grid_id: int | None) -> None:
    grid = db.session.get(Grid, grid_id) if grid_id else None
    if grid is not None and grid.community_id != wish.community_id:
        raise RuleBroken("请选择本社区的网格。")
    wish.grid = grid


def _begin(wish: Wish) -> None:
    """The first helper of all sets the day by which the wish is to be done."""
    if wish.state is S.PUBLISHED:
        today = clock.today()
        days = scheme.year_of(today).wish_finish_workdays
        wish.claimed_at, wish.finish_by = clock.now(), scheme.due(today, days)


def waits_again(wish: Wish) -> WishState:
    """What becomes of a wish whose last helper has gone."""
    wish.claimed_at, wish.finish_by, wish.extended = None, None, False
    places.count(wish)
    return S.PUBLISHED


def _end(wish: Wish) -> None:
    places.call_off(wish)
    wish.ended_at = clock.now()


def _confirmed(wish: Wish, evidence: Evidence, second: Actor | None) -> None:
    wish.confirmed_at = wish.ended_at = clock.now()
    hours.write(wish, evidence, second)
