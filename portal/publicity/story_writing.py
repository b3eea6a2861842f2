"""Writing a story: by an office, with photos and with what inside the portal it is about; who wrote at it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal import clock, numbers, uploads
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.files import Kept
from portal.publicity import offices, photos, stories
from portal.publicity.models import Story, StoryHand, StoryKind, StoryState


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


def write(by: Actor, draft: Draft) -> Story:
    """An office drafts a story of its own scope. Raises NotYours, RuleBroken.  [四]"""
    if not by.is_in(*offices.WRITERS):
        raise NotYours("稿件由社区、单位、主管部门、镇党委、机关工委或县委组织部撰写。")
    today = clock.today()
    serial = numbers.draw("story", today.year)
    number = numbers.address_number(today.year, serial)
    story = Story(
        state=StoryState.DRAFT, number=number, year=today.year, serial=serial, written_on=today, **offices.values_of(by)
    )
    _describe(story, by, draft)
    db.session.add(story)
    stories.flow.opened(story, by, "write", "写稿")
    return story


def change(story: Story, by: Actor, draft: Draft) -> None:
    """The office writes its story anew, as long as it is not handed in. Raises NotYours, RuleBroken.  [四]"""
    stories.check_edit(story, by)
    _describe(story, by, draft)
    stories.flow.noted(story, by, "change", "修改稿件", story.state)


def add_photos(story: Story, by: Actor, files: Sequence[Kept]) -> None:
    """The office adds photos, kept already, to its story. Raises NotYours, RuleBroken.  [四]"""
    stories.check_edit(story, by)
    if not files:
        raise RuleBroken("请选择照片。")
    uploads.attach(story, files, by, photos.MOST_PHOTOS)
    stories.flow.noted(story, by, "add_photos", "添加照片", story.state)


def remove_photo(story: Story, by: Actor, file: str) -> None:
    """The office removes a photo from its story. Raises NotYours, RuleBroken.  [四]"""
    stories.check_edit(story, by)
    if uploads.one_of(story, file) is None:
        raise RuleBroken("这张照片已经删去了。")
    uploads.detach(story, [file])
    stories.flow.noted(story, by, "remove_photo", "删去照片", story.state)


def _describe(story: Story, by: Actor, draft: Draft) -> None:
    if by.is_self(draft.about_id):
        raise RuleBroken("写的是您本人，请由其他同志来写。")
    for name, value in vars(draft).items():
        setattr(story, name, value)
    if all(hand.user_id != by.user_id for hand in story.hands) and by.user_id is not None:
        story.hands.append(StoryHand(user_id=by.user_id))
