"""Pages of posts: who sees which, claiming by one click, opening, correcting, copying, writing duties down."""

import datetime as dt

import time_machine

from portal.extensions import db
from portal.posts import workflow
from portal.posts.models import Post, PostState
from portal.records.models import RecordState, ServiceRecord
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.posts.conftest import SATURDAY, a_post, ids, names
from tests.posts.test_serving import serve
from tests.wishes.making import register

TYPED = {
    "title": "法律咨询岗", "category": "legal", "duty": "周六上午在社区坐班，解答居民的法律问题。",
    "place": "社区服务站", "times": "每月第一个周六上午", "free_times": ["weekends"], "capacity": "2",
}  # fmt: skip


def test_each_sees_the_posts_of_their_scope_and_a_foreign_one_is_missing(county, browse):
    """community1 lies in 城关镇; member1 works for unit1 under dept1, the newcomer lives in community1."""
    post = a_post(county, "member1")
    seen = {"member1", "member2", "dual", "newcomer", "grid1", "clerk1", "clerk1b", "chengguan", "liaison1", "dept1",
            "county"}  # fmt: skip
    for name in (*seen, "member3", "clerk2", "liaison2", "liaison3", "dept2", "town2", "committee"):
        browser = browse(county.users[name])
        answer = browser.get(f"/posts/{post.number}")
        assert (answer.status_code == 200) == (name in seen), name
        found = texts(browser.get("/posts"), "tbody th a")
        assert found == (["儒林苑治安巡逻岗"] if name in seen else []), name
        if name not in seen:
            assert same_page(answer, browser.get("/posts/2098-9999")), name


def test_a_list_names_the_holders_to_those_who_may_read_them(county, browse):
    a_post(county, "member1", "dual")
    named = {name: texts(browse(county.users[name]).get("/posts"), "td[data-label='在岗的党员']")
             for name in ("clerk1", "grid1", "chengguan", "county", "liaison1", "member2")}  # fmt: skip
    assert named == {name: ["欧阳䶮、仇文博"] for name in ("clerk1", "grid1", "chengguan", "county", "liaison1")} | {
        "member2": []
    }


def test_a_member_claims_by_one_click_and_gives_up_with_a_reason(county, browse):
    post = a_post(county, "member1")
    member = browse(county.users["dual"])
    page = member.get("/posts")
    assert texts(page, ".claim") == ["认领：儒林苑治安巡逻岗"] and "您还没有认领岗位" in page.text
    claimed = member.post(form_to(page.text, "/claim").action)
    assert (claimed.status_code, claimed.location) == (303, f"/posts/{post.number}")
    assert names(post) == ["欧阳䶮", "仇文博"]
    page = member.get("/posts")
    assert texts(page, ".claim") == [] and texts(page, "article h3") == ["儒林苑治安巡逻岗"]
    assert texts(member.get(f"/posts/{post.number}"), f"#post-{post.id} .button") == ["退出岗位"]
    assert member.post(f"/posts/{post.number}/give_up", data={"reason": ""}).status_code == 422
    assert member.post(f"/posts/{post.number}/give_up", data={"reason": "家里有病人"}).status_code == 303
    db.session.expire_all()
    assert names(post) == ["欧阳䶮"]
    assert "离岗原因：家里有病人" in member.get(f"/posts/{post.number}").text


def test_who_comes_late_reads_who_was_first_and_sees_the_post_as_it_stands(county, browse):
    post = a_post(county, capacity=1)
    late = browse(county.users["dual"])
    form = form_to(late.get("/posts").text, "/claim")
    browse(county.users["member1"]).post(f"/posts/{post.number}/claim")
    answer = late.post(form.action)
    assert answer.status_code == 409 and "欧阳䶮已先“认领岗位”" in answer.text and "名额已满" in answer.text
    assert texts(answer, f"#post-{post.id} dd")[0] == "儒林苑治安巡逻岗"


