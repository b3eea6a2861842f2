"""Pages of evaluations by selector: opened in one click, graded one after the other, sent, acknowledged, replied to."""

import datetime as dt

import pytest

from portal.actors import Role
from portal.evaluations import workflow
from portal.evaluations.models import Evaluation, Note
from portal.extensions import db
from portal.registrations import workflow as registrations
from portal.scheme.models import SchemeYear
from tests.cast import make_member
from tests.evaluations.conftest import PERFORMANCE, a_note, an_evaluation, asked, received, the_grade
from tests.page_forms import form_to
from tests.pages import select, texts
from tests.records.test_life_cycle import a_record


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")


def crowd(cast, count: int = 3) -> list:
    """Members of unit1, received in community1 a year ago, besides member1."""
    received(cast)
    found = []
    for n in range(count):
        member = make_member(cast.unit1, cast.community1, f"安{'甲乙丙丁戊己庚辛'[n]}", f"1389170{2000 + n}")
        row = registrations.issue(member, cast.by("liaison1"))
        registrations.accept(row, cast.by("clerk1"))
        row.accepted_on = dt.date(2025, 11, 1)
        found.append(row)
    db.session.commit()
    return found


def act(browser, row, verb: str, **typed):
    """Press a button of an evaluation, or fill in what it asks."""
    address = f"/evaluations/{row.number}/{verb}"
    page = browser.get(address if typed else f"/evaluations/{row.number}").text
    return browser.post(address, data=form_to(page, address).filled(**typed))


def rows() -> list[Evaluation]:
    return list(db.session.scalars(db.select(Evaluation).order_by(Evaluation.id)))


# ---- Opened in one click


def test_one_click_opens_the_year_for_all_who_were_registered_for_six_months(cast, browse):
    *_, late = crowd(cast)
    late.accepted_on = dt.date(2026, 6, 15)
    db.session.commit()
    clerk = browse(cast.users["clerk1"])
    assert "2026年现实表现评议可以发起" in clerk.get("/desk").text
    page = clerk.get("/evaluations")
    assert "3 位党员报到满 6 个月" in page.text
    assert clerk.post("/evaluations/open", data=form_to(page.text, "/evaluations/open").filled()).status_code == 303
    assert [row.member.name for row in rows()] == ["欧阳䶮", "安甲", "安乙"]
    assert all(row.grade_id is None and row.state.value == "draft" for row in rows())
    # Once more adds nobody; who has been there for six months by then follows.
    clerk.post("/evaluations/open")
    assert len(rows()) == 3
    late.accepted_on = dt.date(2026, 5, 20)
    db.session.commit()
    clerk.post("/evaluations/open")
    assert len(rows()) == 4


def test_what_stands_on_the_list_of_last_year_acts_on_last_year(cast, browse):
    """The last year is open still: opened, graded and sent from its own list, while this year's draft stays one."""
    received(cast).accepted_on = dt.date(2025, 3, 1)
    now = an_evaluation(cast, "graded")
    now.registration.accepted_on = dt.date(2025, 3, 1)
    db.session.commit()
    clerk = browse(cast.users["clerk1"])
    desk = clerk.get("/desk")
    (link,) = [
        each.get("href") for each in select(desk, ".todo a") if "2025年现实表现评议可以发起" in each.text_content()
    ]
    assert link == "/evaluations?year=2025"
    page, address = clerk.get(link).text, "/evaluations/open?year=2025"
    assert clerk.post(address, data=form_to(page, address).filled()).location == link
    _, last = rows()
    assert last.year == 2025
    address = clerk.get("/evaluations/next?year=2025").location
    assert address == f"/evaluations/{last.number}/next"
    grade = form_to(clerk.get(address).text, address).filled(grade_id=str(the_grade().id))
    assert clerk.get(clerk.post(address, data=grade).location).location == link
    page, address = clerk.get(link).text, "/evaluations/bulk?year=2025"
    clerk.post(address, data=form_to(page, address).filled())
    assert [(row.year, row.state.value) for row in rows()] == [(2026, "draft"), (2025, "sent")] and now.grade


def test_a_year_that_was_never_opened_waits_on_no_desk(cast, browse):
    received(cast).accepted_on = dt.date(2025, 3, 1)
    db.session.execute(db.delete(SchemeYear).where(SchemeYear.year == 2025))
    db.session.commit()
    assert "2025年现实表现评议" not in browse(cast.users["clerk1"]).get("/desk").text


