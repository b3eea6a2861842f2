"""Three faces as three real servers on one database: a wish goes from the resident to the office, a member and back."""

import shutil
from contextlib import ExitStack

import pytest
from itsdangerous import Signer
from sqlalchemy import select

from portal import clock, create_app
from portal.accounts import passwords
from portal.extensions import db
from portal.wishes.models import Wish, WishState
from tests import postgres
from tests.cast import PASSWORD, Cast
from tests.conftest import FIELD_KEY
from tests.server import serving
from tests.visitors import Answer, Visitor
from tests.wishes.making import register
from tests.wishes.residents import TOLD, copy_slip

pytestmark = pytest.mark.long

INNER_SECRET = "internal-and-member-" + "i" * 20
PUBLIC_SECRET = "only-the-public-face-" + "p" * 20


@pytest.fixture(params=["sqlite", "postgresql"])
def faces(request, tmp_path):
    """`at("public")` is a browser before the server of that face; and the cast of their database."""
    uri = f"sqlite:///{tmp_path / 'portal.db'}" if request.param == "sqlite" else postgres.database("faces")
    for name in ("internal", "member", "public"):
        (tmp_path / name).mkdir()
    (tmp_path / "internal" / "field_key").write_text(FIELD_KEY)
    office = create_app({"INSTANCE_DIR": str(tmp_path / "internal"), "SQLALCHEMY_DATABASE_URI": uri})
    with office.app_context(), ExitStack() as servers:
        db.create_all()
        cast = Cast.settle()
        register(cast, "member1")
        for username in ("clerk1", "member1", "dual"):
            cast.users[username].password_hash = passwords.hash_password(PASSWORD)
        cast.users["dual"].last_appointment_id = max(held.id for held in cast.users["dual"].appointments)
        db.session.commit()
        written = office.test_cli_runner().invoke(args=["keys", "public", "--out", str(tmp_path / "keys.json")])
        assert written.exit_code == 0, written.output
        shutil.copy(tmp_path / "internal" / "field_key", tmp_path / "member")
        own = {
            "internal": {"FLASK_SECRET_KEY": INNER_SECRET},
            "member": {"FLASK_SECRET_KEY": INNER_SECRET},
            "public": {"FLASK_SECRET_KEY": PUBLIC_SECRET, "FLASK_PUBLIC_KEYS": str(tmp_path / "keys.json")},
        }
        running = {
            name: servers.enter_context(serving(tmp_path / name, uri, FLASK_FACE=name, WEB_CONCURRENCY="1", **settings))
            for name, settings in own.items()
        }

        def at(name: str, cookie: str = "") -> Visitor:
            browser = Visitor(running[name], cookie)
            servers.callback(browser.hang_up)
            return browser

        yield at, cast
        db.session.remove()
        db.engine.dispose()


def sign_in(browser: Visitor, username: str) -> tuple[Visitor, Answer]:
    """The browser, which has sent the login form, and the answer."""
    fields = browser.get("/login").hidden("") | {"username": username, "password": PASSWORD}
    return browser, browser.post("/login", fields)


def tell_a_wish(browser: Visitor, cast: Cast) -> tuple[str, str]:
    """Make a wish as a resident who reads before writing; number and code of the slip."""
    fields = browser.get("/wishes/new").hidden("")
    opened = str(int(clock.now().timestamp()) - 20)
    fields["opened"] = Signer(PUBLIC_SECRET, salt="wish-form").sign(opened).decode()
    fields |= {"detail": TOLD, "community": str(cast.community1.id), "name": "陈桂英", "phone": "13991234567"}
    db.session.rollback()
    answer = browser.post("/wishes/new", fields | {"consent": "y"})
    assert answer.status == 303, answer.said
    return copy_slip(browser.get(answer.location).text)


def test_a_wish_goes_through_three_faces(faces):
    at, cast = faces
    resident = at("public")
    number, code = tell_a_wish(resident, cast)
    address = f"/wishes/{number}"
    assert resident.get(address).status == 404  # nothing is shown before the review

    clerk, answer = sign_in(at("internal"), "clerk1")
    assert (answer.status, answer.location) == (303, "/desk")
    page = clerk.get(address)
    assert TOLD in page.text
    assert "13991234567" not in page.text
    looked = clerk.post(f"{address}/look", page.hidden(f"{address}/look"))
    page = clerk.get(looked.location)
    assert "陈桂英" in page.text and "13991234567" in page.text
    fields = page.hidden(f"{address}/publish")
    fields |= {"title": "教老人用手机看病挂号", "category": "convenience", "detail": "教一位老人用手机挂号。",
               "helpers_needed": "1", "on_wall": "y"}  # fmt: skip
    answer = clerk.post(f"{address}/publish", fields)
    assert answer.status == 303, answer.said

    member, answer = sign_in(at("member"), "member1")
    assert (answer.status, answer.location) == (303, "/desk")
    answer = member.post(f"{address}/claim", member.get(address).hidden(f"{address}/claim"))
    assert answer.status == 303, answer.said

    followed = resident.get("/wishes/follow").hidden("/wishes/follow") | {"number": number, "code": code}
    assert resident.post("/wishes/follow", followed).status == 303
    page = resident.get("/wishes/follow")
    assert "认领了您的心愿" in page.text
    assert TOLD not in page.text and "已经加密交给社区" in page.text
    wish = db.session.scalars(select(Wish)).one()
    assert (wish.state, wish.phone, wish.phone_index is None) == (WishState.CLAIMED, "13991234567", False)

    db.session.rollback()

    assert resident.get("/login").status == member.get("/wishes/cases").status == 404
    refused = sign_in(at("member"), "clerk1")[1]
    assert (refused.status, "这里只供在职党员登录" in refused.text) == (403, True)


def test_a_session_of_the_office_opens_no_desk_at_the_members_door(faces):
    """Even where both faces are given one session key: the role decides, at every request."""
    at, _ = faces
    at_work, answer = sign_in(at("internal"), "dual")
    assert answer.status == 303
    assert at_work.get("/desk").status == 200
    brought = at("member", "; ".join(f"{k}={v.value}" for k, v in at_work.cookies.items()))
    assert brought.get("/desk").location.startswith("/login")
