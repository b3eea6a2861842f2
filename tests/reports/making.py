"""Reports and their parts in any state, led there by the moves themselves, for the tests of several rooms."""

from portal import clock
from portal.actors import SYSTEM
from portal.extensions import db
from portal.reports import confirming, content, freezing, opening, queries, submitting, workflow
from portal.reports.models import Report, ReportKind, ReportPart

# The shortest way to each state: the verb, and who makes it (`sender` is whoever hands that report in).
WAY: dict[str, tuple] = {
    "open": (),
    "submitted": (("submit", "sender"),),
    "accepted": (("submit", "sender"), ("accept", "county")),
    "returned": (("submit", "sender"), ("send_back", "county")),
}
REASON = {"send_back": {"reason": "附属学校的数据没有包括进来"}}


def opened(cast, year: int = 0) -> None:
    """This year's reports (or those of another one), open."""
    opening.open_year(year or clock.today().year, SYSTEM)
    db.session.commit()


def laid_down(report: Report, by) -> int:
    """The id of a snapshot that this person has laid down for a report."""
    laid = freezing.lay_down(report, by)
    keys = []
    for key in freezing.stage(laid):
        db.session.commit()
        keys.append(key)
    return keys[-1]


def worker(pause=db.session.commit) -> None:
    """What the worker does of what was asked for."""
    while submitting.submit_next(pause):
        pass
    db.session.commit()


def asked(cast, verb: str, report: Report, by) -> dict:
    """What a move of a report asks for beside the row."""
    return {"snapshot_id": laid_down(report, by)} if verb == "submit" else REASON.get(verb, {})


def act(cast, report: Report, verb: str, name: str) -> Report:
    """Make a move of a report and commit."""
    by = cast.by(name)
    more = asked(cast, verb, report, by)
    workflow.flow.moves[verb](report, by, **more)
    db.session.commit()
    return report


def a_report(cast, state: str = "open", body: str = "dept1", kind: ReportKind = ReportKind.OWN) -> Report:
    """What a body of the cast hands in this year; as lead with all parts confirmed, once it is handed in."""
    opened(cast)
    row = queries.of_body(getattr(cast, body).id, clock.today().year, kind)
    if kind is ReportKind.LEAD and WAY[state]:
        confirm_all(cast, row)
    for verb, name in WAY[state]:
        act(cast, row, verb, body if name == "sender" else name)
    assert row.state.value == state
    return row


def figures(part: ReportPart) -> str:
    """The numbers of a part as they stand now."""
    return confirming.figures_of(content.counted(part.report, clock.today()), part.community_id)


def a_part(cast, state: str = "waiting", place: str = "community1") -> ReportPart:
    """The part of a community in 城关镇's report as lead."""
    report = a_report(cast, body="chengguan", kind=ReportKind.LEAD)
    row = next(part for part in queries.parts_of(report) if part.community_id == getattr(cast, place).id)
    if state == "confirmed":
        confirming.confirm(row, cast.by("clerk1" if place == "community1" else "clerk2"), figures=figures(row))
        db.session.commit()
    assert row.state.value == state
    return row


def confirm_all(cast, report: Report) -> None:
    """The clerks of both communities confirm their part."""
    clerks = {cast.community1.id: "clerk1", cast.community2.id: "clerk2"}
    for part in queries.parts_of(report):
        confirming.confirm(part, cast.by(clerks[part.community_id]), figures=figures(part))
    db.session.commit()
