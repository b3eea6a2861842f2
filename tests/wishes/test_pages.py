"""Pages of one wish, its moves, the review and the lists: who sees what, in place and without JavaScript."""

import datetime as dt
import io

import pytest
from PIL import Image

from portal import clock
from portal.extensions import db
from portal.labels import Category
from portal.scheme import queries as scheme
from portal.wishes.models import ClaimState, WishMessage, WishState
from tests.page_forms import form_to
from tests.pages import same_page, select, texts
from tests.wishes.making import NAME, PHONE, TOLD, a_wish

S = WishState
WHOLE, SHOWN, NONE = "whole", "public face", "not found"
EVERYBODY = ("county", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
             "clerk2", "grid1", "grid2", "member1", "member2", "member3", "newcomer")  # fmt: skip
# A wish of community1, grid1; from `claimed` on member1 helps.
WHO_READS = {
    ("submitted", True): {"clerk1", "grid1"},
    ("published", True): {"clerk1"},
    ("published", False): {"clerk1"},
    ("claimed", True): {"clerk1", "member1"},
    ("claimed", False): {"clerk1", "member1"},
    ("done", True): {"clerk1", "member1"},
    ("confirmed", False): {"clerk1", "member1"},
    ("archived", True): {"clerk1"},
    ("rejected", True): {"clerk1"},
}


@pytest.fixture
def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "olive").save(out, "PNG")
    return out.getvalue()


def face(answer) -> str:
    if answer.status_code == 404:
        return NONE
    assert answer.status_code == 200
    return WHOLE if select(answer, ".facts, .review") else SHOWN


@pytest.mark.parametrize(("state", "on_wall"), list(WHO_READS))
def test_who_reads_the_whole_case_the_public_face_or_nothing(county, browse, state, on_wall):
    wish = a_wish(county, state, on_wall=on_wall)
    public = on_wall and state in ("published", "claimed", "done", "confirmed")
    whole = WHO_READS[state, on_wall]
    expected = {name: WHOLE if name in whole else SHOWN if public else NONE for name in EVERYBODY}
    answers = {name: browse(county.users[name]).get(f"/wishes/{wish.number}") for name in EVERYBODY}
    assert {name: face(answer) for name, answer in answers.items()} == expected
    for name, answer in answers.items():
        if expected[name] is SHOWN:
            assert NAME not in answer.text
            assert PHONE not in answer.text
            # The reviewed wording is for members, their units and the people of communities.
            reads = name.startswith(("member", "newcomer", "clerk", "grid", "liaison"))
            assert (wish.detail in answer.text) == reads
        if expected[name] is NONE:
            assert same_page(answer, browse(county.users[name]).get("/wishes/2026-9999"))


def test_the_move_of_a_foreign_wish_is_as_missing_as_none(county, browse):
    wish = a_wish(county, "submitted")
    for name in ("clerk2", "grid2", "member1", "county", "chengguan"):
        browser = browse(county.users[name])
        assert same_page(browser.get(f"/wishes/{wish.number}/publish"), browser.get("/wishes/2026-9999/publish"))
        assert browser.post(f"/wishes/{wish.number}/reject", data={"reason": "x"}).status_code == 404
    assert db.session.get(type(wish), wish.id).state is S.SUBMITTED


def test_a_move_that_is_not_ones_own_is_refused_in_words(county, browse):
    wish = a_wish(county)
    answer = browse(county.users["newcomer"]).post(f"/wishes/{wish.number}/claim")
    assert answer.status_code == 403
    assert "“认领”只能由已报到的在职党员办理。" in answer.text


def test_visitors_are_asked_to_sign_in_before_a_move(county, client):
    wish = a_wish(county)
    assert client.get(f"/wishes/{wish.number}/finish").location.startswith("/login")
    assert client.post(f"/wishes/{wish.number}/claim").status_code == 401
    assert client.post(f"/wishes/{wish.number}/dance").status_code == 404


def test_the_review_stands_filled_in_and_one_click_publishes(county, browse):
    wish = a_wish(county, "submitted", title=None, category=Category.CONVENIENCE, detail=None)
    clerk = browse(county.users["clerk1"])
    page = clerk.get("/wishes/review")
    assert texts(page, f"#wish-{wish.id} .review__words") == [TOLD]
    form = form_to(page.text, f"/{wish.number}/publish")
    assert (form.values["title"], form.values["category"]) == ("家里的水龙头漏了三天，孩子们都在外地", "convenience")
    answer = clerk.post(form.action, data=form.values)
    assert (answer.status_code, answer.location) == (303, f"/wishes/{wish.number}")
    assert texts(clerk.get(answer.location), f"#wish-{wish.id} .tag") == ["待认领"]
    db.session.refresh(wish)
    assert (wish.detail, wish.grid_id, wish.on_wall, wish.helpers_needed) == (TOLD, county.grid1.id, True, 1)


