"""The life cycle of a story: written by an office, published by another person above, taken down when it must go.

What towns, departments, the work committee and the county write is published by the county; what communities and
units write, by the town or department above them or by the county. Nobody publishes what they wrote, or what is about
themselves, and nothing is published without the consent of those whom it shows.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal import clock, numbers, wording
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.publicity import offices, story_queries
from portal.publicity.models import Appearance, Medium, Story, StoryHand, StoryKind, StoryState
from portal.telling import Tells, Topic
from portal.wishes.models import Wish

S = StoryState
EDITED = (S.DRAFT, S.RETURNED)
flow = Flow(
    Story, "这篇稿件", room="stories", noun="story", visible_to=story_queries.visible_to,
    named=lambda story: f"稿件{story.number}" if wording.pieces(story.title) else f"稿件《{story.title}》",
)  # fmt: skip
_its_writers = Tells(Topic.PUBLICITY, lambda story: [offices.office_of(story)])


@dataclass(frozen=True)
class Draft:
    """What an office writes: the words, those whom they name, their consent, and what inside the portal it is about."""

    kind: StoryKind
    title: str
    body: str
    named: str = ""
    consent: bool = False
    wish_id: int | None = None
    activity_id: int | None = None
    about_id: int | None = None


@who("写稿的机构")
def writer_of(story: Story, by: Actor) -> bool:
    """The office that wrote it; never who it is about."""
    return offices.wrote(story, by) and not by.is_self(story.about_id)


def _is_above(story: Story, by: Actor) -> bool:
    if by.is_in(Role.COUNTY):
        return True
    if not by.is_in(Role.TOWN, Role.DEPARTMENT):
        return False
    above_unit = story.unit is not None and same(story.unit.supervisor_id, by.supervisor_id)
    return above_unit or (story.community is not None and same(story.community.town_id, by.supervisor_id))


@who("上级党组织（写稿人和所写的本人除外）")
def publisher_of(story: Story, by: Actor) -> bool:
    """The town or department above who wrote it, or the county; not who had a hand in it, nor who it is about."""
    had_a_hand = any(same(hand.user_id, by.user_id) for hand in story.hands)
    return _is_above(story, by) and not had_a_hand and not by.is_self(story.about_id)


@who("上级党组织")
def above(story: Story, by: Actor) -> bool:
    """The town or department above who wrote it, or the county; also who had a hand in it."""
    return _is_above(story, by)


def write(by: Actor, draft: Draft) -> Story:
    """An office drafts a story of its own scope. Raises NotYours, RuleBroken.  [四]"""
    if not by.is_in(*offices.WRITERS):
        raise NotYours("稿件由社区、单位、主管部门、镇党委、机关工委或县委组织部撰写。")
    today = clock.today()
    serial = numbers.draw("story", today.year)
    number = numbers.address_number(today.year, serial)
    story = Story(
        state=S.DRAFT, number=number, year=today.year, serial=serial, written_on=today, **offices.values_of(by)
    )
    _describe(story, by, draft)
    db.session.add(story)
    flow.opened(story, by, "write", "写稿")
    return story


def change(story: Story, by: Actor, draft: Draft) -> None:
    """The office writes its story anew, as long as it is not handed in. Raises NotYours, RuleBroken.  [四]"""
    if not writer_of(story, by):
        raise NotYours(f"稿件只能由{writer_of.label}修改。")
    if story.state not in EDITED:
        raise RuleBroken(f"这篇稿件现在是“{story.state.label}”，不能修改；请先撤回或撤下。")
    _describe(story, by, draft)
    flow.noted(story, by, "change", "修改稿件", story.state)


def _describe(story: Story, by: Actor, draft: Draft) -> None:
    if by.is_self(draft.about_id):
        raise RuleBroken("写的是您本人，请由其他同志来写。")
    for name, value in vars(draft).items():
        setattr(story, name, value)
    if all(hand.user_id != by.user_id for hand in story.hands) and by.user_id is not None:
        story.hands.append(StoryHand(user_id=by.user_id))


@flow.move("提交审核", start=EDITED, end=S.SUBMITTED, who=writer_of, done="已提交，由上级党组织审核发布。")
def submit(story: Story, by):
    """The office hands its story in, when those whom it shows have agreed.  [四]"""
    _check(story)
    story.submitted_on = clock.today()


@flow.move("撤回修改", start=S.SUBMITTED, end=S.DRAFT, who=writer_of, done="已撤回，改好后再提交。")
def recall(story: Story, by):
    """The office takes its story back before anybody has published it.  [四]"""


@flow.move("发布", start=S.SUBMITTED, end=S.PUBLISHED, who=publisher_of, tells=_its_writers,
           done="已发布，居民在“身边的故事”里看到。", undo=True)  # fmt: skip
def publish(story: Story, by):
    """The office above publishes a story for everybody to read.  [四] [二(三)3]"""
    _check(story)
    story.published_at = clock.now()


@flow.move("退回", start=S.SUBMITTED, end=S.RETURNED, who=above, reason=True, danger=True,
           done="已退回，对方改好后再提交。", undo=True)  # fmt: skip
def send_back(story: Story, by):
    """The office above returns a story to who wrote it, saying what is to be mended.  [四]"""


@flow.move("撤下", start=S.PUBLISHED, end=S.TAKEN_DOWN, who=writer_of | above, reason=True, danger=True,
           tells=_its_writers, done="已撤下，公开页面上不再显示。", undo=True)  # fmt: skip
def take_down(story: Story, by):
    """The office that wrote a story, or one above it, takes it from the public pages.  [四]"""


@flow.move("作废", start=EDITED, end=S.TAKEN_DOWN, who=writer_of, reason=True, danger=True,
           done="已作废，需要时可以重新整理。", undo=True)  # fmt: skip
def drop(story: Story, by):
    """The office drops a story that it will not hand in.  [四]"""


@flow.move("重新整理", start=S.TAKEN_DOWN, end=S.DRAFT, who=writer_of, done="可以修改了；同意公开要重新确认。",
           undo=True)  # fmt: skip
def revise(story: Story, by):
    """The office takes up again what was taken down, and asks anew for everybody's consent.  [四]"""
    story.consent = False


