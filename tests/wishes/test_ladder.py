"""The ladder: who handles a wish at which level, what the levels above may do, and the day on which time raises it."""

import datetime as dt

import pytest
import time_machine

from portal import clock, history, queue
from portal.actors import SYSTEM, resident_of
from portal.errors import RuleBroken
from portal.extensions import db
from portal.records.models import ServiceRecord
from portal.scheme import queries as scheme
from portal.scheme.models import SchemeYear
from portal.wishes import raising, sweeps, waiting, workflow
from portal.wishes.models import ClaimState, Level, Wish, WishState
from portal.wishes.submitting import hash_code
from tests.lifecycles import LATE, NO, OK, answer
from tests.pages import texts
from tests.wishes.making import NAME, PHONE, a_wish
from tests.wishes.residents import follow
from tests.wishes.test_following import CODE
from tests.wishes.test_life_cycle import CLERKS, EVERYBODY, MEMBERS, asked

S = WishState
TOWN, COUNTY = {"chengguan"}, {"county"}
# By hand, from 1-domain §1.3 and §1.4: who may do what with a wish that waits on the wall at the town or the county.
WAITS = {
    "town": {
        "solve": TOWN, "escalate": TOWN | {"system"}, "hand_back": TOWN, "close": CLERKS | TOWN, "claim": MEMBERS,
        "claim_for_unit": {"liaison1"}, "correct": CLERKS, "withdraw": CLERKS | {"resident"},
    },
    "county": {
        "solve": COUNTY, "escalate": set(), "hand_back": COUNTY, "close": CLERKS | COUNTY, "claim": MEMBERS,
        "claim_for_unit": {"liaison1"}, "correct": CLERKS, "withdraw": CLERKS | {"resident"},
    },
}  # fmt: skip
# A wish with which the town or the county has charged an organisation.
CHARGED = {
    "town": {
        "finish": TOWN, "extend": TOWN, "revoke": TOWN, "close": CLERKS | TOWN, "release": set(), "start": TOWN,
        "claim": set(), "claim_for_unit": set(), "call_back": CLERKS, "withdraw": CLERKS, "hand_back": set(),
    },
    "county": {
        "finish": COUNTY, "extend": COUNTY, "revoke": COUNTY, "close": CLERKS | COUNTY, "release": set(),
        "start": COUNTY, "claim": set(), "claim_for_unit": set(), "call_back": CLERKS, "withdraw": CLERKS,
        "hand_back": set(),
    },
}  # fmt: skip


def raised(cast, level: str, **more) -> Wish:
    return a_wish(cast, level=Level(level), level_at=clock.now(), **more)


def charged(cast, level: str = "town", **more) -> Wish:
    """A wish that the waterworks do for the town or the county."""
    wish = raised(cast, level, **more)
    by = cast.by("county" if level == "county" else "chengguan")
    due = clock.today() + dt.timedelta(days=10)
    raising.solve(wish, by, organisation="县自来水公司", task="更换楼道立管", due=due)
    db.session.commit()
    return wish


def who_may(cast, wish: Wish, verb: str) -> set[str]:
    people = {name: SYSTEM if name == "system" else cast.by(name) for name in EVERYBODY if name not in CODES}
    people |= {"resident": resident_of(wish.id), "stranger": resident_of(wish.id + 1)}
    arguments = asked(cast, verb, wish) | ({"day": clock.today(), "words": "换好了"} if verb == "finish" else {})
    if verb == "finish":
        arguments.pop("starts"), arguments.pop("half_hours")
    move = workflow.flow.moves[verb]
    return {name for name, by in people.items() if answer(move, wish, by, **arguments) == OK}


CODES = ("resident", "stranger")


@pytest.mark.parametrize("level", list(WAITS))
def test_a_raised_wish_is_handled_by_the_level_that_holds_it(county, level):
    wish = raised(county, level)
    assert {verb: who_may(county, wish, verb) for verb in WAITS[level]} == WAITS[level]


@pytest.mark.parametrize("level", list(CHARGED))
def test_what_an_organisation_does_is_answered_for_by_whoever_charged_it(county, level):
    wish = charged(county, level)
    assert {verb: who_may(county, wish, verb) for verb in CHARGED[level]} == CHARGED[level]


