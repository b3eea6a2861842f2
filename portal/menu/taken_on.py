"""A thing that a member has taken on and not yet done, and how its line reads."""

import datetime as dt
from dataclasses import dataclass

from portal.labels import Labelled
from portal.menu.month import ONE_DAY

SOON = 7 * ONE_DAY


class Sort(Labelled):
    """The sorts of things that are a member's own."""

    INVITATION = "invitation", "受邀的心愿"
    ASKED = "asked", "受邀的活动"
    SUPPORT = "support", "受邀的结对帮扶"
    WISH = "wish", "认领的心愿"
    ACTIVITY = "activity", "报名的活动"
    WAITING = "waiting", "候补的活动"
    VISIT = "visit", "联系户走访"
    PLEDGE = "pledge", "承诺事项"
    SUGGESTION = "suggestion", "建议"
    POST = "post", "服务岗位"


@dataclass(frozen=True)
class Own:
    """One thing that is a member's own and still open; `day` is when it is, or by when it is due."""

    sort: Sort
    title: str
    number: str
    day: dt.date | None = None
    starts: dt.time | None = None
    note: str = ""
    place: int = 0  # on a waiting list; of an item in its pledge

    @property
    def key(self) -> str:
        """What tells it from everything else: the same as long as it stands."""
        return f"{self.sort.value}-{self.number}" + (f"-{self.place}" if self.sort is Sort.PLEDGE else "")

    @property
    def address(self) -> str:
        """The page on which it stands."""
        return "/pledges/mine" if self.sort is Sort.PLEDGE else f"/{_ROOMS[self.sort]}/{self.number}"

    @property
    def told(self) -> str:
        """When it is or by when it is due, and where, in words."""
        return " · ".join(filter(None, (_TELLS[self.sort](self), self.note)))

    def is_overdue(self, today: dt.date) -> bool:
        """Whether its day has passed; one waits for an activity's roll, a suggestion's answer, not for the member."""
        return self.sort in _MUST and self.day is not None and self.day < today

    def is_soon(self, today: dt.date) -> bool:
        """Whether it is due, or takes place, within the next seven days; what is overdue or waits for an answer is."""
        near = self.day is not None and self.day <= today + SOON
        return self.sort is Sort.SUPPORT or (near and self.sort is not Sort.SUGGESTION)


_ROOMS = {
    Sort.INVITATION: "wishes", Sort.WISH: "wishes", Sort.ASKED: "activities", Sort.ACTIVITY: "activities",
    Sort.WAITING: "activities", Sort.VISIT: "households", Sort.SUPPORT: "households",
    Sort.SUGGESTION: "suggestions", Sort.POST: "posts",
}  # fmt: skip
_MUST = (Sort.WISH, Sort.VISIT, Sort.PLEDGE)


def _day(day: dt.date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


def _at(own: Own) -> str:
    return f"{_day(own.day)}{own.starts:%H:%M}开始" if own.starts else _day(own.day)


_TELLS = {
    Sort.INVITATION: lambda own: f"名额保留到{_day(own.day)}，请答复",
    Sort.ASKED: lambda own: f"请您参加 · {_at(own)}",
    Sort.SUPPORT: lambda own: "请答复",
    Sort.WISH: lambda own: f"{_day(own.day)}前办好" if own.day else "",
    Sort.ACTIVITY: _at,
    Sort.WAITING: lambda own: f"候补第 {own.place} 位 · {_at(own)}",
    Sort.VISIT: lambda own: f"本月还没有走访，{_day(own.day)}前去一次",
    Sort.PLEDGE: lambda own: f"承诺{_day(own.day)}前兑现",
    Sort.SUGGESTION: lambda own: f"{_day(own.day)}前答复您",
    Sort.POST: lambda own: "",
}
