"""Pages of organisations: who sees which, who keeps them, grids and estates by the clerk."""

import pytest
from sqlalchemy import select

from portal.audit import AuditRow
from portal.extensions import db
from portal.people.models import Community, Estate, Grid, Supervisor, Unit
from tests.pages import same_page

EVERYBODY = {
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1", "clerk2",
    "grid1", "member1",
}  # fmt: skip
READERS = {"county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "clerk1", "clerk2"}
OFFICES = {"county", "admin"}
DOORS = {
    "/organisations": READERS,
    "/organisations/units": READERS - {"clerk1", "clerk2"},
    "/organisations/communities": OFFICES | {"chengguan", "town2", "clerk1", "clerk2"},
    "/organisations/supervisors": OFFICES,
    "/organisations/nonsense": set(),
    "/organisations/units/{unit1}": OFFICES | {"dept1"},
    "/organisations/units/{unit3}": OFFICES | {"dept1", "committee"},
    "/organisations/communities/{community1}": OFFICES | {"chengguan", "clerk1"},
    "/organisations/supervisors/{dept1}": OFFICES | {"dept1"},
    "/organisations/units/999999": set(),
    "/organisations/units/new": OFFICES,
    "/organisations/supervisors/new": OFFICES,
    "/organisations/communities/new": OFFICES,
    "/organisations/units/{unit1}/edit": OFFICES,
    "/organisations/communities/{community1}/edit": OFFICES,
    "/organisations/communities/{community1}/grids/new": OFFICES | {"clerk1"},
    "/organisations/communities/{community1}/grids/{grid1}/edit": OFFICES | {"clerk1"},
    "/organisations/communities/{community1}/grids/{other_grid}/edit": set(),
    "/organisations/communities/{community2}/grids/{grid1}/edit": set(),
}


@pytest.mark.parametrize("route", DOORS)
def test_the_doors(cast, browse, route):
    ids = {name: place.id for name, place in cast.places.items()}
    answers = {name: browse(cast.users[name]).get(route.format_map(ids)).status_code for name in EVERYBODY}
    assert {name for name, status in answers.items() if status == 200} == DOORS[route]
    assert set(answers.values()) <= {200, 403, 404}


def test_a_foreign_unit_answers_exactly_like_a_missing_one(cast, browse):
    browser = browse(cast.users["dept1"])
    assert same_page(browser.get(f"/organisations/units/{cast.unit2.id}"), browser.get("/organisations/units/999999"))


def test_the_county_opens_and_corrects_a_unit(cast, browse):
    browser = browse(cast.users["county"])
    typed = {
        "name": "县图书馆党支部",
        "code": "Ｕ０９",
        "supervisor_id": cast.dept1.id,
        "kind": "institution",
        "level": "county",
        "phone": "0917-721 2399",
    }
    answer = browser.post("/organisations/units/new", data=typed)
    unit = db.session.scalars(select(Unit).where(Unit.code == "U09")).one()
    assert answer.location == f"/organisations/units/{unit.id}"
    assert unit.phone == "0917-7212399"
    answer = browser.post(f"/organisations/units/{unit.id}/edit", data=typed | {"head": "李敏", "version": "1"})
    assert answer.status_code == 303
    assert "李敏" in browser.get(f"/organisations/units/{unit.id}").text
    row = db.session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert (row.act, row.row_id, row.fields) == ("units.change", unit.id, "head")


def test_a_stale_form_shows_both_texts_in_words(cast, browse):
    browser, at = browse(cast.users["county"]), f"/organisations/units/{cast.unit1.id}/edit"
    typed = {
        "name": "凤翔中学党总支",
        "code": "U01",
        "supervisor_id": cast.dept1.id,
        "kind": "institution",
        "level": "county",
    }
    assert browser.post(at, data=typed | {"version": "1"}).status_code == 303
    stale = browser.post(at, data=typed | {"version": "1", "supervisor_id": cast.dept2.id, "kind": "office"})
    assert stale.status_code == 409
    for words in ("县卫生健康局党委", "县教育体育局党委", "机关", "事业"):
        assert words in stale.text
    assert db.session.get(Unit, cast.unit1.id).supervisor_id == cast.dept1.id


BAD = [
    ("units", {"name": ""}, "请填写名称。"),
    ("units", {"name": "凤翔中学党支部"}, "名称“凤翔中学党支部”已经有了，请核对。"),
    ("units", {"code": "U01"}, "代码“U01”已经有了，请核对。"),
    ("units", {"kind": "nonsense"}, "请从列出的选项中选择。"),
    ("units", {"supervisor_id": "committee"}, "请从列出的选项中选择。"),
    ("units", {"phone": "电话"}, "请填写有效的电话号码"),
    ("units", {"name": "名" * 10000}, "最多 60 个字。"),
    ("supervisors", {"kind": "department", "leads_county_town": "y"}, "只有镇党委可以牵头县城社区。"),
    ("supervisors", {"kind": "town", "leads_county_town": "y"}, "牵头县城社区的已经是城关镇党委，全县只能有一个。"),
    ("communities", {"town_id": "dept1"}, "请从列出的选项中选择。"),
]


@pytest.mark.parametrize(("kind", "typed", "sentence"), BAD)
def test_a_refused_organisation_says_why_and_changes_nothing(cast, browse, kind, typed, sentence):
    good = {
        "units": {"supervisor_id": "dept1", "kind": "office", "level": "county"},
        "supervisors": {"kind": "town"},
        "communities": {"town_id": "chengguan"},
    }[kind]
    body = {"name": "新单位", "code": "N1"} | good | typed
    body = {name: getattr(cast, value).id if name.endswith("_id") else value for name, value in body.items()}
    answer = browse(cast.users["county"]).post(f"/organisations/{kind}/new", data=body)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    for model, number in ((Unit, 3), (Supervisor, 5), (Community, 2)):
        assert len(db.session.scalars(select(model)).all()) == number


def test_a_clerk_keeps_the_own_grids_and_estates(cast, browse):
    browser, at = browse(cast.users["clerk1"]), f"/organisations/communities/{cast.community1.id}"
    typed = {"code": "G3", "name": "第三网格", "worker": "马德胜", "phone": "13891709999"}
    assert browser.post(f"{at}/grids/new", data=typed).status_code == 303
    grid = db.session.scalars(select(Grid).where(Grid.code == "G3")).one()
    assert grid.community_id == cast.community1.id
    assert browser.post(f"{at}/grids/new", data=typed).status_code == 409
    assert (
        browser.post(f"{at}/grids/{grid.id}/edit", data=typed | {"worker": "田力", "version": "1"}).status_code == 303
    )
    assert browser.post(f"{at}/grids/{grid.id}/edit", data=typed | {"version": "1"}).status_code == 409
    assert browser.post(f"{at}/estates", data={"name": "东湖花园"}).status_code == 303
    page = browser.get(at).text
    assert "田力" in page and "东湖花园" in page
    assert browser.post(f"{at}/estates", data={"name": "东湖花园"}).status_code == 409
    assert browser.post(f"{at}/estates", data={"name": ""}).status_code == 422
    estate = db.session.scalars(select(Estate).where(Estate.name == "东湖花园")).one()
    assert browser.post(f"{at}/estates/{estate.id}/remove").status_code == 303
    assert "东湖花园" not in browser.get(at).text


def test_a_clerk_changes_nothing_in_another_community(cast, browse):
    browser, at = browse(cast.users["clerk2"]), f"/organisations/communities/{cast.community1.id}"
    assert browser.post(f"{at}/estates", data={"name": "东湖花园"}).status_code == 404
    assert browser.post(f"{at}/estates/{cast.estate1.id}/remove").status_code == 404
    own = f"/organisations/communities/{cast.community2.id}"
    assert browser.post(f"{own}/estates/{cast.estate1.id}/remove").status_code == 404
    assert (
        browser.post(f"{own}/grids/{cast.grid1.id}/edit", data={"code": "G1", "name": "x", "version": "1"}).status_code
        == 404
    )
