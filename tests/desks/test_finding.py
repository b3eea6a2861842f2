"""The search box: who finds what, by which words; nothing beyond what one may see, and nothing typed in an address."""

import datetime as dt
from importlib import import_module
from importlib.util import find_spec

import pytest
from sqlalchemy import select

from portal import ROOMS
from portal.desks.finding import KINDS
from portal.extensions import db
from portal.finding import SHOWN, Kind
from portal.papers import attesting
from portal.people.models import Member, MemberStatus
from portal.posts import workflow as posts
from portal.posts.workflow import Duty
from portal.records.models import RecordState
from portal.registrations.models import Registration
from tests.activities.making import an_activity
from tests.cast import make_member, sign_in
from tests.evaluations.conftest import an_evaluation
from tests.households.conftest import a_household, a_support
from tests.pages import select as found_by
from tests.pages import texts
from tests.pairings.conftest import paired
from tests.pledges.conftest import pledged
from tests.posts.conftest import WORDS
from tests.records.test_life_cycle import a_record
from tests.registrations.conftest import walk
from tests.remarks.conftest import a_remark
from tests.suggestions.conftest import a_suggestion
from tests.teams.conftest import a_team
from tests.wishes.making import a_wish, register


def find(browser, typed: str):
    """The page that answers what was typed: the results, or the page of the only thing."""
    answer = browser.post("/find", data={"q": typed})
    assert answer.status_code == 303
    return browser.get(answer.location)


def found(answer) -> dict[str, list[str]]:
    """The names found, by kind."""
    kinds = [section.get("id").removeprefix("found-") for section in found_by(answer, "section[id^=found-]")]
    return {kind: texts(answer, f"#found-{kind} li > a") for kind in kinds}


def lines(answer) -> str:
    """All that was found, in words."""
    return " ".join(texts(answer, ".found"))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雪", "单雪"), ("单雪", "雪"), ("单雪", "shanxue"), ("单雪", "danxue"), ("单雪", "shan xue"),
        ("单雪", "SX"), ("单雪", "dx"), ("单雪", "ｓｘ"),
        ("仇文博", "qiuwenbo"), ("仇文博", "chouwenbo"), ("仇文博", "qwb"), ("仇文博", "cwb"),
        ("解放", "xiefang"), ("解放", "jiefang"), ("解放", "xf"), ("解放", "jf"),
        ("曾乐", "zengyue"), ("曾乐", "cengle"), ("曾乐", "zl"), ("曾乐", "cy"),
        ("查华", "zhahua"), ("查华", "chahua"), ("盖宁", "gening"), ("盖宁", "gaining"),
        ("欧阳䶮", "ouyangyan"), ("欧阳䶮", "oyy"), ("尉迟敬", "yuchijing"), ("万俟雅", "moqiya"),
        ("买买提·吐尔逊", "maimaiti"), ("买买提·吐尔逊", "tuerxun"), ("买买提·吐尔逊", "吐尔逊"),
    ],
)  # fmt: skip
def test_members_are_found_by_every_reading(cast, browse, name, typed):
    if name not in set(db.session.scalars(select(Member.name))):
        make_member(cast.unit1, cast.community1, name, "13891709999")
        db.session.commit()
    assert name in found(find(browse(cast.users["county"]), typed))["members"]


def test_members_are_found_by_their_unit_and_by_both(cast, browse):
    browser = browse(cast.users["clerk1"])
    assert set(found(find(browser, "凤翔中学"))["members"]) == {"欧阳䶮", "买买提·吐尔逊", "仇文博"}
    assert found(find(browser, "凤翔中学 cwb"))["members"] == ["仇文博"]
    assert "members" not in found(find(browser, "县医院 cwb"))


# Who finds member1 of unit1 under dept1, whose home is community1 under 城关镇; nobody else finds a trace.
SEES_MEMBER1 = {"member1", "clerk1", "clerk1b", "liaison1", "dept1", "chengguan", "county", "county_b"}


