"""The pages of this room, by selector, and what is asked on them as people fill it in."""

import datetime as dt

import pytest
from sqlalchemy import select as query

from portal import clock
from portal.extensions import db
from portal.pairings import workflow
from portal.pairings.models import ActionState, ContactPoint, JointAction, Pairing, PairingProject, PairingState
from tests.page_forms import form_to
from tests.pages import same_page, select, texts
from tests.pairings.conftest import a_leader, action, paired, point, project, with_lists

READERS = ("liaison1", "clerk1", "chengguan", "dept1", "county")
LISTS = ("/pairings", "/pairings/projects", "/pairings/actions", "/pairings/contact-points")


def links(answer, css: str = "#list tbody a") -> list[str]:
    return [element.get("href") for element in select(answer, css)]


def posted(browser, address: str, **typed):
    """What comes of the one form at this address, filled in as asked."""
    page = browser.get(address)
    assert page.status_code == 200, page.status_code
    ending = address.partition("?")[0]
    try:
        form = form_to(page.text, "")
    except AssertionError:
        form = form_to(page.text, ending)
    return browser.post(ending, data=form.filled(**typed))


@pytest.mark.parametrize("person", READERS)
def test_each_list_shows_ones_scope_and_leads_to_the_page(cast, browse, person):
    made = project(cast)
    done, held = action(cast, "confirmed", made.pairing), point(cast)
    own = (f"/pairings/{made.pairing_id}", f"/pairings/projects/{made.id}", f"/pairings/actions/{done.id}",
           f"/pairings/contact-points/{held.id}")  # fmt: skip
    browser = browse(cast.users[person])
    for address, row in zip(LISTS, own, strict=True):
        assert links(browser.get(address)) == [row]
        assert browser.get(row).status_code == 200


@pytest.mark.parametrize("person", ["liaison2", "clerk2", "dept2", "town2", "committee"])
def test_a_foreign_list_is_empty(cast, browse, person):
    made = project(cast)
    action(cast, "confirmed", made.pairing)
    point(cast)
    for address in LISTS:
        assert links(browse(cast.users[person]).get(address)) == []


def test_the_committee_reads_those_of_offices_only(cast, browse):
    paired(cast)
    office = workflow.propose(cast.unit3, cast.community1, cast.by("liaison3"))
    db.session.commit()
    browser = browse(cast.users["committee"])
    assert links(browser.get("/pairings")) == [f"/pairings/{office.id}"]
    assert select(browser.get(f"/pairings/{office.id}"), "main form.move, main a.button.end") == []


def test_a_pairing_from_proposal_to_three_lists_by_the_forms_people_see(cast, browse):
    unit, community = browse(cast.users["liaison1"]), browse(cast.users["clerk1"])
    answer = posted(unit, "/pairings/propose", place_id=str(cast.community1.id), aim="一起办实事")
    own = answer.location
    assert answer.status_code == 303 and own == f"/pairings/{db.session.scalars(query(Pairing.id)).one()}"
    assert texts(unit.get("/pairings/propose"), "#place_id option") == ["请选择", "凤鸣社区"]
    assert texts(community.get(own), "article button") == ["同意结对"]  # declining asks for the reason, so it is a link
    assert community.post(f"{own}/agree").status_code == 303
    assert posted(community, f"{own}/add_need", what="手机使用辅导", note="二十人").status_code == 303
    assert posted(unit, f"{own}/add_resource", what="青年志愿队").status_code == 303
    page = unit.get(own)
    assert texts(page, "#needs tbody th") == ["手机使用辅导二十人"]
    assert texts(page, "#resources tbody th") == ["青年志愿队"]
    plan = links(page, "#needs .act a")[0]
    form = form_to(unit.get(plan).text, "")
    assert (form.values["what"], form.values["need_id"]) == ("手机使用辅导", plan.partition("need=")[2])
    day = f"{clock.today() + dt.timedelta(days=20):%Y-%m-%d}"
    answer = posted(unit, plan, responsible="高翔、王秀兰", due_on=day)
    assert answer.status_code == 303 and answer.location.startswith("/pairings/projects/")
    assert posted(community, f"{own}/record", what="第一期", took_part="２３").status_code == 303
    page = unit.get(own)
    assert texts(page, "#projects tbody th") == ["手机使用辅导"]
    assert texts(page, "#actions tbody td.num") == ["23"]
    assert texts(page, ".history__act") == ["列入资源", "列入需求", "同意结对", "提出结对"]
    assert texts(page, ".history__why") == ["资源：青年志愿队", "需求：手机使用辅导"]


