"""Whoever is signed in is the same Actor that rules and commands know of this login."""

from dataclasses import fields

import time_machine
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from portal.accounts import signed_in, workflow
from portal.accounts.acting import actor_of
from portal.actors import Actor
from portal.extensions import db

SAME = [field.name for field in fields(Actor) if field.name != "address"]


def test_everyone_signed_in_is_the_actor_of_the_appointment_in_use(app, cast):
    for username, user in cast.users.items():
        for appointment in user.appointments:
            user.last_appointment_id = appointment.id
            token = workflow.sign_in(user, "127.0.0.1")
            with app.test_request_context(environ_base={"REMOTE_ADDR": "10.1.2.3"}):
                person = signed_in.load(token)
            expected = actor_of(user, appointment)
            assert {name: getattr(person, name) for name in SAME} == {n: getattr(expected, n) for n in SAME}
            assert (person.username, person.address) == (username, "10.1.2.3")
            assert person.offices_held == len(user.appointments)


def test_only_who_has_something_to_switch_is_shown_the_switcher(app, cast, browse):
    assert "switch-horizontal" in browse(cast.users["dual"]).get("/desk").get_data(as_text=True)
    assert "switch-horizontal" not in browse(cast.users["clerk1"]).get("/desk").get_data(as_text=True)


def test_reading_goes_on_while_the_disk_is_full(app, cast, browse):
    def refuse(_connection, _cursor, statement, parameters, *_):
        if statement.startswith("UPDATE"):
            raise OperationalError(statement, parameters, Exception("database or disk is full"))

    with time_machine.travel("2026-05-18T10:00:00+08:00", tick=False) as clock:
        clerk = browse(cast.users["clerk1"])
        clock.shift(90)  # time to note that the clerk was seen
        event.listen(db.engine, "before_cursor_execute", refuse)
        try:
            assert clerk.get("/desk").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", refuse)
