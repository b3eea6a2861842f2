"""Stories of the demonstration in every state, some with a drawn picture."""

import datetime as dt
import io
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from werkzeug.datastructures import FileStorage

from portal import clock, files
from portal.actors import Role
from portal.demo import words
from portal.demo.county import SEED, County, Person
from portal.demo.drawing import street
from portal.demo.story_words import STORIES
from portal.demo.telling import Telling
from portal.demo.writing import sealed, write
from portal.numbers import Counter, address_number
from portal.publicity.models import Appearance, Medium, Story, StoryHand, StoryKind, StoryState
from portal.uploads import Upload

S = StoryState
TURNS = (
    S.PUBLISHED, S.PUBLISHED, S.PUBLISHED, S.SUBMITTED, S.PUBLISHED, S.RETURNED, S.PUBLISHED, S.DRAFT, S.PUBLISHED,
    S.TAKEN_DOWN, S.PUBLISHED, S.SUBMITTED, S.PUBLISHED, S.PUBLISHED,
)  # fmt: skip
WITH_PHOTO = 10  # published stories that have one
SEEN_IN = (
    (Medium.BOARD, "社区南门宣传栏"),
    (Medium.TELEVISION, "县广播电视台《凤翔新闻》"),
    (Medium.WEB, "“凤翔党建”公众号"),
)


@dataclass(frozen=True)
class _Writer:
    """Who writes: the columns of the office, the person, and who publishes it."""

    place: dict
    user: tuple[int, str]
    publisher: tuple[str, Role]
    unit_id: int = 0

    @property
    def shown(self) -> str:
        """The office and the name, for the history."""
        return f"{self.place['office']} {self.user[1]}"


def settle(county: County) -> None:
    """Write the stories of the last half year: of communities mostly, of a unit, its department, town and county."""
    rng, rows, hands, seen, photos = Random(SEED), [], [], [], []
    telling, serials, writers = Telling(), Tally(), list(_writers(county))
    number = max(len(TURNS), 3 * len(county.places))
    for turn in range(number):
        state, day = TURNS[turn % len(TURNS)], county.days_ago((number - turn) * 180 // number + 9)
        writer, serials[day.year] = writers[turn % len(writers)], serials[day.year] + 1
        row = _story(county, rng, writer, state, day, serials[day.year], STORIES[turn % len(STORIES)])
        rows.append(row)
        hands.append({"id": county.ids.next(StoryHand), "story_id": row["id"], "user_id": writer.user[0]})
        if state is S.PUBLISHED:
            if turn % 2 == 0:
                seen.append(_appearance(county, row, *SEEN_IN[turn % len(SEEN_IN)]))
            if len(photos) < WITH_PHOTO:
                photos.append(_photo(county, Random(SEED + turn), row, writer))
        _tell(telling, row, writer)
    write(Story, rows)
    write(StoryHand, hands)
    write(Appearance, seen)
    write(Upload, photos)
    write(Counter, [{"kind": "story", "year": year, "last": last} for year, last in serials.items()])
    telling.write()


def _writers(county: County) -> Iterator[_Writer]:
    """The offices that write, in turn."""
    town = (f"城关镇党委 {county.users['chengguan'][1]}", Role.TOWN)
    above = (f"县委组织部 {county.users['county'][1]}", Role.COUNTY)
    nowhere = {"supervisor_id": None, "unit_id": None, "community_id": None}
    for place in county.places:
        of_place = nowhere | {"role": Role.CLERK, "office": place.name, "community_id": place.id}
        yield _Writer(of_place, county.clerks[place.id][0], town)
    unit = county.offices[0]
    body = next(name for name, key in county.supervisors.items() if key == unit.supervisor_id)
    dept = (f"{body} {county.users['dept1'][1]}", Role.DEPARTMENT)
    of_unit = nowhere | {"role": Role.LIAISON, "office": unit.name, "unit_id": unit.id}
    yield _Writer(of_unit, county.users["unit1"], dept, unit.id)
    of_body = nowhere | {"role": Role.DEPARTMENT, "office": body, "supervisor_id": unit.supervisor_id}
    yield _Writer(of_body, county.users["dept1"], above, unit.id)


def _story(county: County, rng: Random, writer: _Writer, state, day: dt.date, serial: int, told) -> dict:
    title, practice, body = told
    place = next((each for each in county.places if each.id == writer.place["community_id"]), county.places[0])
    here = county.registered_in[place.id]
    person = rng.choice([each for each in here if each.unit.id == writer.unit_id] or here)
    named = "" if practice else person.name
    published = state in (S.PUBLISHED, S.TAKEN_DOWN)
    return {
        "id": county.ids.next(Story), "state": state, "number": address_number(day.year, serial), "year": day.year,
        "serial": serial, "kind": StoryKind.PRACTICE if practice else StoryKind.DEED, "title": title,
        "body": body.format(who=person.name, unit=person.unit.name, place=place.name, they=_they(person)),
        "consent": state is not S.DRAFT,
        "wish_id": None, "activity_id": None, "about_id": None if practice else person.id, "written_on": day,
        "submitted_on": None if state is S.DRAFT else min(day + dt.timedelta(days=1), county.today),
        "published_at": _at(day, 2) if published else None,
    } | writer.place | sealed(Story, named=named)  # fmt: skip


def _they(person: Person) -> str:
    return "她" if person.name[-1] in words.OF_WOMEN else "他"


def _at(day: dt.date, step: int) -> dt.datetime:
    """When the step of this number was made of a story begun on this day."""
    return min(clock.start_of(day) + dt.timedelta(days=step, hours=9 + step), clock.now())


def _appearance(county: County, row: dict, medium: Medium, name: str) -> dict:
    day = min(row["written_on"] + dt.timedelta(days=6), county.today)
    return {"id": county.ids.next(Appearance), "story_id": row["id"], "medium": medium, "name": name, "day": day}


def _tell(telling: Telling, row: dict, writer: _Writer) -> None:
    """The history that leads to where the story stands."""
    state, (publisher, role) = row["state"], writer.publisher
    steps: list[tuple] = [("write", "写稿", S.DRAFT, writer.shown, writer.place["role"], None)]
    if state is not S.DRAFT:
        steps.append(("submit", "提交审核", S.SUBMITTED, writer.shown, writer.place["role"], None))
    if state is S.RETURNED:
        steps.append(("send_back", "退回", S.RETURNED, publisher, role, "请补上事情的结果，再核对一下日期。"))
    if state in (S.PUBLISHED, S.TAKEN_DOWN):
        steps.append(("publish", "发布", S.PUBLISHED, publisher, role, None))
    if state is S.TAKEN_DOWN:
        steps.append(("take_down", "撤下", S.TAKEN_DOWN, publisher, role, "文中的同志不再同意公开姓名。"))
    before = None
    for number, (verb, label, after, who, by, reason) in enumerate(steps):
        at = _at(row["written_on"], number)
        telling.tell(Story, row["id"], at, verb, label, (before, after), who, by, reason)
        before = after


def _photo(county: County, rng: Random, row: dict, writer: _Writer) -> dict:
    """A picture of a street, drawn and kept as a photo that somebody sent."""
    (kept,) = files.keep([FileStorage(io.BytesIO(street(rng)), "现场.jpg")], allowed=files.PICTURES)
    opened = files.content_of(kept.file)
    case = {"id": county.ids.next(Upload), "kind": Story.__tablename__, "row_id": row["id"], "open_bytes": opened}
    return case | {"at": row["published_at"], "by_name": writer.shown} | vars(kept)