def test_bad_input_gets_a_sentence_keeps_what_was_typed_and_changes_nothing(cast, browse):
    row = with_lists(cast)
    browser = browse(cast.users["liaison1"])
    for verb, typed, words in (
        ("plan", {"what": "教手机", "responsible": "高翔", "need_id": "", "resource_id": ""}, "请选择对应的需求或资源"),
        ("plan", {"what": "教手机", "responsible": ""}, "请填写责任人"),
        ("plan", {"what": "教手机", "responsible": "高翔", "due_on": "2020-01-01", "need_id": str(row.needs[0].id)},
         "不能早于今天"),
        ("record", {"what": "教手机", "took_part": "0"}, "请填写 1 到 5000 之间的整数"),
        ("record", {"what": "教手机", "took_part": "3", "held_on": "2099-01-01"}, "活动日期还没有到"),
        ("add_resource", {"what": "青年教师志愿队"}, "已在资源清单上"),
        ("add_resource", {"what": "一" * 61}, "最多 60 个字"),
    ):  # fmt: skip
        answer = posted(browser, f"/pairings/{row.id}/{verb}", **typed)
        assert answer.status_code in (409, 422), (verb, typed)
        assert words in answer.text, (verb, typed)
        kept = typed["what"] in answer.text
        assert kept, (verb, typed)
    assert not db.session.scalars(query(PairingProject)).all() and not db.session.scalars(query(JointAction)).all()


def test_ending_and_declining_ask_for_the_reason(cast, browse):
    row = paired(cast)
    browser = browse(cast.users["clerk1"])
    assert browser.post(f"/pairings/{row.id}/end", data={"reason": ""}).status_code == 422
    assert row.state is PairingState.ACTIVE
    assert browser.post(f"/pairings/{row.id}/end", data={"reason": "单位搬迁"}).status_code == 303
    page = browser.get(f"/pairings/{row.id}")
    assert texts(page, ".history__why")[0] == "单位搬迁"
    assert select(page, "main form.move, .section-head a.button") == []


def test_lists_are_narrowed_by_state_and_by_what_waits_for_oneself(cast, browse):
    row = paired(cast, "proposed")
    unit, community = browse(cast.users["liaison1"]), browse(cast.users["clerk1"])
    assert links(community.get("/pairings?mine=y")) == [f"/pairings/{row.id}"]
    assert links(unit.get("/pairings?mine=y")) == []
    assert links(unit.get("/pairings?state=proposed")) == [f"/pairings/{row.id}"]
    assert links(unit.get("/pairings?state=active")) == links(unit.get("/pairings?state=ended")) == []
    assert links(unit.get("/pairings?state=nonsense")) == [f"/pairings/{row.id}"]


def test_a_late_project_says_so_and_is_found(cast, browse, time_machine):
    time_machine.move_to("2026-05-11 02:00:00+00:00")
    made = project(cast)
    time_machine.move_to("2026-05-25 02:00:00+00:00")
    browser = browse(cast.users["dept1"])
    assert texts(browser.get("/pairings/projects?late=y"), "#list .tag--red") == ["已过时限"]
    assert "应于2026年5月21日以前完成" in browser.get(f"/pairings/projects/{made.id}").text


def test_a_project_s_page_names_where_it_came_from_and_what_was_done_for_it(cast, browse):
    made = project(cast)
    unit = browse(cast.users["liaison1"])
    answer = posted(unit, f"/pairings/{made.pairing_id}/record?project={made.id}", took_part="30")
    assert answer.status_code == 303
    found = db.session.scalars(query(JointAction)).one()
    assert (found.project_id, found.what, found.state) == (made.id, "教老人用手机", ActionState.RECORDED)
    page = unit.get(f"/pairings/projects/{made.id}")
    words = dict(zip(texts(page, "dl.summary dt"), texts(page, "dl.summary dd"), strict=True))
    assert (words["对应的需求"], words["用到的资源"]) == ("手机使用辅导", "青年教师志愿队")
    assert links(page, "ul.links a") == [f"/pairings/actions/{found.id}"]


