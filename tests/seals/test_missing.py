"""What is missing in members' number chains (缺件): who lacks which paper, how far the others are, at what cost."""

import datetime as dt

import pytest

from portal import clock, numbers
from portal.archives import erasing
from portal.archives.models import ArchivedPaper, CopyState, ErasureReason
from portal.extensions import db
from portal.numbers import IssuedPaper
from portal.people.models import Member
from portal.registrations import workflow as registrations
from portal.registrations.models import Registration
from portal.seals import chain, workflow
from portal.seals.chain import Filters
from portal.seals.links import Link, Stage
from tests.cast import make_member
from tests.closing.conftest import close
from tests.evaluations.conftest import an_evaluation
from tests.pages import listed, select, texts
from tests.pledges.conftest import pledged
from tests.test_fixed_queries import counted

YEAR = clock.today().year


def chains(cast, person: str, year: int = YEAR) -> dict[str, list[str]]:
    """By name, how far each link of the chain is, as this person sees it."""
    asked = chain.year_of(year)
    found = db.session.scalars(chain.members(cast.by(person), asked)).all()
    by_id = chain.of_members(found, asked)
    return {member.name: [piece.label for piece in by_id[member.id].pieces.values()] for member in found}


@pytest.fixture
def mixed(cast):
    """欧阳䶮 has an approved pledge; 仇文博 a certificate only; the others nothing, one of them no home in the town."""
    pledged(cast, "approved")
    registrations.issue(cast.dual_row, cast.by("liaison1"))
    make_member(cast.unit1, None, "丁外乡", "13891701014", lives_in_town=False)
    db.session.commit()
    return cast


def test_who_lacks_what(mixed):
    """The order is 证明信, 回执, 承诺卡, 写实卡, 反馈卡; a link is asked for once the one before is there."""
    row = db.session.scalars(db.select(IssuedPaper).where(IssuedPaper.kind == "certificate")).first()
    workflow.stamp(workflow.entry_for(row), mixed.by("liaison1"))
    pledge = db.session.scalars(db.select(IssuedPaper).where(IssuedPaper.kind == "pledge-card")).one()
    workflow.archive(workflow.entry_for(pledge), mixed.by("liaison1"), box="1")
    db.session.commit()
    of_unit = {
        "欧阳䶮": ["已盖章", "已生成", "已归档", "未到", "未到"],
        "买买提·吐尔逊": ["缺", "未到", "未到", "未到", "未到"],
        "仇文博": ["已生成", "缺", "未到", "未到", "未到"],
    }  # fmt: skip
    assert chains(mixed, "liaison1") == chains(mixed, "clerk1") == of_unit
    assert chains(mixed, "county") == of_unit | {"单雪": ["缺", "未到", "未到", "未到", "未到"]}
    assert chains(mixed, "liaison2") == {"单雪": ["缺", "未到", "未到", "未到", "未到"]}
    assert chains(mixed, "liaison2", YEAR - 1) == {"单雪": ["缺", "未到", "未到", "未到", "未到"]}
    db.session.scalars(db.select(Member).where(Member.name == "单雪")).one().since = dt.date(YEAR, 1, 1)
    db.session.commit()
    assert chains(mixed, "liaison2", YEAR - 1) == {} and len(chains(mixed, "liaison2")) == 1
    assert (len(chains(mixed, "dept1")), len(chains(mixed, "chengguan")), chains(mixed, "town2")) == (3, 4, {})
    numbers_of = chain.counts(mixed.by("county"), chain.year_of(YEAR), Filters())
    assert [[numbers_of[link][stage] for stage in Stage] for link in Link] == [
        [2, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0],
    ]  # fmt: skip


def test_every_number_opens_its_list(mixed, browse):
    county = browse(mixed.users["county"])
    page = county.get("/seals/missing")
    assert len(texts(page, "td.num a")) == 20
    for link in Link:
        for stage in Stage:
            answer = county.get(f"/seals/missing?link={link.value}&stage={stage.value}")
            number = chain.counts(mixed.by("county"), chain.year_of(YEAR), Filters())[link][stage]
            assert len(texts(answer, "#list tbody th")) == number, (link, stage)
    assert texts(county.get("/seals/missing?stage=missing"), "#list tbody th") == ["买买提·吐尔逊", "仇文博", "单雪"]
    assert texts(listed(county, "/seals/missing?q=仇文博"), "#list tbody th") == ["仇文博"]
    assert len(county.post("/lists/seal-missing?stage=missing").data) > 2000
    liaison = browse(mixed.users["liaison1"])
    hrefs = [link.get("href") for link in _links(liaison.get("/seals/missing"))]
    assert hrefs == ["/registrations/uncertified", f"/registrations/{YEAR}-0002"]


