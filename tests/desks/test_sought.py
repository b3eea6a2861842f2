"""What is typed above a list of people stands in no address: it waits in the session, under a number."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal import sought
from tests.page_forms import forms_of
from tests.pages import select, texts

# Each list, who reads it, and the columns in which the one found stands.
LISTS = (
    ("liaison1", "/members", "1001"), ("clerk1", "/members", "ouyang"), ("county", "/accounts", "欧阳"),
    ("clerk1", "/registrations", "欧阳"), ("clerk1", "/registrations/file", "欧阳"),
    ("clerk1", "/pledges/cases", "oyy"), ("clerk1", "/duties/people", "ouyang"), ("clerk1", "/households", "陈"),
    ("clerk1", "/records", "ouyang"), ("clerk1", "/records/new", "ouyang"), ("clerk1", "/proofs/new", "ouyang"),
    ("clerk1", "/evaluations", "欧阳"), ("clerk1", "/evaluations/notes/new", "ouyang"),
)  # fmt: skip


@pytest.mark.parametrize(("username", "address", "typed"), LISTS)
def test_no_list_of_people_puts_what_is_typed_into_its_address(cast, browse, username, address, typed):
    browser = browse(cast.users[username])
    (form,) = [each for each in forms_of(browser.get(address).text) if each.values.get("to") == address]
    answer = browser.post(form.action, data=form.values | {"q": typed})
    assert (answer.status_code, urlsplit(answer.location).path) == (303, address)
    assert parse_qs(urlsplit(answer.location).query)["s"] == ["1"] and typed not in answer.location
    page = browser.get(answer.location)
    assert [one.get("value") for one in select(page, "main [name=q]")] == [typed]
    addresses = [link.get(name) or "" for link in select(page, "a, form") for name in ("href", "action")]
    assert not [each for each in addresses if typed in each or "%E" in each]


def test_the_other_filters_stay_in_the_address(cast, browse):
    browser = browse(cast.users["county"])
    form = {"to": "/members", "q": "ouyang", "community": str(cast.community1.id), "status": ""}
    answer = browser.post("/sought", data=form)
    assert answer.location == f"/members?community={cast.community1.id}&status=&s=1"
    assert texts(browser.get(answer.location), "tbody th") == ["欧阳䶮"]
    assert (
        browser.post("/sought", data=form | {"q": "  "}).location == f"/members?community={cast.community1.id}&status="
    )


def test_a_name_in_the_address_is_not_read(cast, browse):
    browser = browse(cast.users["county"])
    assert len(texts(browser.get("/members?q=ouyang"), "tbody th")) > 1
    assert texts(browser.get("/members?s=7"), "tbody th") == texts(browser.get("/members"), "tbody th")


def test_the_same_words_keep_their_number(cast, browse):
    browser = browse(cast.users["county"])
    form = {"to": "/members", "q": "ouyang"}
    assert [browser.post("/sought", data=form).location for _ in range(2)] == ["/members?s=1"] * 2
    assert browser.post("/sought", data=form | {"q": "mmt"}).location == "/members?s=2"


def test_searches_of_a_few_windows_are_kept_and_older_ones_forgotten(cast, browse):
    browser = browse(cast.users["county"])
    first = browser.post("/sought", data={"to": "/members", "q": "ouyang"}).location
    for number in range(sought.KEPT - 1):
        browser.post("/find", data={"q": f"别的{number}"})
    assert texts(browser.get(first), "tbody th") == ["欧阳䶮"]
    browser.post("/sought", data={"to": "/members", "q": "别的"})
    assert len(texts(browser.get(first), "tbody th")) > 1


@pytest.mark.parametrize("to", ["https://else.where/", "//else.where", "", "/\\else"])
def test_it_leads_nowhere_else(cast, browse, to):
    answer = browse(cast.users["county"]).post("/sought", data={"to": to, "q": "x"})
    assert answer.location == "/desk?s=1"