def test_who_finds_a_member_by_name(cast, browse):
    for name, user in cast.users.items():
        page = find(browse(user), "ouyangyan")
        seen = found(page).get("members", [])
        assert seen == (["欧阳䶮"] if name in SEES_MEMBER1 else []), name
        assert ("欧阳䶮" in lines(page)) == bool(seen or name == "admin"), name  # who keeps logins finds the login


def test_a_telephone_is_known_only_to_the_own_liaison_and_where_one_is_registered(cast, browse):
    walk(cast, "accepted")
    for typed in ("1001", "１００１", "13891701001", "138 9170 1001"):
        for name, user in cast.users.items():
            page = find(browse(user), typed)
            # dual acts as a member first; clerk1b serves the same community
            knows = name in {"liaison1", "clerk1", "clerk1b"}
            assert found(page).get("members", []) == (["欧阳䶮"] if knows else []), (name, typed)
            assert ("欧阳䶮" in lines(page)) == knows, (name, typed)


def test_a_member_who_only_lives_there_is_not_found_by_telephone(cast, browse):
    walk(cast, "presented")
    assert found(find(browse(cast.users["clerk1"]), "1001")) == {}
    assert found(find(browse(cast.users["liaison1"]), "1001"))["members"] == ["欧阳䶮"]


def test_one_who_was_merged_is_not_found_and_one_who_left_is_marked(cast, browse):
    cast.member2_row.status, cast.member2_row.merged_into_id = MemberStatus.MERGED, cast.member1_row.id
    cast.dual_row.status = MemberStatus.LEFT
    db.session.commit()
    browser = browse(cast.users["county"])
    assert "members" not in found(find(browser, "吐尔逊"))
    assert texts(find(browser, "仇文博"), "#found-members .tag") == ["已离册"]


