"""供需对照: what is asked for beside who could; every number is the length of the list that it opens."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import event

from portal.extensions import db
from portal.labels import Category
from portal.registrations.models import Exemption, ExemptionState
from portal.wishes import gap, workflow
from portal.wishes.crafts import Craft
from tests.pages import select, texts
from tests.wishes.making import a_wish
from tests.wishes.test_suited import MONDAY, SEVENTH, card


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def both(county):
    """Two communities with wishes and cards: what each line should count is written beside it."""
    card(county.member1_row, ("水电维修", "家里修水管"), (Category.CONVENIENCE,))
    card(county.member2_row, ("理发",), (Category.CONVENIENCE, Category.MEDICAL))
    card(county.member3_row, ("水电维修",), (Category.CONVENIENCE,))  # of community2
    a_wish(county)
    a_wish(county, published_at=SEVENTH)
    a_wish(county, on_wall=False, title="悄悄修水管")
    a_wish(county, "submitted")
    a_wish(county, community_id=county.community2.id, grid_id=None)
    for _ in range(2):
        held = a_wish(county, title="陪同看病", category=Category.MEDICAL, detail="请人陪")
        workflow.claim(held, county.by("member2"))
    db.session.commit()
    return county


def line(by, kind, community_id=None) -> tuple[int, int, int, int]:
    name = "craft" if isinstance(kind, Craft) else "category"
    found = next(one for one in gap.lines(by, community_id)[name] if one.kind is kind)
    return found.waiting, found.long, found.could, found.idle


def test_each_line_counts_wishes_that_wait_and_members_who_could(both):
    clerk, town = both.by("clerk1"), both.by("chengguan")
    assert line(clerk, Category.CONVENIENCE) == (3, 1, 2, 1)  # member2 has two wishes in hand
    assert line(clerk, Category.MEDICAL) == (0, 0, 1, 0)
    assert line(clerk, Craft.PLUMBING) == (3, 1, 1, 1)  # two skills, one member
    assert line(clerk, Craft.HAIR) == (0, 0, 1, 0)
    assert line(both.by("clerk2"), Category.CONVENIENCE) == (1, 0, 1, 1)
    for office in (town, both.by("county")):
        assert line(office, Craft.PLUMBING) == (4, 1, 2, 2)
        assert line(office, Craft.PLUMBING, both.community2.id) == (1, 0, 1, 1)
    assert line(both.by("town2"), Craft.PLUMBING) == (0, 0, 0, 0)


def test_who_is_exempt_is_not_counted(both):
    db.session.add(Exemption(member_id=both.member1_row.id, unit_id=both.unit1.id, reason="卧病", asked_by="高翔",
                             state=ExemptionState.AGREED, asked_on=dt.date(2026, 5, 1)))  # fmt: skip
    assert line(both.by("clerk1"), Craft.PLUMBING) == (3, 1, 0, 0)


@pytest.mark.parametrize("name", ["clerk1", "chengguan", "county"])
def test_every_number_opens_the_list_that_it_was_counted_from(both, browse, name):
    office = browse(both.users[name])
    page = office.get("/wishes/gap")
    links = select(page, "td.num a")
    assert len(links) >= 10
    for link in links:
        listed = office.get(link.get("href"))
        assert len(select(listed, "tbody tr")) == int(link.text), link.get("href")


def test_where_wishes_wait_and_nobody_has_time_it_says_so(both, browse):
    a_wish(both, title="陪老人理发", detail="请人上门")
    marked = texts(browse(both.users["clerk1"]).get("/wishes/gap"), "th:has(.tag)")
    assert marked == ["理发 缺人手"]


def test_members_stand_by_name_and_a_town_does_not_read_their_cards(both, browse):
    address = "/wishes/gap/members?category=convenience"
    shown = {name: browse(both.users[name]).get(address) for name in ("clerk1", "chengguan", "county")}
    assert texts(shown["clerk1"], "tbody th") == ["买买提·吐尔逊", "欧阳䶮"]
    assert texts(shown["county"], "tbody th") == ["买买提·吐尔逊", "欧阳䶮", "单雪"]
    assert "理发" in shown["county"].text and "理发" not in shown["chengguan"].text
    assert browse(both.users["clerk1"]).get("/wishes/gap/members").status_code == 404
    assert browse(both.users["clerk1"]).get("/wishes/gap/members?craft=magic").status_code == 404


def test_another_communitys_address_shows_nothing(both, browse):
    clerk = browse(both.users["clerk1"])
    other = clerk.get(f"/wishes/gap/members?category=convenience&community={both.community2.id}")
    assert texts(other, "tbody th") == []


def test_the_page_takes_few_queries(both, browse):
    clerk = browse(both.users["clerk1"])
    clerk.get("/wishes/gap")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *heard: asked.append(heard[2]))
    clerk.get("/wishes/gap")
    assert len([one for one in asked if one.startswith("SELECT")]) <= 10


def test_the_list_of_cases_is_narrowed_by_kind_and_waiting(both, browse):
    clerk = browse(both.users["clerk1"])
    waited = clerk.get("/wishes/cases?state=published&craft=plumbing&waited=1")
    assert len(select(waited, "tbody tr")) == 1
    assert len(select(clerk.get("/wishes/cases?category=medical"), "tbody tr")) == 2
    assert texts(clerk.get("/wishes/cases"), "label[for=community]") == []
    assert texts(browse(both.users["county"]).get("/wishes/cases"), "label[for=community]") == ["社区"]