def test_who_has_not_reported_sees_the_posts_and_may_not_claim(county, browse):
    post = a_post(county)
    newcomer = browse(county.users["newcomer"])
    assert texts(newcomer.get("/posts"), ".claim") == []
    answer = newcomer.post(f"/posts/{post.number}/claim")
    assert answer.status_code == 403 and "只能由在本社区报到的在职党员办理" in answer.text


def test_a_clerk_opens_signs_up_takes_off_and_closes(county, browse):
    clerk = browse(county.users["clerk1"])
    assert "本社区还没有服务岗位" in clerk.get("/posts").text
    wrong = clerk.post("/posts/new", data=TYPED | {"title": "", "capacity": "0"})
    assert wrong.status_code == 422 and "请填写岗位名称。" in wrong.text and "解答居民的法律问题" in wrong.text
    refused = clerk.post("/posts/new", data=TYPED | {"duty": "有事打 13891701234"})
    assert refused.status_code == 409 and "像是电话号码" in refused.text
    made = clerk.post("/posts/new", data=TYPED)
    post = db.session.scalars(db.select(Post)).one()
    assert (made.status_code, made.location) == (303, f"/posts/{post.number}")
    page = clerk.get(made.location)
    assert texts(page, f"#post-{post.id} .buttons .button") == ["登记认岗", "停设岗位"]

    offered = form_to(clerk.get(f"/posts/{post.number}/sign_up").text, "/sign_up")
    assert set(offered.choices["people"]) == {str(one) for one in ids(county, "member1", "member2", "dual", "free")}
    assert clerk.post(f"/posts/{post.number}/sign_up", data={"since": "2026-05-16"}).status_code == 422
    people = [str(one) for one in ids(county, "free", "dual")]
    signed = clerk.post(f"/posts/{post.number}/sign_up", data={"people": people, "since": "2026-05-01"})
    assert signed.status_code == 303
    page = clerk.get(f"/posts/{post.number}")
    assert texts(page, "tbody th") == ["白文静 代办", "仇文博"]
    assert texts(page, ".history__why") == ["登记 2 人"]
    off = {"member_id": people[1], "reason": "长期外出"}
    assert clerk.post(f"/posts/{post.number}/end_claim", data=off).status_code == 303
    assert "1 名党员离岗，各人会收到消息" in clerk.get(f"/posts/{post.number}/close").text
    assert clerk.post(f"/posts/{post.number}/close", data={"reason": "改在线上"}).status_code == 303
    page = clerk.get(f"/posts/{post.number}")
    assert texts(page, f"#post-{post.id} .button") == ["重新开设", "撤销"]
    assert texts(page, "main details li")[0].startswith("仇文博") and "岗位已于2026年5月16日停设" in page.text


def test_last_years_post_is_opened_again_in_two_clicks(county, browse):
    clerk = browse(county.users["clerk1"])
    clerk.post("/posts/new", data=TYPED)
    old = db.session.scalars(db.select(Post)).one()
    form = form_to(clerk.get(f"/posts/new?like={old.number}").text, "")
    assert form.values["title"] == "法律咨询岗" and form.values["capacity"] == "2"
    assert clerk.post(f"/posts/new?like={old.number}", data=form.values).status_code == 303
    new = db.session.scalars(db.select(Post).where(Post.id != old.id)).one()
    assert (new.number, new.duty, new.free_times) == ("2026-0002", old.duty, old.free_times)
    other = browse(county.users["clerk2"])
    assert form_to(other.get(f"/posts/new?like={old.number}").text, "").values["title"] == ""


def test_two_who_correct_at_once_see_both_texts(county, browse):
    post = a_post(county)
    one, other = browse(county.users["clerk1"]), browse(county.users["clerk1b"])
    first, second = (form_to(clerk.get(f"/posts/{post.number}/edit").text, "") for clerk in (one, other))
    assert one.post(f"/posts/{post.number}/edit", data=first.filled(place="儒林苑南门")).status_code == 303
    clash = other.post(f"/posts/{post.number}/edit", data=second.filled(place="儒林苑北门", free_times="evenings"))
    assert clash.status_code == 409
    assert texts(clash, "tbody td") == ["儒林苑北门", "儒林苑南门", "平日晚", "—"]
    assert other.post(f"/posts/{post.number}/edit", data=form_to(clash.text, "").values).status_code == 303
    db.session.expire_all()
    assert post.place == "儒林苑北门"