def test_a_contact_point_by_the_forms_and_where_it_is_shown(cast, browse):
    cast.member1_row.leading = True
    db.session.commit()
    unit, community, leader = (browse(cast.users[name]) for name in ("liaison1", "clerk1", "member1"))
    page = unit.get(f"/members/{cast.member1_row.id}")
    [propose] = [link for link in links(page, "main a.button") if "contact-points" in link]
    answer = posted(unit, propose, community_id=str(cast.community1.id))
    assert answer.status_code == 303
    row = db.session.scalars(query(ContactPoint)).one()
    assert row.member_id == cast.member1_row.id
    assert community.post(f"{answer.location}/agree").status_code == 303
    for browser, address in (
        (unit, f"/members/{row.member_id}"), (leader, f"/members/{row.member_id}"), (leader, "/registrations/mine"),
        (community, f"/members/{row.member_id}"), (browse(cast.users["dept1"]), f"/members/{row.member_id}"),
    ):  # fmt: skip
        assert links(browser.get(address), "#contact-points a") == [answer.location], address
    assert leader.get(answer.location).status_code == 200
    assert select(leader.get(answer.location), "article button, article a.button") == []
    assert leader.post(f"{answer.location}/end", data={"reason": "不想联系了"}).status_code == 403
    assert browse(cast.users["member2"]).get(answer.location).status_code == 404


def test_only_leaders_of_ones_own_scope_are_offered(cast, browse):
    a_leader(cast)
    a_leader(cast, "白院长", "13891701032", cast.unit2)
    for person, expected in (
        ("liaison1", ["安副校长（凤翔中学党支部）"]), ("liaison2", ["白院长（县医院党总支）"]),
        ("dept1", ["安副校长（凤翔中学党支部）"]), ("town2", []),
    ):  # fmt: skip
        page = browse(cast.users[person]).get("/pairings/contact-points/propose")
        assert texts(page, "#member_id option")[1:] == expected, person


@pytest.mark.parametrize(
    ("person", "kind", "place", "words"),
    [
        ("clerk1", "communities", "community1", ["凤翔中学党支部", "安副校长"]),
        ("county", "communities", "community1", ["凤翔中学党支部", "安副校长"]),
        ("dept1", "units", "unit1", ["儒林社区"]), ("county", "units", "unit1", ["儒林社区"]),
        ("admin", "units", "unit1", []), ("admin", "communities", "community1", []),
        ("county", "units", "unit2", []), ("chengguan", "communities", "community2", []),
    ],
)  # fmt: skip
def test_an_organisation_s_page_lists_what_is_live_there(cast, browse, person, kind, place, words):
    paired(cast)
    point(cast)
    where = getattr(cast, place)
    page = browse(cast.users[person]).get(f"/organisations/{kind}/{where.id}")
    assert texts(page, f"#pairings-{where.id} li a") == words


def test_an_ended_pairing_is_live_nowhere(cast, browse):
    paired(cast, "ended")
    page = browse(cast.users["clerk1"]).get(f"/organisations/communities/{cast.community1.id}")
    assert select(page, f"#pairings-{cast.community1.id}") == []


def test_a_foreign_or_missing_row_is_no_row(cast, browse):
    row = with_lists(cast)
    foreign = browse(cast.users["liaison2"])
    for ending in ("", "/plan", "/record", "/end"):
        answer = foreign.get(f"/pairings/{row.id}{ending}")
        assert answer.status_code == 404
        assert same_page(answer, foreign.get(f"/pairings/999999{ending}")), ending


def test_the_page_can_be_printed_with_its_three_lists(cast, browse):
    made = project(cast)
    page = browse(cast.users["liaison1"]).get(f"/pairings/{made.pairing_id}")
    assert texts(page, "main h2") == ["需求清单", "资源清单", "项目清单", "共同活动", "办理过程"]
    assert texts(page, "[data-print]") == ["打印三个清单"]
