"""A wish in plain words, as the resident reads it: how it stands, and what happens next and by when.  [二(二)2]"""

import datetime as dt
from dataclasses import dataclass

from portal import clock
from portal.filters import day
from portal.people.names import shown_name
from portal.scheme import queries as scheme
from portal.wishes import following
from portal.wishes.models import Claim, ConfirmedBy, Level, Wish, WishState

S = WishState
OFFICES = {Level.TOWN: "镇里", Level.COUNTY: "县里"}


@dataclass(frozen=True)
class Story:
    """A wish in plain words: how it stands, and what happens next and by when."""

    now: str
    then: str


def steps(wish: Wish) -> list[tuple[str, dt.datetime | None]]:
    """The way of a wish from the slip to thanks: each step and when it was reached, None when it was not yet.

    A wish that ended otherwise ends with that.
    """
    way = [
        ("提交心愿", wish.submitted_at),
        ("社区审核", wish.published_at),
        ("党员认领", wish.claimed_at),
        ("党员办好", wish.done_at),
        ("您来确认", wish.confirmed_at),
    ]
    if wish.state in (S.REJECTED, S.CLOSED, S.WITHDRAWN):
        return [*((label, at) for label, at in way if at), (wish.state.label, wish.ended_at)]
    return way


def story(wish: Wish) -> Story:
    """How this wish stands, for the person who asked."""
    year = scheme.year_of(clock.local(wish.submitted_at).date())
    tell = _STORIES.get(wish.state)
    return tell(wish, year) if tell else Story("您的心愿已归档。", "如有新的需要，可以再许一个心愿。")


def _submitted(wish, year) -> Story:
    by = scheme.due(clock.local(wish.submitted_at).date(), year.wish_review_workdays)
    return Story("社区正在看您的心愿。", f"最晚 {day(by)} 给您答复：上心愿墙，或者说明为什么办不了。")


def _published(wish, year) -> Story:
    if wish.level in OFFICES:
        office = OFFICES[wish.level]
        return Story(
            f"您的心愿还没有人认领，{day(wish.level_at)}起由{office}接着办。",
            f"{office}会请合适的单位来办，办不了也会书面答复您。这期间有党员认领，还是由党员来办。",
        )
    by = clock.local(wish.published_at).date() + dt.timedelta(days=year.wish_town_days)
    return Story(
        "您的心愿已经上了心愿墙，等在职党员认领。" if wish.on_wall else "您的心愿已经受理，社区正在找合适的党员。",
        f"认领后会有人跟您联系。到 {day(by)} 还没人认领，就由镇里、县里想办法，办不了也会书面答复您。",
    )


def _claimed(wish, year) -> Story:
    by = f"应在 {day(wish.finish_by)} 以前办好。" if wish.finish_by else ""
    leading = wish.leading
    if leading and leading.organisation:
        office = OFFICES.get(wish.level, "社区")
        return Story(f"{office}已请{leading.organisation}办理您的心愿。", f"要办的事：{leading.task}\n{by}")
    who = "、".join(name for claim in wish.open_claims for name in _helpers(claim))
    return Story(f"{who or '一位在职党员'}认领了您的心愿。", f"党员会打电话跟您约时间。{by}")


def _helpers(claim: Claim) -> list[str]:
    """A helper as the resident reads it: the member's unit and 姓某某, or the unit and those who come for it."""
    if claim.member:
        return [f"{claim.member.unit.name}的{shown_name(claim.member.name)}"]
    people = "、".join(shown_name(person.member.name) for person in claim.people)
    return [f"{claim.name}（来的是{people}）" if people else claim.name]


def _done(wish, year) -> Story:
    by = clock.local(wish.done_at).date() + dt.timedelta(days=year.wish_confirm_days)
    leading = wish.leading
    who = leading.organisation if leading and leading.organisation else "党员"
    return Story(
        f"{who}说已经办好了，请您看看是不是真的办好了。", f"请在 {day(by)} 以前告诉我们；到时没有回音，先按办好处理。"
    )


def _confirmed(wish, year) -> Story:
    if wish.confirmed_by is ConfirmedBy.DEFAULT:
        by = clock.local(wish.confirmed_at).date() + dt.timedelta(days=year.wish_reopen_days)
        return Story("没有收到您的回音，这条心愿先按办好处理了。", f"其实没办好？{day(by)} 以前还可以请我们重新办。")
    return Story("您的心愿实现了。", "谢谢您告诉我们。有新的需要，可以再许一个心愿。")


def _rejected(wish, year) -> Story:
    number = following.told_again(wish)
    again = f"您已经改过重新提交，新的受理号是 {number}。" if number else ""
    if following.may_ask_again(wish):
        again = "您可以改一改，再提交一次。"
    return Story("很抱歉，这个心愿没能上墙。", f"原因：{wish.answer}\n{again}")


def _closed(wish, year) -> Story:
    office = OFFICES.get(wish.level, "社区")
    return Story(f"这个心愿没有办成，{office}给了您书面答复。", f"答复：{wish.answer}")


def _withdrawn(wish, year) -> Story:
    return Story("这个心愿已经撤回。", "有新的需要，可以再许一个心愿。")


_STORIES = {
    S.SUBMITTED: _submitted, S.PUBLISHED: _published, S.CLAIMED: _claimed, S.DONE: _done, S.CONFIRMED: _confirmed,
    S.REJECTED: _rejected, S.CLOSED: _closed, S.WITHDRAWN: _withdrawn,
}  # fmt: skip