NUMBERED = {
    "registrations": (lambda cast: walk(cast, "accepted"), "/registrations/{number}", "member1 liaison1 clerk1 clerk1b "
                      "dept1 chengguan county county_b"),
    "pledges": (lambda cast: pledged(cast, "submitted"), "/pledges/{number}", "member1 liaison1 clerk1 clerk1b dept1 "
                "chengguan county county_b"),
    "remarks": (lambda cast: a_remark(cast, "put"), "/remarks/{number}", "member1 clerk1 clerk1b chengguan"),
    "suggestions": (lambda cast: a_suggestion(cast), "/suggestions/{number}", "member1 liaison1 clerk1 clerk1b county "
                    "county_b"),
    "evaluations": (lambda cast: an_evaluation(cast, "sent"), "/evaluations/{number}", "member1 liaison1 clerk1 "
                    "clerk1b dept1 chengguan county county_b"),
    "activities": (lambda cast: an_activity(cast, "draft"), "/activities/{number}", "clerk1 clerk1b"),
    "wishes": (lambda cast: a_wish(cast, "submitted"), "/wishes/{number}", "clerk1 clerk1b grid1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(NUMBERED))
def test_a_whole_number_leads_there_and_whoever_may_not_see_it_finds_nothing(cast, browse, kind):
    make, address, sees = NUMBERED[kind]
    row = make(cast)
    db.session.commit()
    number, there = row.number, address.format(number=row.number)
    for name, user in cast.users.items():
        browser = browse(user)
        answer = browser.post("/find", data={"q": number})
        page = browser.get(answer.location)
        if name in sees.split():
            assert answer.location == there or there in page.text, name
        else:
            assert there not in answer.location and there not in page.text, name
            missing = find(browser, number.replace("-", "-9"))
            assert missing.status_code == 200 and found(missing) == {}, name


def test_printed_numbers_lead_to_their_case_whatever_else_bears_the_number(cast, browse):
    row = walk(cast, "accepted")
    row.receipt_number, row.receipt_serial = "2026-0077", 77
    wish = a_wish(cast, "published")
    wish.number, wish.serial = row.number, row.serial
    db.session.commit()
    browser = browse(cast.users["clerk1"])
    at = f"/registrations/{row.number}"
    year, serial = row.number.split("-")
    assert browser.post("/find", data={"q": f"凤进社信〔{year}〕{serial}号"}).location == at
    assert browser.post("/find", data={"q": f"凤进社回〔{year}〕0077号"}).location == at
    assert browser.post("/find", data={"q": f"凤进社愿〔{year}〕{serial}号"}).location == f"/wishes/{wish.number}"
    assert set(found(find(browser, row.number))) == {"registrations", "wishes"}  # two bear it: they are shown


def test_a_bare_serial_is_shown_and_not_jumped_to(cast, browse):
    row = walk(cast, "accepted")
    page = find(browse(cast.users["clerk1"]), row.number.split("-")[1])
    assert found(page)["registrations"] == ["欧阳䶮"]


def test_an_old_paper_is_found_by_its_own_number(cast, browse):
    row = walk(cast, "accepted")
    db.session.execute(
        Registration.__table__.update()
        .values(opening=True, old_number="凤组信字第12号")
        .where(Registration.id == row.id)
    )
    db.session.commit()
    assert found(find(browse(cast.users["liaison1"]), "凤组信字第12号"))["registrations"] == ["欧阳䶮"]


def test_wishes_by_the_words_of_their_title(cast, browse):
    shown, hidden = a_wish(cast, "published"), a_wish(cast, "published", on_wall=False)
    shown.title, hidden.title = "修理楼道里的灯", "修理轮椅"
    db.session.commit()
    for name, titles in {
        "clerk1": {"修理楼道里的灯", "修理轮椅"}, "member1": {"修理楼道里的灯"}, "clerk2": {"修理楼道里的灯"},
        "county": {"修理楼道里的灯"}, "admin": {"修理楼道里的灯"},
    }.items():  # fmt: skip
        page = find(browse(cast.users[name]), "修理")
        assert set(found(page)["wishes"]) == titles, name
        assert texts(page, "#found-wishes h2") == [f"心愿 {len(titles)}"], "a count tells no more than the lines"


@pytest.mark.parametrize("typed", ["陈", "2026-0001"])
def test_households_by_number_and_family_name_only_where_their_file_may_be_opened(cast, browse, typed):
    register(cast, "member1", "member2", "member3")
    supported = a_household(cast)
    a_support(cast, supported)
    assert supported.number == "2026-0001"
    for name, user in cast.users.items():
        answer = browse(user).post("/find", data={"q": typed})
        page = find(browse(user), typed)
        there = f"/households/{supported.number}"
        seen = {"member1", "clerk1", "clerk1b", "grid1", "liaison1", "county", "county_b"}
        assert (there in page.text or answer.location == there) == (name in seen), name
        assert "陈桂英" not in page.text, name
    assert "households" not in found(find(browse(cast.users["clerk1"]), "陈桂英"))  # the name itself is sealed


def test_posts_and_proofs(cast, browse):
    registration = walk(cast, "accepted")
    post = posts.open_(cast.community1, cast.by("clerk1"), Duty(**WORDS))
    record = a_record(cast)
    record.state = RecordState.CONFIRMED
    db.session.flush()
    proof = attesting.issue(registration, cast.by("clerk1"), record.day, record.day)
    db.session.commit()
    title = post.title
    for name, sees in {"clerk1": True, "county": True, "member1": True, "clerk2": False, "member3": False}.items():
        browser = browse(cast.users[name])
        assert (title in lines(find(browser, title[:3]))) == sees, name
        year, serial = proof.number.split("-")
        there = browser.post("/find", data={"q": f"凤进社证〔{year}〕{serial}号"}).location
        assert (there == f"/proofs/{proof.number}") == sees, name


def test_teams_and_pairings(cast, browse):
    walk(cast, "accepted")
    a_team(cast, name="水电维修服务队", skills="水管、电路")
    paired(cast)
    db.session.commit()
    teams = {"clerk1", "clerk1b", "grid1", "grid2", "chengguan", "county", "county_b", "member1", "member2", "dual"}
    pairings = {"clerk1", "clerk1b", "liaison1", "dept1", "chengguan", "county", "county_b"}
    for name, user in cast.users.items():
        browser = browse(user)
        for typed in ("维修", "水管"):
            assert ("teams" in found(find(browser, typed))) == (name in teams), name
        assert ("pairings" in found(find(browser, "凤翔中学"))) == (name in pairings), name


def test_every_kind_of_every_room_is_asked():
    rooms = [name for name in ROOMS if find_spec(f"portal.{name}.finding") and name != "desks"]
    kinds = {
        value.key for room in rooms for value in vars(import_module(f"portal.{room}.finding")).values()
        if isinstance(value, Kind)
    }  # fmt: skip
    assert kinds == set(KINDS)


def test_activities_by_title_and_place_drafts_only_for_who_wrote_them(cast, browse):
    an_activity(cast, "draft", title="清扫河道")
    an_activity(cast, "published", title="义诊", place="河道公园")
    for name, titles in {"clerk1": {"清扫河道", "义诊"}, "clerk2": {"义诊"}, "member3": {"义诊"}}.items():
        assert set(found(find(browse(cast.users[name]), "河道"))["activities"]) == titles, name


def test_organisations_grids_and_logins(cast, browse):
    county = browse(cast.users["county"])
    assert found(find(county, "儒林"))["communities"] == ["儒林社区"]
    assert found(find(county, "儒林苑"))["estates"] == ["儒林苑"]
    assert found(find(county, "U02"))["units"] == ["县医院党总支"]
    assert found(find(county, "第一网格"))["grids"] == ["第一网格", "第一网格"]
    assert found(find(browse(cast.users["clerk1"]), "第一网格"))["grids"] == ["第一网格"]
    assert found(find(browse(cast.users["admin"]), "wangxiulan"))["users"] == ["王秀兰"]
    for name in ("member1", "liaison1", "grid1"):
        assert not {"units", "communities", "users", "supervisors"} & set(found(find(browse(cast.users[name]), "县")))


def test_who_is_called_so_stands_before_who_works_there_and_the_own_community_before_others(cast, browse):
    """Of the first few; a surname is often part of a town's name, and so of its units."""
    cast.unit1.name = "虢王镇机关党支部"
    make_member(cast.unit1, cast.community1, "安平", "13891703001")
    make_member(cast.unit2, cast.community1, "王治", "13891703002")
    here, far = (an_activity(cast, home=home, title="王家院清扫") for home in ("community1", "community2"))
    far.day += dt.timedelta(days=9)
    db.session.commit()
    page = find(browse(cast.users["clerk1"]), "王")
    names = found(page)["members"]
    assert names.index("王治") < names.index("安平")
    links = [link.get("href") for link in found_by(page, "#found-activities li > a")]
    assert [link.rsplit("/", 1)[-1] for link in links] == [here.number, far.number]


def test_only_a_few_of_each_kind_and_all_in_pages(cast, browse):
    for number in range(60):
        make_member(cast.unit1, cast.community1, f"王{chr(0x4E00 + number)}", f"138917{number:05}")
    db.session.commit()
    browser = browse(cast.users["county"])
    page = find(browser, "王")
    assert len(found(page)["members"]) == SHOWN
    assert texts(page, "#found-members h2") == ["党员 60"]
    first = browser.get(found_by(page, "#found-members .section-head a")[0].get("href"))
    second = browser.get(found_by(first, "a[rel=next]")[0].get("href"))
    names = texts(first, ".found li > a") + texts(second, ".found li > a")
    assert len(names) == len(set(names)) == 60
    assert found_by(second, "a[rel=next]") == []


def test_what_was_typed_stands_in_no_address(cast, browse):
    browser = browse(cast.users["liaison1"])
    for typed in ("欧阳䶮", "1001", "ouyangyan"):
        answer = browser.post("/find", data={"q": typed})
        page = browser.get(answer.location)
        assert found(page)["members"] == ["欧阳䶮"]
        addresses = [answer.location, *(link.get("href") for link in found_by(page, "a"))]
        assert not any(typed in address or "%E6" in address for address in addresses)


def test_whoever_is_called_exactly_so_stands_first_also_in_the_whole_list(cast, browse):
    for number, name in enumerate(("阿单雪莲", "阿单雪花", "单雪")):
        make_member(cast.unit1, None, name, f"1390000000{number}")
    db.session.commit()
    browser = browse(cast.users["county"])
    address = browser.post("/find", data={"q": "单雪"}).location
    first = found(browser.get(address))["members"]
    assert first[:2] == ["单雪", "单雪"] and sorted(first[2:]) == ["阿单雪花", "阿单雪莲"]
    assert texts(browser.get(address.replace("/find", "/find/members")), ".found li > a") == first


def test_the_whole_list_goes_on_where_a_page_ended(cast, browse):
    for number in range(60):
        make_member(cast.unit1, None, f"王{chr(0x4E00 + number)}", f"139000000{number}")
    make_member(cast.unit1, None, "王", "13900000099")
    db.session.commit()
    browser = browse(cast.users["county"])
    page = browser.get(browser.post("/find", data={"q": "王"}).location.replace("/find", "/find/members"))
    names = texts(page, ".found li > a")
    following = browser.get(next(a.get("href") for a in found_by(page, "#main a") if "after=" in a.get("href", "")))
    names += texts(following, ".found li > a")
    assert names[0] == "王" and len({*names}) >= 61 and len(names) == len({*names})


def test_going_back_shows_the_earlier_search_again(cast, browse):
    browser = browse(cast.users["county"])
    first = browser.post("/find", data={"q": "单雪"}).location
    second = browser.post("/find", data={"q": "仇文博"}).location
    assert found(browser.get(first))["members"] == ["单雪"]
    assert found(browser.get(second))["members"] == ["仇文博"]
    for number in range(8):
        browser.post("/find", data={"q": f"别的{number}"})
    assert found(browser.get(first)) == {} and browser.get(first).status_code == 200


def test_another_browser_reads_no_search_of_mine(cast, browse):
    mine = browse(cast.users["county"]).post("/find", data={"q": "单雪"}).location
    other = browse(cast.users["county_b"]).get(mine)
    assert other.status_code == 200 and "单雪" not in other.text


@pytest.mark.parametrize(
    "typed", ["", "   ", "\0", "%", "_", "' OR 1=1 --", "愿" * 10_000, "9" * 5000, "𠮷", "2026-9999999"]
)
def test_odd_words_find_nothing_and_break_nothing(cast, browse, typed):
    page = find(browse(cast.users["county"]), typed)
    assert page.status_code == 200 and found(page) == {}


def test_odd_addresses_are_empty_pages_or_missing(cast, browse):
    browser = browse(cast.users["clerk1"])
    for address in ("/find", "/find?s=7", "/find?s=%00", "/find?s=x", "/find/members", "/find/members?s=1&after=x"):
        assert browser.get(address).status_code == 200, address
    assert browser.get("/find/nothing").status_code == 404
    assert browse(cast.users["member1"]).get("/find/units").status_code == 404


def test_on_the_members_face_one_finds_ones_own(face, cast):
    walk(cast, "accepted")
    wish = a_wish(cast, "published")
    db.session.commit()
    browser = sign_in(face("member"), cast.users["member1"])
    assert found(find(browser, "oyy"))["members"] == ["欧阳䶮"]
    assert set(found(find(browser, "儒林"))) <= {"wishes", "activities", "posts", "teams"}
    assert found(find(browser, "漏水"))["wishes"] == [wish.title]
    assert browser.get("/find/units").status_code == 404
    assert "电话" not in find(browser, "没有").text


def test_the_box_stands_on_every_page_of_those_signed_in(cast, browse, client):
    for name in ("member1", "clerk1", "county", "admin", "inspector"):
        for address in ("/desk", "/", "/help", "/service-days"):
            assert found_by(browse(cast.users[name]).get(address), ".head form[action='/find']"), address
        assert found_by(browse(cast.users[name]).get("/wishes"), ".head form[action='/wishes']")
    assert client.get("/find").status_code == 302
