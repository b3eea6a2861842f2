"""Browsers before the real server: a phone and an office computer, each with and without JavaScript."""

import os
from pathlib import Path

import pytest

from tests.cast import sign_in
from tests.server import serving

WHERE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
WINDOWS = {
    "phone": WHERE
    | {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
    "office": WHERE | {"viewport": {"width": 1366, "height": 768}},
}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's Chromium (or CHROMIUM=…), silent towards the network."""
    return {"executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"), "args": list(QUIET)}


@pytest.fixture(scope="session")
def site(application, instance_dir):
    """The address of a real server on the database of the `app` and `cast` fixtures."""
    config = application.config
    keys = {"FLASK_SECRET_KEY": config["SECRET_KEY"], "FLASK_FIELD_KEY": config["FIELD_KEY"]}
    # No wall is kept: a test would be shown that of the one before, of a moment ago.
    with serving(instance_dir, config["SQLALCHEMY_DATABASE_URI"], FLASK_WALL_KEPT="0", **keys) as server:
        yield server.address


@pytest.fixture
def visit(app, new_context, site):
    """`visit("phone", javascript=False, user=…)` is a page in a browser of its own, signed in as that user.

    Afterwards no page may have thrown an error or broken the content security policy.
    """
    complaints: list[str] = []

    def note(message) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(window: str = "office", *, javascript: bool = True, user=None):
        context = new_context(base_url=site, java_script_enabled=javascript, **WINDOWS[window])
        context.set_default_timeout(10_000)
        if user is not None:
            cookie = sign_in(app, user).get_cookie(app.config["SESSION_COOKIE_NAME"])
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    assert complaints == []


@pytest.fixture
def phone(visit):
    """A resident's or member's phone."""
    return visit("phone")


@pytest.fixture
def office(visit):
    """An office computer."""
    return visit("office")


@pytest.fixture(params=["phone", "phone-without-js", "office", "office-without-js"])
def any_page(request, visit):
    """The same test on each window, with and without JavaScript."""
    window, _, without = request.param.partition("-")
    return visit(window, javascript=not without)