def test_before_the_day_nothing_is_opened(cast, browse, time_machine):
    crowd(cast)
    time_machine.move_to("2026-10-31 02:00:00+00:00")
    clerk = browse(cast.users["clerk1"])
    clerk.post("/evaluations/open")
    assert [row for row in rows() if row.year == 2026] == []


def test_whoever_moved_is_evaluated_where_six_months_were_served(cast, browse):
    row, *_ = crowd(cast)
    row.state, row.ended_on, row.end_kind = registrations.RegistrationState.ENDED, dt.date(2026, 8, 1), "moved"
    row.end_kind = registrations.EndKind.MOVED
    db.session.commit()
    browse(cast.users["clerk1"]).post("/evaluations/open")
    assert row.member_id in {each.member_id for each in rows()}


# ---- One after the other


def test_grading_goes_on_to_the_next_by_itself(cast, browse):
    crowd(cast, 2)
    clerk = browse(cast.users["clerk1"])
    clerk.post("/evaluations/open")
    answer = clerk.get("/evaluations/next")
    names = []
    for _ in range(3):
        page = clerk.get(answer.location)
        names += texts(page, "h1")
        assert select(page, "input[type=radio][checked]") == []
        grade = str(the_grade("一般").id)
        answer = clerk.post(answer.location, data=form_to(page.text, answer.location).filled(grade_id=grade))
        assert answer.status_code == 303
        answer = clerk.get(answer.location)
    assert names == ["安甲", "安乙", "欧阳䶮"] and answer.location == "/evaluations"
    assert {row.grade.label for row in rows()} == {"一般"}


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, browse):
    row = an_evaluation(cast)
    clerk, address = browse(cast.users["clerk1"]), f"/evaluations/{row.number}/next"
    answer = clerk.post(address, data={"advice": "请单位多督促"})
    assert answer.status_code == 422 and texts(answer, ".errors li") == ["请选择等次。"]
    answer = clerk.post(address, data={"grade_id": str(the_grade("优秀").id), "advice": "请单位多督促"})
    assert answer.status_code == 409 and texts(answer, ".errors li") == ["“优秀”请写明现实表现。"]
    assert "请单位多督促" in answer.text and row.grade_id is None


# ---- Many at once


def test_many_are_graded_alike_and_sent_and_each_refusal_is_named(cast, browse):
    crowd(cast)
    clerk = browse(cast.users["clerk1"])
    clerk.post("/evaluations/open")
    first, *_ = rows()
    workflow.grade(first, cast.by("clerk1"), grade_id=the_grade("较差").id, performance="约好的服务没有来。")
    db.session.commit()
    ticked = {"row": [str(row.id) for row in rows()]}
    result = clerk.get(clerk.post("/evaluations/bulk", data=ticked | {"grade": str(the_grade().id)}).location)
    assert "评为良好：办成 3 人，1 人没有办成" in result.text and "已评为“较差”" in result.text
    assert clerk.post("/evaluations/bulk", data=ticked | {"grade": str(the_grade("优秀").id)}).status_code == 404
    result = clerk.get(clerk.post("/evaluations/bulk", data={"all": "1", "unit": str(cast.unit1.id)}).location)
    assert "反馈：4 人全部办成。" in result.text
    assert [row.state.value for row in rows()] == ["sent"] * 4
    liaison = browse(cast.users["liaison1"])
    assert "现实表现评议待回执" in liaison.get("/desk").text
    slip = {"uses": ["review"], "handling": "none", "told": "no"}
    typed = {"row": ticked["row"][:2], "uses": "review"}
    lacking = liaison.post("/evaluations/bulk/acknowledge?state=sent", data=typed)
    assert lacking.status_code == 422
    assert texts(lacking, ".field__error") == ["错误：请选择处理。", "错误：请选择是否告知本人。"]
    assert {each.get("value") for each in select(lacking, "input[checked]")} == {*typed["row"], "review"}
    result = liaison.get(liaison.post("/evaluations/bulk/acknowledge", data=ticked | slip).location)
    assert "回执：4 人全部办成。" in result.text
    assert {each.use.value for row in rows() for each in row.uses} == {"review"}


