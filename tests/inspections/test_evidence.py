"""Every source of evidence at every kind of body, in one small county on 19 May 2026; the numbers counted by hand."""

import datetime as dt

import pytest

from portal.extensions import db
from portal.households.models import Support, SupportState
from portal.inspections import behind, checking, evidence, workflow
from portal.inspections.kinds import Drawn, InspectionKind, TargetKind
from portal.inspections.models import Inspection, Target
from portal.records.models import Evidence
from portal.registrations import workflow as registrations
from portal.registrations.models import Exemption, ExemptionState
from tests.cast import make_member
from tests.households.conftest import a_household, a_support, a_visit
from tests.inspections.conftest import planned, target_of
from tests.pledges.conftest import pledged, registered
from tests.records.test_life_cycle import a_record
from tests.remarks.conftest import a_remark
from tests.suggestions.conftest import a_suggestion
from tests.wishes.making import a_wish
from tests.work.conftest import some_work

TODAY = dt.date(2026, 5, 19)
BODIES = ("unit1", "unit2", "community1", "community2", "chengguan", "dept1", "dept2")
NOT_ASKED = None  # the source tells nothing of such a body
# What each of BODIES is shown: how many in all, how many speak against it.
TABLE = {
    Drawn.REPORTED: [
        "报到率 66.7%（应报到 3 人，已报到 2 人）", "报到率 100%（应报到 1 人，已报到 1 人）",
        "报到率 66.7%（应报到 3 人，已报到 2 人）", "报到率 100%（应报到 1 人，已报到 1 人）",
        "报到率 —（应报到 0 人，已报到 0 人）",  # no unit is below the town
        "报到率 66.7%（应报到 3 人，已报到 2 人）", "报到率 100%（应报到 1 人，已报到 1 人）",
    ],
    Drawn.UNREPORTED: [f"应报到人数 {all_}，未报到人数 {left}" for all_, left in
                       ((3, 1), (1, 0), (3, 1), (1, 0), (0, 0), (3, 1), (1, 0))],
    Drawn.RECEIPTS: [f"社区已接洽人数 {all_}，回执未备案 {left}" for all_, left in
                     ((2, 1), (1, 0), (2, 1), (1, 0), (0, 0), (2, 1), (1, 0))],
    Drawn.PLEDGES: [f"报到党员人数 {all_}，没有审定承诺的人数 {left}" for all_, left in
                    ((2, 1), (1, 1), (2, 1), (1, 1), (0, 0), (2, 1), (1, 1))],
    Drawn.SERVICE: [f"本年已确认服务 {times} 次，共 {hours} 小时" for times, hours in
                    ((2, "3"), (1, "1.5"), (2, "3"), (1, "1.5"), (0, "0"), (2, "3"), (1, "1.5"))],
    Drawn.FIVE_ONES: [f"报到党员人数 {all_}，五个一齐全 0，还有缺项 {all_}" for all_ in (2, 1, 2, 1, 0, 2, 1)],
    Drawn.ENTERED_LATE: [f"补录占 {rate}（已确认 {all_} 条，其中补录 {late} 条）" for rate, all_, late in
                         (("50%", 2, 1), ("100%", 1, 1), ("50%", 2, 1), ("100%", 1, 1), ("—", 0, 0), ("50%", 2, 1),
                          ("100%", 1, 1))],
    Drawn.UNCONFIRMED: [
        NOT_ASKED, NOT_ASKED, "本年写实记录条数 4，待确认 1", "本年写实记录条数 0，待确认 0",
        "本年写实记录条数 4，待确认 1", NOT_ASKED, NOT_ASKED,
    ],
    Drawn.WISHES: [
        NOT_ASKED, NOT_ASKED, "在办微心愿件数 5，超期 2", "在办微心愿件数 0，超期 0", "在办微心愿件数 5，超期 2",
        NOT_ASKED, NOT_ASKED,
    ],
    Drawn.VISITS: [f"应走访联系对象户数 {all_}，上月未走访 {left}" for all_, left in
                   ((2, 1), (1, 1), (2, 1), (0, 0), (0, 0), (2, 1), (1, 1))],
    Drawn.REMARKS: [
        NOT_ASKED, NOT_ASKED, "本年群众意见条数 3，未答复 2", "本年群众意见条数 0，未答复 0",
        "本年群众意见条数 3，未答复 2", NOT_ASKED, NOT_ASKED,
    ],
    Drawn.SUGGESTIONS: [
        NOT_ASKED, NOT_ASKED, "本年合理建议条数 3，超期未答复 2", "本年合理建议条数 0，超期未答复 0",
        "本年合理建议条数 1，超期未答复 0", "本年合理建议条数 0，超期未答复 0", "本年合理建议条数 1，超期未答复 1",
    ],
    Drawn.OWN_WORK: [
        "有本年工作记录", "没有本年工作记录", NOT_ASKED, NOT_ASKED, "0 个单位，没有本年工作记录的 0 个",
        "2 个单位，没有本年工作记录的 1 个", "没有本年工作记录",
    ],
    Drawn.LIAISON: [
        "有主联络员", "没有主联络员", NOT_ASKED, NOT_ASKED, "0 个单位，没有主联络员的 0 个",
        "2 个单位，没有主联络员的 1 个", "没有主联络员",
    ],
}  # fmt: skip


