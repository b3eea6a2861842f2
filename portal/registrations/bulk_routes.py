"""One act for many: certificates, a group's presenting, acceptance, filing, cards checked; with the result by row."""

from collections.abc import Iterator, Sequence

from flask import abort, render_template, request, url_for
from sqlalchemy import Select, select

from portal import bulk, web
from portal.accounts.queries import members_with_login
from portal.actors import Role
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.doors import for_roles
from portal.extensions import db
from portal.people.holding import hold_members
from portal.people.models import Member
from portal.registrations import cards, queries, rates, workflow
from portal.registrations.models import Registration, ReportMode
from portal.registrations.routes import BULK, OFFICES, bp

MOST = 500


@bp.route("/bulk", methods=["POST"])
@for_roles(Role.CLERK, Role.LIAISON)
def many():
    """A clerk accepts, a liaison presents or files the ticked registrations (or all that wait)."""
    by, verb = web.me(), request.form.get("verb", "")
    move = workflow.flow.moves[verb] if verb in BULK[by.role] else abort(404)
    rows = queries.visible_to(by).order_by(Registration.id)
    waiting = rows.where(Registration.state.in_(move.starts)) if "all" in request.form else _ticked(rows, Registration)
    asked: dict[str, dict] = {
        "accept": {name: row_id(request.form.get(name)) for name in ("grid_id", "team_id")},
        "present": {"mode": ReportMode.of(request.form.get("mode"))},
        "file": {},
    }
    return _run(move.label, waiting, lambda row: move(row, by, **asked[verb]), _registration_words)


@bp.route("/uncertified")
@for_roles(Role.LIAISON)
def uncertified():
    """The unit's members who must report and have no certificate yet."""
    members = list(db.session.scalars(queries.without_certificate(web.me().unit_id)))
    moved = rates.registrations_of(web.me(), [member.id for member in members])
    return render_template("registrations/uncertified.html", members=members, moved=moved)


@bp.route("/issue", methods=["POST"])
@for_roles(Role.LIAISON, Role.DEPARTMENT, Role.TOWN)
def issue():
    """Certificates for the ticked members, or for everyone of the unit not yet reported; gapless numbers."""
    by = web.me()
    everyone = "all" in request.form and by.is_in(Role.LIAISON)
    members = queries.without_certificate(by.unit_id) if everyone else _ticked(queries.members_of(by), Member)
    return _run("开具证明信", members, lambda member: workflow.issue(member, by), _member_words)


@bp.route("/unchecked", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def unchecked():
    """Whose card nobody looked through this year; for those who cannot sign in, the liaison may in their place."""
    by = web.me()
    rows = cards.unchecked(by.unit_id)
    if request.method == "POST":
        return _run("核对信息卡", _ticked(rows, Member), lambda member: cards.check(member, by), _member_words)
    members = list(db.session.scalars(rows))
    ids = [member.id for member in members]
    return render_template(
        "registrations/unchecked.html", members=members, cards=cards.cards_of(ids), able=members_with_login(ids),
        unfilled=db.session.scalars(cards.unfilled(by.unit_id)).all(),
    )  # fmt: skip


@bp.route("/results/<row:act>")
@for_roles(*OFFICES)
def result(act: int):
    """What came of one's own act on many, row by row."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("报到", url_for(".index")))


def _ticked(rows: Select, model: type[Registration | Member]) -> Select:
    ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
    return rows.where(model.id.in_(ids))


def _run(label: str, waiting: Select, act, describe):
    rows = db.session.scalars(waiting.limit(MOST)).unique().all()
    made = bulk.run(web.me(), label, _held(rows), act, describe, pause=web.keep)
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".result", act=made.id), made.summary, kind)


def _held(rows: Sequence[Registration | Member]) -> Iterator[Registration | Member]:
    """These rows, the members of each part held before the first of them draws a number that others wait for."""
    for start in range(0, len(rows), bulk.PART):
        part = rows[start : start + bulk.PART]
        hold_members([row.id if isinstance(row, Member) else row.member_id for row in part])
        yield from part


def _registration_words(row: Registration) -> tuple[str, str]:
    return f"{row.member.name}（{row.number}）", web.address_of(row)


def _member_words(member: Member) -> tuple[str, str | None]:
    row = queries.in_progress_of(member.id)
    return (f"{member.name}（{row.number}）", web.address_of(row)) if row else (member.name, None)
