"""What each number of an evaluation was counted from, by name; the same rows as the counting (see sources.py)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy import Select, select

from portal import clock
from portal.activities.models import Activity
from portal.actors import Actor
from portal.evaluations import sources
from portal.evaluations.facts import Facts
from portal.evaluations.models import Evaluation
from portal.extensions import db
from portal.filters import day, hours
from portal.pledges import progress
from portal.pledges import queries as pledges
from portal.records import queries as records
from portal.records.models import ServiceRecord, Source
from portal.suggestions import queries as suggestions
from portal.suggestions.models import Suggestion


@dataclass(frozen=True)
class Line:
    """One thing that was counted: what, how it stands, and the address of its page ("" where it has none)."""

    label: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """The things behind one number, which `counted` tells as it stood when the evaluation was made."""

    key: str
    title: str
    counted: int
    lines: list[Line] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether what the records have now is not what was counted."""
        return self.counted != len(self.lines)


def sections(row: Evaluation, facts: Facts, by: Actor) -> list[Section]:
    """The lists behind the numbers of one evaluation; what this person may not open has no address."""
    return [*_of_records(row, facts, by), _of_claims(row, facts), *_of_suggestions(row, facts, by),
            _of_pledge(row, facts, by)]  # fmt: skip


def _open_of(visible: Select, rows: Iterable) -> set[int]:
    """The ids of those of these rows whose page may be opened, by the SELECT of what its room shows."""
    ids = [row.id for row in rows]
    if not ids:
        return set()
    model = visible.column_descriptions[0]["entity"]
    mine = visible.with_only_columns(model.id, maintain_column_froms=True).where(model.id.in_(ids))
    return set(db.session.scalars(mine.order_by(None)))


def _of_records(row: Evaluation, facts: Facts, by: Actor) -> Iterable[Section]:
    R = ServiceRecord
    rows = select(R, Activity.service_day).outerjoin(Activity, sources.of_activity())
    rows = rows.where(*sources.served([row.member_id], row.year), R.community_id == row.community_id)
    found = [(each, bool(on_day)) for each, on_day in db.session.execute(rows.order_by(R.day, R.id))]
    opens = _open_of(records.visible_to(by), (each for each, _ in found))
    parts = (
        ("times", "服务", facts.times, lambda each, _: each.half_hours >= 1),
        ("visits", "走访", facts.visits, lambda each, _: each.source is Source.VISIT),
        ("activities", "参加活动", facts.activities, lambda each, _: each.source is Source.ACTIVITY),
        ("service_days", "服务日活动", facts.service_days, lambda _, on_day: on_day),
        ("wishes_done", "办成的微心愿", facts.wishes_done, lambda each, _: each.source is Source.WISH),
    )
    for key, title, counted, belongs in parts:
        yield Section(
            key, title, counted, [_record(each, each.id in opens) for each, on_day in found if belongs(each, on_day)]
        )


def _record(record: ServiceRecord, opens: bool) -> Line:
    note = f"{hours(record.half_hours)} 小时，{record.evidence.label}"
    return Line(f"{day(record.day)}　{record.what}", note, url_for("records.page", record=record.id) if opens else "")


def _of_claims(row: Evaluation, facts: Facts) -> Section:
    found = []
    for claim in db.session.execute(sources.claims([row.member_id], row.year)):
        claimed_on = clock.local(claim.claimed_at).date()
        if facts.first <= claimed_on <= facts.last:
            found.append(Line(f"{day(claimed_on)}　{claim.title}", f"{claim.state.label}，受理号 {claim.number}"))
    return Section("wishes_claimed", "认领的微心愿", facts.wishes_claimed, found)


def _of_suggestions(row: Evaluation, facts: Facts, by: Actor) -> Iterable[Section]:
    rows = select(Suggestion).where(
        *sources.made([row.member_id], row.year), Suggestion.community_id == row.community_id
    )
    found = db.session.scalars(rows.order_by(Suggestion.submitted_on, Suggestion.id)).all()
    opens = _open_of(suggestions.visible_to(by), found)
    lines = {each: _suggestion(each, each.id in opens) for each in found}
    yield Section("suggestions", "合理建议", facts.suggestions, list(lines.values()))
    adopted = [line for each, line in lines.items() if each.adopted]
    yield Section("adopted", "采纳的建议", facts.adopted, adopted)


def _suggestion(row: Suggestion, opens: bool) -> Line:
    """What was proposed, or its number alone: what was made to the town is not the community's to read, and so on."""
    note = row.state.label if row.adopted is None else "已采纳" if row.adopted else "没有采纳"
    if not opens:
        return Line(f"{day(row.submitted_on)}　建议 {row.number}", note)
    return Line(f"{day(row.submitted_on)}　{row.title}", note, url_for("suggestions.page", suggestion=row.number))


def _of_pledge(row: Evaluation, facts: Facts, by: Actor) -> Section:
    approved = db.session.scalars(sources.pledged([row.member_id], row.year)).all()
    opens, found = _open_of(pledges.visible_to(by), approved), []
    for pledge, keeping in ((pledge, progress.of([pledge])[pledge.id]) for pledge in approved):
        url = url_for("pledges.page", pledge=pledge.number) if pledge.id in opens else ""
        found += [
            Line(item.what, f"{'已兑现' if kept.whole else '还没有兑现'}，{kept.words}", url)
            for item, kept in zip(pledge.items, keeping.items, strict=True)
        ]
    return Section("promises", "承诺", facts.promises, found)