@pytest.fixture
def county(cast):
    """member1 and member2 of unit1 live and reported in community1, member3 of unit2 in community2; dual did not."""
    pledged(cast, "approved")  # member1's receipt is not filed
    for member, liaison, clerk in (
        (cast.member2_row, "liaison1", "clerk1"), (cast.member3_row, "liaison2", "clerk2"),
    ):  # fmt: skip
        registrations.file(registered(cast, member, liaison, clerk), cast.by(liaison))
    _exempt(cast)
    _records(cast)
    _wishes(cast)
    _households(cast)
    for state, day in (("submitted", TODAY), ("submitted", dt.date(2025, 12, 20)), ("declined", TODAY),
                       ("declined", dt.date(2025, 12, 20))):  # fmt: skip
        a_remark(cast, state, registered=False).submitted_on = day
    _suggestions(cast)
    some_work(cast)
    some_work(cast, "cancelled", "liaison3")
    cast.users["liaison1"].appointments[0].main = True
    db.session.commit()
    return cast


def _exempt(cast) -> None:
    """Who need not report is in no rate."""
    away = make_member(cast.unit1, cast.community1, "安驻外", "13891701011")
    asked = {"reason": "长期驻外", "asked_on": TODAY, "asked_by": "凤翔中学党支部 高翔"}
    db.session.add(Exemption(state=ExemptionState.AGREED, member_id=away.id, unit_id=cast.unit1.id, **asked))


def _records(cast) -> None:
    """member3 of community2 served in community1: the hours are the home's, the second person the place's."""
    for state, day, half_hours, kind, who in (
        ("confirmed", dt.date(2026, 3, 7), 4, Evidence.LATE, "member1"),
        ("confirmed", dt.date(2026, 3, 14), 2, Evidence.ORGANISER, "member1"),
        ("pending", dt.date(2026, 3, 21), 2, Evidence.LATE, "member1"),
        ("rejected", dt.date(2026, 3, 28), 2, Evidence.LATE, "member1"),
        ("confirmed", dt.date(2025, 12, 6), 6, Evidence.LATE, "member1"),
        ("confirmed", dt.date(2026, 4, 11), 3, Evidence.LATE, "member3"),
    ):
        member = cast.places[f"{who}_row"]
        a_record(cast, state, day=day, half_hours=half_hours, member=member).evidence = kind


def _wishes(cast) -> None:
    """Reviewed in 3 working days, finished by the day of the claim: two are late, a finished one is nobody's."""
    a_wish(cast, "claimed", finish_by=dt.date(2026, 5, 18))
    a_wish(cast, "claimed", leader="member2", finish_by=TODAY)
    a_wish(cast, "submitted", submitted_at=dt.datetime(2026, 5, 13, 2, tzinfo=dt.UTC))
    a_wish(cast, "submitted", submitted_at=dt.datetime(2026, 5, 15, 2, tzinfo=dt.UTC))
    a_wish(cast, "published")
    a_wish(cast, "done")


