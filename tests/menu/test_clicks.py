"""One click on the board: the button posts to the thing's own room, whose page holds what the card shows instead."""

import pytest

from portal.wishes import wall_cache
from tests.menu.making import a_post, an_activity
from tests.pages import select, texts
from tests.wishes.making import a_wish


@pytest.mark.parametrize(
    ("make", "verb", "words"),
    [
        (an_activity, "sign_up", "已报名 活动当天见。"),
        (lambda county: an_activity(county, capacity=1, going=("member2",)), "sign_up",
         "候补 您排在候补第 1 位，空出名额会自动递补并通知您。"),
        (a_post, "claim", "在岗 您在岗，2026年6月15日 起。"),
        (lambda county: a_wish(county, helpers_needed=2), "claim", None),
    ],
)  # fmt: skip
def test_a_click_leads_to_a_page_with_the_piece_that_the_card_takes(county, browse, make, verb, words):
    make(county)
    member = browse(county.users["member1"])
    (button,) = (one for one in select(member.get("/menu"), "#board button") if verb in one.get("class").split())
    answer = member.post(button.get("formaction"))
    assert answer.status_code == 303, texts(answer, "#flash")
    (piece,) = texts(member.get(answer.location), button.get("data-hx-select"))
    assert words in (None, piece)
    assert button.get("data-hx-target") == button.get("data-hx-select")
    held = ".offer__held, .offer__waits, .wish__held"
    assert len(select(member.get("/menu"), held)) == 1 and select(member.get("/menu"), "#board button") == []


@pytest.mark.parametrize(("make", "verb"), [(an_activity, "sign_up"), (a_post, "claim"), (a_wish, "claim")])
def test_whoever_comes_too_late_is_told_so_and_nothing_is_changed(county, browse, make, verb):
    """The board may be a minute old; then the thing was closed."""
    found, member = make(county), browse(county.users["member1"])
    address = f"/{found.__tablename__}/{found.number}/{verb}"
    (button,) = select(member.get("/menu"), "#board button")
    assert button.get("formaction") == address
    if verb == "sign_up":
        assert browse(county.users["clerk1"]).post(f"/activities/{found.number}/cancel", data={"reason": "下雨"})
    elif found.__tablename__ == "posts":
        assert browse(county.users["clerk1"]).post(f"/posts/{found.number}/close", data={"reason": "不需要了"})
    else:
        browse(county.users["member2"]).post(address)
    wall_cache.forget()
    answer = member.post(address)
    assert answer.status_code == 409
    assert texts(answer, "#flash")[0] != "" and len(select(answer, button.get("data-hx-select"))) == 1
    assert select(member.get("/menu"), ".offer__held, .wish__held") == []
