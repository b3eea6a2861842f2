"""The log of a real server: one JSON line a request and one a fault, and nothing of what anybody typed."""

import json
import socket
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

import pytest

from tests.cast import sign_in
from tests.server import serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What the requests below carry: phones, names, a user name, a password, a code, a query, an address.
TYPED = (
    "13991234567", "13891701001", "欧阳䶮", "王秀兰", "clerk1", "geheim-2026", "FXWJ234567", "kandeng", "9999",
    "127.0.0.1",
)  # fmt: skip


def ask(server, method: str, address: str, form: dict | None = None, **headers) -> str:
    """One request; the id that its answer bears."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    body = urlencode(form) if form else None
    connection.request(method, quote(address, safe="/?=&"), body, headers | (FORM if form else {}))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers.get("X-Request-ID", "")


def send(server, data: bytes) -> None:
    """Bytes that are no request."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(data)
        while connection.recv(4096):
            pass


@pytest.fixture
def logged(app, cast, tmp_path):
    """`logged(ask_all)` is what a server with faults in it logs while `ask_all(server, cookie)` asks it."""
    token = sign_in(app, cast.users["clerk1"]).get_cookie("portal").value
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    settings = {"FLASK_SECRET_KEY": app.config["SECRET_KEY"], "FLASK_FIELD_KEY": app.config["FIELD_KEY"]}

    def run(ask_all) -> tuple[list[dict], list[str]]:
        with serving(tmp_path, uri, "tests.kernel.faulty:app", **settings, FLASK_WTF_CSRF_ENABLED="false") as server:
            asked = ask_all(server, f"portal={token}")
        lines = [json.loads(line) for line in (tmp_path / "server.log").read_text().splitlines()]
        return [line for line in lines if line.get("route") != "/healthz"], asked

    return run


def test_a_request_is_one_line_that_tells_the_pattern_and_the_role(logged):
    def ask_all(server, cookie):
        return [
            ask(server, "GET", "/wishes?q=kandeng"),
            ask(server, "GET", "/wishes/2026-9999"),
            ask(server, "GET", "/13991234567/欧阳䶮"),
            ask(server, "POST", "/login", {"username": "clerk1", "password": "geheim-2026"}),
            ask(server, "POST", "/wishes/follow", {"number": "2026-9999", "code": "FXWJ234567"}),
            ask(server, "GET", "/members?q=欧阳䶮", Cookie=cookie),
            ask(server, "GET", "/static/css/base.css", Cookie=cookie),
        ]

    lines, asked = logged(ask_all)
    told = [tuple(line[name] for name in ("level", "event", "method", "route", "status", "role")) for line in lines]
    assert told == [
        ("info", "request", "GET", "/wishes", 200, "resident"),
        ("info", "request", "GET", "/wishes/<number:wish>", 404, "resident"),
        ("info", "request", "GET", None, 404, "resident"),
        ("info", "request", "POST", "/login", 422, "resident"),
        ("info", "request", "POST", "/wishes/follow", 422, "resident"),
        ("info", "request", "GET", "/members", 200, "clerk"),
        ("info", "request", "GET", "/static/<path:filename>", 200, None),
    ]
    assert [line["request"] for line in lines] == asked
    assert all(0 < line["ms"] < 30_000 and line["time"].endswith("Z") for line in lines)
    assert_tells_nothing(lines)


def test_a_fault_tells_its_places_and_no_values(logged):
    def ask_all(server, _cookie):
        return [
            ask(server, "GET", "/fault/欧阳䶮?q=13891701001"),
            ask(server, "POST", "/fault/statement/欧阳䶮", {"phone": "13891701001"}),
            ask(server, "GET", "/beyond/13991234567?q=欧阳䶮"),
            send(server, b"GET /13991234567 nonsense\r\n\r\n"),
        ]

    lines, asked = logged(ask_all)
    faults = [line for line in lines if line["level"] == "error" and "traceback" in line]
    assert [(line["event"], line.get("route"), line["error"]) for line in faults[:2]] == [
        ("fault", "/fault/<name>", "RuntimeError"),
        ("fault", "/fault/statement/<name>", "IntegrityError"),
    ]
    assert "in fault" in faults[0]["traceback"] and "raise RuntimeError(f" in faults[0]["traceback"]
    assert [line["request"] for line in faults[:2]] == asked[:2]
    assert [(line["event"], line["error"]) for line in faults[2:]] == [("Error handling request %s %s", "RuntimeError")]
    assert_tells_nothing(lines)


def test_what_a_library_warns_of_is_a_line_without_what_it_fills_in(logged):
    lines, asked = logged(lambda server, _cookie: [ask(server, "GET", "/warned/13991234567")])
    assert [(line["level"], line["event"], line["request"]) for line in lines] == [
        ("warning", "gave up on %s", asked[0]),
        ("error", "failed", asked[0]),
        ("info", "request", asked[0]),
    ]
    assert lines[1]["error"] == "ValueError" and "raise ValueError" in lines[1]["traceback"]
    assert_tells_nothing(lines)


def assert_tells_nothing(lines: list[dict]) -> None:
    whole = json.dumps(lines, ensure_ascii=False)
    assert [typed for typed in TYPED if typed in whole] == []
