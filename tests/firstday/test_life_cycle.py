"""The life cycle of an import, verb × state × role typed by hand, and what writing and undoing do to the county."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal import audit, history, numbers
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.firstday import workflow
from portal.firstday.models import FirstdayImport, FirstdayRow, FirstdayState
from portal.people.members import set_member_facts
from portal.people.models import Community, Member, Supervisor, Unit
from portal.records.models import Evidence, RecordState, ServiceRecord
from portal.registrations import queries as registrations
from portal.registrations import rates
from portal.registrations import workflow as reporting
from portal.registrations.models import Registration, RegistrationState
from tests.cast import make_member
from tests.firstday.books import WHOLE, a_book, member, reported, served, submitted, uploaded, written
from tests.lifecycles import LATE, NO, OK, answer

FROM = {
    "preview": {"staging"},
    "submit": {"previewed"},
    "submit_right": {"previewed"},
    "write": {"submitted"},
    "send_back": {"submitted"},
    "drop": {"previewed", "submitted"},
    "undo": {"written"},
}
# Uploaded by `county`.
WHO = {
    "preview": {"county"},
    "submit": {"county"},
    "submit_right": {"county"},
    "write": {"county_b"},
    "send_back": {"county_b"},
    "drop": {"county"},
    "undo": {"county", "county_b"},
}
ASKED = {"undo": {"reason": "传错了文件"}, "send_back": {"reason": "第三行的单位不对"}}
EVERYBODY = (
    "county", "county_b", "admin", "dept1", "chengguan", "town2", "committee", "inspector", "liaison1", "clerk1",
    "grid1", "member1", "dual",
)  # fmt: skip


@pytest.mark.parametrize("state", [state.value for state in FirstdayState])
@pytest.mark.parametrize("verb", FROM)
def test_verbs_and_states(cast, verb, state):
    firstday = (written if state == "written" else submitted)(cast, {"党员": [member()]})
    firstday.state = FirstdayState(state)
    db.session.commit()
    (by,) = {*WHO[verb]} - {"county_b"} or WHO[verb]
    got = answer(workflow.flow.moves[verb], firstday, cast.by(by), **ASKED.get(verb, {}))
    assert got == (OK if state in FROM[verb] else LATE)


@pytest.mark.parametrize("verb", FROM)
def test_verbs_and_people(cast, verb):
    firstday = (written if verb == "undo" else submitted)(cast, {"党员": [member()]})
    firstday.state = FirstdayState(min(FROM[verb]))
    db.session.commit()
    move, asked = workflow.flow.moves[verb], ASKED.get(verb, {})
    assert {who for who in EVERYBODY if answer(move, firstday, cast.by(who), **asked) != NO} == WHO[verb]


@pytest.mark.parametrize("who", ["admin", "liaison1", "clerk1", "chengguan"])
def test_nobody_else_lays_one_down(cast, who):
    data = a_book(WHOLE)
    with pytest.raises(NotYours, match="期初数据只能由县委组织部导入"):
        next(iter(workflow.stage(workflow.examine(data), cast.by(who), "期初.xlsx", data)))


def test_nothing_is_there_before_it_is_written(cast):
    submitted(cast, WHOLE)
    assert db.session.scalar(select(Unit.id).where(Unit.code == "U91")) is None
    assert db.session.scalar(select(Member.id).where(Member.name == "林森")) is None


def test_a_whole_scheme_is_written(cast):
    written(cast, WHOLE)
    row = db.session.scalars(select(Registration)).one()
    assert (row.member.name, row.unit.code, row.community.name, row.grid.name) == (
        "林森",
        "U91",
        "东湖社区",
        "第一网格",
    )
    assert row.state is RegistrationState.FILED and row.opening
    assert (row.certificate_number, row.receipt_printed_number) == ("凤林信2019-12", "东回12")
    assert (row.issued_on, row.accepted_on, row.filed_on) == (
        dt.date(2019, 5, 6), dt.date(2019, 5, 9), dt.date(2019, 5, 12),
    )  # fmt: skip
    assert row.member.grid_id == row.grid_id and row.member.phone == "13891709101"
    assert row.community.estates[0].name == "湖滨小区" and row.community.town.name == "东湖镇党委"
    missing = db.session.scalars(rates.missing(cast.by("county"), rates.Grouping.UNIT))
    assert {"林森", "柳青"} & {member.name for member in missing} == {"柳青"}


def test_old_numbers_disturb_no_counter(cast):
    written(cast, WHOLE | {"报到": [*WHOLE["报到"], reported(), reported("买买提·吐尔逊", number="旧2019-2")]})
    old = list(db.session.scalars(select(Registration).where(Registration.opening).order_by(Registration.id)))
    assert [row.number for row in old] == ["2019-9000001", "2019-9000002", "2019-9000003"]
    assert db.session.scalars(select(numbers.Counter)).all() == []
    assert db.session.scalars(select(numbers.IssuedPaper)).all() == []
    assert reporting.issue(cast.dual_row, cast.by("liaison1")).serial == 1


def test_each_registration_has_one_line_of_history_and_one_of_the_trail(cast):
    firstday = written(cast, {"报到": [reported(), reported("买买提·吐尔逊", number="旧2019-2")]})
    for row in db.session.scalars(select(Registration)):
        (line,) = history.of(row)
        assert (line.verb, line.label, line.by_name, line.to_state) == ("open", "期初导入", "刘建国", "filed")
        assert line.by_user_id == cast.users["county"].id
        acts = select(audit.AuditRow).where(audit.AuditRow.kind == "registrations", audit.AuditRow.row_id == row.id)
        (act,) = db.session.scalars(acts)
        assert (act.act, act.user_id) == ("registrations.open", cast.users["county_b"].id)
    assert [line.verb for line in history.of(firstday)] == ["preview", "submit", "write"]
    assert audit.first_broken() is None


def test_hours_count_when_a_second_person_has_them_written(cast):
    written(cast, {"本年服务": [served()]})
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.state, record.evidence, record.half_hours) == (RecordState.CONFIRMED, Evidence.LATE, 3)
    assert (record.recorded_by, record.confirmed_by) == ("刘建国", "何敏")
    assert record.opening and record.supervisor_id == cast.dept1.id and record.place_id == cast.community1.id
    assert [line.label for line in history.of(record)] == ["期初导入"]


def test_nobody_confirms_their_own_hours_by_having_them_written(cast):
    cast.users["county_b"].member = make_member(cast.unit1, cast.community1, "何敏", "13891701077")
    db.session.commit()
    written(cast, {"本年服务": [served("何敏"), served()]})
    records = {row.member.name: row for row in db.session.scalars(select(ServiceRecord))}
    own, other = records["何敏"], records["欧阳䶮"]
    assert (own.state, own.confirmed_by, own.confirmed_at) == (RecordState.PENDING, None, None)
    assert (other.state, other.confirmed_by) == (RecordState.CONFIRMED, "何敏")
    assert [history.last(row).to_state for row in (own, other)] == ["pending", "confirmed"]


def test_a_registered_member_of_old_lives_on_in_the_portal(cast):
    written(cast, {"报到": [reported()]})
    row = registrations.current_of(cast.member1_row.id)
    reporting.relocate(row, cast.by("liaison1"), community_id=cast.community2.id, address="凤鸣路1号")
    on_the_way = registrations.in_progress_of(cast.member1_row.id)
    reporting.accept(on_the_way, cast.by("clerk2"))
    db.session.commit()
    assert row.state is RegistrationState.ENDED and not on_the_way.opening


def test_bad_rows_are_left_out_only_when_asked(cast):
    firstday = uploaded(cast, {"报到": [reported(), reported("无此人")]})
    with pytest.raises(RuleBroken, match="还有1行有错误"):
        workflow.submit(firstday, cast.by("county"))
    db.session.rollback()
    workflow.submit_right(firstday, cast.by("county"))
    workflow.write(firstday, cast.by("county_b"))
    assert db.session.scalar(select(func.count(Registration.id))) == 1


def test_there_must_be_something_to_write(cast):
    firstday = uploaded(cast, {"小区": [["C01", "儒林苑"]]})
    with pytest.raises(RuleBroken, match="没有需要写入的内容"):
        workflow.submit(firstday, cast.by("county"))


def reported_meanwhile(cast):
    row = reporting.issue(cast.member1_row, cast.by("liaison1"))
    db.session.flush()
    return row


@pytest.mark.parametrize(("sheets", "meanwhile", "words"), [
    ({"报到": [reported()]}, reported_meanwhile, "欧阳䶮的报到在预览之后有了变动"),
    ({"党员": [member("欧阳䶮", "13891701001", born="1980-05", home="凤鸣社区")]},
     lambda cast: set_member_facts(cast.member1_row, post="校长"), "欧阳䶮的资料在预览之后有了变动"),
    ({"单位": [["U01", "凤翔中学党委", "事业", "县", "S03"]]},
     lambda cast: setattr(cast.unit1, "name", "凤翔高中党支部"), "凤翔高中党支部的资料在预览之后有了变动"),
    ({"单位": [["U09", "新单位", "事业", "县", "S03"]]},
     lambda cast: setattr(cast.unit2, "code", "U09"), "单位“新单位”在预览之后有了变动"),
])  # fmt: skip
def test_what_changed_since_the_preview_is_not_overwritten(cast, sheets, meanwhile, words):
    firstday = submitted(cast, sheets)
    meanwhile(cast)
    db.session.commit()
    with pytest.raises(RuleBroken, match=words):
        workflow.write(firstday, cast.by("county_b"))


def test_of_two_who_write_one_wins(cast):
    firstday = submitted(cast, WHOLE)
    workflow.write(firstday, cast.by("county_b"))
    db.session.commit()
    with pytest.raises(TooLate, match="何敏已先“核对无误，写入”"):
        workflow.write(firstday, cast.by("county_b"))


def state_of_the_county() -> dict:
    """What an import could touch: rows by table, and the members and units in detail."""
    counted = (Supervisor, Unit, Community, Member, Registration, ServiceRecord, history.HistoryLine)
    found = {model.__tablename__: db.session.scalar(select(func.count(model.id))) for model in counted}
    found["units"] = [(u.code, u.name, u.kind) for u in db.session.scalars(select(Unit).order_by(Unit.code))]
    found["members"] = [
        (m.name, m.unit_id, m.community_id, m.grid_id, m.phone, m.born)
        for m in db.session.scalars(select(Member).order_by(Member.id))
    ]
    return found


def test_an_import_is_undone_as_a_whole(cast):
    set_member_facts(cast.member2_row, grid_id=cast.grid1.id)
    db.session.commit()
    before = state_of_the_county()
    sheets = WHOLE | {
        "单位": [*WHOLE["单位"], ["U01", "凤翔中学党委", "事业", "县", "S03"]],
        "党员": [*WHOLE["党员"], member("买买提·吐尔逊", "13891701002", born="1980-05", home="凤鸣社区")],
        "报到": [*WHOLE["报到"], reported(grid="G2")],
        "本年服务": [served(), served("林森", "U91")],
    }
    firstday = written(cast, sheets)
    assert cast.member1_row.grid_id == cast.grid2.id and cast.member2_row.grid_id is None
    workflow.undo(firstday, cast.by("county_b"), reason="传错了文件")
    db.session.commit()
    db.session.expire_all()
    after = state_of_the_county()
    after[history.HistoryLine.__tablename__] -= len(history.of(firstday))
    assert after == before
    assert firstday.state is FirstdayState.UNDONE
    assert db.session.scalar(select(func.count(FirstdayRow.id))) == 0
    assert audit.first_broken() is None


def ended(cast):
    row = registrations.current_of(cast.member1_row.id)
    reporting.relocate(row, cast.by("member1"), community_id=cast.community2.id, address="凤鸣路1号")


def on_a_roster(cast):
    unit = db.session.scalars(select(Unit).where(Unit.code == "U91")).one()
    cast.appoint("liaison91", "林森", cast.by("liaison1").role, unit=unit)


@pytest.mark.parametrize(("sheets", "later", "words"), [
    ({"报到": [reported()]}, ended, "欧阳䶮的报到已有后续办理"),
    (WHOLE, on_a_roster, "县林业局机关党支部已有后续办理"),
])  # fmt: skip
def test_what_was_built_on_is_not_undone(cast, sheets, later, words):
    firstday = written(cast, sheets)
    later(cast)
    db.session.commit()
    with pytest.raises(RuleBroken, match=words):
        workflow.undo(firstday, cast.by("county"), reason="传错了文件")


def test_an_undone_import_can_be_uploaded_again_and_no_id_comes_back(cast):
    firstday = written(cast, {"报到": [reported()]})
    old = db.session.scalars(select(Registration.id)).one()
    workflow.undo(firstday, cast.by("county"), reason="传错了文件")
    db.session.commit()
    written(cast, {"报到": [reported()]})
    assert db.session.scalars(select(Registration.id)).one() > old


def test_an_import_half_read_in_is_seen_by_nobody(cast):
    data = a_book(WHOLE)
    stopped = next(iter(workflow.stage(workflow.examine(data), cast.by("county"), "期初.xlsx", data)))
    db.session.commit()
    assert stopped.state is FirstdayState.STAGING
    assert db.session.scalars(workflow.queries.visible_to(cast.by("county"))).all() == []
    assert db.session.scalar(select(func.count(FirstdayImport.id))) == 1
