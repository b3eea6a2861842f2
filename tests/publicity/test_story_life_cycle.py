"""The life cycle of a story: every verb × state × role, typed by hand; consent, wording, and who publishes what."""

import pytest

from portal import history
from portal.actors import Role, resident_of
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.messages.models import Message
from portal.publicity import stories, story_checks, story_queries, story_writing
from portal.publicity.models import Medium, Story, StoryState
from tests.lifecycles import LATE, NO, OK, answer
from tests.publicity.making import BODY, TITLE, WAY, a_story, asked, draft
from tests.wishes.making import a_wish

EVERYBODY = (
    "county", "county_b", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1",
    "clerk1", "clerk1b", "clerk2", "grid1", "member1", "dual",
)  # fmt: skip
# clerk1's story, of community1 under 城关镇. Who may do what in which state.
PLACE, ABOVE = {"clerk1", "clerk1b"}, {"chengguan", "county", "county_b"}
LIVE = dict.fromkeys(("draft", "submitted", "published", "returned"), PLACE | ABOVE)
TABLE = {
    "submit": {"draft": PLACE, "returned": PLACE},
    "recall": {"submitted": PLACE},
    "publish": {"submitted": ABOVE},
    "send_back": {"submitted": ABOVE},
    "take_down": {"published": PLACE | ABOVE},
    "drop": {"draft": PLACE, "returned": PLACE},
    "revise": {"taken_down": PLACE},
    "appear": LIVE,
    "strike": LIVE,
}


def test_the_table_is_whole(app):
    assert set(TABLE) == set(stories.flow.moves)


@pytest.mark.parametrize("verb", list(TABLE))
@pytest.mark.parametrize("state", list(WAY))
def test_every_verb_from_every_state_by_everybody(cast, verb, state):
    row, move = a_story(cast, state), stories.flow.moves[verb]
    if verb == "strike" and state != "taken_down":
        stories.appear(row, cast.by("clerk1"), **asked(row, "appear"))
        db.session.commit()
    may, ever = TABLE[verb].get(state, set()), set().union(*TABLE[verb].values())
    expected = {person: OK if person in may else LATE if person in ever else NO for person in EVERYBODY}
    given = {person: answer(move, row, cast.by(person), **asked(row, verb)) for person in EVERYBODY}
    assert given == expected
    assert answer(move, row, resident_of(0), **asked(row, verb)) == NO


@pytest.mark.parametrize(
    ("by", "publishers"),
    [
        ("clerk1", {"chengguan", "county", "county_b"}), ("liaison1", {"dept1", "county", "county_b"}),
        ("dept1", {"county", "county_b"}), ("chengguan", {"county", "county_b"}),
        ("committee", {"county", "county_b"}), ("county", {"county_b"}),
    ],
)  # fmt: skip
def test_who_publishes_what_whom_wrote(cast, by, publishers):
    row = a_story(cast, "submitted", by)
    assert {person for person in EVERYBODY if answer(stories.publish, row, cast.by(person)) == OK} == publishers
    waiting = {person for person in publishers if _waits(cast, person)}
    assert waiting == (publishers - {"county", "county_b"} or publishers)


def _waits(cast, person: str) -> int:
    from portal import clock

    return story_queries.count(story_queries.to_publish(cast.by(person), clock.today()))


def test_what_a_town_leaves_lying_for_a_week_stands_on_the_countys_desk_too(cast, time_machine):
    time_machine.move_to("2026-05-06 02:00:00+00:00")
    a_story(cast, "submitted")
    assert (_waits(cast, "chengguan"), _waits(cast, "county")) == (1, 0)
    time_machine.move_to("2026-05-14 02:00:00+00:00")
    assert (_waits(cast, "chengguan"), _waits(cast, "county")) == (1, 1)


def test_whoever_had_a_hand_in_it_does_not_publish_it(cast):
    """county wrote it, county_b mended it: neither publishes; a clerk who is of the town too publishes no own story."""
    row = a_story(cast, "draft", "county")
    story_writing.change(row, cast.by("county_b"), draft(title="一盏灯"))
    stories.submit(row, cast.by("county"))
    db.session.commit()
    assert [answer(stories.publish, row, cast.by(each)) for each in ("county", "county_b")] == [NO, NO]
    cast.appoint("clerk1", "王秀兰", Role.TOWN, supervisor=cast.chengguan)
    own = a_story(cast, "submitted")
    assert answer(stories.publish, own, cast.by("clerk1", Role.TOWN)) == NO
    assert story_queries.count(story_queries.to_publish(cast.by("clerk1", Role.TOWN), own.submitted_on)) == 0


