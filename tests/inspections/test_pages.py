"""The pages of inspections by selector: who sees what, what is offered, what a form says."""

import io

import pytest

from portal.extensions import db
from portal.files import path_of
from portal.inspections import checking, mending, noticing, workflow
from portal.inspections.kinds import CheckResult, InspectionKind
from portal.inspections.models import Check, Checklist, Finding, Inspection, ResultNotice, Target
from portal.uploads import Upload
from tests.cast import make_member
from tests.inspections.conftest import (
    drafted,
    finding_of,
    found,
    in_days,
    lists,
    planned,
    target_of,
    walk,
)
from tests.page_forms import form_to
from tests.pages import select, texts
from tests.publicity.making import a_photo

STATES = ("planned", "underway", "issued", "answered", "closed", "cancelled")


def address(target: Target, more: str = "") -> str:
    return f"/inspections/{target.inspection.number}/targets/{target.id}{more}"


def buttons(answer) -> set[str]:
    return {words.partition("：")[0] for words in texts(answer, "main button, main a.button")}


def value(answer, name: str) -> str:
    """What stands in a field of the form on a page."""
    (field,) = select(answer, f"[name={name}]")
    return (field.get("value") or "".join(field.itertext())).strip()


@pytest.mark.parametrize("state", STATES)
def test_every_page_opens_in_every_state(as_, cast, state):
    row, county = walk(cast, state), as_("county")
    for target in row.targets:
        assert county.get(address(target)).status_code == 200
    for more in ("", f"/{row.number}", f"/{row.number}?left=1", "/findings", "/notices", "/checklists"):
        assert county.get(f"/inspections{more}").status_code == 200, more


def test_the_county_plans_from_the_standard_list_and_chooses_whom_to_inspect(as_, cast):
    county = as_("county")
    assert "采用通用清单" in county.get("/inspections/checklists").text
    assert texts(county.get("/inspections/new"), ".empty")
    county.post("/inspections/checklists/standard")
    check = db.session.scalar(db.select(Checklist).where(Checklist.kind == InspectionKind.CHECK))
    form = {"checklist_id": check.id, "title": "5月专项督查", "about": "看报到。", "starts_on": "2026-05-19",
            "ends_on": "2026-05-18", "fix_by": ""}  # fmt: skip
    refused = county.post("/inspections/new", data=form)
    assert refused.status_code == 409
    assert "结束日期不能早于开始日期。" in refused.text
    assert value(refused, "title") == "5月专项督查"
    county.post("/inspections/new", data=form | {"ends_on": "2026-05-22"})
    row = db.session.scalar(db.select(Inspection))
    assert row.number == "2026-0001"
    assert len(row.items) == len(check.items) > 15
    chooses = f"/inspections/{row.number}/choose?kind=unit"
    assert set(texts(county.get(chooses), "tbody th")) == {
        "凤翔中学党支部", "县医院党总支", "县教育体育局机关党支部",
    }  # fmt: skip
    county.post(chooses, data={"id": [cast.unit1.id, cast.unit2.id, 999, "x"]})
    county.post(chooses, data={"id": [cast.unit1.id]})
    db.session.expire_all()
    assert {target.name for target in row.targets} == {"凤翔中学党支部", "县医院党总支"}
    assert set(texts(county.get(chooses), "tbody th")) == {"县教育体育局机关党支部"}


def test_an_inspector_is_named_by_login_and_works_only_when_a_second_person_agrees(as_, cast):
    row = planned(cast)
    county = as_("county")
    sends = f"/inspections/{row.number}/inspectors"
    assert "没有这个用户名或姓名的账号" in county.post(sends, data={"login": "nobody"}).text
    own = county.post(sends, data={"login": "liaison1"})
    assert own.status_code == 409
    assert "不能督查自己所在的党组织" in own.text
    assert county.post(sends, data={"login": "liaison3"}).status_code == 303
    assert as_("liaison3").get(f"/inspections/{row.number}").status_code == 404
    named = next(each for each in row.inspectors if each.appointment.user.username == "liaison3")
    assert named.appointment.state.value == "proposed"
    assert "核准" not in buttons(county.get(f"/appointments/{named.appointment_id}"))
    assert "核准" in buttons(as_("county_b").get(f"/appointments/{named.appointment_id}"))


