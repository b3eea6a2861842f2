"""The life cycle of an import, verb × state × role, and what writing and undoing do to the roster."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from portal import audit, clock, history
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.people.members import set_member_facts
from portal.people.models import Member, MemberStatus
from portal.registrations.models import Registration
from portal.rosters import queries, workflow
from portal.rosters.models import ImportRow, ImportState, RosterImport, RowResult, staged_members
from tests.cast import Cast
from tests.lifecycles import LATE, NO, OK, answer
from tests.rosters.rosters import FIXTURES, a_file, examined, person, uploaded, written

FROM = {
    "preview": {"staging"},
    "write": {"previewed"},
    "write_right": {"previewed"},
    "drop": {"previewed"},
    "undo": {"written"},
}
ASKED = {"undo": {"reason": "传错了文件"}}
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "liaison3", "clerk1", "clerk2", "grid1", "member1", "member2", "member3", "dual",
)  # fmt: skip
MINE = {"liaison1"}  # dual acts first as a member


@pytest.mark.parametrize("state", [state.value for state in ImportState])
@pytest.mark.parametrize("verb", FROM)
def test_verbs_and_states(cast, verb, state):
    roster = uploaded(cast, a_file(person()))
    if state == "written":
        workflow.write(roster, cast.by("liaison1"))
    roster.state = ImportState(state)
    db.session.commit()
    got = answer(workflow.flow.moves[verb], roster, cast.by("liaison1"), **ASKED.get(verb, {}))
    assert got == (OK if state in FROM[verb] else LATE)


@pytest.mark.parametrize("verb", FROM)
def test_verbs_and_people(cast, verb):
    roster = uploaded(cast, a_file(person()))
    if verb == "undo":
        workflow.write(roster, cast.by("liaison1"))
    roster.state = ImportState(next(iter(FROM[verb])))
    db.session.commit()
    allowed = {
        who for who in EVERYBODY if answer(workflow.flow.moves[verb], roster, cast.by(who), **ASKED.get(verb, {})) != NO
    }
    assert allowed == MINE


def test_nobody_lays_down_a_roster_for_another_unit(cast):
    preview = examined(cast, a_file(person()))
    with pytest.raises(NotYours):
        next(workflow.stage(preview, cast.unit1.id, cast.by("liaison2"), "x.xlsx", b"x"))


def roster_of(unit) -> dict[str, str]:
    """The members on a unit's roster, by name with their phone."""
    rows = select(Member).where(Member.unit_id == unit.id, Member.status == MemberStatus.ACTIVE)
    return {member.name: member.phone for member in db.session.scalars(rows)}


BEFORE = {"欧阳䶮": "13891701001", "买买提·吐尔逊": "13891701002", "仇文博": "13891701004"}
CHANGE = person("欧阳䶮", "13891709999", post="教研组长")


def test_writing_brings_new_members_and_changes(cast):
    assert roster_of(cast.unit1) == BEFORE
    roster = written(cast, a_file(person(), CHANGE))
    assert roster_of(cast.unit1) == BEFORE | {"王强": "13891702001", "欧阳䶮": "13891709999"}
    new = db.session.scalars(select(Member).where(Member.name == "王强")).one()
    assert (new.unit_id, new.community_id, new.born, new.post) == (cast.unit1.id, cast.community1.id, "1980-05", "教师")
    assert new.since == clock.today()
    assert db.session.get(Member, cast.member1_row.id).post == "教研组长"
    assert (roster.new, roster.changed, roster.bad) == (1, 1, 0)
    assert queries.file_of(roster) is None


def test_nothing_of_an_import_is_seen_before_it_is_written(cast):
    before = db.session.scalar(select(func.count(Member.id)))
    roster = uploaded(cast, a_file(person(), CHANGE))
    assert roster_of(cast.unit1) == BEFORE
    assert db.session.scalar(select(func.count(Member.id))) == before
    assert roster.state == ImportState.PREVIEWED