def test_as_many_queries_for_a_whole_page_as_for_one(cast, browse):
    crowd(cast, 1)
    clerk = browse(cast.users["clerk1"])
    clerk.post("/evaluations/open")
    few = queries_of(clerk)
    crowd_more(cast)
    clerk.post("/evaluations/open")
    assert len(rows()) == 8 and queries_of(clerk) == few


def crowd_more(cast) -> None:
    for n in range(6):
        member = make_member(cast.unit2, cast.community1, f"柏{'一二三四五六'[n]}", f"1389170{3000 + n}")
        row = registrations.issue(member, cast.by("liaison2"))
        registrations.accept(row, cast.by("clerk1"))
        row.accepted_on = dt.date(2025, 11, 1)
    db.session.commit()


def queries_of(browser) -> int:
    found = []

    def look(_connection, _cursor, statement, *_):
        found.append(statement)

    db.event.listen(db.engine, "before_cursor_execute", look)
    try:
        assert browser.get("/evaluations").status_code == 200
    finally:
        db.event.remove(db.engine, "before_cursor_execute", look)
    return len([each for each in found if each.lstrip().upper().startswith("SELECT")])


# ---- One evaluation


def test_each_number_leads_to_what_it_was_counted_from(cast, browse):
    received(cast)
    a_record(cast, "confirmed")
    row = an_evaluation(cast)
    clerk = browse(cast.users["clerk1"])
    page = clerk.get(f"/evaluations/{row.number}")
    address = f"/evaluations/{row.number}/evidence"
    assert {link.get("href").partition("#")[0] for link in select(page, "a.figure")} == {address}
    assert "清理楼道杂物" in texts(clerk.get(address), "#times li")[0]
    assert texts(page, ".figure")[0] == "1次服务"


def test_the_member_sees_no_grade_before_it_is_sent_and_may_say_how_the_year_was(cast, browse):
    row = an_evaluation(cast, "graded")
    member = browse(cast.users["member1"])
    assert "可以写一段自我评价" in member.get("/desk").text
    page = member.get(f"/evaluations/{row.number}")
    assert "良好" not in page.text and PERFORMANCE not in page.text and "评议" in texts(page, "h2")
    assert act(member, row, "assess", **asked("assess")).status_code == 303
    assert asked("assess")["self_assessment"] in browse(cast.users["clerk1"]).get(f"/evaluations/{row.number}").text
    workflow.send(row, cast.by("clerk1"))
    db.session.commit()
    page = member.get(f"/evaluations/{row.number}")
    assert "良好" in page.text and PERFORMANCE in page.text
    assert "良好" in member.get("/evaluations/mine").text


def test_the_slip_is_the_members_to_read_only_where_the_unit_told_them(cast, browse):
    row = an_evaluation(cast, "sent")
    slip = {"uses": ["review", "honours"], "handling": "talk", "told": "no"}
    assert act(browse(cast.users["liaison1"]), row, "acknowledge", **slip).status_code == 303
    assert "谈话提醒" in browse(cast.users["clerk1"]).get(f"/evaluations/{row.number}").text
    assert "谈话提醒" not in browse(cast.users["member1"]).get(f"/evaluations/{row.number}").text


def test_a_reply_waits_on_the_clerks_desk_until_it_is_answered(cast, browse):
    row = an_evaluation(cast, "sent")
    assert act(browse(cast.users["member1"]), row, "reply", **asked("reply")).status_code == 303
    clerk = browse(cast.users["clerk1"])
    assert "党员对评议有说明，待书面答复" in clerk.get("/desk").text
    assert act(clerk, row, "answer", **asked("answer")).status_code == 303
    assert "党员对评议有说明，待书面答复" not in clerk.get("/desk").text
    assert asked("answer")["answer"] in browse(cast.users["liaison1"]).get(f"/evaluations/{row.number}").text


@pytest.mark.parametrize("what", ["grade", "words", "self", "slip", "answer"])
def test_the_list_is_narrowed_to_what_is_missing(cast, browse, what):
    state = {"slip": "sent", "answer": "replied"}.get(what, "draft")
    row = an_evaluation(cast, state)
    if what == "words":
        row.grade = the_grade("优秀")
        db.session.commit()
    clerk = browse(cast.users["clerk1"])
    assert len(select(clerk.get(f"/evaluations?lacking={what}"), "tbody tr")) == 1
    other = "slip" if state == "draft" else "grade"
    assert len(select(clerk.get(f"/evaluations?lacking={other}"), "tbody tr")) == 0