@flow.move("登记刊播", start=(*EDITED, S.SUBMITTED, S.PUBLISHED), end=(*EDITED, S.SUBMITTED, S.PUBLISHED),
           who=writer_of | above, done="已登记。", undo=True)  # fmt: skip
def appear(story: Story, by, medium: Medium, name: str, day: dt.date):
    """An office notes where else a story appeared: radio, television, the press, the web, a notice board.  [四]"""
    if day > clock.today():
        raise RuleBroken("刊播日期还没有到。")
    story.appearances.append(Appearance(medium=medium, name=name, day=day))
    return story.state


@flow.move("删去刊播", start=(*EDITED, S.SUBMITTED, S.PUBLISHED), end=(*EDITED, S.SUBMITTED, S.PUBLISHED),
           who=writer_of | above, when=lambda story, by: bool(story.appearances), done="已删去。", danger=True,
           undo=True)  # fmt: skip
def strike(story: Story, by, appearance_id: int):
    """An office strikes out where a story appeared, when that was noted wrongly.  [四]"""
    found = next((each for each in story.appearances if each.id == appearance_id), None)
    if found is None:
        raise RuleBroken("请从列出的刊播中选择。")
    story.appearances.remove(found)
    db.session.delete(found)
    return story.state


def faults(story: Story) -> list[str]:
    """What stands against handing this story in, a sentence each; [] when nothing does."""
    named = _lines(story.named)
    found = [] if story.consent else ["请先征得文中写到、照片里认得出的每个人同意，再勾选“都同意公开”。"]
    for text in (story.title, story.body):
        found += [
            _sentence(text, piece) for piece in wording.pieces(text) if text[piece.start : piece.end] not in named
        ]
    words = story.title + story.body
    if story.about is not None and story.about.name in words and story.about.name not in named:
        found.append(f"文中写到{story.about.name}，请把姓名列入“写到了谁”并征得同意。")
    if (requester := _requester(story)) and requester in words and requester not in named:
        found.append("文中有许愿居民的姓名：请改称“一位居民”，或列入“写到了谁”并征得同意。")
    return list(dict.fromkeys(found))


def _check(story: Story) -> None:
    if found := faults(story):
        raise RuleBroken("".join(found))


def _sentence(text: str, piece: wording.Piece) -> str:
    words = text[piece.start : piece.end].strip()
    more = "或列入“写到了谁”并征得同意" if piece.kind == "姓名" else ""
    return f"“{words}”像是{piece.kind}，请删去{more}。"


def _lines(named: str | None) -> Sequence[str]:
    return [line.strip() for line in (named or "").splitlines() if line.strip()]


def _requester(story: Story) -> str | None:
    wish: Wish | None = story.wish
    return wish.name if wish is not None else None
