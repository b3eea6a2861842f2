"""The page of messages: newest first, what is unread said in words, read by a button, nobody else's."""

import pytest
from sqlalchemy import event, select

from portal.accounts import workflow as accounts
from portal.accounts.models import User, UserState
from portal.actors import SYSTEM, Role
from portal.extensions import db
from portal.messages import routes
from portal.messages.models import Message, MutedTopic
from portal.registrations.models import RegistrationState
from portal.telling import Topic, tell, to_member, to_office
from tests import demonstration
from tests.messages.reading import sentences
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.pages import select as found
from tests.records.test_life_cycle import a_record
from tests.registrations.conftest import walk
from tests.wishes.making import a_wish

BADGE = ".head__messages .unread"


def say(cast, *acts: str, to=None, row=None, topic: Topic = Topic.RECORD) -> list[Message]:
    """A message to member1 for each act, in order."""
    row = row or a_record(cast)
    for act in acts or ("办结",):
        tell(topic, [to or to_member(cast.member1_row.id)], row, SYSTEM, act)
    db.session.commit()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_nothing_to_read_says_what_will_stand_here(cast, browse):
    answer = browse(cast.users["member1"]).get("/messages")
    assert texts(answer, ".empty__title") == ["还没有消息"]
    assert texts(answer, BADGE) == []
    assert form_actions(answer) == []


def form_actions(answer) -> list[str]:
    return [form.get("action") for form in found(answer, "main form") if form.get("method") == "post"]


def test_the_newest_stands_first_and_the_unread_are_named_in_words(cast, browse):
    first, _ = say(cast, "甲", "乙")
    browser = browse(cast.users["member1"])
    page = browser.get("/messages")
    assert [line.split("：")[1][0] for line in texts(page, ".message__words p:last-child")] == ["乙", "甲"]
    assert texts(page, BADGE) == ["2 条未读"]
    assert texts(page, ".message .tag") == ["未读", "未读"]
    answer = browser.post(f"/messages/{first.id}/read")
    assert (answer.status_code, answer.location) == (303, f"/records/{first.row_id}")
    page = browser.get("/messages")
    assert texts(page, BADGE) == ["1 条未读"]
    assert texts(page, f"#message-{first.id} .tag") == []
    assert found(page, f"#message-{first.id} a")[0].get("href") == f"/records/{first.row_id}"


def test_the_count_stands_on_every_page_and_takes_no_query_of_its_own(cast, browse):
    browser = browse(cast.users["member1"])
    browser.get("/desk")
    before = count_queries(browser)
    say(cast, "甲", "乙", "丙")
    browser.get("/desk")
    assert count_queries(browser) == before
    assert texts(browser.get("/desk"), BADGE) == ["3 条未读"]
    assert texts(browser.get("/records"), BADGE) == ["3 条未读"]


def count_queries(browser) -> int:
    asked = []
    event.listen(db.engine, "before_cursor_execute", count := lambda *args: asked.append(args[2]))
    try:
        assert browser.get("/desk").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)


def test_a_kept_desk_never_shows_another_persons_count(cast, browse):
    one, other = browse(cast.users["clerk1"]), browse(cast.users["clerk1b"])
    say(cast, to=to_office(Role.CLERK, community_id=cast.community1.id))
    assert texts(one.get("/desk"), BADGE) == texts(other.get("/desk"), BADGE) == ["1 条未读"]
    one.post("/messages/read")
    assert texts(one.get("/desk"), BADGE) == []
    assert texts(other.get("/desk"), BADGE) == ["1 条未读"]


def test_more_than_ninety_nine_are_many(cast, browse):
    say(cast, *(f"第{n}件" for n in range(100)))
    assert texts(browse(cast.users["member1"]).get("/desk"), BADGE) == ["99+ 条未读"]


def test_looking_changes_nothing(cast, browse):
    [message] = say(cast)
    browser = browse(cast.users["member1"])
    for address in ("/messages", f"/records/{message.row_id}", "/messages/settings"):
        browser.get(address)
    assert browser.get(f"/messages/{message.id}/read").status_code == 405
    assert browser.get("/messages/read").status_code == 405
    assert db.session.scalar(select(Message.read_at)) is None


def test_read_all_reads_ones_own(cast, browse):
    say(cast, "甲", "乙")
    say(cast, to=to_member(cast.member2_row.id))
    browser = browse(cast.users["member1"])
    [form] = found(browser.get("/messages"), "main form[action='/messages/read']")
    assert form.get("data-hx-post") is None  # the number in the head must come anew too
    answer = browser.post("/messages/read")
    assert answer.location == "/messages"
    assert texts(browser.get("/messages"), "#flash p") == ["已把 2 条消息标为已读。"]
    unread = select(Message.user_id).where(Message.read_at.is_(None))
    assert list(db.session.scalars(unread)) == [cast.users["member2"].id]
    browser.post("/messages/read")
    assert texts(browser.get("/messages"), "#flash p") == ["没有未读的消息。"]


@pytest.mark.parametrize("other", ["member2", "liaison1", "clerk1", "county", "admin"])
def test_anothers_message_is_a_missing_one(cast, browse, other):
    [message] = say(cast)
    browser = browse(cast.users[other])
    answer = browser.post(f"/messages/{message.id}/read")
    assert answer.status_code == 404
    assert same_page(answer, browser.post("/messages/999999/read"))
    assert message.sentence not in browser.get("/messages").text
    db.session.refresh(message)
    assert message.read_at is None


