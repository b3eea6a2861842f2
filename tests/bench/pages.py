"""W2 and W8: what pages cost in units of bare Flask, at two sizes, and how many queries they make.

`x hello` is the CPU time of all the servers' processes per answer over that of bare Flask behind the same gunicorn;
`per 3000 of hello` is the answers a second, scaled to a machine on which bare Flask gives 3,000.
"""

from pathlib import Path

from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from tests import crowds, postgres
from tests.bench.county import county
from tests.bench.figures import figure
from tests.bench.load import Cost, in_turns, measure
from tests.cast import Cast
from tests.server import Server, serving

SIZES = (2_000, 20_000)
HELLO = 3_000
# The least answers a second where bare Flask gives 3,000; desks by the login that opens theirs.
LEAST = {"wall": 250, "wish": 150, "desk of member1": 100, "desk of clerk1": 100, "desk of county": 100}
UNCACHED_WALL = {"sqlite": 7, "postgresql": 9}
MOST_QUERIES = 10
SAME = 1.10


def bench(folder: Path, kind: str, hello: Server) -> None:
    """All figures of the pages on one kind of database."""
    few, many = (at_size(folder / f"{kind}_{size}", kind, size, hello) for size in SIZES)
    for name in LEAST:
        growth = times_hello(many, name) / times_hello(few, name)
        figure(f"W8 {name}, {kind}, {SIZES[1]} over {SIZES[0]}", growth, "x", f"≤ {SAME:.2f}", growth <= SAME)


def at_size(folder: Path, kind: str, size: int, hello: Server) -> dict[str, Cost]:
    """The figures of every page at one size, printed; and their costs."""
    with county(folder, kind) as (app, cast):
        members = [user.member for user in crowds.registered_members(cast, 200)]
        number = crowds.wishes(cast, size, crowds.MIX, members)[crowds.MIX.index(crowds.WishState.PUBLISHED)]
        asked = {name: request(app, cast, name, number) for name in LEAST}
        for name, what in asked.items():
            queries = count_queries(app, *what)
            figure(
                f"W8 {name}, {kind}, {size} wishes", queries, "queries", f"≤ {MOST_QUERIES}", queries <= MOST_QUERIES
            )
        also = (postgres.process(),) if kind == "postgresql" else ()
        with serving(folder, app.config["SQLALCHEMY_DATABASE_URI"]) as server:
            pages = {name: measure(server, *what, also=also) for name, what in asked.items()}
            costs = in_turns({"hello": measure(hello, "/"), **pages})
    for name in LEAST:
        report(name, kind, size, costs)
    return costs


def request(app: Flask, cast: Cast, name: str, number: str) -> tuple[str, ...]:
    """The address of a page, and the headers that ask for it."""
    if name == "wall":
        return ("/wishes",)
    if name == "wish":
        return (f"/wishes/{number}",)
    [cookie] = crowds.cookies(app, [cast.users[name.removeprefix("desk of ")]])
    return ("/desk", f"Cookie: {cookie}")


def report(name: str, kind: str, size: int, costs: dict[str, Cost]) -> None:
    """The lines of one page at one size."""
    where = f"{name}, {kind}, {size} wishes"
    scaled = costs[name].rate / costs["hello"].rate * HELLO
    figure(f"W8 {where}", scaled, "answers/s per 3000 of hello", f"≥ {LEAST[name]}", scaled >= LEAST[name])
    figure(f"W8 {where}, spread", costs[name].spread * 100, "%")
    target, most = ("W2", UNCACHED_WALL[kind]) if name == "wall" else ("W8", HELLO / LEAST[name])
    cost = times_hello(costs, name)
    figure(f"{target} {where}, CPU time", cost, "x hello", f"≤ {most:.0f}", cost <= most)


def times_hello(costs: dict[str, Cost], name: str) -> float:
    """The CPU time of an answer in units of bare Flask's."""
    return costs[name].cpu / costs["hello"].cpu


def count_queries(app: Flask, path: str, *headers: str) -> int:
    """The statements that one answer asks of the database, transactions' own left out."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET TRANSACTION")):
            asked.append(statement)

    db.session.remove()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = app.test_client(use_cookies=False).get(path, headers=[tuple(h.split(": ", 1)) for h in headers])
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status}")
    return len(asked)
