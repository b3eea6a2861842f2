"""How pages are compared and read in tests."""

import re
from urllib.parse import parse_qsl, urlsplit

import cssselect2
from lxml import html

_PARSER = html.HTMLParser(remove_comments=True)
_KEYS = re.compile(rb'(name="(?:csrf_token|once)" value=)"[^"]*"')


def same_page(one, other) -> bool:
    """Whether two answers show the same page; the random keys of forms and the address asked for aside."""
    return one.status_code == other.status_code and _bare(one) == _bare(other)


def select(answer, css: str) -> list:
    """The elements of a page that a selector finds, in order."""
    root = cssselect2.ElementWrapper.from_html_root(html.document_fromstring(answer.text, parser=_PARSER))
    return [found.etree_element for found in root.query_all(css)]


def texts(answer, css: str) -> list[str]:
    """The words of each element that a selector finds, with single spaces."""
    return [" ".join("".join(element.itertext()).split()) for element in select(answer, css)]


def listed(browser, address: str):
    """A list narrowed by its filters, as `address` says; what it has as `q` is typed into the form above the list."""
    parts = urlsplit(address)
    filters = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "q" not in filters:
        return browser.get(address)
    answer = browser.post("/sought", data=filters | {"to": parts.path})
    assert answer.status_code == 303
    return browser.get(answer.location)


def _bare(answer) -> bytes:
    return _KEYS.sub(rb"\1", answer.data).replace(answer.request.path.encode(), b"")