@pytest.mark.parametrize(
    ("told", "ticked", "helpers"),
    [
        ("水龙头漏水", False, "1"), ("水龙头漏水", True, "2"), ("母亲独居，水龙头漏水", False, "2"),
        ("老人一个人住，眼睛不好", False, "2"), ("我一个人修不了水管", False, "1"),
    ],
)  # fmt: skip
def test_two_are_asked_for_where_an_old_person_lives_alone(county, browse, told, ticked, helpers):
    wish = a_wish(county, "submitted", title=None, category=Category.CONVENIENCE, lone_elder=ticked)
    wish.told = told
    db.session.commit()
    page = browse(county.users["clerk1"]).get("/wishes/review")
    form = form_to(page.text, f"/{wish.number}/publish")
    assert form.values["helpers_needed"] == helpers
    assert ("独居老人家里，默认两人同去" in page.text) == (helpers == "2")


def test_what_must_go_is_marked_and_keeps_the_wish_from_the_wall(county, browse):
    wish = a_wish(county, "submitted", title=None, category=Category.CONVENIENCE)
    wish.told = f"水管漏了，打电话{PHONE}，找{NAME}。"
    wish.detail = None
    db.session.commit()
    clerk = browse(county.users["clerk1"])
    page = clerk.get(f"/wishes/{wish.number}")
    assert texts(page, ".review__words mark") == [PHONE, NAME]
    form = form_to(page.text, "/publish")
    answer = clerk.post(form.action, data=form.filled(title="修水管"))
    assert answer.status_code == 409
    assert f"“{PHONE}”像是电话号码，请删去。" in answer.text
    assert form_to(answer.text, "/publish").values["title"] == "修水管"  # what was typed is kept
    assert clerk.post(form.action, data=form.filled(title="修水管", detail="水管漏了。")).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "请写一句标题。"),
        ("title", "长" * 31, "最多 30 个字。"),
        ("category", "", "请选择类别。"),
        ("category", "nonsense", "请从列出的选项中选择。"),
        ("detail", "", "请写明需要做什么。"),
        ("helpers_needed", "0", "请填写 1 到 20 之间的整数。"),
        ("helpers_needed", "两", "请填写整数。"),
        ("grid_id", "999999", "请从列出的选项中选择。"),
    ],
)
def test_a_faulty_review_is_said_in_words_and_changes_nothing(county, browse, field, value, sentence):
    wish = a_wish(county, "submitted", title=None, category=Category.CONVENIENCE)
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/wishes/{wish.number}").text, "/publish")
    answer = clerk.post(form.action, data=form.filled(**{field: value}))
    assert answer.status_code == 422
    assert sentence in "".join(texts(answer, ".errors"))
    db.session.refresh(wish)
    assert wish.state is S.SUBMITTED


def test_a_minors_wish_needs_the_guardian_and_asks_for_two(county, browse):
    wish = a_wish(county, "submitted", title=None, category=Category.POVERTY, minor=True)
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/wishes/{wish.number}").text, "/publish")
    assert form.values["helpers_needed"] == "2"
    refused = clerk.post(form.action, data=form.values)
    assert "须先取得监护人同意" in refused.text
    assert clerk.post(form.action, data=form.filled(guardian_consent="y")).status_code == 303


def test_the_grid_worker_publishes_for_the_own_grid_and_goes_on_reviewing(county, browse):
    wish = a_wish(county, "submitted", title=None, category=Category.CONVENIENCE)
    a_wish(county, "submitted", title=None, category=Category.CONVENIENCE, grid_id=county.grid2.id)
    grid_worker = browse(county.users["grid1"])
    page = grid_worker.get("/wishes/review")
    assert len(select(page, ".review")) == 1
    form = form_to(page.text, "/publish")
    assert form.choices["grid_id"] == ["", str(county.grid1.id)]
    answer = grid_worker.post(form.action, data=form.values)
    assert (answer.status_code, answer.location) == (303, "/wishes/review")
    assert db.session.get(type(wish), wish.id, populate_existing=True).state is S.PUBLISHED


