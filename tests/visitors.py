"""A visitor without a browser: plain HTTP to the real server over one connection, cookies kept, forms read."""

from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.server import Server


@dataclass(frozen=True)
class Answer:
    """One answer of the server; `said` is the text of the page's notices (#flash) in one line."""

    status: int
    location: str
    text: str

    @property
    def said(self) -> str:
        return " ".join(_read(self.text).said)

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the form that this action, its own or a button's, sends; KeyError when there is none."""
        return _read(self.text).forms[action]


class Visitor:
    """Someone at the portal, signed in by a Cookie header or not."""

    def __init__(self, server: Server, cookie: str = "", timeout: float = 300):
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=timeout)
        self.cookies = SimpleCookie(cookie)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection; the next request opens another."""
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        cookie = "; ".join(f"{name}={kept.value}" for name, kept in self.cookies.items())
        self.connection.request(method, path, body, (headers or {}) | {"Cookie": cookie})
        response = self.connection.getresponse()
        text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return Answer(response.status, response.headers.get("Location", ""), text)


class _Page(HTMLParser):
    """Hidden fields by the action of the form or of a button in it, and what the notices say."""

    def __init__(self):
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.said: list[str] = []
        self._form: dict[str, str] = {}
        self._depth = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", {})
        elif tag == "input" and given.get("type") == "hidden":
            self._form[given["name"]] = given.get("value") or ""
        elif tag == "button" and "formaction" in given:
            self.forms[given["formaction"]] = self._form
        if self._depth or given.get("id") == "flash":
            self._depth += tag not in ("br", "img", "input", "use")

    def handle_endtag(self, tag):
        if self._depth:
            self._depth -= 1

    def handle_data(self, data):
        if self._depth and data.strip():
            self.said.append(data.strip())


def _read(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    return page
