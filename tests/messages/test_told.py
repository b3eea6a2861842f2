"""Whom each move tells, typed by hand: the acting person never, and no office of what it did itself."""

import datetime as dt

import pytest

from portal.accounts import workflow as accounts
from portal.accounts.models import UserState
from portal.actors import SYSTEM, Role, resident_of
from portal.extensions import db
from portal.flow import FLOWS
from portal.pledges import workflow as pledges
from portal.records import workflow as records
from portal.registrations import deferments, exemptions, transfers
from portal.registrations import workflow as registrations
from portal.registrations.models import DefermentKind, EndKind
from portal.telling import Topic
from portal.wishes import raising
from portal.wishes import workflow as wishes
from portal.wishes.models import Level
from tests.messages.reading import forget, sentences, told, topics
from tests.pledges.conftest import pledged
from tests.records.test_life_cycle import a_record
from tests.registrations.conftest import walk
from tests.wishes.making import a_wish, register

LIAISONS1 = {"liaison1", "dual"}  # of unit1, which is member1's
CLERKS1 = {"clerk1", "clerk1b"}  # of community1, where member1 lives
CLERKS2 = {"clerk2"}
# Moves that tell nobody: what they leave behind waits on a desk, or is nobody else's business.
UNTOLD = {
    "users": {"lock"},
    "roster_imports": {"write", "undo"},
    "registrations": {"file"},
    "pledges": {"submit", "withdraw", "show", "end"},
    "service_records": {"object"},
    "transfer_requests": {"withdraw"},
    "wishes": {"publish", "correct", "pass_on", "claim", "claim_for_unit", "claim_for_team",
               "call_back", "escalate", "archive", "propose", "accept", "decline", "recall", "expire"},
    "teams": {"join", "leave"},
}  # fmt: skip
# What tells: kind of case → verb, tested below.
TELLING = {
    "users": {"unlock"},
    "appointments": {"approve", "end"},
    "registrations": {"present", "accept", "reissue", "send_back", "cancel", "relocate", "end"},
    "exemptions": {"agree", "decline", "end"},
    "deferments": {"agree", "decline", "end"},
    "transfer_requests": {"release", "decline"},
    "pledges": {"approve", "send_back"},
    "service_records": {"confirm", "reject", "void"},
    "objections": {"uphold", "dismiss"},
    "teams": {"end"},
    "wishes": {"reject", "release", "extend", "revoke", "confirm", "lapse", "reopen", "close", "withdraw", "solve",
               "hand_back", "merge", "finish", "start"},
}  # fmt: skip
REASON = "情况有变化"


def test_the_moves_that_tell_and_those_that_do_not(app):
    moves = {flow.name: {verb: bool(move.tells) for verb, move in flow.moves.items()} for flow in FLOWS.values()}
    for kind, verbs in TELLING.items():
        assert [verb for verb in verbs if not moves[kind][verb]] == [], kind
    for kind, verbs in UNTOLD.items():
        assert [verb for verb in verbs if moves[kind][verb]] == [], kind


# ---- Registration


@pytest.mark.parametrize(
    ("state", "verb", "by", "asked", "expected"),
    [
        ("issued", "present", "liaison1", {}, {"member1"}),
        ("issued", "present", "member1", {}, set()),
        ("issued", "accept", "clerk1", {}, {"member1"}),
        ("presented", "accept", "chengguan", {}, {"member1"}),
        ("issued", "send_back", "clerk1", {"community_id": "community2", "reason": REASON}, {"member1"}),
        ("returned", "reissue", "liaison1", {}, {"member1"}),
        ("issued", "cancel", "liaison1", {"reason": REASON}, {"member1"}),
        ("accepted", "file", "liaison1", {}, set()),
        ("filed", "relocate", "member1", {"community_id": "community2"}, set()),
        ("filed", "relocate", "clerk1", {"community_id": "community2"}, {"member1"}),
        ("filed", "end", "liaison1", {"kind": EndKind.MOVED, "reason": REASON}, {"member1"} | CLERKS1),
        ("filed", "end", "clerk1", {"kind": EndKind.MOVED, "reason": REASON}, {"member1"} | LIAISONS1),
        # Whoever retires has no login as a member any more.
        ("filed", "end", "liaison1", {"kind": EndKind.RETIRED, "reason": REASON}, CLERKS1),
    ],
)
def test_registration(cast, state, verb, by, asked, expected):
    row = walk(cast, state)
    forget()
    named = {key: getattr(cast, value).id if key == "community_id" else value for key, value in asked.items()}
    registrations.flow.moves[verb](row, cast.by(by), **named)
    assert told() == expected
    assert topics() <= {Topic.REGISTRATION}


