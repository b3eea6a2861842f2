"""The wall: what the public sees and never sees, filters and pages, and claiming in place."""

import pytest
from sqlalchemy import event

from portal.extensions import db
from portal.labels import Category
from portal.wishes.models import WishState
from tests.pages import select, texts
from tests.wishes.making import ADDRESS, CODE, NAME, PHONE, TOLD, a_wish

ON_THE_WALL = ("published", "claimed", "done", "confirmed")
NEVER = ("submitted", "archived", "rejected", "merged", "withdrawn", "closed")


def titles(answer) -> list[str]:
    return texts(answer, ".wish .card__title")


@pytest.mark.parametrize("state", ON_THE_WALL)
def test_the_public_reads_no_more_than_the_six_facts(county, client, state):
    wish = a_wish(county, state, thanks="谢谢李师傅", answer="只给居民的话", done_words="换了阀芯")
    wall, page = client.get("/wishes"), client.get(f"/wishes/{wish.number}")
    assert titles(wall) == ["修一修漏水的水龙头"]
    assert texts(page, "h1") == ["修一修漏水的水龙头"]
    for answer in (wall, page):
        assert answer.status_code == 200
        assert texts(answer, ".wish .tag") == [wish.state.label]
        assert "便民利民" in answer.text
        assert texts(answer, ".wish .card__meta span")[:2] == ["儒林社区", "陈某某"]
        secrets = (NAME, PHONE, ADDRESS, TOLD, CODE, wish.code_hash, wish.seal_id, wish.detail, "第一网格",
                   "谢谢李师傅", "只给居民的话", "换了阀芯", "欧阳")  # fmt: skip
        assert [secret for secret in secrets if secret in answer.text] == []


@pytest.mark.parametrize("state", ON_THE_WALL)
def test_a_delicate_wish_is_never_on_the_wall(county, client, browse, state):
    wish = a_wish(county, state, on_wall=False)
    for browser in (client, browse(county.users["member3"]), browse(county.users["liaison1"])):
        assert titles(browser.get("/wishes")) == []
        assert browser.get(f"/wishes/{wish.number}").status_code == 404


@pytest.mark.parametrize("state", NEVER)
def test_what_is_not_for_the_wall_is_not_found(county, client, state):
    wish = a_wish(county, state)
    assert titles(client.get("/wishes")) == []
    gone, missing = client.get(f"/wishes/{wish.number}"), client.get("/wishes/2026-9999")
    assert (gone.status_code, missing.status_code) == (404, 404)
    assert gone.text.replace(wish.number, "2026-9999") == missing.text


def test_filters_stand_in_the_address(county, client):
    a_wish(county, title="修路灯", category=Category.CONVENIENCE)
    a_wish(county, title="问合同", category=Category.LEGAL, community_id=county.community2.id, grid_id=None)
    a_wish(county, "confirmed", title="理个发", category=Category.CONVENIENCE)
    found = {
        "": ["理个发", "问合同", "修路灯"],
        "category=convenience": ["理个发", "修路灯"],
        "category=nonsense": ["理个发", "问合同", "修路灯"],
        f"community={county.community2.id}": ["问合同"],
        "status=published": ["问合同", "修路灯"],
        "status=confirmed&category=convenience": ["理个发"],
        "status=submitted": ["理个发", "问合同", "修路灯"],
        "q=路灯": ["修路灯"],
        "q=2026-0002": ["问合同"],
        "q=没有这样的": [],
        f"grid={county.grid1.id}": ["理个发", "问合同", "修路灯"],  # no grid for the public
        "after=99999999999999999999": ["理个发", "问合同", "修路灯"],
        "community=9999999999&after=x&q=%00": ["理个发", "问合同", "修路灯"],  # no such things, so no filter
    }
    assert {query: titles(client.get(f"/wishes?{query}")) for query in found} == found


def test_wildcards_are_searched_as_they_are(county, client):
    a_wish(county, title="打折50%的券怎么用")
    a_wish(county, title="修路灯")
    assert titles(client.get("/wishes?q=%25")) == ["打折50%的券怎么用"]
    assert titles(client.get("/wishes?q=_")) == []
    assert titles(client.get("/wishes?q=50 券")) == ["打折50%的券怎么用"]


def test_only_people_who_are_signed_in_filter_by_grid(county, browse):
    a_wish(county, title="一网格的")
    a_wish(county, title="二网格的", grid_id=county.grid2.id)
    browser = browse(county.users["member1"])
    assert titles(browser.get(f"/wishes?grid={county.grid2.id}")) == ["二网格的"]