def test_an_import_in_parts_is_seen_by_nobody_until_its_last_part(cast):
    data = a_file(*(person(f"王{chr(0x4E00 + n)}", str(13891710000 + n)) for n in range(450)))
    actor, seen = cast.by("liaison1"), []
    for _ in workflow.stage(examined(cast, data), actor.unit_id, actor, "x.xlsx", data):
        db.session.commit()
        seen.append(
            (
                db.session.scalar(select(func.count(ImportRow.id))),
                len(db.session.scalars(queries.visible_to(actor)).all()),
            )
        )
    assert seen == [(0, 0), (200, 0), (400, 0), (450, 0)]


def test_bad_rows_stop_writing_all_but_not_the_right_ones(cast):
    roster = uploaded(cast, a_file(person(), person("李梅", "1389")))
    with pytest.raises(RuleBroken, match="还有1行有错误"):
        workflow.write(roster, cast.by("liaison1"))
    db.session.rollback()
    workflow.write_right(roster, cast.by("liaison1"))
    db.session.commit()
    assert roster_of(cast.unit1) == BEFORE | {"王强": "13891702001"}
    assert queries.file_of(roster) is not None


def test_the_same_file_twice_changes_nothing(cast):
    data = (FIXTURES / "untidy.xlsx").read_bytes()
    written(cast, data)
    standing = roster_of(cast.unit1)
    again = uploaded(cast, data)
    assert (again.new, again.changed, again.same, again.twice, again.elsewhere, again.bad) == (0, 0, 7, 1, 1, 6)
    workflow.write_right(again, cast.by("liaison1"))  # for the one on another roster, who was asked for already
    db.session.commit()
    assert roster_of(cast.unit1) == standing
    assert queries.elsewhere_in(again) == [cast.member3_row]


def test_a_file_that_says_nothing_new_is_not_written(cast):
    data = a_file(person())
    written(cast, data)
    again = uploaded(cast, data)
    with pytest.raises(RuleBroken, match="没有需要写入的内容"):
        workflow.write(again, cast.by("liaison1"))


def test_a_person_on_another_roster_is_never_doubled(cast):
    written(cast, a_file(person(), person("单雪", "13891701003")))
    assert len(db.session.scalars(select(Member).where(Member.name == "单雪")).all()) == 1
    assert "单雪" not in roster_of(cast.unit1)


def test_two_units_previewing_one_person_write_them_once(cast):
    first, second = uploaded(cast, a_file(person())), uploaded(cast, a_file(person()), by="liaison2")
    workflow.write(first, cast.by("liaison1"))
    db.session.commit()
    with pytest.raises(RuleBroken, match="王强的资料在预览之后有了变动，请放弃这次导入，重新上传核对。"):
        workflow.write(second, cast.by("liaison2"))


def test_a_member_changed_after_the_preview_is_not_overwritten(cast):
    roster = uploaded(cast, a_file(CHANGE))
    set_member_facts(cast.member1_row, post="副校长")
    db.session.commit()
    with pytest.raises(RuleBroken, match="欧阳䶮的资料在预览之后有了变动"):
        workflow.write(roster, cast.by("liaison1"))


def test_a_new_home_takes_the_member_out_of_the_old_grid(cast):
    cast.member1_row.grid_id = cast.grid1.id
    db.session.commit()
    written(cast, a_file(person("欧阳䶮", "13891701001", home="凤鸣社区")))
    assert db.session.get(Member, cast.member1_row.id).grid_id is None


def test_the_grid_stays_where_the_home_stays(cast):
    cast.member1_row.grid_id = cast.grid1.id
    db.session.commit()
    written(cast, a_file(person("欧阳䶮", "13891701001", post="副校长")))
    member = db.session.get(Member, cast.member1_row.id)
    assert (member.grid_id, member.post) == (cast.grid1.id, "副校长")


def test_undoing_puts_everything_back(cast):
    address = cast.member1_row.address
    roster = written(cast, a_file(person(), CHANGE))
    workflow.undo(roster, cast.by("liaison1"), reason="传错了文件")
    db.session.commit()
    assert roster_of(cast.unit1) == BEFORE
    member = db.session.get(Member, cast.member1_row.id)
    assert (member.post, member.address) == (None, address)
    assert db.session.scalars(select(ImportRow)).all() == []
    assert db.session.execute(select(staged_members)).all() == []
    assert history.of(roster)[-1].reason == "传错了文件"


