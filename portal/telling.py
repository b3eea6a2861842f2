"""Whom a change of a case concerns: it stands on the move itself, and the room `messages` delivers it.

A message is for outcomes. What waits for somebody is a line of a desk (portal.todo), and nobody is told that as well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from portal.actors import Actor, Role
from portal.labels import Labelled


class Topic(Labelled):
    """What a message is about; whoever does not want to hear of one turns it off."""

    REGISTRATION = "registration", "报到"
    MEMBERSHIP = "membership", "转入转出、免报与暂缓"
    PLEDGE = "pledge", "服务承诺"
    WISH = "wish", "微心愿"
    RECORD = "record", "写实记录"
    REMARK = "remark", "群众意见"
    PAIRING = "pairing", "结对共建"
    TEAM = "team", "志愿服务队"
    POST = "post", "服务岗位"
    ACTIVITY = "activity", "志愿服务活动"
    HOUSEHOLD = "household", "结对帮扶和走访"
    SUGGESTION = "suggestion", "合理建议"
    EVALUATION = "evaluation", "现实表现评议"
    FEEDBACK = "feedback", "反馈与联系"
    EXEMPLAR = "exemplar", "服务标兵"
    PUBLICITY = "publicity", "事迹与通知"
    INSPECTION = "inspection", "督查"
    REPORT = "report", "总结上报"
    ACCOUNT = "account", "账号与身份"


ALWAYS_TOLD = (Topic.ACCOUNT,)  # who uses one's login is nothing to be silent about


@dataclass(frozen=True)
class Addressee:
    """A member, a login, or whoever holds an office at that moment; `scope` names the place whose id this is."""

    scope: str
    id: int | None
    role: Role | None = None

    def is_office_of(self, by: Actor) -> bool:
        """Whether this is the very office in which somebody acts; never a member's own."""
        if self.role in (None, Role.MEMBER) or self.role is not by.role:
            return False
        return not self.scope or (self.id is not None and getattr(by, self.scope) == self.id)


def to_member(member_id: int | None) -> Addressee:
    """A member, as far as they have a login as one."""
    return Addressee("member_id", member_id, Role.MEMBER)


def to_login(user_id: int | None) -> Addressee:
    """A login, whatever offices it holds."""
    return Addressee("user_id", user_id)


def to_office(role: Role, **place: int | None) -> Addressee:
    """Those who hold an office: `to_office(Role.LIAISON, unit_id=3)`, `to_office(Role.COUNTY)`."""
    scope, key = next(iter(place.items()), ("", None))
    return Addressee(scope, key, role)


@dataclass(frozen=True)
class Tells:
    """What a move tells: the topic, whom it concerns (as the case stood before it), and what else the words say.

    `adds` is asked when the move has been made, and answers a whole sentence, or "".
    """

    topic: Topic
    to: Callable[[Any], Iterable[Addressee]]
    adds: Callable[[Any], str] = lambda row: ""


@dataclass(frozen=True)
class News:
    """Something done with a case, on its way to those whom it concerns."""

    topic: Topic
    to: tuple[Addressee, ...]
    row: Any
    by: Actor
    act: str
    reason: str = ""
    adds: str = ""


_posts: dict[Callable[[News], None], None] = {}


def delivered_by(post: Callable[[News], None]) -> None:
    """The room that keeps messages says how they are delivered, in the transaction of what they tell."""
    _posts[post] = None


def tell(
    topic: Topic, to: Iterable[Addressee], row, by: Actor, act: str, reason: str | None = None, adds: str = ""
) -> None:
    """Tell these people what was done with a case: the plain call, for what no single move says.

    `act` is the label of what was done, as in the history. The acting person, and colleagues in the acting office,
    are not told of their own act.
    """
    for post in _posts:
        post(News(topic, tuple(to), row, by, act, reason or "", adds))
