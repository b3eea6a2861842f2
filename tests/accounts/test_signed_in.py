"""Whoever is signed in is the same Actor that rules and commands know of this login."""

from dataclasses import fields

from portal.accounts import signed_in, workflow
from portal.accounts.acting import actor_of
from portal.actors import Actor

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