def test_on_the_spot_each_item_shows_the_portals_evidence_and_is_ticked(as_, cast):
    row = walk(cast, "underway")
    unit, inspector = target_of(row, cast.unit1), as_("inspector")
    page = inspector.get(address(unit))
    item = next(each for each in row.items if each.drawn and each.drawn.value == "reported")
    card = f"#item-{item.id}"
    assert "报到率 0%（应报到 3 人，已报到 0 人）" in texts(page, f"{card} .evidence")[0]
    assert texts(page, f"{card} a[href$='/evidence/reported']")[0].startswith("看名单（3）")
    name = f"i{item.id}-result"
    sends = address(unit, f"/tick/{item.id}")
    assert "请选择情况。" in inspector.post(sends, data={name: ""}).text
    answer = inspector.post(sends, data={name: "bad", f"i{item.id}-comment": "未开证明信"})
    assert answer.status_code == 303
    check = db.session.scalar(db.select(Check))
    assert (check.result, check.comment) == (CheckResult.BAD, "未开证明信")
    assert check.evidence == "报到率 0%（应报到 3 人，已报到 0 人）"
    late = inspector.post(sends, data={name: "good", f"i{item.id}-version": ""})
    assert late.status_code == 409 and "另一位同志已记录了这一项" in late.text
    assert "未开证明信" in texts(late, f"{card} > p")[1]  # what stands there now, above what was typed
    db.session.expire_all()
    assert db.session.scalar(db.select(Check)).result is CheckResult.BAD
    kept = form_to(late.text, sends)
    assert (kept.values[name], kept.values[f"i{item.id}-version"]) == ("good", "1")
    assert inspector.post(sends, data=kept.filled()).status_code == 303
    others = next(each for each in row.items if each.asked_of.value == "communities")
    refused = inspector.post(address(unit, f"/tick/{others.id}"), data={f"i{others.id}-result": "good"})
    assert refused.status_code == 409


def test_the_list_behind_a_number_is_as_long_as_the_number_and_names_nobody(as_, cast):
    row = walk(cast, "underway")
    unit, inspector = target_of(row, cast.unit1), as_("inspector")
    page = inspector.get(address(unit, "/evidence/reported"))
    assert sorted(texts(page, "tbody th")) == ["买买提·某某", "仇某某", "欧阳某某"]
    assert "䶮" not in page.text
    assert inspector.get(address(unit, "/evidence/nothing")).status_code == 404
    assert inspector.get(address(unit, "/evidence/wishes")).status_code == 404


def test_a_finding_keeps_the_evidence_of_its_day_and_reaches_the_body_when_it_is_sent(as_, cast):
    row = walk(cast, "underway")
    unit, inspector, liaison = target_of(row, cast.unit1), as_("inspector"), as_("liaison1")
    item = next(each for each in row.items if each.drawn and each.drawn.value == "reported")
    form = {"item_id": item.id, "words": "报到进度慢。", "demand": "逐人催办。", "fix_by": "2026-06-05"}
    past = inspector.post(address(unit, "/find"), data=form | {"fix_by": "2026-05-01"})
    assert past.status_code == 409
    assert "整改期限不能早于今天。" in past.text
    assert value(past, "words") == "报到进度慢。"
    phone = inspector.post(address(unit, "/find"), data=form | {"words": "请联系13891701001。"})
    assert "像是电话号码" in phone.text
    inspector.post(address(unit, "/find"), data=form)
    made = db.session.scalars(db.select(Finding).order_by(Finding.id.desc())).first()
    assert made.evidence == "报到率 0%（应报到 3 人，已报到 0 人）"
    assert liaison.get(f"/inspections/findings/{made.id}").status_code == 404
    assert texts(liaison.get("/inspections"), "tbody tr") == []
    assert not any("督查" in words for words in texts(liaison.get("/desk"), "main"))
    workflow.issue(row, cast.by("county_b"))
    db.session.commit()
    assert "督查发现的问题待整改、答复" in liaison.get("/desk").text
    page = liaison.get(f"/inspections/findings/{made.id}")
    assert buttons(page) == {"答复"}
    answer = liaison.post(f"/inspections/findings/{made.id}/answer", data={"answer": "已全部报到。"})
    assert answer.status_code == 303
    assert "督查整改答复待审核" in as_("county").get("/desk").text