def test_nobody_writes_or_publishes_what_is_about_themselves(cast):
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    cast.appoint("member1", "欧阳䶮", Role.TOWN, supervisor=cast.chengguan)
    own = cast.member1_row.id
    with pytest.raises(RuleBroken) as refusal:
        story_writing.write(cast.by("member1", Role.CLERK), draft(about_id=own))
    assert refusal.value.sentence == "写的是您本人，请由其他同志来写。"
    db.session.rollback()
    row = a_story(cast, "submitted", about_id=own)
    assert answer(stories.publish, row, cast.by("member1", Role.TOWN)) == NO
    assert story_queries.count(story_queries.to_publish(cast.by("member1", Role.TOWN), row.submitted_on)) == 0
    assert answer(stories.publish, row, cast.by("chengguan")) == OK


def test_only_offices_write(cast):
    for person in ("member1", "grid1", "admin", "inspector"):
        with pytest.raises(NotYours):
            story_writing.write(cast.by(person), draft())


def test_without_consent_nothing_is_handed_in(cast):
    row = a_story(cast, consent=False)
    with pytest.raises(RuleBroken) as refusal:
        stories.submit(row, cast.by("clerk1"))
    assert refusal.value.sentence == "请先征得文中写到、照片里认得出的每个人同意，再勾选“都同意公开”。"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"body": "请打13991234567找她。"}, "“13991234567”像是电话号码，请删去。"),
        ({"title": "西关街8号院3号楼的灯"}, "像是详细地址，请删去。"),
        ({"body": "身份证610322198001011234。"}, "像是身份证号或银行卡号，请删去。"),
        ({"body": "请打13991234567找她。", "named": "13991234567"}, "“13991234567”像是电话号码，请删去。"),
        ({"body": "老人说：我叫陈桂英，谢谢你们。"}, "“陈桂英”像是姓名，请删去或列入“写到了谁”并征得同意。"),
    ],
)
def test_what_tells_too_much_is_refused_and_the_draft_stays(cast, words, sentence):
    row = a_story(cast, **words)
    assert sentence in "".join(story_checks.faults(row))
    with pytest.raises(RuleBroken):
        stories.submit(row, cast.by("clerk1"))


def test_a_name_may_stand_in_it_once_they_agreed(cast):
    row = a_story(cast, body="老人说：我叫陈桂英，谢谢你们。", named="陈桂英\n欧阳䶮")
    assert story_checks.faults(row) == []


def test_member_and_resident_whom_it_is_about_are_named_with_consent_only(cast):
    wish = a_wish(cast, "published")
    wish.beneficiary = "赵玉兰"
    body = f"欧阳䶮帮{wish.name}修好了灯。"
    row = a_story(cast, body=body, named="", about_id=cast.member1_row.id, wish_id=wish.id)
    assert story_checks.faults(row) == [
        "文中写到欧阳䶮，请把姓名列入“写到了谁”并征得同意。",
        "文中有许愿居民的姓名：请改称“一位居民”，或列入“写到了谁”并征得同意。",
    ]
    other = a_story(cast, body="赵玉兰家的灯亮了。", named="", wish_id=wish.id)
    assert story_checks.faults(other) == ["文中有许愿居民的姓名：请改称“一位居民”，或列入“写到了谁”并征得同意。"]
    agreed = a_story(cast, body=body, named=f"欧阳䶮\n{wish.name}", about_id=cast.member1_row.id, wish_id=wish.id)
    assert story_checks.faults(agreed) == []


def test_who_is_named_is_sealed(cast):
    row = a_story(cast, named="陈桂英")
    assert row.named == "陈桂英" and "陈桂英".encode() not in row.named_sealed


def test_what_is_handed_in_is_not_changed_until_it_is_taken_back(cast):
    row = a_story(cast, "submitted")
    with pytest.raises(RuleBroken) as refusal:
        story_writing.change(row, cast.by("clerk1"), draft(title="一盏灯"))
    assert refusal.value.sentence == "这篇稿件现在是“待审核”，不能修改；请先撤回或撤下。"
    db.session.rollback()
    stories.recall(row, cast.by("clerk1"))
    story_writing.change(row, cast.by("clerk1b"), draft(title="一盏灯"))
    with pytest.raises(NotYours):
        story_writing.change(row, cast.by("clerk2"), draft())