def _links(answer):
    return [link for link in select(answer, "#list td a") if "".join(link.itertext()).startswith(("去办", "查看"))]


def test_a_closed_year_asks_for_the_cards_of_the_year(cast, time_machine):
    """Registered in March 2025: when the year is closed the record card is there, and the evaluation card lacks."""
    time_machine.move_to("2025-03-03 02:00:00+00:00")
    row = registrations.issue(cast.member1_row, cast.by("liaison1"))
    registrations.accept(row, cast.by("clerk1"))
    db.session.commit()
    time_machine.move_to("2026-01-10 02:00:00+00:00")
    assert chains(cast, "clerk1", 2025)["欧阳䶮"] == ["已生成", "已生成", "缺", "未到", "缺"]
    time_machine.move_to("2026-02-10 02:00:00+00:00")
    close(cast)
    assert chains(cast, "clerk1", 2025)["欧阳䶮"] == ["已生成", "已生成", "缺", "已生成", "缺"]
    assert chains(cast, "clerk1", 2026)["欧阳䶮"] == ["已生成", "已生成", "缺", "未到", "未到"]


def test_an_evaluation_that_was_sent_is_there_and_erased_and_old_papers_lack_nothing(cast):
    evaluation = an_evaluation(cast, "sent")
    row = db.session.get_one(Registration, evaluation.registration_id)
    assert chains(cast, "clerk1", evaluation.year)["欧阳䶮"][4] == "已生成"
    copy = db.session.scalars(db.select(ArchivedPaper).where(ArchivedPaper.kind == "evaluation-card")).one()
    copy.state, copy.sha256, copy.file = CopyState.STORED, "a" * 64, "f" * 32
    erasing.erase(copy, cast.by("county"), ErasureReason.REQUEST, "本人来函")
    db.session.commit()
    assert chains(cast, "clerk1", evaluation.year)["欧阳䶮"][4] == "已依法删除"
    asked = chain.year_of(evaluation.year)
    assert chain.counts(cast.by("clerk1"), asked, Filters())[Link.EVALUATION][Stage.MISSING] == 0
    for kind in ("certificate", "receipt"):
        numbers.set_aside(kind, row.id, numbers.PaperState.CANCELLED)
    row.opening, row.old_number = True, "凤进社信〔2019〕7号"
    db.session.commit()
    assert chains(cast, "clerk1", evaluation.year)["欧阳䶮"][:2] == ["期初", "期初"]


def test_who_moved_house_has_the_chain_of_the_registration_that_was_accepted_last(cast):
    """The old one ended by moving; a certificate to the new community is on its way and counts once it is accepted."""
    row = registrations.issue(cast.member1_row, cast.by("liaison1"))
    registrations.accept(row, cast.by("clerk1"))
    cast.member1_row.community = cast.community2
    db.session.commit()
    again = registrations.issue(cast.member1_row, cast.by("liaison1"))
    db.session.commit()
    assert chains(cast, "clerk1")["欧阳䶮"][:2] == ["已生成", "已生成"] and "欧阳䶮" not in chains(cast, "clerk2")
    registrations.accept(again, cast.by("clerk2"))
    again.accepted_on = clock.today() + dt.timedelta(0)
    db.session.commit()
    assert chains(cast, "clerk2")["欧阳䶮"][:2] == ["已生成", "已生成"] and "欧阳䶮" not in chains(cast, "clerk1")


def test_both_lists_take_as_many_queries_for_thirty_as_for_three(mixed, browse):
    county = browse(mixed.users["county"])
    few = [counted(county, address) for address in ("/seals", "/seals/missing", "/seals/missing?stage=missing")]
    for place in range(30):
        member = make_member(mixed.unit1, mixed.community1, f"党员{place:02}", f"139{place:08}")
        registrations.issue(member, mixed.by("liaison1"))
    db.session.commit()
    assert [counted(county, address) for address in ("/seals", "/seals/missing", "/seals/missing?stage=missing")] == few
    assert max(few) <= 14
