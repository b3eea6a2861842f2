"""The 志愿服务记录证明: who issues and cancels it, what it attests, each printed cell, its pages, and its check."""

import datetime as dt

import page as validator
import pytest

from portal import numbers
from portal.actors import Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.history import of as history_of
from portal.labels import Category
from portal.messages.models import Message
from portal.papers import attesting
from portal.papers.models import ServiceProofState
from portal.records.models import RecordState
from portal.records.workflow import void
from portal.registrations.models import EndKind, RegistrationState
from tests.lifecycles import LATE, NO, OK, answer
from tests.pages import listed
from tests.papers.making import LONG_UNIT, accepted, certificate, full_member, service

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
EVERYBODY = (
    "county", "admin", "dept1", "dept2", "chengguan", "town2", "committee", "inspector", "liaison1", "liaison2",
    "clerk1", "clerk1b", "clerk2", "grid1", "grid2", "member1", "member2", "member3",
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_july(time_machine):
    time_machine.move_to("2026-07-06 02:00:00+00:00")


@pytest.fixture
def row(cast):
    """欧阳䶮's registration, with three confirmed services of five hours before July and one later."""
    made = accepted(certificate(cast.member1_row))
    cast.community1.head = "李长青"
    service(cast.member1_row, dt.date(2026, 5, 17))
    service(cast.member1_row, dt.date(2026, 5, 24), half_hours=4)
    service(cast.member1_row, dt.date(2026, 6, 6), category=Category.ENVIRONMENT, place=cast.community2)
    service(cast.member1_row, dt.date(2026, 6, 7), state=RecordState.PENDING, confirmed_by=None)
    service(cast.member1_row, dt.date(2026, 6, 8), half_hours=0)
    service(cast.member1_row, dt.date(2026, 7, 1))
    db.session.commit()
    return made


@pytest.fixture
def proof(row, cast):
    """The proof of January to June."""
    made = attesting.issue(row, cast.by("clerk1"), FIRST, LAST)
    db.session.commit()
    return made


@pytest.fixture
def as_(browse, cast):
    return lambda username: browse(db.session.merge(cast.users[username]))


def issue(row, by, first=FIRST, last=LAST):
    """What issuing answers: the proof's number, or the refusal's sentence; taken back."""
    try:
        made = attesting.issue(row, by, first, last)
        db.session.flush()
        return made.number
    except (NotYours, RuleBroken) as refused:
        return type(refused)
    finally:
        db.session.rollback()


def test_only_a_clerk_of_the_members_community_issues_it(row, cast):
    answers = {person: issue(row, cast.by(person)) for person in EVERYBODY}
    assert answers == {p: "2026-0001" if p in ("clerk1", "clerk1b") else NotYours for p in EVERYBODY}


def test_nobody_issues_their_own(row, cast):
    cast.appoint("member1", "欧阳䶮", Role.CLERK, community=cast.community1)
    db.session.commit()
    assert issue(row, cast.by("member1", Role.CLERK)) is NotYours


@pytest.mark.parametrize("state", ["issued", "cancelled"])
def test_cancelling_by_everybody_from_every_state(proof, cast, state):
    proof.state = ServiceProofState(state)
    db.session.commit()
    clerks = OK if state == "issued" else LATE
    expected = {person: clerks if person in ("clerk1", "clerk1b") else NO for person in EVERYBODY}
    cancel = attesting.flow.moves["cancel"]
    assert {p: answer(cancel, proof, cast.by(p), reason="遗失") for p in EVERYBODY} == expected


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (LAST, FIRST, "不能晚于结束日期"), (FIRST, dt.date(2026, 7, 7), "不能晚于今天"),
        (dt.date(2013, 12, 31), LAST, "不能早于2014年"), (dt.date(2026, 1, 1), dt.date(2026, 5, 16), "不能开具证明"),
    ],
)  # fmt: skip
def test_days_that_attest_nothing_are_refused(row, cast, first, last, words):
    with pytest.raises(RuleBroken, match=words):
        attesting.issue(row, cast.by("clerk1"), first, last)


def test_one_period_is_attested_once_until_it_is_cancelled(proof, row, cast):
    with pytest.raises(RuleBroken, match="已开具（2026-0001）"):
        attesting.issue(row, cast.by("clerk1b"), FIRST, LAST)
    attesting.cancel(proof, cast.by("clerk1b"), reason="遗失")
    again = attesting.issue(row, cast.by("clerk1b"), FIRST, LAST)
    assert again.number == "2026-0002"
    assert [line.label for line in history_of(proof)] == ["开具证明", "作废"]
    told = db.session.scalars(db.select(Message).order_by(Message.id)).all()
    assert len(told) == 3


def test_it_counts_what_a_second_person_confirmed_wherever_it_was_done(proof):
    assert (proof.times, proof.half_hours) == (3, 10)
    assert [(line.category, line.times, line.half_hours) for line in proof.lines] == [
        (Category.CONVENIENCE, 2, 7), (Category.ENVIRONMENT, 1, 3),
    ]  # fmt: skip


