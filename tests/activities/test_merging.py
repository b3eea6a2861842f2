"""Two rows of one person on one list: one sign-up is left, the better one, and who waits moves up."""

from sqlalchemy import select

from portal.activities import merging
from portal.activities.models import SignUp
from portal.actors import Role
from portal.extensions import db
from portal.messages.models import Message
from portal.people.merging import Merging
from tests.activities.making import an_activity, on_list, verbs


def settle(county) -> None:
    merging.settle(Merging(county.member1_row, county.dual_row, county.by("county")))
    db.session.commit()
    db.session.expire_all()


def how(activity) -> dict[str, tuple[str, int | None]]:
    rows = db.session.scalars(select(SignUp).where(SignUp.activity_id == activity.id).order_by(SignUp.id))
    return {each.member.name: (each.state.value, each.place) for each in rows}


def test_of_two_places_one_is_left_and_who_waits_moves_up(county):
    activity = an_activity(county, capacity=2)
    on_list(county, activity, "member1", "dual")
    on_list(county, activity, "member2", state="waitlisted")
    assert merging.foreseen(county.member1_row, county.dual_row) == [
        f"志愿服务活动 {activity.number} 报了两次名，只留一个。"
    ]
    settle(county)
    assert how(activity) == {
        "欧阳䶮": ("signed_up", 1), "仇文博": ("cancelled", None), "买买提·吐尔逊": ("signed_up", 2),
    }  # fmt: skip
    assert verbs(activity) == ["withdraw", "move_up"]
    told = db.session.scalars(select(Message.sentence).where(Message.user_id == county.users["member2"].id)).all()
    assert len(told) == 1 and "空出名额，您已报上名" in told[0]


def test_the_place_goes_over_to_the_row_that_waited(county):
    activity = an_activity(county, capacity=1)
    on_list(county, activity, "dual")
    on_list(county, activity, "member1", state="waitlisted")
    settle(county)
    assert how(activity) == {"仇文博": ("cancelled", None), "欧阳䶮": ("signed_up", 1)}


def test_whoever_came_as_one_row_came(county):
    activity = an_activity(county, "held")
    on_list(county, activity, "member1", state="absent")
    on_list(county, activity, "dual", state="attended", half_hours=3, marked_as=Role.GRID_WORKER)
    settle(county)
    assert how(activity)["欧阳䶮"] == ("attended", 2)
    kept = activity.sign_up_of(county.member1_row.id)
    assert (kept.half_hours, kept.marked_by, kept.marked_as) == (3, "儒林社区 王秀兰", Role.GRID_WORKER)


def test_what_is_settled_stays_as_it_was(county):
    activity = an_activity(county, "settled")
    on_list(county, activity, "member1", "dual", state="attended")
    settle(county)
    assert set(how(activity).values()) == {("attended", 1), ("attended", 2)}
    assert merging.foreseen(county.member1_row, county.dual_row) == []
    assert [each.member.name for each in merging.stays(county.member1_row, county.dual_row)] == ["仇文博"]
