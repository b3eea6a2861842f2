"""What a thing that was counted is called: of people the name, of cases the number; nothing that is sealed.

A wish is told by its number, a household by number and kind: who lists them has no right to more by that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import aliased

from portal.activities import queries as activities
from portal.activities.models import Activity
from portal.actors import Actor
from portal.evaluations import queries as evaluations
from portal.evaluations.models import Evaluation, Grade
from portal.exemplars.models import Exemplar
from portal.filters import day, hours
from portal.households import queries as households
from portal.households.models import Household, Visit
from portal.people import queries as people
from portal.people.models import Community, Member, Unit
from portal.records import queries as records
from portal.records.models import ServiceRecord
from portal.reports import counting_help, counting_judgement, counting_people, counting_service
from portal.suggestions import queries as suggestions
from portal.suggestions.models import Suggestion
from portal.teams import queries as teams
from portal.teams.models import Team
from portal.wishes import queries as wishes
from portal.wishes.models import Wish

# A county town has some hundred thousand records on a few hundred days.
_day, _hours = cache(day), cache(hours)
Told = tuple[str, str, str]  # label, note, address


@dataclass(frozen=True)
class Thing:
    """One kind of things: how a list of them is sorted, what of each is read, and how it is told.

    `rows` are all of them, each joined with what its name needs; `visible`: those whose page a person may open
    (`model` is the one whose page it is, `page_of` the column that leads there).
    """

    rows: Select
    keys: tuple
    columns: tuple
    told: Callable[[Row], Told]
    visible: Callable[[Actor], Select] | None = None
    page_of: Any = None

    @property
    def id(self) -> ColumnElement[int]:
        """The column by which the thing is counted."""
        return self.rows.column_descriptions[0]["entity"].id


def _member(row) -> Told:
    where = f"{row.unit}，{row.home or '名册未填居住社区'}"
    return row.name, where + ("，领导干部" if row.leading else ""), f"/members/{row.id}"


def _record(row) -> Told:
    words = f"{row.category.label}，{_hours(row.half_hours)}小时，{row.place}" + ("，期初" if row.opening else "")
    return f"{_day(row.day)} {row.name}", words, f"/records/{row.id}"


def _activity(row) -> Told:
    return f"{row.number} {row.title}", f"{day(row.day)}，{row.place or '全县'}", f"/activities/{row.number}"


def _visit(row) -> Told:
    return f"{day(row.day)} 走访 {row.number}", f"{row.kind.label}，{row.place}", f"/households/{row.number}"


def _household(row) -> Told:
    return row.number, f"{row.kind.label}，{row.place}", f"/households/{row.number}"


def _wish(row) -> Told:
    words = (row.category.label if row.category else "未分类", row.place or "未定社区")
    return row.number, "，".join(words), f"/wishes/{row.number}"


def _suggestion(row) -> Told:
    return row.number, f"{day(row.submitted_on)}，{row.name}（{row.unit}）", f"/suggestions/{row.number}"


def _judged(room: str) -> Callable[[Row], Told]:
    def told(row) -> Told:
        return row.name, f"{row.unit}，{row.place}，{row.said}", f"/{room}/{row.number}"

    return told


_unit, _place, _name = Unit.name.label("unit"), Community.name.label("place"), Member.name.label("name")
_Place = aliased(Community)
MEMBER = Thing(
    select(Member).join(Member.unit).outerjoin(Member.community),
    (Member.pinyin,), (Member.name, _unit, Community.name.label("home"), Member.leading), _member,
    people.visible_to, Member.id,
)  # fmt: skip
RECORD = Thing(
    select(ServiceRecord).join(ServiceRecord.member).join(_Place, _Place.id == ServiceRecord.place_id),
    (ServiceRecord.day,),
    (ServiceRecord.day, _name, ServiceRecord.category, ServiceRecord.half_hours, _Place.name.label("place"),
     ServiceRecord.opening),
    _record, records.visible_to, ServiceRecord.id,
)  # fmt: skip
TEAM = Thing(
    select(Team).join(Team.community), (Community.name, Team.name), (Team.name, _place),
    lambda row: (row.name, row.place, f"/teams/{row.id}"), teams.visible_to, Team.id,
)  # fmt: skip
ACTIVITY = Thing(
    select(Activity).outerjoin(Activity.community), (Activity.day,),
    (Activity.number, Activity.title, Activity.day, _place), _activity, activities.visible_to, Activity.id,
)  # fmt: skip
VISIT = Thing(
    select(Visit).join(Visit.household).join(Household.community), (Visit.day,),
    (Visit.day, Household.number, Household.kind, _place), _visit, households.visible_to, Visit.household_id,
)  # fmt: skip
HOUSEHOLD = Thing(
    select(Household).join(Household.community), (Household.year, Household.serial),
    (Household.number, Household.kind, _place), _household, households.visible_to, Household.id,
)  # fmt: skip
WISH = Thing(
    select(Wish).outerjoin(Wish.community), (Wish.year, Wish.serial), (Wish.number, Wish.category, _place), _wish,
    wishes.visible_to, Wish.id,
)  # fmt: skip
SUGGESTION = Thing(
    select(Suggestion).join(Suggestion.member).join(Unit, Unit.id == Suggestion.unit_id),
    (Suggestion.year, Suggestion.serial), (Suggestion.number, Suggestion.submitted_on, _name, _unit), _suggestion,
    suggestions.visible_to, Suggestion.id,
)  # fmt: skip
EVALUATION = Thing(
    select(Evaluation).join(Evaluation.member).join(Evaluation.unit).join(Evaluation.community).join(Evaluation.grade),
    (Member.pinyin,), (Evaluation.number, _name, _unit, _place, Grade.label.label("said")), _judged("evaluations"),
    evaluations.visible_to, Evaluation.id,
)  # fmt: skip
EXEMPLAR = Thing(
    select(Exemplar).join(Exemplar.member).join(Exemplar.unit).join(Exemplar.community),
    (Member.pinyin,), (Exemplar.number, _name, _unit, _place, Exemplar.number.label("said")), _judged("exemplars"),
    None, Exemplar.id,
)  # fmt: skip
THINGS: dict[Callable, Thing] = {
    counting_people.roster: MEMBER,
    counting_people.teams: TEAM,
    counting_people.posts: MEMBER,
    counting_service.services: RECORD,
    counting_service.guests: RECORD,
    counting_service.visits: VISIT,
    counting_service.activities: ACTIVITY,
    counting_service.service_day_people: RECORD,
    counting_help.suggestions: SUGGESTION,
    counting_help.households: HOUSEHOLD,
    counting_help.collected: WISH,
    counting_help.claimed: WISH,
    counting_help.fulfilled: WISH,
    counting_judgement.evaluations: EVALUATION,
    counting_judgement.exemplars: EXEMPLAR,
}
