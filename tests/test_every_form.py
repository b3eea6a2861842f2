"""Every page that people can click their way to answers, and every form on it takes malice and accident.

The forms are found as people find them: from the home page and each login's desk, link by link, in the demonstration
county, where every state of every life cycle occurs.
"""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.extensions import db
from portal.wishes import following, robots
from tests import demonstration
from tests.cast import sign_in
from tests.fuzz import TEXTS, assault, question
from tests.page_forms import PageForm, forms_of

LOGINS = ("", "county", "admin", "dept1", "chengguan", "park", "committee", "inspector1", "unit1", "community1",
          "grid1", "member1", "dual1")  # fmt: skip
ATTACKED = ("", "county", "dept1", "unit1", "community1", "grid1", "member1")  # the others' forms are the same
MOST_PAGES = 150
# They end the session that the others need, or change a password, which takes long on purpose; tested by themselves.
LEFT_ALONE = re.compile(r"/(logout|login|password|second-factor|switch|use)\b")
NOT_PAGES = re.compile(r"^/static/|\.(pdf|xlsx|ics|zip|svg)$")


@pytest.fixture
def demo(app, monkeypatch):
    demonstration.load()
    monkeypatch.setattr(following, "TRIES_OF_ADDRESS", 10**6)
    monkeypatch.setattr(robots, "MOST_OF_ADDRESS", 10**6)


@pytest.mark.long
@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login or "visitor")
def test_every_page_and_form(app, demo, login):
    forms = crawl(arrive(app, login))
    assert forms
    for (address, _), form in sorted(forms.items()) if login in ATTACKED else ():
        if form.method == "post":
            assault(arrive(app, login), address, form)
        else:
            question(arrive(app, login), address, {*form.names, "after"})


def arrive(app, login: str):
    """A browser of this login, or of a visitor."""
    if not login:
        return app.test_client()
    return sign_in(app, db.session.scalars(select(User).where(User.username == login)).one())


def crawl(client, start: tuple[str, ...] = ("/", "/desk")) -> dict[tuple[str, tuple], PageForm]:
    """Each kind of form that links lead to, by the address it is posted to; every page on the way must answer."""
    waiting, seen, forms = list(start), set(), {}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if kind_of(address) in seen or NOT_PAGES.search(address.partition("?")[0]):
            continue
        seen.add(kind_of(address))
        answer = client.get(address)
        assert answer.status_code < 400, f"{address} → {answer.status_code}"
        if answer.mimetype != "text/html" or answer.status_code >= 300:
            continue
        waiting += links_of(answer.text)
        for form in forms_of(answer.text):
            to = form.action or address
            if not LEFT_ALONE.search(to):
                forms.setdefault((kind_of(to), tuple(sorted(set(form.names)))), (to, form))
    return {(to, names): form for (_, names), (to, form) in forms.items()}


def kind_of(address: str) -> str:
    """The address with its numbers and what is asked of it left out."""
    return re.sub(r"\d+", "N", address.partition("?")[0].partition("#")[0])


def links_of(page: str) -> list[str]:
    """The addresses of this site that a page links to."""
    reader = _Links()
    reader.feed(page)
    return [link for link in reader.found if link.startswith("/") and not link.startswith("//")]


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a" and (link := dict(attrs).get("href")):
            self.found.append(link)


@pytest.mark.long
@pytest.mark.parametrize("login", ["", "county", "community1"], ids=["visitor", "county", "community1"])
def test_every_address_takes_odd_parts(app, demo, login):
    client = arrive(app, login)
    for rule in app.url_map.iter_rules():
        for part in sorted(rule.arguments):
            for label, text in TEXTS.items():
                address = odd_address(rule.rule, part, text)
                answer = client.get(address)
                answer.close()
                assert answer.status_code < 500, f"{rule.rule}: {part}: {label} → {answer.status_code}"


def odd_address(rule: str, part: str, text: str) -> str:
    """The rule's address with this text for one part and ordinary values for the others."""
    others = {"number": "2026-0001", "row": "1", "": "x"}
    filled = re.sub(rf"<(?:[^<>]*:)?{part}>", lambda _: quote(text[:500], safe=""), rule)
    return re.sub(r"<(?:(\w+)[^<>]*:)?\w+>", lambda match: others.get(match[1] or "", "1"), filled)