def test_a_certificate_and_what_it_says(cast):
    row = registrations.issue(cast.member1_row, cast.by("liaison1"))
    assert sentences("member1") == [f"您的报到（{row.number}）：开具证明信（凤翔中学党支部 高翔）。请到儒林社区报到。"]
    assert told() == {"member1"}


def test_what_a_member_reads_of_the_way_to_the_receipt(cast):
    row = walk(cast, "issued")
    forget()
    registrations.present(row, cast.by("liaison1"))
    registrations.accept(row, cast.by("clerk1"))
    assert sentences("member1") == [
        f"您的报到（{row.number}）：报到（凤翔中学党支部 高翔）。单位已代您报到，等儒林社区接洽。",
        f"您的报到（{row.number}）：接洽（儒林社区 王秀兰）。报到回执 {row.receipt_number} 已送达单位。",
    ]


def test_who_is_received_elsewhere_is_told_once_and_the_old_community_learns_of_it(cast):
    walk(cast, "filed")
    cast.member1_row.community = cast.community2
    anew = registrations.issue(cast.member1_row, cast.by("liaison1"))
    forget()
    registrations.accept(anew, cast.by("clerk2"))
    assert told() == {"member1"} | CLERKS1
    assert len(sentences("member1")) == 1
    assert "迁居结束" in sentences("clerk1")[0]


# ---- Exemption, 暂缓, change of unit


@pytest.mark.parametrize("flow", [exemptions, deferments], ids=["exemptions", "deferments"])
@pytest.mark.parametrize(
    ("verb", "by", "expected"),
    [
        ("agree", "dept1", {"member1"} | LIAISONS1),
        ("decline", "dept1", {"member1"} | LIAISONS1),
        ("end", "dept1", {"member1"} | LIAISONS1),
        ("end", "liaison1", {"member1"}),
    ],
)
def test_exemption_and_deferment(cast, flow, verb, by, expected):
    liaison = cast.by("liaison1")
    row = (
        exemptions.ask(cast.member1_row, liaison, "长期借调外县")
        if flow is exemptions
        else deferments.ask(cast.member1_row, liaison, DefermentKind.SECONDED, "2026-03", "2026-08")
    )
    assert told() == set()
    flow.flow.moves[verb](row, cast.by(by), **({} if verb == "agree" else {"reason": REASON}))
    assert told() == expected
    assert topics() == {Topic.MEMBERSHIP}


@pytest.mark.parametrize(
    ("verb", "by", "expected"),
    [
        ("release", "liaison1", {"member1", "liaison2"}),
        ("release", "dept1", {"member1", "liaison2"} | LIAISONS1),
        ("decline", "liaison1", {"liaison2"}),
        ("decline", "dept1", {"liaison2"}),
        ("withdraw", "liaison2", set()),
    ],
)
def test_transfer(cast, verb, by, expected):
    row = transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
    assert told() == set()
    transfers.flow.moves[verb](row, cast.by(by), **({"reason": REASON} if verb == "decline" else {}))
    assert told() == expected


def test_a_transfer_that_leaving_declines_is_answered(cast):
    transfers.ask(cast.member1_row, cast.unit2, cast.by("liaison2"))
    transfers.close_for(cast.member1_row, cast.by("liaison1"), EndKind.RETIRED)
    assert told() == {"liaison2"}
    assert sentences("liaison2")[0].startswith("欧阳䶮的转入县医院党总支的申请：不同意（凤翔中学党支部 高翔）。")


# ---- Pledge and record