def test_a_member_writes_a_duty_down_with_two_fields(county, browse):
    post = a_post(county, "member1")
    member = browse(county.users["member1"])
    form = form_to(member.get(f"/posts/{post.number}/serve").text, "")
    assert (form.values["day"], form.values["half_hours"]) == ("2026-05-16", "4")
    assert member.post(f"/posts/{post.number}/serve", data=form.filled(day="哪天")).status_code == 422
    done = member.post(f"/posts/{post.number}/serve", data=form.values)
    assert (done.status_code, done.location) == (303, f"/posts/{post.number}")
    again = form_to(member.get(f"/posts/{post.number}/serve").text, "")
    twice = member.post(f"/posts/{post.number}/serve", data=again.values)
    assert twice.status_code == 409 and "已登记过" in twice.text
    page = member.get(f"/posts/{post.number}")
    assert "我在这个岗位的服务（2026年）" in page.text and "1 次待确认" in page.text
    clerk = browse(county.users["clerk1"])
    assert texts(clerk.get("/records?state=to_confirm"), "td[data-label='内容']") == ["儒林苑治安巡逻岗（儒林苑小区）"]


def test_who_never_held_it_is_refused_in_words(county, browse):
    post = a_post(county, "member1")
    answer = browse(county.users["dual"]).post(
        f"/posts/{post.number}/serve", data={"day": "2026-05-16", "half_hours": "4"}
    )
    assert answer.status_code == 409 and "不在这个岗位的在岗时间内" in answer.text


def test_a_clerk_writes_a_duty_down_for_several_and_reads_who_was_left_out(county, browse):
    post = a_post(county, "member1", "dual")
    clerk = browse(county.users["clerk1"])
    typed = {"day": "2026-05-16", "half_hours": "3", "people": [str(one) for one in ids(county, "member1", "dual")]}
    assert clerk.post(f"/posts/{post.number}/roll", data=typed | {"people": []}).status_code == 422
    serve(county, post)
    some = clerk.post(f"/posts/{post.number}/roll", data=typed)
    assert some.status_code == 303 and some.location.startswith("/posts/results/")
    result = clerk.get(some.location)
    assert "办成 1 人，1 人没有办成" in result.text and "已登记过" in result.text
    with time_machine.travel(SATURDAY + dt.timedelta(days=1), tick=False):
        clerk = browse(county.users["clerk1"])
        every = clerk.post(f"/posts/{post.number}/roll", data=typed | {"day": "2026-05-17"})
    assert (every.status_code, every.location) == (303, f"/posts/{post.number}")
    states = db.session.scalars(db.select(ServiceRecord.state)).all()
    assert states == [RecordState.PENDING] * 4
    second = browse(county.users["clerk1b"]).get("/records?state=to_confirm")
    assert len(texts(second, "tbody tr")) == 4
    first = browse(county.users["clerk1"]).get("/records?state=to_confirm")
    assert len(texts(first, "tbody tr")) == 1  # what the member wrote


def test_the_list_is_narrowed(county, browse):
    a_post(county, "member1", capacity=1)
    a_post(county, title="环境监督岗")
    workflow.close(a_post(county, title="停了的岗"), county.by("clerk1"), reason="没有人来")
    db.session.commit()
    clerk = browse(county.users["clerk1"])
    for query, found in (
        ("", 3), ("state=open", 2), ("state=closed", 1), ("vacant=1", 1), ("unheld=1", 1), ("category=legal", 0),
        ("state=nonsense&community=x&after=1'", 3),
    ):  # fmt: skip
        assert len(texts(clerk.get(f"/posts?{query}"), "tbody th")) == found, query
    assert len(texts(browse(county.users["member2"]).get("/posts?state=closed"), "tbody th")) == 2


