"""Acts that can be undone, each made by an office that may make it; and the whole database in one look."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.accounts import workflow as accounts
from portal.activities import wishes_taken
from portal.activities.models import ActivityState
from portal.actors import Role
from portal.extensions import Base, db
from portal.feedback.models import Side
from portal.flow import flow_of
from portal.labels import Category
from portal.pairings import actions, contact_points, projects
from portal.pairings import workflow as pairings
from portal.people.models import MemberStatus
from portal.records import workflow as records
from portal.records.models import Evidence
from portal.registrations import deferments, exemptions, queries, transfers
from portal.registrations import workflow as registrations
from portal.registrations.models import DefermentKind, EndKind
from portal.wishes import raising  # noqa: F401 — with the moves between levels
from portal.wishes.models import Level
from tests.activities.making import an_activity, on_list
from tests.evaluations.conftest import a_note, an_evaluation
from tests.evaluations.conftest import asked as evaluated
from tests.evaluations.conftest import asked_of_note as noted
from tests.exemplars.conftest import an_exemplar
from tests.exemplars.conftest import asked as nominated
from tests.feedback.conftest import a_bulletin, a_difficulty
from tests.feedback.conftest import asked as fed_back
from tests.pairings import conftest as pairing
from tests.pledges.conftest import pledged
from tests.registrations.conftest import walk
from tests.remarks.conftest import a_remark
from tests.remarks.conftest import asked as said
from tests.reports.making import a_part, a_report, figures
from tests.seals.conftest import asked as sealed
from tests.seals.conftest import some_paper
from tests.suggestions.conftest import a_suggestion
from tests.suggestions.conftest import asked as proposed
from tests.teams.conftest import a_team
from tests.wishes.making import a_wish, register

# What every act leaves behind, undone or not.
TRACES = {"history", "audit", "counters", "undo_notes", "signed_in_sessions"}
WORDS = {"title": "修水龙头", "category": Category.CONVENIENCE, "detail": "水龙头漏水，请帮忙修一修。"}


# A paper that became final keeps its number and its copy, cancelled.
OF_A_FINAL_PAPER = ("issued_papers", "archived_papers")


@dataclass
class Act:
    """One act of an office: the case, the verb, who makes it, a colleague of the same office, what is asked."""

    row: Any
    verb: str
    by: str
    asked: dict
    colleague: str = ""
    traced: tuple[str, ...] = ()


def whole() -> dict[str, dict[int, dict]]:
    """Every row of the database but the traces, without how often it was changed."""
    tables = [table for name, table in Base.metadata.tables.items() if name not in TRACES and "id" in table.c]
    found = {table.name: db.session.execute(select(table)).mappings() for table in tables}
    return {
        name: {row["id"]: {k: v for k, v in row.items() if k not in ("version", "last_appointment_id")} for row in rows}
        for name, rows in found.items()
    }


def differences(before: dict, after: dict) -> dict[str, list]:
    """The rows by table that are not as they were."""
    found = {
        name: [key for key in {**rows, **after[name]} if rows.get(key) != after[name].get(key)]
        for name, rows in before.items()
    }
    return {name: keys for name, keys in found.items() if keys}


def make(cast, act: Act) -> None:
    """Make the act and commit."""
    flow_of(act.row).moves[act.verb](act.row, cast.by(act.by), **act.asked)
    db.session.commit()


def take_back(cast, act: Act, by: str = "") -> None:
    """Undo the act, by whoever made it or another one, and commit."""
    flow_of(act.row).undo(act.row, cast.by(by or act.by, Role.LIAISON if by == "dual" else None))
    db.session.commit()


def _wish(state: str, verb: str, by: str = "clerk1", colleague: str = "clerk1b", traced=(), wish=None, **asked):
    def build(cast) -> Act:
        register(cast, "member1", "member2", "member3", "dual")
        row = a_wish(cast, state, others=("member2",), helpers_needed=3, **(wish or {}))
        return Act(row, verb, by, asked, colleague, traced)

    return build


def _publish(cast) -> Act:
    row = a_wish(cast, "submitted")
    more = {"grid_id": cast.grid2.id, "helpers_needed": 2, "on_wall": True}
    return Act(row, "publish", "clerk1", WORDS | more, "clerk1b")


def _grid_publish(cast) -> Act:
    return Act(*(vars(_publish(cast)) | {"by": "grid1", "colleague": ""}).values())


def _pass_on(cast) -> Act:
    return Act(a_wish(cast, "submitted"), "pass_on", "clerk1", {"community_id": cast.community2.id}, "clerk1b")


def _merge(cast) -> Act:
    into = a_wish(cast, "published", title="另一条心愿")
    return Act(a_wish(cast, "submitted"), "merge", "clerk1", {"into_id": into.id}, "clerk1b")


def _for_unit(cast) -> Act:
    register(cast, "member1", "dual")
    return Act(a_wish(cast), "claim_for_unit", "liaison1", {"people": [cast.dual_row.id]})


def _of_unit(verb: str, **asked) -> Callable[[Any], Act]:
    def build(cast) -> Act:
        act = _for_unit(cast)
        act.row.helpers_needed = 4
        make(cast, act)
        return Act(act.row, verb, "liaison1", asked)

    return build


def _finish_for_unit(cast) -> Act:
    act = _of_unit("finish")(cast)
    person = act.row.open_claims[0].people[0]
    act.asked = {"day": clock.today(), "starts": dt.time(19), "people_hours": {person.id: 3}, "words": "换了龙头",
                 "photos": ["a" * 32 + ".jpg"]}  # fmt: skip
    return act


def _revoke(cast) -> Act:
    act = _wish("claimed", "revoke", reason="一直没有办理")(cast)
    act.row.finish_by = clock.today() - dt.timedelta(days=3)
    db.session.commit()
    return act


def _registration(state: str, verb: str, by: str, colleague: str = "", traced=(), **asked):
    def build(cast) -> Act:
        return Act(walk(cast, state), verb, by, dict(asked), colleague, traced)

    return build


def _send_back(cast) -> Act:
    asked = {"community_id": cast.community2.id, "reason": "实际居住在凤鸣社区"}
    return Act(walk(cast, "presented"), "send_back", "clerk1", asked, "clerk1b")


def _relocate(cast) -> Act:
    asked = {"community_id": cast.community2.id, "address": "西关街8号"}
    return Act(walk(cast, "filed"), "relocate", "liaison1", asked, "", ("registrations", *OF_A_FINAL_PAPER))


def _accept_moved(cast) -> Act:
    """A member who pledged, moved and is received in the new community: three cases, four papers."""
    old = pledged(cast, "approved")
    row = queries.current_of(old.member_id)
    registrations.relocate(row, cast.by("liaison1"), community_id=cast.community2.id, address="西关街8号")
    db.session.commit()
    under_way = queries.in_progress_of(old.member_id)
    return Act(under_way, "accept", "clerk2", {}, "", OF_A_FINAL_PAPER)


def _end_with_everything(cast) -> Act:
    """A member with a pledge shown, a wish in hand, a certificate under way: all ends together."""
    pledged(cast, "shown")
    a_wish(cast, "claimed", others=("dual",), helpers_needed=2)
    deferments.ask(cast.member1_row, cast.by("liaison1"), DefermentKind.ILLNESS, "2026-07", "2026-08")
    row = queries.current_of(cast.member1_row.id)
    registrations.relocate(row, cast.by("liaison1"), community_id=cast.community2.id, address="西关街8号")
    db.session.commit()
    assert cast.member1_row.status is MemberStatus.ACTIVE
    return Act(row, "end", "liaison1", {"kind": EndKind.RETIRED, "reason": "已办理退休"})


def _release(cast) -> Act:
    pledged(cast, "approved")
    row = transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
    db.session.commit()
    return Act(row, "release", "liaison1", {}, "", OF_A_FINAL_PAPER)


def _transfer(verb: str, by: str, **asked) -> Callable[[Any], Act]:
    def build(cast) -> Act:
        row = transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
        db.session.commit()
        return Act(row, verb, by, dict(asked))

    return build


def _exemption(verb: str, by: str, **asked) -> Callable[[Any], Act]:
    def build(cast) -> Act:
        row = exemptions.ask(cast.member1_row, cast.by("liaison1"), "长期在外地挂职")
        db.session.commit()
        return Act(row, verb, by, dict(asked))

    return build


def _deferment(verb: str, by: str, **asked) -> Callable[[Any], Act]:
    def build(cast) -> Act:
        row = deferments.ask(cast.member1_row, cast.by("liaison1"), DefermentKind.SECONDED, "2026-05", "2026-09")
        db.session.commit()
        return Act(row, verb, by, dict(asked))

    return build


def _pledge(state: str, verb: str, by: str, **asked) -> Callable[[Any], Act]:
    traced = OF_A_FINAL_PAPER if verb == "approve" else ()
    return lambda cast: Act(pledged(cast, state), verb, by, dict(asked), "", traced)


def a_record(cast, by: str = "clerk1", **more):
    """A record of member1 that a clerk typed, pending."""
    facts = {"member": cast.member1_row, "place": cast.community1, "day": clock.today(), "starts": dt.time(19),
             "half_hours": 3, "category": Category.CONVENIENCE, "what": "打扫楼道"}  # fmt: skip
    row = records.record_service(records.Service(**facts | more), cast.by(by), Evidence.LATE)
    db.session.commit()
    return row


def _record(verb: str, by: str, colleague: str = "", **asked) -> Callable[[Any], Act]:
    return lambda cast: Act(a_record(cast), verb, by, dict(asked), colleague)


def _objection(verb: str) -> Callable[[Any], Act]:
    def build(cast) -> Act:
        row = a_record(cast)
        records.object_(row, cast.by("member1"), words="那天我做了三个小时")
        db.session.commit()
        return Act(row.objections[0], verb, "clerk1", {"answer": "查了签到表"}, "clerk1b")

    return build


def _team(verb: str, **asked) -> Callable[[Any], Act]:
    def build(cast) -> Act:
        register(cast, "member1", "member2", "dual")
        row = a_team(cast, "member1", "dual", leader="member1")
        people = {"recommend": {"people": [cast.member2_row.id]}}
        return Act(row, verb, "clerk1", people.get(verb, {"member_id": cast.dual_row.id} | asked), "clerk1b")

    return build


def _together(make_row, flow, verb: str, by: str, state: str) -> Callable[[Any], Act]:
    return lambda cast: Act(make_row(cast, state), verb, by, pairing.asked(flow, verb))


def _strike(cast) -> Act:
    row = pairing.with_lists(cast)
    return Act(row, "strike", "clerk1", {"item_id": row.needs[0].id, "reason": "不再需要"}, "clerk1b")


def _end_pairing(cast) -> Act:
    row = pairing.project(cast, "underway").pairing
    return Act(row, "end", "liaison1", {"reason": "单位搬迁"})


def _evaluation(verb: str, state: str, by: str = "clerk1", colleague: str = "clerk1b", traced=()):
    def build(cast) -> Act:
        return Act(an_evaluation(cast, state), verb, by, evaluated(verb), colleague, traced)

    return build


def _note(verb: str, by: str = "clerk1", colleague: str = "clerk1b") -> Callable[[Any], Act]:
    return lambda cast: Act(a_note(cast), verb, by, noted(verb), colleague)


def _remark(verb: str, state: str = "submitted", kind: str = "concern") -> Callable[[Any], Act]:
    return lambda cast: Act(a_remark(cast, state, kind), verb, "clerk1", said(cast, verb), "clerk1b")


def _suggestion(verb: str, state: str = "submitted") -> Callable[[Any], Act]:
    return lambda cast: Act(a_suggestion(cast, state), verb, "clerk1", proposed(cast, verb), "clerk1b")


def _exemplar(verb: str, state: str = "nominated", by: str = "county", colleague: str = "county_b"):
    return lambda cast: Act(an_exemplar(cast, state), verb, by, nominated(cast, verb), colleague)


def _report(verb: str) -> Callable[[Any], Act]:
    reason = {"send_back": {"reason": "附属学校的数据没有包括进来"}}
    return lambda cast: Act(a_report(cast, "submitted"), verb, "county", reason.get(verb, {}), "county_b")


def _report_part(cast) -> Act:
    row = a_part(cast)
    return Act(row, "confirm", "clerk1", {"figures": figures(row)}, "clerk1b")


def _bulletin(verb: str, state: str, by: str = "clerk1", colleague: str = "clerk1b"):
    return lambda cast: Act(a_bulletin(cast, state), verb, by, fed_back(verb), colleague, traced=OF_A_FINAL_PAPER)


def _acknowledged(cast) -> Act:
    cast.appoint("liaison1b", "余敏", Role.LIAISON, unit=cast.unit1)
    return Act(a_bulletin(cast, "sent"), "acknowledge", "liaison1", {}, "liaison1b")


def _difficulty(cast) -> Act:
    return Act(a_difficulty(cast, to=Side.COMMUNITY), "answer", "clerk1", fed_back("answer"), "clerk1b")


def _propose(cast) -> Act:
    register(cast, "member1", "member2")
    people = [cast.member1_row.id, cast.member2_row.id]
    return Act(a_wish(cast, helpers_needed=2), "propose", "clerk1", {"people": people}, "clerk1b")


def _recall(cast) -> Act:
    act = _propose(cast)
    make(cast, act)
    return Act(act.row, "recall", "clerk1", {"people": act.asked["people"][:1]}, "clerk1b")


def _appointment(cast) -> Act:
    user = cast.users["clerk1b"]
    row = next(held for held in user.appointments if held.role is Role.CLERK)
    accounts.sign_in(user, "127.0.0.1")
    db.session.commit()
    return Act(row, "end", "county", {"reason": "调离岗位"}, "county_b")


TOWN = {"level": Level.TOWN, "level_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC)}


def _activity(verb: str, traced: tuple[str, ...] = (), **asked) -> Callable[[Any], Act]:
    """An act on an activity that has a wish in hand, with somebody on its list; there is a team, and another wish."""

    def build(cast) -> Act:
        register(cast, "member1", "member2", "dual")
        activity, wish, other = an_activity(cast, capacity=3), a_wish(cast), a_wish(cast, title="换一盏灯")
        wishes_taken.take_up(activity, cast.by("clerk1"), wishes=[wish.id])
        team = a_team(cast, "member2", name="保洁服务队")
        if verb == "settle":
            on_list(cast, activity, "member1", state="attended", marked_by_user_id=cast.users["clerk1b"].id)
            activity.state, activity.day = ActivityState.HELD, clock.today()
            activity.starts, activity.ends = dt.time(6), dt.time(7)
            db.session.commit()
        else:
            on_list(cast, activity, "member1")
        more = {
            "take_up": {"wishes": [other.id]}, "drop_wish": {"wish_id": wish.id},
            "invite_team": {"team_id": team.id, "held": 1, "held_until": clock.today() + dt.timedelta(days=2)},
            "ask_member": {"member_id": cast.dual_row.id},
        }.get(verb, {})  # fmt: skip
        return Act(activity, verb, "clerk1", asked | more, "clerk1b", traced)

    return build


def _seal(verb: str, state: str = "generated") -> Callable[[Any], Act]:
    def build(cast) -> Act:
        walk(cast, "accepted")
        return Act(some_paper(cast, "receipt", state), verb, "clerk1", sealed(verb), "clerk1b")

    return build


ACTS: dict[str, Callable[[Any], Act]] = {
    "wishes.publish": _publish,
    "wishes.publish by the grid": _grid_publish,
    "wishes.correct": _wish("published", "correct", **WORDS),
    "wishes.pass_on": _pass_on,
    "wishes.reject": _wish("submitted", "reject", reason="属于物业维修范围，已转告物业。"),
    "wishes.merge": _merge,
    "wishes.claim_for_unit": _for_unit,
    "wishes.start": _of_unit("start"),
    "wishes.release": _of_unit("release"),
    "wishes.extend": _of_unit("extend", reason="配件要等一周"),
    "wishes.finish": _finish_for_unit,
    "wishes.revoke": _revoke,
    "wishes.confirm": _wish("done", "confirm", thanks="谢谢", traced=("service_records",)),
    "wishes.reopen": _wish("done", "reopen", reason="水龙头又漏了"),
    "wishes.call_back": _wish("claimed", "call_back", words="老人说修好了"),
    "wishes.close": _wish("claimed", "close", reason="今年秋天统一改造水管。"),
    "wishes.withdraw": _wish("claimed", "withdraw"),
    "wishes.archive": _wish(
        "closed", "archive", wish={"ended_at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)},
    ),
    "wishes.solve": _wish("published", "solve", "chengguan", "", wish=TOWN, organisation="县自来水公司",
                          task="更换立管", due=dt.date(2026, 6, 30)),
    "wishes.escalate": _wish("published", "escalate", reason="社区没有会修的人"),
    "wishes.hand_back": _wish("published", "hand_back", "chengguan", "", wish=TOWN, reason="请社区先与物业协商"),
    "registrations.present": _registration("issued", "present", "liaison1", "dual"),
    "registrations.accept": _registration("presented", "accept", "clerk1", "clerk1b", OF_A_FINAL_PAPER),
    "registrations.accept after a move": _accept_moved,
    "registrations.file": _registration("accepted", "file", "liaison1", "dual"),
    "registrations.send_back": _send_back,
    "registrations.cancel": _registration("issued", "cancel", "liaison1", "dual", reason="开错了人"),
    "registrations.relocate": _relocate,
    "registrations.end": _registration("filed", "end", "clerk1", "clerk1b", kind=EndKind.MOVED, reason="迁居外县"),
    "registrations.end with everything": _end_with_everything,
    "transfers.release": _release,
    "transfers.decline": _transfer("decline", "liaison1", reason="仍在本单位工作"),
    "transfers.withdraw": _transfer("withdraw", "liaison2"),
    "exemptions.agree": _exemption("agree", "dept1"),
    "exemptions.decline": _exemption("decline", "dept1", reason="应当报到"),
    "exemptions.end": _exemption("end", "liaison1", reason="已回县"),
    "deferments.agree": _deferment("agree", "dept1"),
    "deferments.decline": _deferment("decline", "dept1", reason="未借调"),
    "deferments.end": _deferment("end", "liaison1", reason="提前回来"),
    "pledges.approve": _pledge("submitted", "approve", "liaison1"),
    "pledges.send_back": _pledge("approved", "send_back", "clerk1", reason="请写得具体一些"),
    "records.confirm": _record("confirm", "clerk1b"),
    "records.reject": _record("reject", "clerk1b", reason="没有这回事"),
    "records.void": _record("void", "clerk1", "clerk1b", reason="写错了日期"),
    "objections.uphold": _objection("uphold"),
    "objections.dismiss": _objection("dismiss"),
    "teams.recommend": _team("recommend"),
    "teams.appoint": _team("appoint"),
    "teams.remove": _team("remove", reason="已迁出本社区"),
    "teams.end": lambda cast: Act(_team("end")(cast).row, "end", "clerk1", {"reason": "并入别的队"}, "clerk1b"),
    "activities.take_up": _activity("take_up"),
    "activities.drop_wish": _activity("drop_wish", reason="当天办不了"),
    "activities.invite_team": _activity("invite_team"),
    "activities.ask_member": _activity("ask_member"),
    "activities.settle with a wish": _activity("settle", traced=("service_records",)),
    "activities.cancel with a wish": _activity("cancel", reason="下雨"),
    "pairings.agree": _together(pairing.paired, pairings.flow, "agree", "clerk1", "proposed"),
    "pairings.decline": _together(pairing.paired, pairings.flow, "decline", "clerk1", "proposed"),
    "pairings.withdraw": _together(pairing.paired, pairings.flow, "withdraw", "liaison1", "proposed"),
    "pairings.add_need": _together(pairing.paired, pairings.flow, "add_need", "clerk1", "active"),
    "pairings.add_resource": _together(pairing.paired, pairings.flow, "add_resource", "liaison1", "active"),
    "pairings.strike": _strike,
    "pairings.end": _end_pairing,
    "projects.start": _together(pairing.project, projects.flow, "start", "clerk1", "planned"),
    "projects.finish": _together(pairing.project, projects.flow, "finish", "liaison1", "underway"),
    "projects.postpone": _together(pairing.project, projects.flow, "postpone", "clerk1", "planned"),
    "projects.drop": _together(pairing.project, projects.flow, "drop", "clerk1", "planned"),
    "joint_actions.confirm": _together(pairing.action, actions.flow, "confirm", "clerk1", "recorded"),
    "joint_actions.reject": _together(pairing.action, actions.flow, "reject", "clerk1", "recorded"),
    "joint_actions.withdraw": _together(pairing.action, actions.flow, "withdraw", "liaison1", "recorded"),
    "contact_points.agree": _together(pairing.point, contact_points.flow, "agree", "clerk1", "proposed"),
    "contact_points.decline": _together(pairing.point, contact_points.flow, "decline", "clerk1", "proposed"),
    "contact_points.withdraw": _together(pairing.point, contact_points.flow, "withdraw", "liaison1", "proposed"),
    "contact_points.end": _together(pairing.point, contact_points.flow, "end", "clerk1", "active"),
    "wishes.propose": _propose,
    "wishes.recall": _recall,
    "remarks.thank": _remark("thank", kind="praise"),
    "remarks.put": _remark("put"),
    "remarks.settle": _remark("settle", "answered"),
    "remarks.decline": _remark("decline"),
    "suggestions.accept": _suggestion("accept"),
    "suggestions.forward": _suggestion("forward", "accepted"),
    "suggestions.recall": _suggestion("recall", "forwarded"),
    "suggestions.answer": _suggestion("answer", "accepted"),
    "exemplars.confirm": _exemplar("confirm"),
    "exemplars.send_back": _exemplar("send_back"),
    "exemplars.revoke": _exemplar("revoke", "confirmed"),
    "exemplars.withdraw": _exemplar("withdraw", by="clerk1", colleague="clerk1b"),
    "reports.accept": _report("accept"),
    "reports.send_back": _report("send_back"),
    "report_parts.confirm": _report_part,
    "evaluations.grade": _evaluation("grade", "draft"),
    "evaluations.send": _evaluation("send", "graded", traced=OF_A_FINAL_PAPER),
    "evaluations.answer": _evaluation("answer", "replied"),
    "evaluations.acknowledge": _evaluation("acknowledge", "sent", "liaison1", ""),
    "evaluations.withdraw": _evaluation("withdraw", "acknowledged", traced=("evaluations",)),
    "evaluations.drop": _evaluation("drop", "graded"),
    "evaluation_notes.acknowledge": _note("acknowledge", "liaison1", ""),
    "evaluation_notes.withdraw": _note("withdraw"),
    "bulletins.send": _bulletin("send", "compiled"),
    "bulletins.acknowledge": _acknowledged,
    "difficulties.answer": _difficulty,
    "appointments.end": _appointment,
    "seal_entries.stamp": _seal("stamp"),
    "seal_entries.archive": _seal("archive"),
    "seal_entries.step_back": _seal("step_back", "stamped"),
    "seal_entries.rebox": _seal("rebox", "archived"),
}  # fmt: skip