def test_tabs_say_how_many_and_lead_there(county, client):
    for state in ("published", "published", "done"):
        a_wish(county, state)
    tabs = texts(client.get("/wishes"), ".tabs a")
    assert tabs == ["全部 3", "待认领 2", "已认领 0", "已办理待确认 1", "已实现 0"]
    assert texts(client.get("/wishes?status=done"), ".tabs a[aria-current]") == ["已办理待确认 1"]


def test_the_wall_goes_on_page_by_page(county, client):
    for n in range(30):
        a_wish(county, title=f"心愿{n}")
    first = client.get("/wishes")
    more = select(first, ".pager a")[0].get("href")
    assert titles(first) == [f"心愿{n}" for n in range(29, 5, -1)]
    assert titles(client.get(more)) == [f"心愿{n}" for n in range(5, -1, -1)]


def test_members_find_their_own_community_first_on_every_page(county, browse):
    for n in range(20):
        a_wish(county, title=f"儒林{n}")
        a_wish(county, title=f"凤鸣{n}", community_id=county.community2.id, grid_id=None)
    browser = browse(county.users["member3"])  # lives in community2
    first = browser.get("/wishes")
    second = browser.get(select(first, ".pager a")[0].get("href"))
    assert titles(first) == [f"凤鸣{n}" for n in range(19, -1, -1)] + [f"儒林{n}" for n in range(19, 15, -1)]
    assert titles(second) == [f"儒林{n}" for n in range(15, -1, -1)]
    assert select(second, ".pager a") == []


def test_a_visitor_sees_a_change_at_once_and_an_unchanged_wall_costs_nothing(county, client, browse):
    wish = a_wish(county)
    first = client.get("/wishes")
    again = client.get("/wishes", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    browse(county.users["member1"]).post(f"/wishes/{wish.number}/claim")
    changed = client.get("/wishes", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert texts(changed, ".wish .tag") == ["已认领"]


def test_the_wall_of_visitors_and_of_members_asks_ten_queries_at_most(county, client, browse):
    for n in range(30):
        a_wish(county, title=f"心愿{n}")
    member = browse(county.users["member1"])
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for browser in (client, member):
        asked.clear()
        assert browser.get("/wishes").status_code == 200
        selects = [statement for statement in asked if statement.lstrip().upper().startswith("SELECT")]
        assert 0 < len(selects) <= 10
        if browser is client:
            assert not any("sealed" in statement or "users" in statement for statement in selects)


def test_who_may_claim_finds_the_button_in_place(county, client, browse):
    wish = a_wish(county)
    buttons = {
        name: len(select(browse(county.users[name]).get("/wishes"), f"#wish-{wish.id} button.claim"))
        for name in ("member1", "member3", "newcomer", "clerk1", "liaison1", "county")
    }
    assert buttons == {"member1": 1, "member3": 1, "newcomer": 0, "clerk1": 0, "liaison1": 0, "county": 0}
    assert select(client.get("/wishes"), "button.claim") == []


def test_members_share_what_is_kept_of_the_wall_but_neither_keys_nor_claims(county, client, browse):
    wish = a_wish(county, helpers_needed=2)
    first, second = browse(county.users["member1"]), browse(county.users["member2"])
    walls = [browser.get("/wishes") for browser in (first, second)]
    for name in ("csrf_token", "once"):
        keys = [select(wall, f"#shelf > input[name={name}]")[0].get("value") for wall in walls]
        assert len(set(keys)) == 2
        assert select(client.get("/wishes"), f"input[name={name}]") == []
    first.post(f"/wishes/{wish.number}/claim")
    held = [len(select(browser.get("/wishes"), ".wish__held")) for browser in (first, second, first)]
    assert held == [1, 0, 1]


def test_claiming_answers_with_the_page_that_holds_the_card(county, browse):
    wish = a_wish(county, on_wall=True, helpers_needed=2)
    member = browse(county.users["member1"])
    answer = member.post(f"/wishes/{wish.number}/claim")
    assert (answer.status_code, answer.location) == (303, f"/wishes/{wish.number}")
    page = member.get(answer.location)
    assert texts(page, f"#wish-{wish.id} .wish__stands") == ["已有 1 人，还缺 1 人"]
    assert texts(page, f"#wish-{wish.id} .wish__held") == ["您已认领"]
    assert "认领成功" in texts(page, "#flash")[0]


def test_the_loser_reads_who_was_first(county, browse):
    wish = a_wish(county)
    browse(county.users["member1"]).post(f"/wishes/{wish.number}/claim")
    answer = browse(county.users["member2"]).post(f"/wishes/{wish.number}/claim")
    assert answer.status_code == 409
    assert "凤翔中学党支部 欧阳䶮已先“认领”，这条微心愿现在是“已认领”" in texts(answer, "#flash")[0]
    db.session.refresh(wish)
    assert (wish.state, len(wish.claims)) == (WishState.CLAIMED, 1)
