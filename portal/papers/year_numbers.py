"""The numbers of the cards of a case and a year (写实登记卡, 联系对象档案卡): drawn when the year is closed.

Part by part, in the order of the cases' own numbers; seen only once the year is closed (`queries.issued_of_year`). A
record put right afterwards makes the card a new version, which names the old one.  [附件3] [附件8]
"""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, exists, insert, select
from sqlalchemy.orm import joinedload

from portal import clock, numbers, vault
from portal.actors import SYSTEM, Actor, Role
from portal.closing.correcting import before_opened, when_corrected
from portal.closing.models import Closing, Correction, CorrectionState
from portal.closing.workflow import when_closed
from portal.errors import RuleBroken
from portal.extensions import db
from portal.households.models import Household, Visit, VisitPerson
from portal.numbers import CHECK_CODE_LETTERS, IssuedPaper, PaperState
from portal.papers import household_year, queries, record_card
from portal.people.names import surname_of
from portal.records.models import Source
from portal.registrations.models import Registration

COUNTY = replace(SYSTEM, role=Role.COUNTY)


def record_cards_left(year: int) -> list[int]:
    """The ids of the registrations whose record card of a year has no number yet, by their numbers."""
    return _left(record_card.KIND, year, queries.record_cards_seen_by(COUNTY, year), Registration)


def draw_record_cards(year: int, ids: list[int]) -> None:
    """Enter the record cards of these into the ledger."""
    rows = _these(record_card.KIND, year, Registration, ids, Registration.member, Registration.community)
    _issue(record_card.KIND, year, [(row.id, row.member.name, row.community.name) for row in rows])


def household_cards_left(year: int) -> list[int]:
    """The ids of the households whose card of a year has no number yet, by their numbers."""
    return _left(household_year.KIND, year, household_year.seen_by(SYSTEM, year), Household)


def draw_household_cards(year: int, ids: list[int]) -> None:
    """Enter the cards of these into the ledger."""
    rows = _these(household_year.KIND, year, Household, ids, Household.community)
    _issue(household_year.KIND, year, [(row.id, row.name or "", row.community.name) for row in rows])


def issue_again(correction: Correction, _by: Actor) -> None:
    """The cards on which a corrected record stands become new versions; the old ones are replaced."""
    for old in cards_of(correction):
        old.state = PaperState.REPLACED
        numbers.issue(old.kind, old.year, old.serial, old.version + 1, old.subject_id, old.family_name, old.office)


def cards_of(correction: Correction) -> list[IssuedPaper]:
    """The valid cards on which the record of a correction stands, or will stand."""
    record, of_year = correction.record, IssuedPaper.year == correction.closing.year
    of_member = select(Registration.id).where(Registration.member_id == correction.member_id)
    cards = _valid(record_card.KIND, of_member, of_year)
    if record and record.source is Source.VISIT:
        cards += _valid(household_year.KIND, select(Visit.household_id).where(Visit.id == record.source_id), of_year)
    return cards


def cards_of_members(member_ids: Collection[int]) -> list[IssuedPaper]:
    """The valid cards, of any year, on which one of these members stands."""
    theirs = select(Registration.id).where(Registration.member_id.in_(member_ids))
    visited = select(Visit.household_id).join(Visit.people).where(VisitPerson.member_id.in_(member_ids))
    return _valid(record_card.KIND, theirs) + _valid(household_year.KIND, visited)


def one_at_a_time(correction: Correction) -> None:
    """RuleBroken while another record that stands on the same card is open: a new version would show it half done."""
    others = select(Correction).where(
        Correction.closing_id == correction.closing.id, Correction.state == CorrectionState.OPEN,
        Correction.id != correction.id,
    )  # fmt: skip
    db.session.execute(select(Closing.id).where(Closing.id == correction.closing.id).with_for_update(key_share=True))
    mine = {card.id for card in cards_of(correction)}
    for other in db.session.scalars(others):
        if mine.intersection(card.id for card in cards_of(other)):
            raise RuleBroken(f"{other.member.name}{other.what}的写实记录正在更正，办结以后再开放同一张表上的下一条。")


def register() -> None:
    """Say it to the closing of years."""
    when_closed("写实登记卡编号", record_cards_left, draw_record_cards, size=100)
    when_closed("联系对象档案卡编号", household_cards_left, draw_household_cards, size=100)
    before_opened(one_at_a_time)
    when_corrected(issue_again)


def _unnumbered(kind: str, year: int, key):
    return ~exists().where(IssuedPaper.kind == kind, IssuedPaper.year == year, IssuedPaper.subject_id == key)


def _left(kind: str, year: int, rows: Select, model) -> list[int]:
    ids = rows.with_only_columns(model.id, maintain_column_froms=True).where(_unnumbered(kind, year, model.id))
    return list(db.session.scalars(ids.order_by(None).order_by(model.year, model.serial)))


def _these(kind: str, year: int, model, ids: list[int], *shown) -> list:
    rows = select(model).where(model.id.in_(ids), _unnumbered(kind, year, model.id)).options(*map(joinedload, shown))
    return list(db.session.scalars(rows.order_by(model.year, model.serial)))


def _issue(kind: str, year: int, cards: list[tuple[int, str, str]]) -> None:
    """Enter these cases' cards: id, whose family name, which office issues it."""
    if not cards:
        return
    last, now = numbers.draw(kind, year, len(cards)), clock.now()
    lines = [
        {
            "kind": kind, "year": year, "serial": serial, "version": 1, "subject_id": key, "office": office,
            "check_code": vault.random_code(CHECK_CODE_LETTERS), "state": PaperState.VALID, "issued_at": now,
            "family_name": surname_of(name),
        }
        for serial, (key, name, office) in enumerate(cards, last - len(cards) + 1)
    ]  # fmt: skip
    db.session.execute(insert(IssuedPaper), lines)


def _valid(kind: str, subjects: Select, *more: ColumnElement[bool]) -> list[IssuedPaper]:
    valid = (IssuedPaper.kind == kind, IssuedPaper.state == PaperState.VALID, *more)
    rows = select(IssuedPaper).where(*valid, IssuedPaper.subject_id.in_(subjects)).order_by(IssuedPaper.id)
    return list(db.session.scalars(rows))
