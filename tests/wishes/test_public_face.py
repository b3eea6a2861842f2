"""Residents on the public face, which holds no key that reads: every page works, and the offices read what was told."""

import pytest
import time_machine
from sqlalchemy import select

from portal import audit, clock, vault
from portal.extensions import db
from portal.papers import paper_keys
from portal.records.models import ServiceRecord
from portal.remarks.models import Remark
from portal.wishes import phones, sweeps
from portal.wishes.models import Wish, WishMessage, WishPhoto, WishState
from tests.conftest import FIELD_KEY
from tests.page_forms import form_to
from tests.pages import texts
from tests.wishes.making import CODE, TOLD, a_wish
from tests.wishes.residents import READING, fill, follow, make_wish, open_form
from tests.wishes.residents import TOLD as NEW

TELLS = {
    "name": "陈桂英", "phone": "13991234567", "address": "儒林苑3号楼2单元501室", "on_behalf_of": "周德福",
    "estate": "儒林苑",
}  # fmt: skip


@pytest.fixture
def public(county, face):
    """A resident's browser on the public face; nothing of this process can read what is sealed."""
    client = face("public").test_client()
    yield client
    assert not vault.unseals()


def offices() -> None:
    """From here on the process has the offices' keys."""
    db.session.rollback()
    db.session.expire_all()
    vault.load_key(FIELD_KEY)


def newest() -> Wish:
    return db.session.scalars(select(Wish).order_by(Wish.id.desc()).limit(1)).one()


def coded(cast, state: str, **more) -> Wish:
    """A wish of old, sealed by an office; with the query code that the slip showed."""
    wish = a_wish(cast, state, **more)
    wish.code_hash = vault.keyed_hash("code", f"{wish.number}:{CODE}")
    db.session.commit()
    return wish


def send(client, wish: Wish, verb: str, **said):
    return client.post(f"/wishes/follow/{verb}", data={"number": wish.number, "code": CODE} | said)


def test_a_wish_told_there_is_read_by_the_offices_only(county, public, face):
    number, _ = make_wish(public, county, **TELLS)
    wish = newest()
    assert wish.number == number
    for name in ("told", "name", "phone", "address", "beneficiary"):
        sealed = getattr(wish, f"{name}_sealed")
        assert sealed[4:5] == b"X"
        with pytest.raises(vault.NoKey):
            getattr(wish, name)
    assert (wish.phone_index, wish.shown_name) == (None, "陈某某")
    offices()
    read = [getattr(newest(), name) for name in ("told", "name", "phone", "address", "beneficiary")]
    assert read == [NEW, *(TELLS[name] for name in ("name", "phone", "address", "on_behalf_of"))]
    assert audit.first_broken() is None
    face("public")


def test_the_phone_is_indexed_by_an_office_and_before_anybody_may_claim(county, public, browse, face):
    make_wish(public, county)
    make_wish(public, county)
    offices()
    older, newer = db.session.scalars(select(Wish).order_by(Wish.id)).all()
    page = browse(county.users["clerk1"]).get(f"/wishes/{newer.number}/publish")
    form = form_to(page.text, "/publish")
    answer = browse(county.users["clerk1"]).post(
        form.action, data=form.filled(title="教老人用手机", category="convenience")
    )
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    assert newer.phone_index == phones.index_of("13991234567")
    assert older.phone_index is None
    sweeps.index_phones(clock.now())
    assert older.phone_index == newer.phone_index
    face("public")


def test_slip_and_its_pdf(county, public):
    number, _ = make_wish(public, county)
    page = public.get(f"/wishes/{number}/slip")
    assert page.status_code == 200
    paper = public.get(f"/papers/wish-slip/{number}.pdf")
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert public.post("/wishes/slip/clear").status_code == 303
    assert public.get(f"/papers/wish-slip/{number}.pdf").status_code == 404


@pytest.mark.parametrize("state", [state.value for state in WishState if state is not WishState.MERGED])
def test_the_follow_page_shows_what_is_not_sealed_and_says_where_the_rest_is(county, state, face):
    wish = coded(county, state, answer="社区没有这样的师傅。" if state in ("rejected", "closed") else None)
    message = WishMessage(wish=wish, kind="missing", at=clock.now(), by_name="居民")
    message.words = "还漏一点"
    db.session.add_all([message, WishPhoto(wish=wish, file="a" * 32 + ".jpg", at=clock.now())])
    db.session.commit()
    page = follow(face("public").test_client(), wish.number, CODE)
    assert page.status_code == 200
    assert TOLD not in page.text and "还漏一点" not in page.text
    assert "您写的内容已经加密交给社区，这里不再显示；想核对，请打社区电话。" in page.text
    assert "社区已收到。" in page.text
    assert "/photos/" not in page.text  # its folder has none
    assert wish.state.label in texts(page, "h1 .tag")


