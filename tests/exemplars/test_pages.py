"""Pages of model volunteers: a clerk looks at the records and nominates, the county decides, everybody reads."""

from portal import clock
from portal.exemplars.models import Exemplar
from portal.extensions import db
from tests.exemplars.conftest import DEEDS, an_exemplar
from tests.page_forms import form_to
from tests.pages import same_page, texts
from tests.papers.making import service
from tests.registrations.conftest import walk

YEAR = clock.today().year


def act(browser, row, verb: str, **asked):
    address = f"/exemplars/{row.number}/{verb}"
    page = browser.get(address if asked else f"/exemplars/{row.number}").text
    return browser.post(address, data=form_to(page, address).filled(**asked))


def test_from_the_records_to_the_title(cast, browse):
    walk(cast, "filed")
    service(cast.member1_row, clock.today())
    db.session.commit()
    clerk, county, member, liaison = (browse(cast.users[name]) for name in ("clerk1", "county", "member1", "liaison1"))
    assert f"欧阳䶮（{cast.unit1.name}）" in clerk.get("/exemplars/new").text
    address = f"/exemplars/new?member={cast.member1_row.id}&year={YEAR}"
    page = clerk.get(address)
    assert "已确认的服务" in page.text and "1 次" in " ".join(texts(page, "#evidence dd"))
    form = form_to(page.text, address)
    answer = clerk.post(address, data=form.filled(leads=["needy", "disputes"], deeds=DEEDS))
    assert (answer.status_code, answer.location) == (303, f"/exemplars/{YEAR}-0001")
    row = db.session.scalars(db.select(Exemplar)).one()
    assert any("服务标兵推荐待确认" in words for words in texts(county.get("/desk"), ".todo__words"))
    assert texts(county.get(f"/exemplars/{row.number}"), "#evidence h2") == [f"{YEAR}年的记录"]
    assert act(county, row, "confirm").status_code == 303
    page = member.get(f"/exemplars/{row.number}")
    assert texts(page, ".history__act") == [] and texts(page, "#evidence h2")
    assert f"{YEAR}年服务标兵" in member.get("/registrations/mine").text
    assert f"{YEAR}年服务标兵" in liaison.get(f"/members/{cast.member1_row.id}").text
    other = browse(cast.users["member3"]).get(f"/exemplars/{row.number}")
    assert DEEDS in other.text and texts(other, "#evidence h2") == []


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, browse):
    walk(cast, "filed")
    clerk, address = browse(cast.users["clerk1"]), f"/exemplars/new?member={cast.member1_row.id}"
    form = form_to(clerk.get(address).text, f"{address}&year={YEAR}")
    answer = clerk.post(address, data=form.filled(deeds=DEEDS))
    assert answer.status_code == 422 and DEEDS in answer.text
    assert texts(answer, ".errors li") == ["请至少选择一个带头。"]
    answer = clerk.post(address, data=form.filled(leads=["needy"], deeds="请打13991234567。"))
    assert answer.status_code == 409 and texts(answer, ".errors li") == ["“13991234567”像是电话号码，请删去。"]
    assert db.session.scalars(db.select(Exemplar)).all() == []


def test_a_foreign_member_is_not_shown(cast, browse):
    walk(cast, "filed")
    clerk = browse(cast.users["clerk2"])
    page = clerk.get(f"/exemplars/new?member={cast.member1_row.id}")
    assert "欧阳䶮" not in page.text and texts(page, "#evidence h2") == []
    answer = clerk.post(f"/exemplars/new?member={cast.member1_row.id}", data={"leads": "needy", "deeds": DEEDS})
    assert db.session.scalars(db.select(Exemplar)).all() == [] and answer.status_code in (200, 422)


def test_returned_it_stands_on_the_desk_with_the_reason_and_goes_again(cast, browse):
    row = an_exemplar(cast, "returned")
    clerk = browse(cast.users["clerk1b"])
    assert any("服务标兵推荐被退回" in words for words in texts(clerk.get("/desk"), ".todo__words"))
    page = clerk.get(f"/exemplars/{row.number}")
    assert "事迹请再写具体些" in page.text
    form = form_to(clerk.get(f"/exemplars/{row.number}/amend").text, f"/exemplars/{row.number}/amend")
    assert form.values["deeds"] == DEEDS
    answer = act(clerk, row, "amend", leads=["patrol"], deeds=DEEDS)
    assert answer.status_code == 303
    db.session.refresh(row)
    assert (row.state.value, [lead.value for lead in row.leads]) == ("nominated", ["patrol"])


def test_the_list_narrows(cast, browse):
    row = an_exemplar(cast, "confirmed")
    county = browse(cast.users["county"])
    for query, found in (
        ("", 1), (f"?year={YEAR}", 1), ("?year=1999", 1), ("?state=returned", 0), ("?lead=needy", 1),
        ("?lead=patrol", 0),
        (f"?community={cast.community2.id}", 0), ("?year=x&lead=x&state=x", 1),
    ):  # fmt: skip
        assert len(texts(county.get(f"/exemplars{query}"), "tbody tr")) == found, query
    clerk2 = browse(cast.users["clerk2"])
    assert texts(clerk2.get("/exemplars"), "tbody th") == ["欧阳䶮"]
    row = db.session.get_one(Exemplar, row.id)
    act(county, row, "revoke", reason="经查事迹不实")
    assert same_page(clerk2.get(f"/exemplars/{row.number}"), clerk2.get("/exemplars/2098-9999"))