def test_from_the_grid_to_the_county_by_hand(county):
    wish = a_wish(county, "submitted")
    steps = []
    with time_machine.travel("2026-05-18 02:00Z", tick=False):
        raising.escalate(wish, county.by("grid1"), reason="网格里没有会修的")
        steps.append(wish.level.value)
        db.session.commit()
        assert answer(raising.escalate, wish, county.by("grid1"), reason="再报") == NO
        assert answer(raising.escalate, wish, county.by("clerk1"), reason="报镇里") == LATE  # not reviewed yet
    workflow.publish(wish, county.by("clerk1"), **asked(county, "publish", wish))
    for name in ("clerk1", "chengguan"):
        raising.escalate(wish, county.by(name), reason="本级办不了")
        steps.append(wish.level.value)
    assert steps == ["community", "town", "county"]
    with pytest.raises(RuleBroken) as refused:
        raising.escalate(wish, county.by("county"), reason="再报")
    assert refused.value.sentence == "县里已是最高一级，请交由单位办理、退回或书面答复。"
    assert wish.state is S.PUBLISHED
    db.session.flush()
    told = [(line.label, line.by_name, line.reason) for line in history.of(wish)]
    assert told == [
        ("上报一级", "儒林社区第一网格 马德胜", "网格里没有会修的"),
        ("审核发布", "儒林社区 王秀兰", None),
        ("上报一级", "儒林社区 王秀兰", "本级办不了"),
        ("上报一级", "城关镇党委 郑卫东", "本级办不了"),
    ]