def test_what_residents_answer_there(county, face):
    said, confirmed, reopened, withdrawn = (coded(county, state) for state in ("claimed", "done", "done", "published"))
    client = face("public").test_client()
    assert send(client, said, "say", words="还缺一个扳手").status_code == 303
    assert send(client, confirmed, "confirm", rating="5", thanks="师傅手艺好").status_code == 303
    assert send(client, reopened, "reopen", reason="还是漏").status_code == 303
    assert send(client, withdrawn, "withdraw").status_code == 303
    for verb in ("say", "withdraw", "confirm", "reopen"):
        assert client.get(f"/wishes/follow/{verb}").status_code in (200, 303)
    assert client.post("/wishes/follow/leave").status_code == 303
    offices()
    states = [db.session.get_one(Wish, wish.id).state.value for wish in (said, confirmed, reopened, withdrawn)]
    assert states == ["claimed", "confirmed", "claimed", "withdrawn"]
    assert db.session.scalars(select(WishMessage.id).where(WishMessage.wish_id == said.id)).all()
    assert db.session.scalars(select(WishMessage).where(WishMessage.wish_id == said.id)).one().words == "还缺一个扳手"
    assert len(db.session.scalars(select(ServiceRecord)).all()) == 1
    assert audit.first_broken() is None


def test_a_rejected_wish_is_said_again_in_full(county, face):
    """The words can't be shown there, so the form asks for them anew."""
    wish = coded(county, "rejected", answer="请写清楚要做什么。")
    client = face("public").test_client()
    with time_machine.travel(clock.now() - 2 * READING, tick=False):
        assert "改一改，再提交一次" in follow(client, wish.number, CODE).text
    form = open_form(client, "/wishes/new?again=1")
    assert {form.values[name] for name in ("detail", "name", "phone", "address", "on_behalf_of")} == {""}
    assert form.values["title"] == wish.title
    page = client.get("/wishes/new?again=1")
    assert "原来写的内容和联系方式这里不显示" in page.text
    answer = client.post("/wishes/new?again=1", data=fill(form, county))
    assert answer.status_code == 303, answer.text
    assert newest().follows_id == wish.id


def test_five_misses_lock_the_number_for_offices_too_until_a_clerk_gives_a_new_code(county, face):
    """Tries are counted under a key that every face has."""
    wish = coded(county, "published")
    client = face("public").test_client()
    for _ in range(5):
        client.post("/wishes/follow", data={"number": wish.number, "code": "ZZZZZZZZZZ"})
    for name in ("public", "internal"):
        answer = face(name).test_client().post("/wishes/follow", data={"number": wish.number, "code": CODE})
        assert "输错的次数太多" in answer.text


def test_a_paper_is_verified_without_the_key_that_signs(application, face, tmp_path):
    key = paper_keys.public_pem()
    client = face("public").test_client()
    assert client.get("/verify/key.pem").data == key
    assert client.get("/verify").status_code == 200
    assert client.get("/verify/ABCDEFGHJKMN").status_code == 404
    assert not (tmp_path / "public" / "seal_key.pem").exists()


@pytest.mark.parametrize("address", ["/", "/wishes", "/wishes/new", "/wishes/follow", "/pledges", "/help", "/verify",
                                     "/healthz", "/elder?on=1"])  # fmt: skip
def test_the_other_pages(county, public, address):
    assert public.get(address).status_code in (200, 303)


def test_a_remark_made_there_is_read_by_the_offices(county, public, face):
    with time_machine.travel(clock.now() - READING, tick=False):
        form = form_to(public.get("/remarks/new").text, "")
    kind = form.choices["kind"][-1]
    words = {"told": "灯修得又快又好。", "about": "修灯的党员", "name": "陈桂英", "phone": "13991234567"}
    said = words | {"kind": kind, "community": str(county.community1.id), "consent": "y"}
    answer = public.post("/remarks/new", data=form.filled(**said))
    assert (answer.status_code, answer.location) == (303, "/remarks/sent"), texts(answer, ".errors, #flash")
    assert public.get("/remarks/sent").status_code == 200
    offices()
    remark = db.session.scalars(select(Remark)).one()
    assert {name: getattr(remark, name) for name in words} == words
    face("public")


def test_readiness_of_a_public_face(county, public):
    answer = public.get("/readyz")
    assert answer.json["database"] and answer.json["migrations"]


def test_one_wish_of_the_wall(county, face):
    wish = a_wish(county)
    page = face("public").test_client().get(f"/wishes/{wish.number}")
    assert texts(page, "h1") == [wish.title]