def test_two_browsers_of_one_person_read_the_same_message(cast, browse):
    [message] = say(cast)
    one, other = browse(cast.users["member1"]), browse(cast.users["member1"])
    assert one.post(f"/messages/{message.id}/read").status_code == 303
    db.session.refresh(message)
    first = message.read_at
    assert other.post(f"/messages/{message.id}/read").status_code == 303
    db.session.refresh(message)
    assert message.read_at == first


def test_a_case_that_one_may_no_longer_see_has_no_link(cast, browse):
    wish = a_wish(cast, "published", on_wall=False)
    [message] = say(cast, row=wish, topic=Topic.WISH)
    browser = browse(cast.users["member1"])
    assert texts(browser.get("/messages"), ".message .button")[0].startswith("标为已读")
    assert browser.post(f"/messages/{message.id}/read").location == "/messages"
    assert found(browser.get("/messages"), ".message a") == []
    wish.on_wall = True
    db.session.commit()
    assert found(browser.get("/messages"), ".message a")[0].get("href") == f"/wishes/{wish.number}"


def test_by_topic_and_only_the_unread(cast, browse):
    row = walk(cast, "filed")
    assert row.state is RegistrationState.FILED
    [received] = [line for line in sentences("member1") if "接洽" in line]
    [*_, last] = say(cast)
    browser = browse(cast.users["member1"])
    assert texts(browser.get("/messages?topic=record"), ".message__words p:last-child") == [last.sentence]
    assert received in texts(browser.get("/messages?topic=registration"), ".message__words p:last-child")
    browser.post(f"/messages/{last.id}/read")
    assert texts(browser.get("/messages?topic=record&unread=1"), ".empty__title") == ["没有这样的消息"]
    for nonsense in ("topic=x", "unread=x", "after=x", "after=99999999999"):
        assert browser.get(f"/messages?{nonsense}").status_code == 200


def test_long_lists_come_in_pages(cast, browse, monkeypatch):
    monkeypatch.setattr(routes, "ROWS", 2)
    say(cast, *"甲乙丙丁戊")
    browser = browse(cast.users["member1"])
    address, seen = "/messages?topic=record&unread=1", []
    while address:
        page = browser.get(address)
        seen += [line.split("：")[1][0] for line in texts(page, ".message__words p:last-child")]
        following = found(page, ".pager a[rel=next]")
        address = following[0].get("href") if following else ""
    assert seen == list("戊丁丙乙甲")


def test_the_members_face_sends_nobody_to_an_office_that_it_does_not_serve(cast, app, browse, monkeypatch):
    say(cast, to=to_office(Role.LIAISON, unit_id=cast.unit1.id))
    browser = browse(cast.users["dual"])
    assert len(texts(browser.get("/messages"), ".banner p")) == 1
    monkeypatch.setitem(app.config, "FACE", "member")
    assert texts(browser.get("/messages"), ".banner p") == []


def test_what_an_office_was_told_is_read_in_that_office(cast, browse):
    say(cast, to=to_office(Role.LIAISON, unit_id=cast.unit1.id))
    browser = browse(cast.users["dual"])  # signed in as a member
    page = browser.get("/messages")
    assert texts(page, BADGE) == texts(page, ".message") == []
    assert texts(page, ".banner p") == [
        "您的另一身份“凤翔中学党支部 单位联络员”还有 1 条未读消息，在右上角切换身份后查看。"
    ]
    [held] = [a for a in cast.users["dual"].appointments if a.role is Role.LIAISON]
    browser.post(f"/appointments/{held.id}/use")
    page = browser.get("/messages")
    assert texts(page, BADGE) == ["1 条未读"]
    assert len(texts(page, ".message")) == 1
    accounts.close(held)
    held.state = type(held.state).ENDED
    db.session.commit()
    assert texts(browse(cast.users["dual"]).get("/messages"), ".message, main .banner") == []


def test_topics_are_turned_off_and_on_again_on_the_settings_page(cast, browse):
    browser = browse(cast.users["member1"])
    form = form_to(browser.get("/messages/settings").text, "")
    assert "account" not in form.choices["topics"]
    ticked = [box.get("value") for box in found(browser.get("/messages/settings"), "input[checked]")]
    assert ticked == form.choices["topics"]
    wanted = [value for value in ticked if value != "wish"]
    assert browser.post("/messages/settings", data={"topics": wanted}).location == "/messages"
    assert list(db.session.scalars(select(MutedTopic.topic))) == [Topic.WISH]
    shown = [box.get("value") for box in found(browser.get("/messages/settings"), "input[checked]")]
    assert shown == wanted
    browser.post("/messages/settings", data={"topics": ticked})
    assert list(db.session.scalars(select(MutedTopic))) == []


@pytest.mark.parametrize("typed", ["account", "nonsense", "", "wish\x00"])
def test_what_is_not_offered_is_refused_and_changes_nothing(cast, browse, typed):
    browser = browse(cast.users["member1"])
    assert browser.post("/messages/settings", data={"topics": ["wish", typed]}).status_code == 422
    assert list(db.session.scalars(select(MutedTopic))) == []


def test_every_link_of_the_demonstrations_messages_opens(app, browse):
    demonstration.load()
    users = db.session.scalars(select(User).where(User.id.in_(select(Message.user_id)), User.state == UserState.ACTIVE))
    for user in users.all():
        browser = browse(user)
        for message in db.session.scalars(select(Message.id).where(Message.user_id == user.id)).all():
            answer = browser.post(f"/messages/{message}/read")
            if answer.status_code != 404:  # of another office of theirs
                assert browser.get(answer.location).status_code == 200, (user.username, answer.location)
        for link in found(browser.get("/messages"), ".message a"):
            assert browser.get(link.get("href")).status_code == 200, (user.username, link.get("href"))