def test_taken_up_again_it_asks_for_consent_anew(cast):
    row = a_story(cast, "taken_down")
    stories.revise(row, cast.by("clerk1"))
    assert (row.state, row.consent) == (StoryState.DRAFT, False)
    with pytest.raises(RuleBroken):
        stories.submit(row, cast.by("clerk1"))


def test_who_sees_what(cast):
    """A draft is the writers' own; handed in it is seen above; published by everybody."""
    seen = {state: _seen(cast, a_story(cast, state)) for state in WAY}
    assert seen["draft"] == PLACE
    for state in ("submitted", "returned", "published", "taken_down"):
        assert seen[state] == PLACE | ABOVE
    dropped = a_story(cast)
    stories.drop(dropped, cast.by("clerk1"), reason="写重了")
    db.session.commit()
    assert _seen(cast, dropped) == PLACE


def _seen(cast, row: Story) -> set[str]:
    found = {name: db.session.scalars(story_queries.visible_to(cast.by(name))).all() for name in EVERYBODY}
    return {name for name, rows in found.items() if row in rows}


def test_where_it_appeared_is_noted_and_struck(cast):
    row = a_story(cast, "published")
    stories.appear(row, cast.by("clerk1"), medium=Medium.TELEVISION, name="《凤翔新闻》", day=row.written_on)
    stories.strike(row, cast.by("county"), appearance_id=row.appearances[0].id)
    db.session.commit()
    assert (row.appearances, row.state) == ([], StoryState.PUBLISHED)
    assert [line.label for line in history.of(row)][-2:] == ["登记刊播", "删去刊播"]
    with pytest.raises(RuleBroken):
        stories.strike(row, cast.by("county"), appearance_id=999_999)


def test_where_it_appeared_tells_no_telephone(cast):
    """It stands on the public page; what was noted earlier is looked at before publishing too."""
    row = a_story(cast, "submitted")
    with pytest.raises(RuleBroken) as refusal:
        stories.appear(row, cast.by("clerk1"), medium=Medium.WEB, name="找13991234567", day=row.written_on)
    assert refusal.value.sentence == "“13991234567”像是电话号码，请删去。"
    db.session.rollback()
    stories.appear(row, cast.by("clerk1"), medium=Medium.BOARD, name="东大街12号宣传栏", day=row.written_on)
    assert story_checks.faults(row) == []
    row.appearances[0].name = "找13991234567"
    with pytest.raises(RuleBroken):
        stories.publish(row, cast.by("chengguan"))


def test_the_writers_are_told_when_it_is_published_or_taken_down_by_others(cast):
    row = a_story(cast, "taken_down")
    rows = db.select(Message).where(Message.topic == "publicity").order_by(Message.id)
    told = {(each.user_id, each.sentence) for each in db.session.scalars(rows)}
    publish = f"稿件《{TITLE}》：发布（城关镇党委 郑卫东）。"
    taken = f"稿件《{TITLE}》：撤下（城关镇党委 郑卫东）。原因：本人不再同意公开"
    both = [cast.users[name].id for name in ("clerk1", "clerk1b")]
    assert told == {(user, words) for user in both for words in (publish, taken)}
    assert history.last(row).reason == "本人不再同意公开"


def test_two_at_once_one_publishes(cast):
    row = a_story(cast, "submitted")
    stories.publish(row, cast.by("chengguan"))
    db.session.commit()
    with pytest.raises(TooLate) as refusal:
        stories.send_back(db.session.get_one(Story, row.id), cast.by("county"), reason="请补充")
    assert "郑卫东已先“发布”" in refusal.value.sentence


def test_undone_the_public_reads_it_no_more(cast):
    row = a_story(cast, "submitted")
    stories.publish(row, cast.by("chengguan"))
    db.session.commit()
    stories.flow.undo(row, cast.by("chengguan"))
    db.session.commit()
    assert (row.state, row.published_at) == (StoryState.SUBMITTED, None)
    assert story_queries.count(story_queries.published()) == 0


def test_numbers_are_drawn_without_gaps(cast):
    assert [a_story(cast, body=BODY).serial for _ in range(3)] == [1, 2, 3]
