"""Pages of printing in bulk: asking for many papers as one file, its progress, the file."""

from flask import abort, render_template, request, send_file, url_for

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.papers import kept_files, print_queries, queries, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.forms import EACH, BulkForm
from portal.papers.models import JobState
from portal.papers.places_asked import offer_places, titled
from portal.papers.routes import bp, year_asked

PRINTERS = (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)


@bp.route("/papers", methods=["GET", "POST"])
@for_roles(*PRINTERS)
def index():
    """Ask for many papers as one file, and find again what was asked for."""
    form = _bulk_form()
    if not form.validate_on_submit():
        return _bulk_page(form), 422 if form.errors else 200
    unit_id, community_id = (field.data if field else None for field in (form.unit, form.community))
    year = form.year.data or clock.today().year
    one_each = form.files.data == EACH
    wanted = workflow.Wanted(form.kind.data, year, unit_id, community_id, form.duplex.data and not one_each, one_each)
    rows = queries.in_bulk(PAPERS[wanted.kind], web.me(), wanted.year, wanted.unit_id, wanted.community_id)
    try:
        job = workflow.ask(web.me(), wanted, titled(form, web.me(), PAPERS[wanted.kind].title), queries.ids_of(rows))
    except Refused as refusal:
        form.form_errors.append(refusal.sentence)
        return _bulk_page(form), refusal.status
    return web.done(url_for("papers.job", job=job.id), "已提交打印，可以离开本页，稍后回来下载。")


@bp.route("/papers/jobs/<row:job>")
@for_roles(*PRINTERS)
def job(job: int):
    """How far a print job has come."""
    found = web.find(print_queries.jobs_of(web.me()), job)
    return render_template("papers/job.html", job=found, now=clock.now())


@bp.route("/papers/jobs/<row:job>/file")
@for_roles(*PRINTERS)
def job_file(job: int):
    """The finished file of a print job: a PDF, or a folder of them."""
    found = web.find(print_queries.jobs_of(web.me()), job)
    if found.state is not JobState.DONE or not found.key or not found.file:
        abort(404)
    path, name = kept_files.path_of(found.key), found.file
    if not path.is_file():
        abort(404)
    kind = "application/zip" if found.one_each else "application/pdf"
    web.note(web.me(), "print_jobs.download", found)
    return send_file(path, kind, as_attachment=True, download_name=name)


@bp.route("/papers/jobs/<row:job>/again", methods=["POST"])
@for_roles(*PRINTERS)
def again(job: int):
    """Print what did not come out once more, alone."""
    found = web.find(print_queries.jobs_of(web.me()), job)
    retried = workflow.ask_again(found, web.me())
    db.session.flush()
    return web.done(url_for("papers.job", job=retried.id), "已提交补印，只印没有印出的。")


@bp.route("/papers/jobs/<row:job>/cancel", methods=["POST"])
@for_roles(*PRINTERS)
def cancel(job: int):
    """Stop a print job."""
    found = web.find(print_queries.jobs_of(web.me()), job)
    workflow.cancel(found, web.me())
    return web.done(url_for("papers.index"), "已取消打印。")


def _bulk_form() -> BulkForm:
    form = BulkForm(year=year_asked(), kind=request.args.get("kind"))
    form.kind.choices = [(p.kind, p.title) for p in PAPERS.values() if p.is_printed_in_bulk_by(web.me())]
    offer_places(form, web.me())
    return form


def _bulk_page(form: BulkForm) -> str:
    jobs = db.session.scalars(print_queries.jobs_of(web.me()).limit(20)).all()
    return render_template("papers/index.html", form=form, jobs=jobs)