@pytest.mark.parametrize(
    ("state", "verb", "by", "expected"),
    [
        ("submitted", "approve", "liaison1", {"member1"}),
        ("submitted", "send_back", "liaison1", {"member1"}),
        ("approved", "send_back", "clerk1", {"member1"}),
        ("submitted", "withdraw", "member1", set()),
        ("draft", "submit", "member1", set()),
    ],
)
def test_pledge(cast, state, verb, by, expected):
    row = pledged(cast, state)
    forget()
    pledges.flow.moves[verb](row, cast.by(by), **({"reason": "请写明次数"} if verb == "send_back" else {}))
    assert told() == expected
    if verb == "send_back":
        assert sentences()[0].endswith("原因：请写明次数")


@pytest.mark.parametrize(
    ("verb", "by", "asked", "expected"),
    [
        ("confirm", "clerk1b", {}, {"member1"}),
        ("reject", "grid1", {"reason": REASON}, {"member1", "clerk1"}),  # who recorded it learns that it does not count
        ("void", "clerk1", {"reason": REASON}, {"member1"}),
        ("object", "member1", {"words": "那天我服务了三小时"}, set()),
    ],
)
def test_record(cast, verb, by, asked, expected):
    records.flow.moves[verb](a_record(cast), cast.by(by), **asked)
    assert told() == expected


@pytest.mark.parametrize("verb", ["uphold", "dismiss"])
def test_an_objection_is_answered_once(cast, verb):
    record = a_record(cast, "confirmed")
    records.object_(record, cast.by("member1"), words="那天我服务了三小时")
    db.session.flush()
    records.objections.moves[verb](record.objections[0], cast.by("clerk1b"), answer="名册上是两小时")
    assert told() == {"member1"}
    assert [line.partition("：")[2] for line in sentences()] == [
        f"异议{'成立' if verb == 'uphold' else '不成立'}（儒林社区 赵晓梅）。答复：名册上是两小时"
    ]


# ---- Wish


@pytest.mark.parametrize(
    ("state", "verb", "by", "asked", "expected"),
    [
        ("claimed", "release", "member1", {}, {"member2"}),
        ("claimed", "extend", "member1", {"reason": REASON}, {"member2"}),
        ("claimed", "revoke", "clerk1", {"reason": REASON}, {"member1", "member2"}),
        ("claimed", "close", "clerk1", {"reason": REASON}, {"member1", "member2"}),
        ("claimed", "withdraw", "clerk1", {}, {"member1", "member2"}),
        ("claimed", "start", "member1", {}, set()),
        ("done", "confirm", "clerk1", {}, {"member1", "member2"}),
        ("done", "confirm", "resident", {"thanks": "谢谢两位师傅"}, {"member1", "member2"}),
        ("done", "lapse", "system", {}, {"member1", "member2"}),
        ("done", "reopen", "resident", {"reason": "还在漏水"}, {"member1", "member2"}),
    ],
)
def test_the_helpers_of_a_wish(cast, state, verb, by, asked, expected):
    register(cast, "member1", "member2")
    more = {"finish_by": dt.date(2026, 1, 5)} if verb == "revoke" else {}
    wish = a_wish(cast, state, "member1", ("member2",), helpers_needed=3, **more)
    actor = {"resident": resident_of(wish.id), "system": SYSTEM}.get(by) or cast.by(by)
    wishes.flow.moves[verb](wish, actor, **asked)
    assert told() == expected
    assert topics() <= {Topic.WISH}


def test_the_resident_thanks_and_asks_again_in_their_words(cast):
    wish = a_wish(cast, "done")
    wishes.confirm(wish, resident_of(wish.id), thanks="谢谢欧阳师傅")
    assert sentences() == [f"微心愿“修一修漏水的水龙头”（{wish.number}）：确认实现（居民）。居民留言：谢谢欧阳师傅"]
    forget()
    other = a_wish(cast, "done")
    wishes.reopen(other, resident_of(other.id), reason="还在漏水")
    due = f"{other.finish_by:%-m月%-d日}"
    assert sentences()[0].endswith(f"：还没办好（居民）。请在{due}前办完。原因：还在漏水")


