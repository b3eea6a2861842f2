"""W1, W2 and W8: what pages cost in units of bare Flask, at two sizes, and how many queries they make.

`x hello` is the CPU time of all the servers' processes per answer over that of bare Flask behind the same gunicorn;
`per 3000 of hello` is the answers a second, scaled to a machine on which bare Flask gives 3,000. "uncached" is a
server that keeps no wall in memory.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import event

from portal.desks import kept
from portal.extensions import db
from portal.wishes import wall_cache
from tests import crowds, postgres
from tests.bench.county import county
from tests.bench.figures import figure
from tests.bench.load import Cost, in_turns, measure
from tests.cast import Cast, sign_in
from tests.server import Server, serving

SIZES = (2_000, 20_000)
HELLO = 3_000
# The least answers a second where bare Flask gives 3,000; desks by the login that opens theirs.
LEAST = {
    "wall": 250,
    "wall of member1": 250,
    "wish": 150,
    "desk of member1": 100,
    "desk of clerk1": 100,
    "desk of county": 100,
}
# The most that the wall of a visitor may cost in units of hello: from memory, known to the browser already (304), and
# made anew; the figure's number, and the limit by database.
MOST = {
    "wall": ("W1", {"sqlite": 1.5, "postgresql": 1.5}),
    "wall unchanged": ("W1", {"sqlite": 2, "postgresql": 2}),
    "wall uncached": ("W2", {"sqlite": 7, "postgresql": 9}),
}
PAGES = tuple(dict.fromkeys((*LEAST, *MOST)))
MOST_QUERIES = 10
SAME = 1.10


@dataclass(frozen=True)
class Filled:
    """A county with many wishes: where its files are, its database, and what to ask for each page."""

    folder: Path
    uri: str
    asked: dict[str, tuple[str, ...]]


def bench(folder: Path, kind: str, hello: Server) -> None:
    """All figures of the pages on one kind of database; the rounds of both sizes go in turns."""
    filled = {size: fill(folder / f"{kind}_{size}", kind, size) for size in SIZES}
    also = (postgres.process(),) if kind == "postgresql" else ()
    pages = {"hello": measure(hello, "/")}
    with ExitStack() as servers:
        for size, county in filled.items():
            server = servers.enter_context(serving(county.folder, county.uri))
            forgetful = servers.enter_context(serving(county.folder, county.uri, FLASK_WALL_KEPT="0"))
            unchanged = f"If-None-Match: {mark_of(server)}"
            for name, what in county.asked.items():
                asked = forgetful if name == "wall uncached" else server
                known = (unchanged,) if name == "wall unchanged" else ()
                pages[f"{name}, {size}"] = measure(asked, *what, *known, also=also)
        costs = in_turns(pages)
    figure(f"bare hello, {kind}", costs["hello"].rate, "answers/s")
    for name in PAGES:
        for size in SIZES:
            report(name, kind, size, costs[f"{name}, {size}"], costs["hello"])
        if name in LEAST:
            few, many = (costs[f"{name}, {size}"].least for size in SIZES)
            figure(
                f"W8 {name}, {kind}, {SIZES[1]} over {SIZES[0]}", many / few, "x", f"≤ {SAME:.2f}", many / few <= SAME
            )


def fill(folder: Path, kind: str, size: int) -> Filled:
    """A new county of this size; prints how many queries its pages take, a desk when it is counted anew."""
    with county(folder, kind) as (app, cast):
        members = [user.member for user in crowds.registered_members(cast, 200)]
        number = crowds.wishes(cast, size, crowds.MIX, members)[crowds.MIX.index(crowds.WishState.PUBLISHED)]
        asked = {name: request(app, cast, name, number) for name in PAGES}
        for name, what in asked.items():
            queries = count_queries(app, *what)
            figure(
                f"W8 {name}, {kind}, {size} wishes", queries, "queries", f"≤ {MOST_QUERIES}", queries <= MOST_QUERIES
            )
        if kind == "postgresql":
            postgres.settle(folder.name)
        return Filled(folder, app.config["SQLALCHEMY_DATABASE_URI"], asked)


def request(app: Flask, cast: Cast, name: str, number: str) -> tuple[str, ...]:
    """The address of a page, and the headers that ask for it."""
    if name in MOST:
        return ("/wishes",)
    if name == "wish":
        return (f"/wishes/{number}",)
    page, _, login = name.partition(" of ")
    address = "/desk" if page == "desk" else "/wishes"
    browser, cookie = sign_in(app, cast.users[login]), app.config["SESSION_COOKIE_NAME"]
    browser.get(address)  # the first page gives the browser its token against forgery
    return (address, f"Cookie: {cookie}={browser.get_cookie(cookie).value}")


def report(name: str, kind: str, size: int, cost: Cost, hello: Cost) -> None:
    """The lines of one page at one size."""
    where = f"{name}, {kind}, {size} wishes"
    times, scaled = cost.cpu / hello.cpu, cost.rate / hello.rate * HELLO
    if name in MOST:
        number, most = MOST[name]
        figure(f"{number} {where}", times, "x hello", f"≤ {most[kind]}", times <= most[kind])
    if name in LEAST:
        least = LEAST[name]
        figure(f"W8 {where}", scaled, "answers/s per 3000 of hello", f"≥ {least}", scaled >= least)
        figure(f"W8 {where}, spread", cost.spread * 100, "%")
        figure(f"W8 {where}, CPU time", times, "x hello", f"≤ {HELLO / least:.0f}", times <= HELLO / least)


def mark_of(server: Server) -> str:
    """The ETag of the wall as it is now."""
    with urlopen(server.address + "/wishes") as answer:
        return answer.headers["ETag"]


def count_queries(app: Flask, path: str, *headers: str) -> int:
    """The statements that one answer asks of the database, transactions' own left out."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET TRANSACTION")):
            asked.append(statement)

    db.session.remove()
    wall_cache.forget()
    kept.forget()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = app.test_client(use_cookies=False).get(path, headers=[tuple(h.split(": ", 1)) for h in headers])
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status}")
    return len(asked)