def test_the_number_of_a_member_taken_out_is_never_used_again(cast):
    roster = written(cast, a_file(person()))
    number = db.session.scalar(select(Member.id).where(Member.name == "王强"))
    workflow.undo(roster, cast.by("liaison1"), reason="传错了文件")
    db.session.commit()
    written(cast, a_file(person("李梅", "13891702004")))
    assert db.session.scalar(select(Member.id).where(Member.name == "李梅")) > number


def test_an_import_whose_member_has_registered_is_not_undone(cast):
    roster = written(cast, a_file(person(), person("李梅", "13891702004")))
    member = db.session.scalars(select(Member).where(Member.name == "李梅")).one()
    db.session.add(
        Registration(number="2026-0001", year=2026, serial=1, member=member, unit_id=member.unit_id, valid_days=30,
                     community_id=member.community_id, issued_on=dt.date(2026, 3, 1), issued_by="高翔")
    )  # fmt: skip
    db.session.commit()
    with pytest.raises(RuleBroken, match="李梅已有登录账号、报到等办理事项，不能整批撤销。"):
        workflow.undo(roster, cast.by("liaison1"), reason="传错了文件")


def test_an_import_whose_changes_were_changed_again_is_not_undone(cast):
    roster = written(cast, a_file(CHANGE))
    set_member_facts(db.session.get(Member, cast.member1_row.id), post="副校长")
    db.session.commit()
    with pytest.raises(RuleBroken, match="欧阳䶮的资料在导入之后又有改动，不能整批撤销。"):
        workflow.undo(roster, cast.by("liaison1"), reason="传错了文件")


def test_an_older_import_is_undone_though_a_newer_one_named_its_members(cast):
    data = a_file(person())
    first = written(cast, data)
    newer = uploaded(cast, data)
    assert newer.same == 1
    workflow.undo(first, cast.by("liaison1"), reason="传错了文件")
    db.session.commit()
    assert roster_of(cast.unit1) == BEFORE


def test_dropping_forgets_the_rows_and_the_file(cast):
    roster = uploaded(cast, a_file(person()))
    workflow.drop(roster, cast.by("liaison1"))
    db.session.commit()
    assert db.session.scalars(select(ImportRow)).all() == []
    assert queries.file_of(roster) is None
    with pytest.raises(TooLate, match="已先“放弃”，这次导入现在是“已放弃”，不能全部写入。"):
        workflow.write(roster, cast.by("liaison1"))


def test_what_is_kept_of_an_upload_is_sealed(cast):
    uploaded(cast, a_file(CHANGE, person("李梅", "1389")))
    for row in db.session.scalars(select(ImportRow)):
        assert b"13891709999" not in row.words_sealed and "李梅".encode() not in row.words_sealed
    assert not db.session.scalar(select(RosterImport.file_sealed)).startswith(b"PK")


def test_each_step_leaves_a_line_and_an_audit_row(cast):
    roster = written(cast, a_file(person()))
    assert [(line.label, line.by_name) for line in history.of(roster)] == [
        ("上传", "凤翔中学党支部 高翔"),
        ("全部写入", "凤翔中学党支部 高翔"),
    ]
    acts = db.session.scalars(
        select(audit.AuditRow.act).where(audit.AuditRow.kind == "roster_imports").order_by(audit.AuditRow.id)
    ).all()
    assert acts == ["roster_imports.preview", "roster_imports.write"]


def test_who_sees_an_import(cast: Cast):
    roster = uploaded(cast, a_file(person()))
    seen = {who for who in EVERYBODY if db.session.scalars(queries.visible_to(cast.by(who))).all() == [roster]}
    assert seen == {"liaison1", "county"}


def test_rows_by_result(cast):
    roster = uploaded(cast, (FIXTURES / "untidy.xlsx").read_bytes())
    counts = {result.value: len(queries.rows_of(roster, result)) for result in RowResult}
    assert counts == {"new": 6, "changed": 0, "same": 1, "bad": 6, "elsewhere": 1, "twice": 1}