def test_a_reason_is_asked_of_everybody(county):
    for move, name, level in (
        (raising.escalate, "clerk1", "community"), (raising.escalate, "chengguan", "town"),
        (raising.hand_back, "chengguan", "town"), (raising.hand_back, "county", "county"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            move(raised(county, level), county.by(name))
        assert "请填写" in refused.value.sentence


@pytest.mark.parametrize(("level", "name", "below"), [("town", "chengguan", "community"), ("county", "county", "town")])
def test_handed_back_by_one_level(county, level, name, below):
    wish = raised(county, level)
    raising.hand_back(wish, county.by(name), reason="请与物业协商")
    assert (wish.level.value, wish.state) == (below, S.PUBLISHED)


def test_an_organisation_does_it_and_the_resident_confirms(county):
    wish = raised(county, "town")
    due = clock.today() + dt.timedelta(days=10)
    with pytest.raises(RuleBroken):
        raising.solve(wish, county.by("chengguan"), organisation="县自来水公司", task="换立管",
                      due=clock.today() - dt.timedelta(days=1))  # fmt: skip
    raising.solve(wish, county.by("chengguan"), organisation="县自来水公司", task="换立管", due=due)
    assert (wish.state, wish.finish_by, wish.full) == (S.CLAIMED, due, True)
    with pytest.raises(RuleBroken) as refused:
        workflow.finish(wish, county.by("chengguan"), day=clock.today())
    assert refused.value.sentence == "请写明办理情况，居民会看到。"
    workflow.finish(wish, county.by("chengguan"), day=clock.today(), words="立管已换，不漏了")
    assert wish.state is S.DONE
    workflow.confirm(wish, resident_of(wish.id), rating=5, thanks="谢谢")
    assert (wish.state, db.session.scalars(db.select(ServiceRecord)).all()) == (S.CONFIRMED, [])


def test_what_an_organisation_did_badly_goes_back_to_it(county):
    wish = charged(county)
    workflow.finish(wish, county.by("chengguan"), day=clock.today(), words="换好了")
    workflow.reopen(wish, resident_of(wish.id), reason="还在漏")
    assert (wish.state, wish.claims[0].state, wish.level) == (S.CLAIMED, ClaimState.OPEN, Level.TOWN)


# ---- By time

PUBLISHED_AT = dt.datetime(2026, 5, 3, 13, 30, tzinfo=dt.UTC)  # half past nine in the evening, county time


def tick_at(moment: str) -> None:
    """A tick at this moment of the county's clock, on a clock that stands there."""
    at = clock.moment_of(moment)
    with time_machine.travel(at, tick=False):
        assert queue.tick(at, db.session.commit, db.session.rollback) == []


def levels(wish: Wish) -> tuple[str, list[tuple[str, str]]]:
    db.session.expire_all()
    return wish.level.value, [(line.by_name, line.reason) for line in history.of(wish)]


TO_TOWN = ("系统", "满30天无人认领，转镇党委")
TO_COUNTY = ("系统", "到镇里满15天没有办理，转县委组织部")


@pytest.mark.parametrize(
    ("moment", "level", "told"),
    [
        ("2026-06-01T23:59", "community", []),
        ("2026-06-02T00:00", "town", [TO_TOWN]),  # 3 May and thirty days
        ("2026-06-16T23:59", "town", [TO_TOWN]),
        ("2026-06-17T00:00", "county", [TO_TOWN, TO_COUNTY]),  # 2 June and fifteen days
        ("2026-09-17T08:00", "county", [TO_TOWN, TO_COUNTY]),
    ],
)
def test_time_raises_on_the_thirtieth_day_and_fifteen_days_later_twice_as_once(county, moment, level, told):
    wish = a_wish(county, published_at=PUBLISHED_AT)
    for at in ("2026-06-02T00:00", "2026-06-17T00:00"):
        if at < moment:
            tick_at(at)
    for _ in range(2):
        tick_at(moment)
        assert levels(wish) == (level, told)


def test_tick_for_a_far_moment_raises_one_level_and_twice_is_once(county):
    wish = a_wish(county, published_at=PUBLISHED_AT)
    for _ in range(2):
        queue.tick(clock.moment_of("2026-12-01T08:00"), db.session.commit, db.session.rollback)
        assert levels(wish) == ("town", [TO_TOWN])


def test_tick_for_a_far_moment_confirms_but_archives_only_thirty_days_after_that(county):
    wish = a_wish(county, "done")
    for moment, state in (("2099-01-01T08:00", S.CONFIRMED), ("2099-01-30T08:00", S.CONFIRMED),
                          ("2099-01-31T08:00", S.ARCHIVED)):  # fmt: skip
        for _ in range(2):
            assert queue.tick(clock.moment_of(moment), db.session.commit, db.session.rollback) == []
            db.session.expire_all()
            assert wish.state is state


def test_what_an_organisation_is_told_names_nobody(county):
    wish = raised(county, "town")
    with pytest.raises(RuleBroken) as refused:
        raising.solve(wish, county.by("chengguan"), organisation="县自来水公司", task=f"请打{PHONE}约时间",
                      due=clock.today())  # fmt: skip
    assert "像是电话号码" in refused.value.sentence


def test_only_what_nobody_claimed_is_raised(county):
    for state in ("submitted", "claimed", "done", "rejected", "withdrawn", "closed"):
        a_wish(county, state, published_at=PUBLISHED_AT, level=Level.COMMUNITY)
    with time_machine.travel("2026-06-10 02:00Z", tick=False):
        sweeps.raise_unclaimed(clock.now())
    assert {wish.level for wish in db.session.scalars(db.select(Wish))} == {Level.COMMUNITY}


@pytest.mark.parametrize(
    ("day", "level"), [("2026-05-07", "grid"), ("2026-05-08", "community"), ("2026-05-31", "community")]
)
def test_what_a_grid_does_not_review_in_three_working_days_goes_to_the_community(county, day, level):
    """Told on Monday, 4 May 2026: Tuesday, Wednesday and Thursday are the three working days."""
    wish = a_wish(county, "submitted", submitted_at=clock.moment_of("2026-05-04T09:00"))
    for hour in (0, 23):
        with time_machine.travel(clock.moment_of(f"{day}T{hour:02}:30"), tick=False):
            sweeps.raise_unclaimed(clock.now())
            db.session.commit()
    lines = [(line.by_role, line.reason) for line in history.of(wish)]
    assert (wish.state, wish.level) == (S.SUBMITTED, Level(level))
    assert lines == ([("system", "满3个工作日没有审核，转社区")] if level == "community" else [])
    assert (answer(workflow.publish, wish, county.by("grid1"), **asked(county, "publish", wish)) == OK) == (
        level == "grid"
    )
    assert answer(workflow.publish, wish, county.by("clerk1"), **asked(county, "publish", wish)) == OK


def test_a_wish_handed_back_begins_its_days_anew(county):
    wish = a_wish(county, published_at=PUBLISHED_AT)
    tick_at("2026-06-02T00:00")
    with time_machine.travel("2026-06-05 02:00Z", tick=False):
        raising.hand_back(wish, county.by("chengguan"), reason="社区能办")
        db.session.commit()
    tick_at("2026-07-04T23:00")
    assert levels(wish)[0] == "community"
    tick_at("2026-07-05T00:00")
    assert levels(wish)[0] == "town"


def test_the_limits_are_the_scheme_years(county):
    year = db.session.scalars(db.select(SchemeYear).where(SchemeYear.year == 2026)).one()
    year.wish_town_days, year.wish_county_days = 20, 5
    wish = a_wish(county, published_at=PUBLISHED_AT)
    db.session.commit()
    found = []
    for at in ("2026-05-22T23:00", "2026-05-23T00:00", "2026-05-27T23:00", "2026-05-28T00:00"):
        tick_at(at)
        found.append(levels(wish)[0])
    assert found == ["community", "town", "town", "county"]
    assert levels(wish)[1] == [
        ("系统", "满20天无人认领，转镇党委"), ("系统", "到镇里满5天没有办理，转县委组织部"),
    ]  # fmt: skip


def test_the_default_limits(app):
    year = scheme.default_year(2026)
    assert (year.wish_fitting_days, year.wish_teams_days, year.wish_town_days, year.wish_county_days) == (7, 15, 30, 15)


# ---- On the desks


def test_the_town_and_the_county_find_what_they_hold_on_their_desks(county):
    raised(county, "town", title="修路灯")
    raised(county, "county", title="通水")
    charged(county, "town")
    a_wish(county)
    today = clock.today()
    for name, waits, does in (("chengguan", 1, 1), ("county", 1, 0), ("town2", 0, 0)):
        lines = waiting.lines(county.by(name), today)
        assert (lines.raised.count, lines.charged.count) == (waits, does)
        assert lines.raised.overdue == 0
    with time_machine.travel(clock.now() + dt.timedelta(days=16), tick=False):
        assert waiting.lines(county.by("county"), clock.today()).raised.overdue == 1


@pytest.mark.parametrize("on_wall", [True, False])
def test_who_reads_a_raised_wish_whole(county, browse, on_wall):
    from tests.wishes.test_pages import WHOLE, face

    whole = {
        level: {
            name
            for name in ("chengguan", "town2", "county", "dept1", "clerk1", "clerk2", "liaison1", "admin")
            if face(browse(county.users[name]).get(f"/wishes/{raised(county, level, on_wall=on_wall).number}")) is WHOLE
        }
        for level in ("community", "town", "county")
    }
    assert whole == {
        "community": {"clerk1"}, "town": {"clerk1", "chengguan"}, "county": {"clerk1", "chengguan", "county"},
    }  # fmt: skip


def test_the_towns_page_offers_its_moves_and_looks_by_one_audited_click(county, browse):
    wish = raised(county, "town")
    town = browse(county.users["chengguan"])
    page = town.get(f"/wishes/{wish.number}")
    assert texts(page, "main .stack > .buttons .button") == ["交由单位办理", "上报一级", "退回下一级", "答复办结"]
    assert NAME not in page.text and PHONE not in page.text
    assert town.post(f"/wishes/{wish.number}/look").status_code == 303
    assert PHONE in town.get(f"/wishes/{wish.number}").text
    typed = {"organisation": "县自来水公司", "task": "更换楼道立管", "due": clock.today().isoformat()}
    assert town.post(f"/wishes/{wish.number}/solve", data=typed).status_code == 303
    page = town.get(f"/wishes/{wish.number}")
    assert texts(page, "main .stack > .buttons .button") == ["办理完成", "延期", "撤销", "收回认领", "答复办结"]
    assert "交办：更换楼道立管" in page.text
    form = {"day": clock.today().isoformat(), "words": "换好了"}
    assert town.post(f"/wishes/{wish.number}/finish", data=form).status_code == 303
    db.session.expire_all()
    assert (wish.state, wish.done_words) == (S.DONE, "换好了")


def test_whoever_hands_a_wish_down_is_led_to_the_list_it_left(county, browse):
    wish = raised(county, "town", on_wall=False)
    town = browse(county.users["chengguan"])
    answered = town.post(f"/wishes/{wish.number}/hand_back", data={"reason": "社区能办"})
    assert (answered.status_code, answered.location) == (303, "/wishes/cases")
    assert town.get(f"/wishes/{wish.number}").status_code == 404


def test_the_list_is_narrowed_to_a_level(county, browse):
    raised(county, "town", title="修路灯")
    raised(county, "county", title="通水")
    page = browse(county.users["chengguan"]).get("/wishes/cases?level=town")
    assert texts(page, "tbody th") == ["修路灯"]
    assert "镇里办" in page.text


@pytest.mark.parametrize(
    ("level", "now"), [("town", "起由镇里接着办。"), ("county", "起由县里接着办。"), ("community", "等在职党员认领。")]
)
def test_the_resident_reads_who_handles_it(county, client, level, now):
    wish = raised(county, level)
    wish.code_hash = hash_code(wish.number, CODE)
    db.session.commit()
    assert now in follow(client, wish.number, CODE).text


def test_the_resident_reads_which_organisation_does_what(county, client):
    wish = charged(county)
    wish.code_hash = hash_code(wish.number, CODE)
    db.session.commit()
    page = follow(client, wish.number, CODE).text
    assert "镇里已请县自来水公司办理您的心愿。" in page and "要办的事：更换楼道立管" in page


def test_the_wall_marks_what_has_waited_fifteen_days(county, client):
    now = clock.now()
    a_wish(county, title="昨天的", published_at=now - dt.timedelta(days=1))
    a_wish(county, title="十四天的", published_at=now - dt.timedelta(days=14))
    a_wish(county, title="十五天的", published_at=now - dt.timedelta(days=15))
    a_wish(county, "claimed", title="有人办的", published_at=now - dt.timedelta(days=20))
    page = client.get("/wishes")
    heads = zip(texts(page, ".wish .card__title"), texts(page, ".wish .card__top"), strict=True)
    assert [title for title, head in heads if "等了 15 天" in head] == ["十五天的"]
