"""What a resident does in a browser, for tests: make a wish, copy the slip, follow it."""

import datetime as dt
import re

import time_machine

from portal import clock
from tests.page_forms import form_to

TOLD = "想请人教我用手机看病挂号，孩子们都不在身边。"
READING = dt.timedelta(seconds=20)


def open_form(client, address: str = "/wishes/new"):
    """The form as it was opened some seconds ago: nobody fills it at once."""
    with time_machine.travel(clock.now() - READING, tick=False):
        return form_to(client.get(address).text, "")


def fill(form, cast, **more) -> dict:
    """The five fields, and more; None takes one away."""
    filled = form.filled(
        detail=TOLD, community=str(cast.community1.id), name="陈桂英", phone="13991234567", consent="y"
    )
    return {name: value for name, value in (filled | more).items() if value is not None}


def make_wish(client, cast, **more) -> tuple[str, str]:
    """Make a wish and copy number and code from its slip."""
    answer = client.post("/wishes/new", data=fill(open_form(client), cast, **more))
    assert answer.status_code == 303, answer.text
    return copy_slip(client.get(answer.location).text)


def copy_slip(page: str) -> tuple[str, str]:
    """Number and code as a slip shows them."""
    number = re.search(r'class="slip__number">([^<]+)<', page)[1]
    return number, re.search(r'class="slip__code">([^<]+)<', page)[1].replace(" ", "")


def follow(client, number: str, code: str):
    """The answer to number and code, redirects followed."""
    return client.post("/wishes/follow", data={"number": number, "code": code}, follow_redirects=True)