@pytest.mark.parametrize(
    ("level", "verb", "by", "asked", "expected"),
    [
        (Level.TOWN, "hand_back", "chengguan", {"reason": REASON}, CLERKS1),
        (Level.COUNTY, "hand_back", "county", {"reason": REASON}, CLERKS1 | {"chengguan"}),
        (Level.TOWN, "close", "chengguan", {"reason": REASON}, CLERKS1),
        (Level.COUNTY, "close", "county", {"reason": REASON}, CLERKS1 | {"chengguan"}),
        (Level.TOWN, "solve", "chengguan", {"organisation": "水务公司", "task": "更换水管"}, CLERKS1),
        (Level.TOWN, "close", "clerk1", {"reason": REASON}, set()),
        (Level.COMMUNITY, "close", "clerk1", {"reason": REASON}, set()),
    ],
)
def test_the_offices_that_raised_a_wish(cast, level, verb, by, asked, expected):
    wish = a_wish(cast, "published", level=level)
    if verb == "solve":
        asked = asked | {"due": dt.date(2099, 12, 31)}
    raising.flow.moves[verb](wish, cast.by(by), **asked)
    assert told() == expected


def test_whom_a_unit_sends_is_told_and_so_is_the_unit_when_it_is_over(cast):
    register(cast, "member1", "member2", "dual")
    wish = a_wish(cast, "published", helpers_needed=2)
    wishes.claim_for_unit(wish, cast.by("liaison1"), people=[cast.member1_row.id, cast.member2_row.id])
    assert told() == {"member1", "member2"}
    assert "本单位认领，由您前去办理（凤翔中学党支部 高翔）" in sentences("member2")[0]
    forget()
    wishes.close(wish, cast.by("clerk1"), reason=REASON)
    assert told() == {"member1", "member2"} | LIAISONS1


def test_the_next_leader_learns_that_the_first_one_left_the_county(cast):
    row = walk(cast, "filed")
    a_wish(cast, "claimed", "member1", ("member2",), helpers_needed=2)
    forget()
    registrations.end(row, cast.by("liaison1"), kind=EndKind.LEFT, reason=REASON)
    assert "放弃认领" in sentences("member2")[0]


def test_who_typed_a_wish_learns_that_it_was_refused(cast):
    wish = a_wish(cast, "submitted", entered_by_user_id=cast.users["grid1"].id)
    wishes.reject(wish, cast.by("clerk1"), reason="不属于微心愿")
    assert told() == {"grid1"}


# ---- Login


def test_the_own_login(cast):
    user = cast.users["member1"]
    accounts.reset_password(cast.by("liaison1"), user, "hash")
    assert told() == {"member1"}
    assert "重置密码（凤翔中学党支部 高翔）。不是您请求重置的" in sentences()[0]
    forget()
    user.state = UserState.LOCKED
    accounts.unlock(user, cast.by("county"))
    assert told() == {"member1"}


def test_an_office_given_to_a_login_in_use_and_its_end(cast):
    user = cast.users["member1"]
    given = {"role": Role.CLERK, "community": cast.community1, "starts_on": dt.date(2026, 1, 1)}
    accounts.appoint(cast.by("county"), user, **given)
    assert told() == set()  # a login that never signed in is handed over with its office
    user.signed_in_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    held = accounts.appoint(cast.by("county"), user, **given | {"community": cast.community2})
    assert sentences() == ["身份“凤鸣社区社区专干”：任命（县委组织部 刘建国）。"]
    forget()
    accounts.end(held, cast.by("county"), reason="岗位调整")
    assert sentences() == ["身份“凤鸣社区社区专干”：结束（县委组织部 刘建国）。原因：岗位调整"]


def test_a_county_office_is_told_when_the_second_person_agrees(cast):
    user = cast.users["clerk1"]
    user.signed_in_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    held = accounts.appoint(cast.by("county"), user, role=Role.COUNTY, starts_on=dt.date(2026, 1, 1))
    assert told() == set()
    accounts.approve(held, cast.by("county_b"))
    assert told() == {"clerk1"}
