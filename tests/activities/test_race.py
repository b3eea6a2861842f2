"""Two dozen members press 报名 for eight places at once, then all eight withdraw at once: before the real server.

And two leaders sign up the same people at once.
"""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from portal import clock
from portal.activities import inviting
from portal.activities.models import Activity, Invitation, SignUp
from portal.extensions import db
from portal.teams.models import JoinedBy, TeamMember
from tests import crowds
from tests.activities.making import an_activity
from tests.registrations.test_at_once import at_once
from tests.server import Server, serving
from tests.teams.conftest import a_team
from tests.visitors import Visitor
from tests.wishes.making import register

PLACES, MEMBERS = 8, 24


def press(server: Server, cookie: str, address: str, more: dict, together: threading.Barrier) -> int:
    """Open what asks for the move, wait for all the others, and make it; the status of the answer."""
    with Visitor(server, cookie) as visitor:
        try:
            page = address if more else address.rpartition("/")[0]
            fields = visitor.get(page).hidden(address) | more
        except BaseException:
            together.abort()
            raise
        visitor.hang_up()
        together.wait()
        return visitor.post(address, fields).status


def all_at_once(server: Server, cookies: list[str], address: str, **more: str) -> list[int]:
    together = threading.Barrier(len(cookies))
    with ThreadPoolExecutor(len(cookies)) as pool:
        pressed = [pool.submit(press, server, cookie, address, more, together) for cookie in cookies]
        return [each.result() for each in pressed]


def signed(activity_id: int, state: str) -> dict[int, int | None]:
    """The place of each member in this state, who signed first on top."""
    rows = select(SignUp.member_id, SignUp.place).where(SignUp.activity_id == activity_id, SignUp.state == state)
    found = dict(iter(db.session.execute(rows.order_by(SignUp.at, SignUp.id))))
    db.session.rollback()  # holds nothing while the server writes
    return found


def test_no_place_is_given_twice_and_the_waiting_list_moves_up_in_its_order(county_apart, tmp_path):
    app, cast = county_apart
    users = crowds.registered_members(cast, MEMBERS)
    day = clock.today() + dt.timedelta(days=7)
    activity = an_activity(cast, capacity=PLACES, day=day)
    address, key = f"/activities/{activity.number}", activity.id
    of_member = {user.member_id: at for at, user in enumerate(users)}
    cookies = crowds.cookies(app, users)  # commits last: nothing here may hold the database's lock from now on
    with serving(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"]) as server:
        assert all_at_once(server, cookies, f"{address}/sign_up") == [303] * MEMBERS
        held, waiting = signed(key, "signed_up"), list(signed(key, "waitlisted"))
        assert sorted(held.values()) == list(range(1, PLACES + 1))
        assert len(waiting) == MEMBERS - PLACES

        leaving = [cookies[of_member[member_id]] for member_id in held]
        assert all_at_once(server, leaving, f"{address}/withdraw", reason="要加班") == [303] * PLACES
    moved_up = signed(key, "signed_up")
    assert list(moved_up) == waiting[:PLACES]
    assert sorted(moved_up.values()) == list(range(1, PLACES + 1))
    assert list(signed(key, "waitlisted")) == waiting[PLACES:]
    assert db.session.get_one(Activity, key).version == 1 + MEMBERS + 2 * PLACES


def test_two_leaders_sign_up_the_same_people_at_once_in_opposite_orders(county_apart):
    """Neither waits for whom the other holds: PostgreSQL would end one of two that wait in a ring."""
    app, cast = county_apart
    register(cast, "member1", "member2")
    people = [user.member_id for user in crowds.registered_members(cast, MEMBERS)]
    asked = []
    for name, order in (("member1", people), ("member2", people[::-1])):
        team = a_team(cast, name, name=f"{name}的队", leader=name)
        db.session.add_all(
            TeamMember(team_id=team.id, member_id=one, how=JoinedBy.CHOSEN, since=clock.today()) for one in people
        )
        activity = an_activity(cast, title=f"{name}的活动", days=7 + len(asked))
        db.session.add(Invitation(activity_id=activity.id, team_id=team.id, held=0, at=clock.now(), by_name="王秀兰"))
        asked.append((activity.id, cast.by(name), order))
    db.session.commit()

    def sign_up(key, by, order):
        return lambda: inviting.sign_up_team(db.session.get_one(Activity, key), by, people=order)

    assert at_once(app, *(sign_up(*one) for one in asked)) == ["done", "done"]
    assert [sorted(signed(key, "signed_up")) for key, *_ in asked] == [sorted(people)] * 2
