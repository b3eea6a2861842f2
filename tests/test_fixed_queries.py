"""No list needs more queries where there is more to list: each role's pages on a small county and on one four times so.

The pages are those that the navigation leads to, and the lists that these lead to in their turn. Both counties are the
demonstration's, on the same day; pages are counted once their process has warmed up.
"""

import re

import pytest
from sqlalchemy import event, select

from portal import clock
from portal.accounts.models import User
from portal.demo import commands
from portal.demo.scale import SMALL, Scale
from portal.desks import kept
from portal.extensions import db
from tests.cast import sign_in
from tests.conftest import empty_database
from tests.test_every_form import NOT_PAGES, links_of

LARGE = Scale(communities=6, units=24, members=480, wishes=360, records=1280)
LOGINS = ("county", "admin", "dept1", "chengguan", "committee", "unit1", "community1", "grid1", "member1")
# Lists of another kind: a row's own page (a number in its address), what is narrowed, and what leads elsewhere.
NO_LIST = re.compile(r"\d|\?|#|^/(logout|login|password|second-factor|elder)\b")
MOST_PAGES = 60
# What the first row of its kind brings along: the small county may have none where the large one has some.
FIRST_ROWS = 3
# A page of a few whole cases, each with a form of its own: five at most, however many wait.
FEW_AT_ONCE = {"/wishes/review"}
DAY = clock.moment_of("2026-05-18T10:00")


def counted(browser, address: str) -> int:
    """How many SELECTs one look at this page takes; -1 of what is no page."""
    asked = [0]

    def note(_connection, _cursor, statement, *_):
        asked[0] += statement.lstrip().upper().startswith(("SELECT", "WITH"))

    browser.get(address)  # what is computed once a process is computed now
    kept.forget()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        return asked[0] if browser.get(address).status_code == 200 else -1
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def lists_of(browser) -> list[str]:
    """The addresses of the lists that the navigation leads to, and of those that they lead to."""
    found, waiting = [], ["/desk"]
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0)
        answer = browser.get(address)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        found.append(address)
        seen = {*found, *waiting}
        links = dict.fromkeys(links_of(answer.text))
        waiting += [link for link in links if link not in seen and not (NO_LIST.search(link) or NOT_PAGES.search(link))]
    return found


def counts(app, scale: Scale) -> dict[tuple[str, str], int]:
    """The queries of each login's lists in a county of this scale."""
    empty_database()
    kept.forget()
    commands.load(scale)
    db.session.commit()
    found = {}
    for login in LOGINS:
        browser = sign_in(app, db.session.scalars(select(User).where(User.username == login)).one())
        found |= {(login, address): counted(browser, address) for address in lists_of(browser)}
    return found


@pytest.mark.long
def test_no_list_takes_more_queries_in_a_larger_county(app, time_machine):
    time_machine.move_to(DAY, tick=False)
    small, large = counts(app, SMALL), counts(app, LARGE)
    both = sorted(set(small) & set(large))
    assert len(both) > 100
    assert {login for login, _ in both} == set(LOGINS)
    more = {key: (small[key], large[key]) for key in both if large[key] > small[key] + FIRST_ROWS}
    assert {key: found for key, found in more.items() if key[1] not in FEW_AT_ONCE} == {}
