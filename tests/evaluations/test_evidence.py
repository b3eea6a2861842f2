"""What an evaluation is told from: each number from the year's records, each concern only once the member was heard."""

import datetime as dt

import pytest

from portal.evaluations import behind, evidence
from portal.evaluations.facts import Voice
from portal.extensions import db
from portal.records.models import RecordState, Source
from portal.remarks import workflow as remarks
from portal.remarks.models import Finding, RemarkSource
from portal.suggestions.models import SuggestionState
from tests.evaluations.conftest import an_evaluation, received
from tests.records.test_life_cycle import a_record
from tests.remarks.conftest import asked as said
from tests.remarks.conftest import told
from tests.suggestions.conftest import a_suggestion
from tests.wishes.making import a_wish


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to("2026-11-20 02:00:00+00:00")


def test_each_number_is_counted_from_what_was_confirmed_and_its_list_is_as_long(app, cast):
    received(cast)
    wish = a_wish(cast, "confirmed", leader="member1", thanks="修得又快又好")
    a_record(cast, "confirmed")
    a_record(cast, "pending", day=dt.date(2026, 3, 14))
    a_record(cast, "confirmed", day=dt.date(2025, 3, 15))
    of_wish = a_record(cast, "confirmed", day=dt.date(2026, 4, 11), half_hours=3)
    of_wish.source, of_wish.source_id = Source.WISH, wish.id
    visit = a_record(cast, "confirmed", day=dt.date(2026, 4, 18), half_hours=1)
    visit.source, visit.source_id = Source.VISIT, 77
    suggestion = a_suggestion(cast, "answered", registered=False)
    db.session.commit()
    row = an_evaluation(cast)
    found = evidence.of_one(row)
    assert (found.times, found.half_hours, found.visits, found.wishes_done, found.wishes_claimed) == (3, 8, 1, 1, 1)
    assert (found.suggestions, found.adopted, suggestion.state) == (1, 1, SuggestionState.ANSWERED)
    assert found.voices == (Voice("修得又快又好"),)
    with app.test_request_context():
        for section in behind.sections(row, found, cast.by("clerk1")):
            assert not section.changed, section.key


def test_what_the_reader_may_not_open_is_told_without_words_or_address(app, cast):
    """A suggestion made to the town is the town's to read, not the clerk's, though it counts in the evaluation."""
    received(cast)
    made = a_suggestion(cast, "answered", addressed_to="town", registered=False)
    record = a_record(cast, "confirmed")
    row = an_evaluation(cast)
    found = evidence.of_one(row)
    with app.test_request_context():
        lines = {
            (who, section.key): [(line.label, line.url) for line in section.lines]
            for who in ("clerk1", "chengguan")
            for section in behind.sections(row, found, cast.by(who))
        }
    day = "2026年11月20日"
    assert lines["clerk1", "suggestions"] == lines["clerk1", "adopted"] == [(f"{day}　建议 {made.number}", "")]
    assert lines["chengguan", "suggestions"] == [(f"{day}　{made.title}", f"/suggestions/{made.number}")]
    assert [url for _, url in lines["clerk1", "times"]] == [f"/records/{record.id}"]
    record.place_id = cast.community2.id
    cast.community1.town = cast.town2
    db.session.commit()
    with app.test_request_context():
        served = behind.sections(row, found, cast.by("town2"))[0]
    assert [line.url for line in served.lines] == [""]


def test_what_was_done_as_a_member_of_another_community_is_told_there(cast):
    received(cast)
    record = a_record(cast, "confirmed")
    record.community_id = cast.community2.id
    db.session.commit()
    assert evidence.of_one(an_evaluation(cast)).times == 0


@pytest.mark.parametrize(("finding", "verbs", "enters"), [
    (Finding.PARTLY, ("put", "answer", "settle"), True), (Finding.TRUE, ("put", "answer", "settle"), True),
    (Finding.UNTRUE, ("put", "answer", "settle"), False), (None, ("put",), False), (None, ("put", "answer"), False),
    (None, (), False),
])  # fmt: skip
def test_a_concern_enters_only_once_it_was_put_to_the_member_and_did_not_prove_untrue(cast, finding, verbs, enters):
    received(cast)
    remark = remarks.submit(told(cast), cast.by("clerk1"), RemarkSource.SPOKEN)
    for verb in verbs:
        more = {"finding": finding} if verb == "settle" else {}
        by = cast.by("member1" if verb == "answer" else "clerk1")
        remarks.flow.moves[verb](remark, by, **said(cast, verb) | more)
    db.session.commit()
    voices = evidence.of_one(an_evaluation(cast)).voices
    assert [(voice.concern, voice.reply) for voice in voices] == ([(True, said(cast, "answer")["reply"])] * enters)


def test_many_are_gathered_ahead_and_each_is_used_once(cast):
    received(cast)
    record = a_record(cast, "confirmed")
    row = an_evaluation(cast)
    assert list(evidence.ahead([row])) == [row]
    record.state = RecordState.VOIDED
    db.session.commit()
    assert (evidence.of_one(row).times, evidence.of_one(row).times) == (1, 0)