# ---- Notes and grades


def test_a_note_reaches_unit_and_member_at_once(cast, browse):
    row = received(cast)
    clerk = browse(cast.users["clerk1"])
    assert "欧阳䶮" in clerk.get("/evaluations/notes/new").text
    address = f"/evaluations/notes/new/{row.id}"
    form = form_to(clerk.get(address).text, address)
    typed = {"kind": "concerning", "words": "约好的服务没有来。", "day": "2026-11-19"}
    assert clerk.post(address, data=form.filled(**typed)).status_code == 303
    note = db.session.scalars(db.select(Note)).one()
    assert "重要情况随时反馈，待回执" in browse(cast.users["liaison1"]).get("/desk").text
    member = browse(cast.users["member1"])
    assert "约好的服务没有来。" in member.get(f"/evaluations/notes/{note.number}").text
    assert "需要关注" in member.get("/evaluations/mine").text
    assert clerk.post(address, data={"kind": "", "words": ""}).status_code == 422


def test_the_county_keeps_the_table_of_grades(cast, browse):
    county = browse(cast.users["county"])
    form = form_to(county.get("/evaluations/grades/new").text, "")
    assert county.post("/evaluations/grades/new", data=form.filled(label="优秀")).status_code == 409
    assert county.post("/evaluations/grades/new", data=form.filled(label="基本称职", sort="5")).status_code == 303
    grade = the_grade("基本称职")
    address = f"/evaluations/grades/{grade.id}"
    form, seen_before = (form_to(county.get(address).text, "") for _ in range(2))
    assert county.post(address, data=form.filled(label="尚可", active=None)).status_code == 303
    assert (the_grade("尚可").active, grade.label) == (False, "尚可")
    assert county.post(address, data=seen_before.filled(label="再改")).status_code == 409


def test_a_grade_that_stands_on_a_card_keeps_its_name(cast, browse):
    grade = an_evaluation(cast, "sent").grade
    county, address, label = browse(cast.users["county"]), f"/evaluations/grades/{grade.id}", grade.label
    form = form_to(county.get(address).text, "")
    refused = county.post(address, data=form.filled(label="另一个名称"))
    assert refused.status_code == 409 and "不能改名" in refused.text
    assert county.post(address, data=form.filled(label=label, active=None)).status_code == 303
    assert (grade.label, grade.active) == (label, False)


def as_role(browse, cast, role: Role):
    """member1's browser in one of their appointments."""
    browser = browse(cast.users["member1"])
    held = next(each for each in cast.users["member1"].appointments if each.role is role)
    assert browser.post(f"/appointments/{held.id}/use").status_code == 303
    return browser


@pytest.mark.parametrize(("role", "scope"), [(Role.CLERK, "community"), (Role.LIAISON, "unit")])
def test_in_an_office_nobody_finds_or_handles_what_is_on_themselves(cast, browse, role, scope):
    """Neither in the lists nor in their sheets nor to be ticked; a colleague does, and as a member they read it."""
    row, one = an_evaluation(cast, "sent"), a_note(cast)
    cast.appoint("member1", "欧阳䶮", role, **{scope: getattr(cast, f"{scope}1")})
    own, other = as_role(browse, cast, role), browse(cast.users["clerk1" if scope == "community" else "liaison1"])
    for page in ("/evaluations", "/evaluations/notes"):
        assert "共 1" in other.get(page).text and "还没有" in own.get(page).text, page
    assert own.get(f"/evaluations/{row.number}").status_code == 404
    assert own.get(f"/evaluations/notes/{one.number}").status_code == 404
    member = as_role(browse, cast, Role.MEMBER)
    assert member.get(f"/evaluations/{row.number}").status_code == 200
    assert "深夜抢修水管" in member.get(f"/evaluations/notes/{one.number}").text


def test_a_supervisor_ticks_only_the_slips_that_it_owes(cast, browse):
    row = an_evaluation(cast, "sent")
    above = browse(cast.users["dept1"])
    page = above.get("/evaluations")
    assert len(select(page, "tbody tr")) == 1 and select(page, "input[name=row]") == []
    cast.appoint("member1", "欧阳䶮", Role.LIAISON, unit=cast.unit1)
    assert [tick.get("value") for tick in select(above.get("/evaluations"), "input[name=row]")] == [str(row.id)]
