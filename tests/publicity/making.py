"""Stories and notices in any state, led there by the moves themselves."""

import datetime as dt
import io

from PIL import Image

from portal import clock
from portal.actors import Role
from portal.extensions import db
from portal.publicity import notices, stories, story_writing
from portal.publicity.audience import Audience
from portal.publicity.models import Medium, Notice, Story, StoryKind
from portal.publicity.notices import Letter
from portal.publicity.story_writing import Draft

TITLE = "雨夜里的一盏灯"
BODY = "七月的一个雨夜，欧阳䶮带着工具来了，把楼道的灯一层一层修好。\n老人说：“这灯一亮，心里也亮堂了。”"
# The shortest way to each state, for a story that clerk1 wrote.
WAY = {
    "draft": (),
    "submitted": ("submit",),
    "published": ("submit", "publish"),
    "returned": ("submit", "send_back"),
    "taken_down": ("submit", "publish", "take_down"),
}
WHO = {"publish": "chengguan", "send_back": "chengguan", "take_down": "chengguan"}


def draft(**more) -> Draft:
    """What is written, with the consent of whom it names."""
    facts = {"kind": StoryKind.DEED, "title": TITLE, "body": BODY, "named": "欧阳䶮", "consent": True}
    return Draft(**facts | more)


def asked(row: Story, verb: str) -> dict:
    """What a move asks for beside the row."""
    return {
        "send_back": {"reason": "请补上结果"},
        "take_down": {"reason": "本人不再同意公开"},
        "drop": {"reason": "写重了"},
        "appear": {"medium": Medium.BOARD, "name": "社区南门宣传栏", "day": clock.today()},
        "strike": {"appearance_id": row.appearances[0].id if row.appearances else 0},
    }.get(verb, {})


def a_story(cast, state: str = "draft", by: str = "clerk1", **more) -> Story:
    """A story of this writer's, in this state, and committed; clerk1's where nothing else is said."""
    row = story_writing.write(cast.by(by), draft(**more))
    for verb in WAY[state]:
        stories.flow.moves[verb](row, cast.by(WHO.get(verb, by)), **asked(row, verb))
    db.session.commit()
    assert row.state.value == state
    return row


def letter(**more) -> Letter:
    """What a notice says."""
    facts = {"title": "碰头会", "body": "周六上午九点，在社区会议室。", "until": clock.today() + dt.timedelta(days=30)}
    return Letter(**facts | more)


def asking(**more) -> Letter:
    """What a notice says that asks for an answer."""
    return letter(asks_answer=True, answer_by=clock.today() + dt.timedelta(days=3), **more)


def a_notice(
    cast, by: str = "county", roles=(Role.LIAISON, Role.CLERK), words: Letter | None = None, **places
) -> Notice:
    """A notice of this sender, committed."""
    row = notices.send(cast.by(by), Audience(tuple(roles), **places), words or letter())
    db.session.commit()
    return row


def a_photo(colour: str = "red") -> io.BytesIO:
    """A photo as a phone sends it, with what phones write into it."""
    out = io.BytesIO()
    picture = Image.new("RGB", (900, 600), colour)
    exif = Image.Exif()
    exif[0x010E] = "taken at 8号院3号楼"
    picture.save(out, "JPEG", exif=exif)
    out.seek(0)
    return out