def test_what_waits_on_the_desks(county, browse):
    post = a_post(county)
    words = "服务岗位还没有人认领"
    assert words in texts(browse(county.users["clerk1"]).get("/desk"), ".todo__words")
    assert words not in browse(county.users["clerk2"]).get("/desk").text
    free = "您还没有认领服务岗位，本社区有岗可认"
    for name, told in (("dual", True), ("newcomer", False), ("member3", False)):
        assert (free in browse(county.users[name]).get("/desk").text) == told, name
    browse(county.users["dual"]).post(f"/posts/{post.number}/claim")
    assert free not in browse(county.users["dual"]).get("/desk").text
    assert words not in browse(county.users["clerk1"]).get("/desk").text


def test_a_members_own_page_and_the_offices_page_of_a_member_name_the_posts(county, browse):
    post = a_post(county, "member1")
    assert "儒林苑治安巡逻岗" in browse(county.users["member1"]).get("/registrations/mine").text
    assert "还没有认领服务岗位" in browse(county.users["dual"]).get("/registrations/mine").text
    for name in ("clerk1", "liaison1"):
        assert post.title in browse(county.users[name]).get(f"/members/{county.member1_row.id}").text


def test_a_list_asks_no_more_with_more_rows(county, browse):
    from sqlalchemy import event

    def asked(name: str) -> int:
        browser, found = browse(county.users[name]), []
        browser.get("/posts")
        listen = lambda *args: found.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        browser.get("/posts")
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(found)

    a_post(county, "member1", "member2")
    first = {name: asked(name) for name in ("clerk1", "member1", "liaison1", "county")}
    for n in range(6):
        a_post(county, "member1", "dual", "member2", title=f"第{n}岗")
    assert {name: asked(name) for name in first} == first


def test_why_somebody_was_taken_off_is_for_offices_and_the_member(county, browse):
    post = a_post(county, "member1", "member2")
    workflow.end_claim(post, county.by("clerk1"), member_id=county.member2_row.id, reason="长期不来")
    db.session.commit()
    reads = {name: "长期不来" in browse(county.users[name]).get(f"/posts/{post.number}").text
             for name in ("clerk1", "chengguan", "member2", "member1", "dual")}  # fmt: skip
    assert reads == {"clerk1": True, "chengguan": True, "member2": True, "member1": False, "dual": False}
    assert post.state is PostState.OPEN


def test_a_page_names_holders_to_those_who_read_them_in_lists_and_to_who_serves_beside_them(county, browse):
    """史珍香 works for another unit than 欧阳䶮 and 买买提·吐尔逊."""
    register(county, "newcomer")
    post = a_post(county, "member1", "newcomer", "member2")
    workflow.end_claim(post, county.by("clerk1"), member_id=county.member2_row.id, reason="长期不来")
    workflow.give_up(post, county.by("newcomer"), reason="父亲住院")
    workflow.claim(post, county.by("newcomer"))
    db.session.commit()
    pages = {name: browse(county.users[name]).get(f"/posts/{post.number}")
             for name in ("clerk1", "chengguan", "member1", "dual", "liaison1")}  # fmt: skip
    both = ["欧阳䶮", "史珍香"]
    assert {name: texts(page, "tbody th") for name, page in pages.items()} == {
        "clerk1": both, "chengguan": both, "member1": both, "dual": [], "liaison1": ["欧阳䶮"],
    }  # fmt: skip
    assert "2 人在岗" in pages["dual"].text and "史珍香" not in pages["dual"].text
    assert "长期不来" in pages["liaison1"].text
    for private in ("史珍香", "父亲住院", "办理过程"):
        assert private not in pages["liaison1"].text and private in pages["chengguan"].text


def test_a_form_that_is_sent_empty_names_nobody_to_who_may_not_send_it(county, browse):
    post = a_post(county, "member1")
    for verb in ("sign_up", "end_claim"):
        for name, reads in (("dual", False), ("newcomer", False), ("grid1", False), ("clerk1", True)):
            answer = browse(county.users[name]).post(f"/posts/{post.number}/{verb}")
            assert answer.status_code == (422 if reads else 403), name
            assert ("凤翔中学党支部" in answer.text.partition("<main")[2]) == reads, name