def test_the_body_sees_its_own_part_only_and_the_bodies_above_read_along(as_, cast):
    row = walk(cast, "issued")
    unit, community = target_of(row, cast.unit1), target_of(row, cast.community1)
    seen = {
        login: [as_(login).get(address(target)).status_code for target in (unit, community)]
        for login in ("liaison1", "clerk1", "dept1", "chengguan", "liaison2", "clerk2", "dept2", "town2")
    }
    assert seen == {
        "liaison1": [200, 404], "clerk1": [404, 200], "dept1": [200, 404], "chengguan": [404, 200],
        "liaison2": [404, 404], "clerk2": [404, 404], "dept2": [404, 404], "town2": [404, 404],
    }  # fmt: skip
    finding = finding_of(row)
    assert buttons(as_("dept1").get(f"/inspections/findings/{finding.id}")) == set()
    assert as_("liaison1").get(address(unit, "/evidence/reported")).status_code == 403
    assert "韩宁" not in as_("liaison1").get(address(unit)).text


def test_an_assessment_is_of_all_towns_and_departments_prefilled_and_by_name(as_, cast):
    row = walk(cast, "underway", InspectionKind.YEARLY_ASSESSMENT)
    page = as_("county").get(f"/inspections/{row.number}")
    names = texts(page, "#targets tbody th")
    assert names == sorted(names)
    assert set(names) == {"城关镇党委", "柳林镇党委", "县教育体育局党委", "县卫生健康局党委"}
    checks = {check.item.drawn.value: check.evidence for check in target_of(row, cast.dept1).checks}
    assert checks["reported"] == "报到率 0%（应报到 3 人，已报到 0 人）"
    assert checks["own_work"] == "2 个单位，没有本年工作记录的 2 个"
    assert checks["service"] == "本年已确认服务 0 次，共 0 小时"
    assert not any(word in page.text for word in ("名次", "得分", "第1名"))
    refused = as_("county").post(address(target_of(row, cast.dept1), "/grade"),
                                 data={"grade": "poor", "grade_words": "", "version": "1"})  # fmt: skip
    assert "请写明评定的理由。" in refused.text


def test_a_notice_is_read_by_every_branch_and_by_no_member(as_, cast):
    row = walk(cast, "issued")
    county, other = as_("county"), as_("county_b")
    for body, merit, words in ((cast.community1, "praised", "心愿办结及时"), (cast.unit1, "criticised", "报到进度慢")):
        target = target_of(row, body)
        sent = {"merit": merit, "merit_words": words, "version": str(target.version)}
        assert county.post(address(target, "/merit"), data=sent).status_code == 303
    form = county.get(f"/inspections/notices/of/{row.number}")
    words = {name: value(form, name) for name in ("title", "opening", "closing")}
    assert county.post(f"/inspections/notices/of/{row.number}", data=words).status_code == 303
    notice = db.session.scalar(db.select(ResultNotice))
    readers = ("clerk1", "clerk2", "liaison2", "town2", "dept2", "committee")
    where = f"/inspections/notices/{notice.number}"
    assert {as_(login).get(where).status_code for login in readers} == {404}
    assert "印发" not in buttons(county.get(where))
    other.post(f"{where}/publish")
    assert {as_(login).get(where).status_code for login in readers} == {200}
    assert {as_(login).get(where).status_code for login in ("member1", "grid1", "admin")} == {403}
    page = as_("clerk2").get(where)
    assert texts(page, "main section li") == ["儒林社区：心愿办结及时。", "凤翔中学党支部：报到进度慢。"]
    assert as_("clerk2").get(f"/papers/result-notice/of/{notice.number}").status_code == 302
    assert as_("member1").get(f"/papers/result-notice/of/{notice.number}").status_code == 404


