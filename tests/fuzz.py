"""What malice and accident put into forms, and the promise that it never breaks a page nor changes anything."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from portal.extensions import db
from tests.page_forms import PageForm

TEXTS = {
    "nothing": "",
    "NUL": "\0",
    "NUL inside": "陈\0桂英",
    "control characters": "\x01\x08\x1b[31m\x7f\x85",
    "bidi override": "\u202e王某\u202c\u200b\ufeff",
    "2**31": "2147483648",
    "-2**31-1": "-2147483649",
    "2**63": "9223372036854775808",
    "5000 digits": "9" * 5000,
    "full-width digits": "１２３４５６７８９０",
    "Arabic digits": "٣٤٥",
    "superscript digit": "²",
    "not a number": "NaN",
    "infinite": "1e999",
    "negative": "-1",
    "10**4 characters": "愿" * 10_000,
    "emoji": "👵🏽👨‍👩‍👧‍👦🇨🇳" * 10,
    "4-byte Han": "𠮷𬬭㛃䶮",
    "combining": "e\u0301" * 200,
    "year 0": "0000-01-01",
    "year 10000": "10000-01-01",
    "31 February": "2026-02-31",
    "hour 25": "25:61",
    "quotes": "' OR 1=1 --\";",
    "markup": "<script>alert(1)</script>{{7*7}}",
    "like wildcards": "%_\\%",
    "path": "../../etc/passwd\0.jpg",
    "header": "a\r\nSet-Cookie: x=1",
    "address": "//evil.example\\@",
}
# Bodies that no browser sends, with their content types.
BODIES = {
    "empty": (b"", "application/x-www-form-urlencoded"),
    "not UTF-8": (b"detail=%ff%fe&name=%c3%28&phone=%ed%a0%80&once=%ff", "application/x-www-form-urlencoded"),
    "raw bytes": (bytes(range(256)), "application/x-www-form-urlencoded"),
    "odd charset": (b"detail=a", "application/x-www-form-urlencoded; charset=utf-16"),
    "no boundary": (b"--x\r\n\r\n--x--", "multipart/form-data"),
    "wrong boundary": (b'--x\r\nContent-Disposition: form-data; name="detail"\r\n\r\na\r\n--x--\r\n',
                       "multipart/form-data; boundary=y"),
    "cut off": (b'--x\r\nContent-Disposition: form-data; name="detail"\r\n\r\na', "multipart/form-data; boundary=x"),
    "no name": (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "long boundary": (b"--x--", "multipart/form-data; boundary=" + "b" * 5000),
    "file for text": (b'--x\r\nContent-Disposition: form-data; name="detail"; filename="a.txt"\r\n\r\na\r\n--x--\r\n',
                      "multipart/form-data; boundary=x"),
    "too many parts": (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
    "JSON": (b'{"detail": ["a"], "name": 1, "phone": {"a": null}}', "application/json"),
    "JSON list": (b"[1, 2]", "application/json"),
    "JSON cut off": (b'{"detail": "', "application/json"),
    "no type": (b"detail=a", ""),
}  # fmt: skip
KEYS = ("csrf_token", "once")
# What any request may write: counted tries, kept answers, when a session was last seen.
WRITTEN_ANYHOW = {"tries", "login_tries", "once_keys", "signed_in_sessions"}
WRITES = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)


def bad_posts(form: PageForm) -> Iterator[tuple[str, dict]]:
    """What to post into a form: each bad text into each field, fields left out, sent twice, foreign, bad bodies."""
    # Without `once`, which would lead everything after the first success to that success's answer.
    names = [name for name in dict.fromkeys(form.names) if name not in KEYS]
    values = {name: value for name, value in form.values.items() if name not in KEYS}
    for name in names:
        for label, value in TEXTS.items():
            yield f"{name}: {label}", {"data": values | {name: value}}
        yield f"{name}: left out", {"data": {key: value for key, value in values.items() if key != name}}
        good = values.get(name, "")
        yield f"{name}: twice", {"data": values | {name: [good, "2147483648"]}}
        yield f"{name}: twice the other way", {"data": values | {name: ["\0", good]}}
    yield "all fields bad", {"data": values | dict.fromkeys(names, "9" * 5000)}
    for label, (body, kind) in BODIES.items():
        yield label, {"data": body, "content_type": kind}


def assault(client, address: str, form: PageForm) -> dict[str, int]:
    """Post all that into a form at an address; the statuses by what was sent.

    Fails when an answer is of 500 or more, or when a refusal has written to the database.
    """
    statuses = {}
    with written() as tables:
        for label, sent in bad_posts(form):
            tables.clear()
            answer = client.post(address, **sent)
            assert answer.status_code < 500, f"{address}: {label} → {answer.status_code}\n{answer.text[:2000]}"
            if answer.status_code >= 400:
                assert tables - WRITTEN_ANYHOW == set(), f"{address}: {label} was refused and wrote"
            statuses[label] = answer.status_code
    return statuses


def question(client, address: str, names) -> None:
    """Ask an address for each of these names with each bad text; fails when an answer is of 500 or more."""
    for name in names:
        for label, value in TEXTS.items():
            answer = client.get(address, query_string={name: value})
            assert answer.status_code < 500, f"{address}: {name}: {label} → {answer.status_code}\n{answer.text[:2000]}"


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables to which committed transactions wrote."""
    kept: set[str] = set()
    pending: set[str] = set()

    def note(_connection, _cursor, statement, *_rest):
        if match := WRITES.match(statement):
            pending.add(match[1])

    def commit(_connection):
        kept.update(pending)
        pending.clear()

    listeners = (("before_cursor_execute", note), ("commit", commit), ("rollback", lambda _connection: pending.clear()))
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    try:
        yield kept
    finally:
        for name, listener in listeners:
            event.remove(db.engine, name, listener)
