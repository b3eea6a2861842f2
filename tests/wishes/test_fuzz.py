"""Every field of the residents' and the intake's forms takes malice and accident: never a 500, nothing changed."""

import pytest

from portal.extensions import db
from portal.wishes import following, new_code, robots
from portal.wishes.submitting import hash_code
from tests.fuzz import TEXTS, assault
from tests.page_forms import form_to
from tests.wishes.making import a_wish
from tests.wishes.residents import fill, open_form
from tests.wishes.test_following import CODE, follow


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    """The limits would end the fuzzing after some tries."""
    for room, name in ((following, "TRIES_OF_ADDRESS"), (following, "MISSES"), (robots, "MOST_OF_ADDRESS"),
                       (robots, "MOST_OF_ALL"), (new_code, "TRIES")):  # fmt: skip
        monkeypatch.setattr(room, name, 10**6)


def test_the_public_form(cast, client):
    form = open_form(client)
    form.values = fill(form, cast)
    statuses = assault(client, "/wishes/new", form)
    assert statuses["detail: NUL"] == statuses["name: 10**4 characters"] == statuses["phone: emoji"] == 422
    assert statuses["helpers_needed: 2**63"] == statuses["wanted_by: year 10000"] == 422
    assert statuses["detail: 4-byte Han"] == 303


def test_number_and_code(cast, client):
    a_wish(cast, "published")
    form = form_to(client.get("/wishes/follow").text, "/wishes/follow")
    statuses = assault(client, "/wishes/follow", form)
    assert set(statuses.values()) <= {400, 413, 415, 422}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_number_in_the_address(cast, client, text):
    assert client.get("/wishes/follow", query_string={"number": text, "again": text}).status_code == 200
    assert client.get("/wishes/new", query_string={"again": text}).status_code == 200


@pytest.mark.long
@pytest.mark.parametrize(
    ("verb", "state"), [("confirm", "done"), ("reopen", "done"), ("say", "claimed"), ("withdraw", "published")]
)
def test_the_residents_answers(cast, client, verb, state):
    wish = a_wish(cast, state)
    wish.code_hash = hash_code(wish.number, CODE)
    db.session.commit()
    follow(client, wish.number, CODE)
    form = form_to(client.get(f"/wishes/follow/{verb}").text, verb)
    assault(client, f"/wishes/follow/{verb}", form)


@pytest.mark.long
@pytest.mark.parametrize("who", ["clerk1", "grid1"])
def test_taking_down(cast, browse, who):
    clerk = browse(cast.users[who])
    form = form_to(clerk.get("/wishes/take-down").text, "")
    form.values = form.filled(detail="楼道灯坏了", name="陈桂英", consent="y")
    statuses = assault(clerk, "/wishes/take-down", form)
    assert statuses["name: 2**31"] == statuses["note: 10**4 characters"] == 422


@pytest.mark.long
def test_new_codes_and_looks(cast, browse):
    wish = a_wish(cast, "confirmed")
    clerk = browse(cast.users["clerk1"])
    form = form_to(clerk.get(f"/wishes/{wish.number}/code").text, "")
    assault(clerk, f"/wishes/{wish.number}/code", form)
    look = form_to(clerk.get(f"/wishes/{wish.number}").text, "/look")
    assault(clerk, f"/wishes/{wish.number}/look", look)