def test_what_a_notice_says_stays_as_it_was_published(as_, cast):
    notice = drafted(cast, "answered")
    noticing.publish(notice, cast.by("county_b"))
    db.session.commit()
    where = f"/inspections/notices/{notice.number}"
    before = texts(as_("clerk2").get(where), "main")
    assert "发现问题 1 个" in before[0]
    as_("county_b").post(f"/inspections/findings/{finding_of(notice.inspection).id}/accept")
    assert texts(as_("clerk2").get(where), "main") == before


def test_two_who_edit_one_plan_see_both_texts(as_, cast):
    row = planned(cast)
    form = {"title": "甲", "about": "看报到。", "starts_on": "2026-05-18", "ends_on": "2026-05-22", "fix_by": "",
            "version": str(row.version)}  # fmt: skip
    assert as_("county").post(f"/inspections/{row.number}/edit", data=form).status_code == 303
    late = as_("county_b").post(f"/inspections/{row.number}/edit", data=form | {"title": "乙"})
    assert late.status_code == 409
    assert "另一位同志已保存了新的内容" in late.text


def test_a_checklist_is_the_countys_to_change_and_an_inspection_keeps_its_copy(as_, cast):
    row = planned(cast)
    checklist, county = lists(cast)[InspectionKind.CHECK], as_("county")
    where = f"/inspections/checklists/{checklist.id}"
    first = checklist.items[0].id
    form = {"words": "看现场", "asked_of": "all", "drawn": "", "clause": "", "place": "1"}
    assert county.post(f"{where}/items/new", data=form).status_code == 303
    county.post(f"{where}/items/{first}/remove")
    db.session.expire_all()
    assert checklist.items[0].words == "看现场"
    assert [item.place for item in checklist.items] == list(range(1, len(checklist.items) + 1))
    assert row.items[0].words.startswith("成立工作机构")
    sends = f"{where}/items/{checklist.items[0].id}"
    mine, theirs = (form_to(as_(login).get(sends).text, "") for login in ("county", "county_b"))
    assert as_("county_b").post(sends, data=theirs.filled(words="看现场、看台账")).status_code == 303
    late = county.post(sends, data=mine.filled(words="看材料"))
    assert late.status_code == 409 and texts(late, "tbody td") == ["看材料", "看现场、看台账"]
    assert county.post(sends, data=form_to(late.text, "").filled()).status_code == 303
    db.session.expire_all()
    assert checklist.items[0].words == "看材料"
    assert (
        county.post(f"{where}/edit", data={"title": "年度考核", "version": str(checklist.version)}).status_code == 303
    )
    assert not any("年度考核（专项" in words for words in texts(county.get("/inspections/new"), "option"))