def _households(cast) -> None:
    """April counts where somebody supports through the whole of it: two of four households, one was visited."""
    visited, shared, new, _alone = (
        a_household(cast, born=born) for born in ("1941-03", "1942-01", "1943-01", "1944-01")
    )
    for household, who, since in ((visited, "member1", 3), (shared, "member1", 4), (new, "member2", 5)):
        a_support(cast, household, who).since = dt.date(2026, since, 1)
    moved = {"member_id": cast.member3_row.id, "place": 2, "proposed_by": "儒林社区 王秀兰"}  # to community2 since
    days = {"proposed_on": dt.date(2026, 3, 1), "since": dt.date(2026, 3, 1)}
    db.session.add(Support(state=SupportState.ACTIVE, household_id=shared.id, **moved, **days))
    db.session.commit()
    a_visit(cast, visited, day=dt.date(2026, 4, 30))


def _suggestions(cast) -> None:
    """community1 answers three (one of last year, still open), its town one, dept2 the one that was forwarded to it."""
    late = dt.date(2026, 5, 18)
    a_suggestion(cast, "answered", registered=False)
    a_suggestion(cast, registered=False).answer_by = late
    old = a_suggestion(cast, registered=False)
    old.submitted_on, old.answer_by = dt.date(2025, 11, 3), dt.date(2025, 12, 3)
    a_suggestion(cast, addressed_to="town", registered=False)
    a_suggestion(cast, "forwarded", registered=False).answer_by = late
    a_suggestion(cast, "withdrawn", registered=False)


def _targets(cast) -> list[Target]:
    kinds = {"unit": TargetKind.UNIT, "community": TargetKind.COMMUNITY, "dept": TargetKind.DEPARTMENT}
    columns = {"unit": "unit", "community": "community"}
    row = Inspection(number="2026-0001", year=2026, serial=1, kind=InspectionKind.CHECK, title="督查", about="看数据。",
                     starts_on=TODAY, ends_on=TODAY)  # fmt: skip
    for name in BODIES:
        sort = name.rstrip("12")
        row.targets.append(Target(kind=kinds.get(sort, TargetKind.TOWN),
                                  **{columns.get(sort, "supervisor"): cast.places[name]}))  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row.targets


def test_every_source_shows_each_body_what_was_counted_by_hand_with_a_list_as_long(county):
    targets = _targets(county)
    assert set(TABLE) == set(Drawn)
    for drawn, words in TABLE.items():
        together = evidence.for_all(drawn, targets, TODAY)
        assert [getattr(together.get(each.id), "words", None) for each in targets] == words, drawn
        for target in targets:
            alone = evidence.draw([drawn], target, TODAY).get(drawn)
            assert alone == together.get(target.id), (drawn, target.name)
            if alone and alone.listed is not None:
                assert len(behind.page(target, drawn, TODAY, None).lines) == alone.listed, (drawn, target.name)


def test_an_assessment_counts_its_own_year_in_the_following_january_too(county, browse, time_machine):
    row = planned(county, InspectionKind.YEARLY_ASSESSMENT)
    workflow.start(row, county.by("county"))
    db.session.commit()
    time_machine.move_to("2027-01-04 02:00:00+00:00")
    checking.refresh(row, county.by("county"))
    db.session.commit()
    target = target_of(row, county.dept1)
    check = next(each for each in target.checks if each.item.drawn is Drawn.SERVICE)
    assert (check.evidence, check.evidence_on) == ("本年已确认服务 2 次，共 3 小时", dt.date(2026, 12, 31))
    page = browse(county.users["county"]).get(f"/inspections/{row.number}/targets/{target.id}")
    assert "报到党员人数 2，没有审定承诺的人数 1" in page.text  # pledges of 2026
