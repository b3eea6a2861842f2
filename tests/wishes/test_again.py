"""A rejected wish said again: once, from the page of its resident, and each names the other."""

import pytest
import time_machine

from portal import clock
from portal.extensions import db
from portal.wishes import workflow
from portal.wishes.models import Wish, WishState
from portal.wishes.submitting import hash_code
from tests.page_forms import form_to
from tests.wishes.making import TOLD, a_wish
from tests.wishes.residents import READING, follow
from tests.wishes.test_following import CODE

AGAIN = 'href="/wishes/new?again=1"'


@pytest.fixture
def refused(cast) -> Wish:
    wish = a_wish(cast, "rejected", answer="请写明在哪个小区。")
    wish.code_hash = hash_code(wish.number, CODE)
    db.session.commit()
    return wish


def say_again(client):
    """Follow the page's own button, change the words, and send."""
    form = form_to(client.get("/wishes/new?again=1").text, "")
    with time_machine.travel(clock.now() + READING, tick=False):
        return client.post("/wishes/new?again=1", data=form.filled(detail="儒林苑三号楼的水龙头漏水。", consent="y"))


def test_it_is_said_again_from_the_follow_page_and_linked(cast, client, refused, browse):
    page = follow(client, refused.number, CODE)
    assert AGAIN in page.text and "请写明在哪个小区。" in page.text
    assert TOLD in client.get("/wishes/new?again=1").text
    assert say_again(client).status_code == 303
    new = db.session.scalars(db.select(Wish).where(Wish.follows_id == refused.id)).one()
    assert new.state is WishState.SUBMITTED
    clerk = browse(cast.users["clerk1"])
    assert f"原来的受理号是 {refused.number}" in clerk.get(f"/wishes/{new.number}").text
    assert f"新的受理号是 {new.number}" in clerk.get(f"/wishes/{refused.number}").text


def test_once_only_and_the_page_names_the_new_number(cast, client, refused):
    follow(client, refused.number, CODE)
    say_again(client)
    new = db.session.scalars(db.select(Wish).where(Wish.follows_id == refused.id)).one()
    page = follow(client, refused.number, CODE).text
    assert AGAIN not in page
    assert f"新的受理号是 {new.number}" in page


def test_what_was_said_again_and_refused_again_is_not_said_a_third_time(cast, client, refused):
    follow(client, refused.number, CODE)
    say_again(client)
    new = db.session.scalars(db.select(Wish).where(Wish.follows_id == refused.id)).one()
    workflow.reject(new, cast.by("clerk1"), reason="仍然不在服务范围")
    new.code_hash = hash_code(new.number, CODE)
    db.session.commit()
    assert AGAIN not in follow(client, new.number, CODE).text


def test_only_who_holds_the_code_says_it_again(cast, client, refused):
    assert "您在重新提交" not in client.get("/wishes/new?again=1").text