def test_a_wish_of_an_unknown_community_is_taken_or_passed_on(county, browse):
    taken = a_wish(county, "submitted", title=None, category=Category.LEGAL, community_id=None, grid_id=None)
    passed = a_wish(county, "submitted", community_id=None, grid_id=None)
    clerk = browse(county.users["clerk2"])
    form = form_to(clerk.get(f"/wishes/{taken.number}").text, "/publish")
    clerk.post(form.action, data=form.values)
    clerk.post(f"/wishes/{passed.number}/pass_on", data={"community_id": county.community1.id})
    db.session.expire_all()
    assert (taken.state, taken.community_id) == (S.PUBLISHED, county.community2.id)
    assert (passed.state, passed.community_id) == (S.SUBMITTED, county.community1.id)
    assert clerk.get(f"/wishes/{passed.number}").status_code == 404


def test_the_leader_reports_for_all_with_hours_for_each(county, browse):
    wish = a_wish(county, "claimed", leader="member1", others=("member2",), helpers_needed=2)
    leader = browse(county.users["member1"])
    page = leader.get(f"/wishes/{wish.number}/finish")
    first, second = (f"hours_{claim.id}" for claim in wish.claims)
    filled = {"day": clock.today().isoformat(), "starts": "19:00", first: "3", second: "2", "words": "修好了"}
    form = form_to(page.text, "/finish")
    assert {first, second, "day", "starts", "words", "photos"} <= set(form.names)
    bad = leader.post(form.action, data=form.values | filled | {"starts": "", first: "99"})
    assert bad.status_code == 422
    assert "请填写开始时间，如 19:00。" in bad.text
    assert leader.post(form.action, data=form.values | filled).status_code == 303
    db.session.expire_all()
    assert wish.state is S.DONE
    assert [(claim.state, claim.half_hours) for claim in wish.claims] == [(ClaimState.FINISHED, n) for n in (3, 2)]


def test_the_leader_adds_photos_which_the_public_never_sees(county, browse, client, picture):
    wish = a_wish(county, "claimed")
    leader = browse(county.users["member1"])
    filled = {"day": clock.today().isoformat(), "starts": "19:00", f"hours_{wish.claims[0].id}": "3"}
    answer = leader.post(f"/wishes/{wish.number}/finish", data=filled | {"photos": [(io.BytesIO(picture), "厨房.png")]})
    assert answer.status_code == 303
    page = leader.get(answer.location)
    (photo,) = select(page, ".photos img")
    assert leader.get(photo.get("src")).data.startswith(b"\xff\xd8")  # redrawn as JPEG
    assert client.get(photo.get("src")).status_code == 404
    assert "photos" not in client.get(f"/wishes/{wish.number}").text


def test_a_clerk_confirms_after_calling_back_and_the_rating_is_the_communitys(county, browse):
    wish = a_wish(county, "done")
    clerk = browse(county.users["clerk1"])
    assert clerk.post(f"/wishes/{wish.number}/confirm", data={"rating": "4", "thanks": "修得好"}).status_code == 303
    page = clerk.get(f"/wishes/{wish.number}")
    assert "居民评价：4 分" in page.text
    member = browse(county.users["member1"]).get(f"/wishes/{wish.number}")
    assert "修得好" in member.text
    assert "居民评价" not in member.text


def test_the_case_shows_its_history_newest_first(county, browse):
    wish = a_wish(county)
    browse(county.users["member1"]).post(f"/wishes/{wish.number}/claim")
    browse(county.users["member1"]).post(f"/wishes/{wish.number}/extend", data={"reason": "等配件到货"})
    page = browse(county.users["clerk1"]).get(f"/wishes/{wish.number}")
    assert texts(page, ".history__act") == ["延期", "认领"]
    assert texts(page, ".history__why") == ["等配件到货"]
    assert texts(page, ".history__who")[0].startswith("凤翔中学党支部 欧阳䶮 · ")


def test_buttons_are_the_moves_that_are_open(county, browse):
    wish = a_wish(county, "claimed", leader="member1", others=("member2",), helpers_needed=3)
    said = {
        name: texts(browse(county.users[name]).get(f"/wishes/{wish.number}"), "main .stack > .buttons .button")
        for name in ("member1", "member2", "clerk1")
    }
    assert said == {
        "member1": ["办理完成", "人已齐", "延期", "邀请党员", "放弃认领"],
        "member2": ["放弃认领"],
        "clerk1": ["登记回访", "邀请党员", "答复办结", "撤回心愿"],
    }
    wish.finish_by = clock.today() - dt.timedelta(days=1)
    db.session.commit()
    page = browse(county.users["clerk1"]).get(f"/wishes/{wish.number}")
    assert texts(page, "main .stack > .buttons .button") == ["登记回访", "邀请党员", "收回认领", "答复办结", "撤回心愿"]
    assert texts(page, ".banner__title") == ["已超过办理期限"]