def test_each_cell(proof, print_of_year, cast):
    cast.community1.head = "别人"  # what was printed stays
    words, pages, pdf = print_of_year("service-proof", proof)
    assert pages == 1
    for cell in (
        "志愿服务记录证明编号：凤进社证〔2026〕0001号",
        "兹证明欧阳䶮同志（男，志愿者编号凤进社信〔2026〕0001号，居民身份证号码），系凤翔中学党支部在职党员，在儒林社区报到。",
        "自2026年1月1日至2026年6月30日，参加志愿服务3次，服务时长5小时，分类如下：",
        "服务类别次数时长（小时）便民利民23.5环境保护11.5合计35", "特此证明。", "负责人：李长青", "经办人：王秀兰",
        "联系电话：0917-7219001", "儒林社区党组织（盖章）2026年7月6日", "校验码",
    ):  # fmt: skip
        assert cell in words, cell
    assert "None" not in words and "13891701001" not in words and "草" not in words
    for profile in ("2u", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []


def test_eight_categories_and_the_longest_names_stay_on_one_page(print_of_year, cast):
    member = full_member(cast)
    registration = accepted(certificate(member))
    for day, category in enumerate(Category, 1):
        service(member, dt.date(2026, 5, day), category=category, half_hours=23)
    row = attesting.issue(registration, cast.by("clerk1"), FIRST, LAST)
    db.session.commit()
    words, pages, _ = print_of_year("service-proof", row)
    assert pages == 1
    assert "买买提·吐尔逊·阿卜杜热合曼" in words and LONG_UNIT in words and "合计892" in words and "负责人：—" in words


SEES = {
    "member1": True, "member2": False, "liaison1": True, "liaison2": False, "clerk1": True, "clerk2": False,
    "dept1": True, "dept2": False, "chengguan": True, "town2": False, "committee": False, "county": True,
    "admin": False, "inspector": False, "grid1": False,
}  # fmt: skip


def test_who_sees_it(proof, as_):
    for person, sees in SEES.items():
        browser = as_(person)
        for address in ("/proofs/2026-0001", "/papers/service-proof/2026-0001"):
            assert browser.get(address).status_code == (200 if sees else 404), (person, address)
    for person in ("member1", "liaison1", "clerk1b", "county"):
        assert "凤进社证〔2026〕0001号" in as_(person).get("/proofs").text, person
    assert "还没有开过证明" in as_("clerk2").get("/proofs").text


def test_a_clerk_finds_the_member_and_issues_it(row, as_):
    clerk, link = as_("clerk1"), f'href="/proofs/new/{row.number}"'
    assert link in listed(clerk, "/proofs/new?q=ouyang").text and link in clerk.get(f"/registrations/{row.number}").text
    assert link not in as_("liaison1").get(f"/registrations/{row.number}").text
    assert "2026-01-01" in clerk.get(f"/proofs/new/{row.number}").text
    bad = clerk.post(f"/proofs/new/{row.number}", data={"first": "2026-06-30", "last": "2026.1.1"})
    assert bad.status_code == 422 or bad.status_code == 409
    assert "开始日期不能晚于结束日期" in bad.text and "2026-06-30" in bad.text
    assert clerk.post(f"/proofs/new/{row.number}", data={"first": "", "last": "x"}).status_code == 422
    made = clerk.post(f"/proofs/new/{row.number}", data={"first": "2026-01-01", "last": "2026-06-30"})
    assert made.headers["Location"] == "/proofs/2026-0001"
    page = clerk.get("/proofs/2026-0001").text
    assert "已开具：3 次，5 小时" in page and "凤进社证〔2026〕0001号" in page
    assert as_("clerk2").get(f"/proofs/new/{row.number}").status_code == 404
    cancelled = clerk.post("/proofs/2026-0001/cancel", data={"reason": "填错了日期"})
    assert cancelled.status_code == 303
    assert "填错了日期" in clerk.get("/proofs/2026-0001").text


def test_whoever_checks_it_is_told_that_it_was_cancelled(proof, client, cast, as_, words_of):
    code = numbers.latest("service-proof", proof.id).check_code
    page = client.get(f"/verify/{code}").text
    assert "志愿服务记录证明" in page and "现在有效" in page and "欧阳䶮" not in page
    attesting.cancel(proof, cast.by("clerk1"), reason="遗失")
    db.session.commit()
    assert "已作废" in client.get(f"/verify/{code}").text
    assert "作废" in words_of(as_("clerk1").get("/papers/service-proof/2026-0001.pdf").data)


def test_records_that_changed_since_are_pointed_out(proof, as_, cast):
    assert "现在的记录与证明不同" not in as_("clerk1").get("/proofs/2026-0001").text
    record = db.session.scalars(db.select(attesting.ServiceRecord).order_by(attesting.ServiceRecord.id)).first()
    void(record, cast.by("clerk1"), reason="登记有误")
    db.session.commit()
    assert "现在是 2 次、3.5 小时" in as_("clerk1").get("/proofs/2026-0001").text
    assert (proof.times, proof.half_hours) == (3, 10)


def test_who_moved_away_this_year_asks_the_new_community(row, cast, as_):
    row.state, row.ended_on, row.end_kind = RegistrationState.ENDED, dt.date(2026, 6, 1), EndKind.MOVED
    moved = certificate(cast.member1_row)
    moved.community = cast.community2
    accepted(moved).accepted_on = dt.date(2026, 6, 1)
    db.session.commit()
    assert as_("clerk1").get(f"/proofs/new/{row.number}").status_code == 404
    assert as_("clerk2").get(f"/proofs/new/{moved.number}").status_code == 200
