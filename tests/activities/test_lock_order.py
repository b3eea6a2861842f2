"""Members first, then cases, then the trail's end, so that on PostgreSQL no two transactions wait in a ring.

One connection holds what somebody else might; another makes a move, which has to wait for it. While it waits, it must
hold nothing that the first one may still want.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import select, text

from portal import audit, create_app
from portal.activities import signing
from portal.activities.models import Activity
from portal.extensions import db
from portal.households import supporting
from portal.households.models import Household, Support
from portal.people.models import Member
from portal.posts import workflow as posts
from portal.posts.models import Post
from portal.registrations import workflow as registrations
from portal.registrations.models import EndKind, Registration
from portal.registrations.queries import current_of
from portal.teams import workflow as teams
from portal.teams.models import Team
from portal.wishes import workflow as wishes
from portal.wishes.models import Wish
from tests import postgres
from tests.activities.making import an_activity, on_list
from tests.cast import Cast
from tests.conftest import FIELD_KEY
from tests.households.conftest import a_household, a_support
from tests.posts.conftest import a_post
from tests.teams.conftest import a_team
from tests.wishes.making import a_wish, register


@pytest.fixture
def app(tmp_path):
    """An application on PostgreSQL, where rows are locked one by one."""
    (tmp_path / "field_key").write_text(FIELD_KEY)
    uri = postgres.database("lock_order")
    return create_app({"INSTANCE_DIR": str(tmp_path), "SQLALCHEMY_DATABASE_URI": uri})


@pytest.fixture
def cast(app):
    """The cast, of whom member1 and member2 are registered."""
    with app.app_context():
        db.create_all()
        cast = Cast.settle()
        register(cast, "member1", "member2")
        yield cast
        db.session.remove()
        db.engine.dispose()


def locked(model, row_id: int, **how):
    """The statement by which a connection takes this row, as a move does."""
    return select(model.__table__.c.id).where(model.id == row_id).with_for_update(key_share=True, **how)


@contextmanager
def waiting(app, act):
    """For as long as an act waits in a thread and transaction of its own for what this connection holds."""

    def run() -> None:
        with app.app_context():
            try:
                act()
            finally:
                db.session.rollback()
                db.session.remove()

    with ThreadPoolExecutor(1) as pool, db.engine.connect() as holder, db.engine.connect() as watcher:
        yield holder, lambda: _until_it_waits(watcher, pool.submit(run))
        holder.rollback()  # the other one goes on to its end


def propose(household: Household, by, key: int) -> None:
    supporting.propose(household, db.session.get_one(Member, key), by)


def make(move, case: tuple, by, asked: dict) -> None:
    move(db.session.get_one(*case), by, **asked)


def _until_it_waits(watcher, running) -> None:
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not watcher.scalar(waits):
        assert not running.done(), "it did not wait"
        watcher.rollback()


def test_who_waits_for_a_member_holds_no_case_yet(app, cast):
    key, numbers = cast.member1_row.id, (an_activity(cast).id, a_wish(cast).id, current_of(cast.member1_row.id).id)
    home, (team, post) = a_household(cast).id, (a_team(cast).id, a_post(cast).id)
    support = a_support(cast, db.session.get_one(Household, home), "member2").id
    by, clerk, elsewhere = cast.by("member1"), cast.by("clerk1"), cast.community2.id
    activity, wish, registration = zip((Activity, Wish, Registration), numbers, strict=True)
    off = {"kind": EndKind.MOVED, "reason": "迁居外县"}
    acts = (
        (activity, signing.sign_up, by, {}), (activity, signing.sign_up_for, clerk, {"member_id": key}),
        (wish, wishes.claim, by, {}), (registration, registrations.end, clerk, off),
        (registration, registrations.relocate, by, {"community_id": elsewhere}),
        ((Team, team), teams.join, by, {}), ((Team, team), teams.recommend, clerk, {"people": [key]}),
        ((Post, post), posts.claim, by, {}), ((Post, post), posts.sign_up, clerk, {"people": [key]}),
        ((Household, home), propose, clerk, {"key": key}),
        ((Support, support), supporting.replace, clerk, {"member_id": key, "reason": "出差"}),
    )  # fmt: skip
    db.session.commit()
    for case, move, who, asked in acts:
        with waiting(app, partial(make, move, case, who, asked)) as (holder, until_it_waits):
            holder.execute(locked(Member, key))
            until_it_waits()
            holder.execute(locked(*case, nowait=True))  # an OperationalError here is the ring


def test_who_waits_for_a_case_does_not_hold_the_trails_end(app, cast):
    a_team(cast, "member1")  # leaving it is the first thing that an ended registration brings, and is audited
    activity, key = an_activity(cast), current_of(cast.member1_row.id).id
    on_list(cast, activity, "member1")
    clerk, held = cast.by("clerk1"), locked(Activity, activity.id)
    db.session.commit()

    case, off = (Registration, key), {"kind": EndKind.MOVED, "reason": "迁居外县"}
    with waiting(app, partial(make, registrations.end, case, clerk, off)) as (holder, until_it_waits):
        holder.execute(held)
        until_it_waits()
        assert holder.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": audit.CHAIN_LOCK})
