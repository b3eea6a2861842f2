"""The life cycle of a story: written by an office, published by another person above, taken down when it must go.

What towns, departments, the work committee and the county write is published by the county; what communities and
units write, by the town or department above them or by the county. Nobody publishes what they wrote, or what is about
themselves, and nothing is published without the consent of those whom it shows.
"""

import datetime as dt

from portal import clock, wording
from portal.accounts.rights import same
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow, who
from portal.publicity import offices, photos, story_queries
from portal.publicity.models import Appearance, Medium, Story, StoryState
from portal.publicity.story_checks import check
from portal.telling import Tells, Topic

S = StoryState
EDITED = (S.DRAFT, S.RETURNED)
flow = Flow(
    Story, "这篇稿件", room="stories", noun="story", visible_to=story_queries.visible_to,
    named=lambda story: f"稿件{story.number}" if wording.pieces(story.title) else f"稿件《{story.title}》",
)  # fmt: skip
_its_writers = Tells(Topic.PUBLICITY, lambda story: [offices.office_of(story)])


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


def may_edit(story: Story, by: Actor) -> bool:
    """Whether this person may write at the story now."""
    return writer_of(story, by) and story.state in EDITED


def check_edit(story: Story, by: Actor) -> None:
    """Raise NotYours or RuleBroken where this person may not write at the story now."""
    if not writer_of(story, by):
        raise NotYours(f"稿件只能由{writer_of.label}修改。")
    if story.state not in EDITED:
        raise RuleBroken(f"这篇稿件现在是“{story.state.label}”，不能修改；请先撤回或撤下。")


@flow.move("提交审核", start=EDITED, end=S.SUBMITTED, who=writer_of, done="已提交，由上级党组织审核发布。")
def submit(story: Story, by):
    """The office hands its story in, when those whom it shows have agreed.  [四]"""
    check(story)
    story.submitted_on = clock.today()


@flow.move("撤回修改", start=S.SUBMITTED, end=S.DRAFT, who=writer_of, done="已撤回，改好后再提交。")
def recall(story: Story, by):
    """The office takes its story back before anybody has published it.  [四]"""


@flow.move("发布", start=S.SUBMITTED, end=S.PUBLISHED, who=publisher_of, tells=_its_writers,
           done="已发布，居民在“身边的故事”里看到。", undo=True)  # fmt: skip
def publish(story: Story, by):
    """The office above publishes a story for everybody to read.  [四] [二(三)3]"""
    check(story)
    story.published_at = clock.now()
    photos.open_all(story)


@flow.move("退回", start=S.SUBMITTED, end=S.RETURNED, who=above, reason=True, danger=True,
           done="已退回，对方改好后再提交。", undo=True)  # fmt: skip
def send_back(story: Story, by):
    """The office above returns a story to who wrote it, saying what is to be mended.  [四]"""


@flow.move("撤下", start=S.PUBLISHED, end=S.TAKEN_DOWN, who=writer_of | above, reason=True, danger=True,
           tells=_its_writers, done="已撤下，公开页面上不再显示。", undo=True)  # fmt: skip
def take_down(story: Story, by):
    """The office that wrote a story, or one above it, takes it from the public pages.  [四]"""
    photos.open_all(story, opened=False)


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
    if found := wording.problems(name, says_where=True):  # a notice board may be told by its address
        raise RuleBroken("".join(found))
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
