"""Pages on which an organiser has an activity held again, publishes drafts together, and keeps templates."""

import datetime as dt

from flask import abort, render_template, request, url_for
from sqlalchemy import select

from portal import bulk, clock, web
from portal.activities import asking, copying, queries, shelves, templates, workflow
from portal.activities.copy_forms import CopyForm
from portal.activities.models import Activity
from portal.activities.repeating import Planned, words_of
from portal.activities.routes import ORGANISERS, bp
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.scheme import queries as scheme
from portal.text import read_day

MOST = 100


@bp.route("/again", methods=["GET", "POST"])
@for_roles(*ORGANISERS)
def again():
    """What the office held on its last service day: one click drafts it for the next one."""
    by = web.me()
    if request.method == "POST":
        found = web.find(_own(), request.form.get("number", "")[:16])
        made = copying.again(found, by, [copying.next_service_day(found)])
        return web.done(web.address_of(made[0]), "已存为草稿，核对以后请发布。")
    held = copying.last_service_day(by)
    days = {each.id: copying.next_service_day(each) for each in held}
    return render_template(
        "activities/again.html", held=held, days=days, crumbs=shelves.crumbs(),
        drafted={each.id: copying.already(each, [days[each.id]]).get(days[each.id]) for each in held},
    )  # fmt: skip


@bp.route("/<number:activity>/copy", methods=["GET", "POST"])
@for_roles(*ORGANISERS)
def copy(activity: str):
    """An activity on another day, or on many: the days are seen first, with what is to be known of each."""
    found = web.find(_own(), activity)
    form, said, days = CopyForm(), "", []
    form.fill(copying.next_service_day(found) if found.service_day else _next_week(found))
    try:
        days = copying.planned(form.repeat.data, form.day.data, form.until.data)
        if request.method == "POST":
            return _drafted(found, days)
    except Refused as refusal:
        db.session.rollback()
        said = refusal.sentence
    page = render_template(
        "activities/copy.html", activity=found, form=form, said=said, crumbs=shelves.crumbs(),
        lines=[(each, _words(each)) for each in days], drafted=copying.already(found, [each.day for each in days]),
    )  # fmt: skip
    return page, 422 if said and request.method == "POST" else 200


def _drafted(found: Activity, days: list[Planned]):
    """Drafts for the ticked days, as many as were shown."""
    ticked = {read_day(each) for each in request.form.getlist("ticked")}
    made = copying.again(found, web.me(), [each.day for each in days if each.day in ticked])
    if len(made) == 1:
        return web.done(web.address_of(made[0]), "已存为草稿，核对以后请发布。")
    return web.done(url_for(".drafts", of=found.number), f"已存为 {len(made)} 份草稿，核对以后一并发布。")


@bp.route("/drafts", methods=["GET", "POST"])
@for_roles(*ORGANISERS)
def drafts():
    """The office's drafts, of one activity's copies where the address says so; the ticked ones are published."""
    by, rows = web.me(), copying.drafts(web.me())
    if request.method == "POST":
        ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
        ticked = list(db.session.scalars(rows.where(Activity.id.in_(ids))))
        made = bulk.run(
            by, workflow.publish.label, ticked, lambda row: workflow.publish(row, by),
            lambda row: (f"{row.title}（{row.day:%-m月%-d日}）", web.address_of(row)), pause=web.keep,
        )  # fmt: skip
        kind = "warning" if made.refused or not made.lines else "success"
        return web.done(url_for(".result", act=made.id), made.summary, kind)
    of = request.args.get("of", "")[:16]
    first = db.session.scalar(_own().where(Activity.number == of)) if of else None
    if first is not None:
        rows = rows.where(Activity.copied_from_id == first.id)
    return render_template(
        "activities/drafts.html", drafts=list(db.session.scalars(rows.limit(MOST))), first=first,
        crumbs=shelves.crumbs(), today=clock.today(),
    )  # fmt: skip


@bp.route("/results/<row:act>")
@for_roles(*ORGANISERS)
def result(act: int):
    """What came of publishing many at once, one by one."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("活动", url_for(".index")))


@bp.route("/templates")
@for_roles(*ORGANISERS)
def template_list():
    """The office's own templates and the county's."""
    found = list(db.session.scalars(templates.offered(web.me())))
    own = {each.id for each in found if templates.is_own(each, web.me())}
    return render_template("activities/templates.html", templates=found, own=own, crumbs=shelves.crumbs())


@bp.route("/<number:activity>/template", methods=["POST"])
@for_roles(*ORGANISERS)
def keep(activity: str):
    """An activity is kept as a template; one of the same name is renewed."""
    templates.save(web.find(_own(), activity), web.me())
    return web.done(url_for(".template_list"), "已存为模板。")


@bp.route("/templates/<row:template>/use", methods=["GET", "POST"])
@for_roles(*ORGANISERS)
def use(template: int):
    """A draft from a template: what it does not say is typed."""
    found = web.find(templates.offered(web.me()), template)
    coming = copying.following(clock.today()).first if found.service_day else None
    form = asking.activity_form(web.me(), data=templates.filled(found) | {"day": coming})
    shown = {"title": "按模板发起活动", "crumbs": shelves.crumbs(), "row": None, "form": form,
             "back": url_for(".template_list"), "lead": "先存为草稿，核对以后再发布。",
             "submit": "存为草稿"}  # fmt: skip
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        made = workflow.draft(web.me(), workflow.Facts(**form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(web.address_of(made), "已存为草稿，核对以后请发布。")


@bp.route("/templates/<row:template>/remove", methods=["POST"])
@for_roles(*ORGANISERS)
def remove(template: int):
    """An office takes one of its own templates away."""
    found = web.find(templates.offered(web.me()), template)
    templates.remove(found if templates.is_own(found, web.me()) else abort(404), web.me())
    return web.done(url_for(".template_list"), "模板已删除。")


def _own():
    return queries.visible_to(web.me()).where(queries.is_organised_by(web.me()))


def _next_week(found: Activity) -> dt.date:
    """The same weekday as it was, the next time that comes; a week later if it is still to come itself."""
    today = clock.today()
    if found.day >= today:
        return found.day + dt.timedelta(days=7)
    return today + dt.timedelta(days=(found.day - today).days % 7 or 7)


def _words(each: Planned) -> str:
    around = scheme.calendar_around(each.day.year)
    unsure = "放假安排未公布，暂估" if around.is_provisional(each.day.year) else ""
    return "；".join(dict.fromkeys(filter(None, (each.moved, words_of(each.day, around), unsure))))