def test_no_form_is_opened_that_would_be_refused(as_, cast):
    """Before it begins nothing is written down, once it is sent nothing is planned; 409 and 403 like the POST's."""
    row, county, inspector = walk(cast, "planned"), as_("county"), as_("inspector")
    unit, base = target_of(row, cast.unit1), f"/inspections/{row.number}"
    plan, spot = ("/edit", "/choose", "/inspectors"), ("/visit", "/find", "/merit", "/grade")

    def opened(browser, *addresses) -> list[int]:
        return [browser.get(each).status_code for each in addresses]

    assert opened(county, *(base + each for each in plan)) == [200, 200, 200]
    assert opened(county, *(address(unit, each) for each in spot)) == [409, 409, 409, 409]
    workflow.start(row, cast.by("county"))
    finding = found(cast, unit)
    edits = f"/inspections/findings/{finding.id}/edit"
    assert opened(county, *(address(unit, each) for each in spot)) == [200, 200, 200, 409]  # no assessment
    assert opened(inspector, address(unit, "/visit"), edits) == [200, 200]
    cast.users["county_b"].member = make_member(cast.unit1, cast.community1, "何敏", "13891701044")
    db.session.commit()
    assert opened(as_("county_b"), *(address(unit, each) for each in ("/visit", "/find", "/merit"))) == [403, 403, 403]
    assert opened(as_("county_b"), edits) == [403]
    drafts = f"/inspections/notices/of/{row.number}"
    extends = f"/inspections/findings/{finding.id}/extend"
    assert opened(county, drafts, extends) == [409, 409]
    checking.sum_up(target_of(row, cast.community1), cast.by("inspector"), in_days(0), "扎实。")
    workflow.issue(row, cast.by("county"))
    notice = noticing.draft(row, cast.by("county"), noticing.first_words(row, 2))
    db.session.commit()
    assert opened(county, *(base + each for each in plan), drafts, edits) == [409, 409, 409, 409, 409]
    assert opened(county, extends, address(unit, "/merit"), f"/inspections/notices/{notice.number}/edit") == [200] * 3


def test_an_answers_files_are_for_who_inspects_and_who_answered_and_give_way_to_better_ones(as_, cast):
    row = walk(cast, "issued")
    finding, liaison = finding_of(row), as_("liaison1")
    page, sends = f"/inspections/findings/{finding.id}", f"/inspections/findings/{finding.id}/answer"
    form = form_to(liaison.get(sends).text, sends)
    bad = liaison.post(sends, data=form.filled(answer="已整改。", files=(io.BytesIO(b"MZ"), "a.exe")))
    assert (bad.status_code, value(bad, "answer")) == (422, "已整改。")
    sent = form.filled(answer="已全部报到。", files=(a_photo(), "会议.jpg"))
    assert as_("dept1").post(sends, data=sent).status_code == 403
    sent = form.filled(answer="已全部报到。", files=(a_photo(), "会议.jpg"))
    assert liaison.post(sends, data=sent).status_code == 303
    kept = db.session.scalars(db.select(Upload)).one()
    assert b"JFIF" not in path_of(kept.file).read_bytes()
    file, opened = f"{page}/files/{kept.file}", {}
    for login in ("liaison1", "inspector", "county", "dept1", "committee", "clerk1"):
        opened[login] = as_(login).get(file).status_code, kept.title in as_(login).get(page).text
    assert opened == {
        "liaison1": (200, True), "inspector": (200, True), "county": (200, True), "dept1": (404, False),
        "committee": (404, False), "clerk1": (404, False),
    }  # fmt: skip
    mending.send_back(finding, cast.by("county"), "看不清", fix_by=in_days(24))
    db.session.commit()
    form = form_to(liaison.get(sends).text, sends)
    sent = form.filled(answer="重新拍照。", remove=[kept.file], files=(a_photo("blue"), "现场.jpg"))
    assert liaison.post(sends, data=sent).status_code == 303
    db.session.expire_all()
    assert [each.title for each in db.session.scalars(db.select(Upload))] == ["现场.jpg"]
    mending.flow.undo(finding, cast.by("liaison1"))
    db.session.commit()
    assert [each.title for each in db.session.scalars(db.select(Upload))] == ["会议.jpg"]


def test_what_is_not_settled_stands_before_what_is(as_, cast):
    row = walk(cast, "underway")
    settled, left = finding_of(row), found(cast, target_of(row, cast.unit1), words="还没有改的。")
    settled.words = "已经改好的。"
    workflow.issue(row, cast.by("county"))
    mending.answer(settled, cast.by("liaison1"), answer="已全部报到。")
    mending.accept(settled, cast.by("county"))
    db.session.commit()
    assert texts(as_("county").get("/inspections/findings"), "tbody th") == ["还没有改的。", "已经改好的。"]
    following = as_("county").get(f"/inspections/findings?after={left.id}")
    assert texts(following, "tbody th") == ["已经改好的。"]