def test_merging_leads_the_code_to_the_other_wish(county, browse):
    kept, twin = a_wish(county, title="修路灯"), a_wish(county, "submitted")
    clerk = browse(county.users["clerk1"])
    form = form_to(clerk.get(f"/wishes/{twin.number}/merge").text, "/merge")
    assert form.choices["into_id"] == ["", str(kept.id)]
    assert clerk.post(form.action, data=form.filled(into_id=str(kept.id))).status_code == 303
    db.session.expire_all()
    assert (twin.state, twin.merged_into_id) == (S.MERGED, kept.id)


def test_what_a_resident_said_on_the_phone_is_noted(county, browse):
    wish = a_wish(county, "done")
    clerk = browse(county.users["clerk1"])
    clerk.post(f"/wishes/{wish.number}/call_back", data={"words": "老人说修好了，很满意"})
    page = clerk.get(f"/wishes/{wish.number}")
    assert "老人说修好了，很满意" in page.text
    message = db.session.scalar(db.select(WishMessage))
    assert "老人" not in repr(message.words_sealed)


LISTS = {"clerk1": 3, "clerk1b": 3, "clerk2": 1, "grid1": 1, "grid2": 0, "chengguan": 4, "town2": 0, "county": 4}


@pytest.mark.parametrize("name", list(LISTS))
def test_each_office_lists_its_own_cases(county, browse, name):
    a_wish(county, "submitted", title=None)
    a_wish(county, "published", title="修路灯")
    a_wish(county, "closed", title="装电梯", on_wall=False)
    a_wish(county, "published", title="理发", community_id=county.community2.id, grid_id=None)
    browser = browse(county.users[name])
    page = browser.get("/wishes/cases")
    assert len(select(page, "tbody tr")) == LISTS[name]
    if name == "county":  # counts and titles, no case: what is not on the wall is no link
        assert texts(page, "tbody th a") == ["理发", "修路灯"]
        assert texts(page, "tbody th") == ["理发", "不公开的心愿", "修路灯", "未上墙的心愿"]
    if name == "clerk1":
        assert texts(browser.get("/wishes/cases?state=closed"), "tbody th") == ["装电梯"]
        assert texts(browser.get("/wishes/cases?q=路灯"), "tbody th") == ["修路灯"]


def test_only_offices_have_lists_and_only_members_own_wishes(county, browse):
    for name, cases, review, mine in (
        ("member1", 403, 403, 200),
        ("liaison1", 403, 403, 403),
        ("county", 200, 403, 403),
        ("grid1", 200, 200, 403),
    ):
        browser = browse(county.users[name])
        got = tuple(browser.get(f"/wishes/{page}").status_code for page in ("cases", "review", "mine"))
        assert got == (cases, review, mine)


def test_a_members_own_page(county, browse):
    a_wish(county, "claimed", title="修水管", finish_by=clock.today() - dt.timedelta(days=1))
    for n in range(3):
        a_wish(county, "confirmed", title=f"办好的{n}", rating=(5, 5, 3)[n], thanks=f"谢谢{n}")
    a_wish(county, title="邻居的心愿")
    a_wish(county, title="远处的心愿", community_id=county.community2.id, grid_id=None)
    page = browse(county.users["member1"]).get("/wishes/mine")
    assert texts(page, ".todo__words")[0].startswith("修水管已超期")
    assert texts(page, "tbody th") == ["办好的2", "办好的1", "办好的0"]
    assert "3 位居民评价，平均 4.3 分" in page.text
    assert texts(page, ".wish .card__title") == ["邻居的心愿", "远处的心愿"]


def test_two_ratings_show_no_average(county, browse):
    for _ in range(2):
        a_wish(county, "confirmed", rating=1)
    page = browse(county.users["member1"]).get("/wishes/mine")
    assert "平均" not in page.text


def test_the_pages_name_the_limits_of_the_scheme_year(county, browse, client):
    year = scheme.year_of(clock.today())
    year.wish_review_workdays, year.wish_finish_workdays = 4, 12
    db.session.add(year)
    wish = a_wish(county)
    assert "社区 4 个工作日内审核" in client.get("/wishes/new").text
    assert "一般 12 个工作日内办好" in browse(county.users["member1"]).get(f"/wishes/{wish.number}").text
