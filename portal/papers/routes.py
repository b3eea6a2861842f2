"""Pages of papers: preview and PDF of one, printing in bulk with its progress, and public verification."""

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles, public, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.numbers import latest
from portal.papers import answers, proofs, queries, verification, workflow
from portal.papers.catalogue import PAPERS, Paper
from portal.papers.drawing import folder_of
from portal.papers.forms import BulkForm
from portal.papers.models import JobState
from portal.wishes import pocket, slips, submitting
from portal.wishes.models import Wish

bp = Blueprint("papers", __name__)
PRINTERS = (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)


@bp.route("/papers/<kind>/<number:number>")
@signed_in
def preview(kind: str, number: str):
    """One paper as it will be printed, phone and address masked."""
    paper = _paper(kind)
    return answers.preview(paper, _row(paper, number))


@bp.route("/papers/<kind>/<number:number>.pdf")
@signed_in
def pdf(kind: str, number: str):
    """One paper as PDF."""
    paper = _paper(kind)
    return answers.pdf(paper, _row(paper, number), web.me())


@bp.route("/papers/wish-slip/<number:number>.pdf")
@public
def slip(number: str):
    """A wish's slip: with the query code in the browser that was just given it, else without for its office."""
    paper, wish = PAPERS["wish-slip"], queries.wish_of(number)
    code = submitting.code_shown(wish, pocket.slip_secret()) if wish else None
    if code:
        return answers.pdf(paper, wish, web.me(), query_code=slips.grouped(code))
    return answers.pdf(paper, _row(paper, number), web.me())


@bp.route("/papers/<kind>/of/<number:number>")
@signed_in
def preview_of(kind: str, number: str):
    """The paper of the case (registration, pledge) with this number; a draft as long as it is not final."""
    paper, row = _of(kind, number)
    if issued := latest(kind, row.id):
        return redirect(url_for("papers.preview", kind=kind, number=issued.number))
    return answers.preview(paper, row)


@bp.route("/papers/<kind>/of/<number:number>.pdf")
@signed_in
def pdf_of(kind: str, number: str):
    """The same as PDF."""
    paper, row = _of(kind, number)
    return answers.pdf(paper, row, web.me())


@bp.route("/papers", methods=["GET", "POST"])
@for_roles(*PRINTERS)
def index():
    """Ask for many papers as one file, and find again what was asked for."""
    form = _bulk_form()
    if not form.validate_on_submit():
        return _bulk_page(form), 422 if form.errors else 200
    unit_id, community_id = (field.data if field else None for field in (form.unit, form.community))
    year = form.year.data or clock.today().year
    wanted = workflow.Wanted(form.kind.data, year, unit_id, community_id, form.duplex.data)
    rows = queries.in_bulk(
        wanted.kind, PAPERS[wanted.kind].visible(web.me()), wanted.year, wanted.unit_id, wanted.community_id
    )
    try:
        job = workflow.ask(web.me(), wanted, _title(form), len(queries.ids_of(rows)))
    except Refused as refusal:
        form.form_errors.append(refusal.sentence)
        return _bulk_page(form), refusal.status
    return web.done(url_for("papers.job", job=job.id), "已提交打印，可以离开本页，稍后回来下载。")


@bp.route("/papers/jobs/<row:job>")
@for_roles(*PRINTERS)
def job(job: int):
    """How far a print job has come."""
    found = web.find(queries.jobs_of(web.me()), job)
    return render_template("papers/job.html", job=found, now=clock.now())


@bp.route("/papers/jobs/<row:job>.pdf")
@for_roles(*PRINTERS)
def job_file(job: int):
    """The finished file of a print job."""
    found = web.find(queries.jobs_of(web.me()), job)
    if found.state is not JobState.DONE or not found.file:
        abort(404)
    path, name = folder_of(found) / found.file, found.file
    web.note(web.me(), "print_jobs.download", found)
    return send_file(path, "application/pdf", as_attachment=True, download_name=name)


@bp.route("/papers/jobs/<row:job>/cancel", methods=["POST"])
@for_roles(*PRINTERS)
def cancel(job: int):
    """Stop a print job."""
    found = web.find(queries.jobs_of(web.me()), job)
    workflow.cancel(found, web.me())
    return web.done(url_for("papers.index"), "已取消打印。")


@bp.route("/verify/key.pem")
@public
def key():
    """The published key, with which anybody checks a paper's token offline."""
    return Response(proofs.public_pem(), mimetype="application/x-pem-file")


@bp.route("/verify")
@public
def verify():
    """Where a check code is typed."""
    if typed := request.args.get("code", "").strip():
        return redirect(url_for("papers.verified", code=typed[:400]), 302)
    return render_template("papers/verify.html", typed="", verdict=None)


@bp.route("/verify/<code>")
@public
def verified(code: str):
    """What anybody may know of the paper with this check code or token."""
    with web.apart():
        verdict = verification.look_up(code, request.remote_addr or "")
    return render_template("papers/verify.html", typed=code, verdict=verdict), 200 if verdict else 404


def _paper(kind: str) -> Paper:
    return PAPERS.get(kind) or abort(404)


def _row(paper: Paper, number: str):
    """The case whose paper bears this number, among those whose papers this person may see."""
    rows = paper.visible(web.me())
    model = rows.column_descriptions[0]["entity"]
    numbered = (
        getattr(model, paper.column) == number if paper.column else model.id.in_(queries.numbered(paper.kind, number))
    )
    return db.session.scalar(rows.where(numbered)) or abort(404)


def _of(kind: str, number: str):
    paper = _paper(kind)
    rows = paper.visible(web.me())
    if rows.column_descriptions[0]["entity"] is Wish:
        abort(404)
    return paper, web.find(rows, number)


def _bulk_form() -> BulkForm:
    form = BulkForm(year=clock.today().year)
    form.kind.choices = [(p.kind, p.title) for p in PAPERS.values() if p.kind != "wish-slip"]
    units, communities = queries.units_for(web.me()), queries.communities_for(web.me())
    form.unit.offer(units)
    form.community.offer(communities)
    if not units:
        del form.unit
    if not communities:
        del form.community
    return form


def _title(form: BulkForm) -> str:
    """What the file is called: whose, which and of which year."""
    offered = [choice for field in (form.unit, form.community) if field and field.data for choice in field.choices
               if choice.value == str(field.data)]  # fmt: skip
    whose = "".join(choice.label for choice in offered) or web.me().office or "全县"
    return f"{whose}{form.year.data}年{PAPERS[form.kind.data].title}"


def _bulk_page(form: BulkForm) -> str:
    jobs = db.session.scalars(queries.jobs_of(web.me()).limit(20)).all()
    return render_template("papers/index.html", form=form, jobs=jobs)
