"""Pages of papers: preview and PDF of one, and public verification."""

import re

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock, web
from portal.doors import public, signed_in
from portal.extensions import db
from portal.numbers import latest, numbered
from portal.papers import answers, paper_keys, queries, verification
from portal.papers.catalogue import PAPERS, Gathered, Paper
from portal.wishes import pocket, slips, submitting
from portal.wishes.models import Wish

bp = Blueprint("papers", __name__)


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
    """The paper of the case (registration, pledge) with this number; a draft as long as it is not final.

    Of a paper that there is of each year: that of the year in the address, else this year's.
    """
    paper, case = _of(kind, number)
    issued = case.issued if isinstance(case, Gathered) else latest(kind, case.id)
    if issued:
        return redirect(url_for("papers.preview", kind=kind, number=issued.number))
    return answers.preview(paper, case)


@bp.route("/papers/<kind>/of/<number:number>.pdf")
@signed_in
def pdf_of(kind: str, number: str):
    """The same as PDF."""
    paper, case = _of(kind, number)
    return answers.pdf(paper, case, web.me())


@bp.route("/verify/key.pem")
@public
def key():
    """The published keys, with which anybody checks a paper's token offline."""
    return Response(paper_keys.public_pem(), mimetype="application/x-pem-file")


@bp.route("/verify")
@public
def verify():
    """Where a check code is typed, or the address in the QR pasted."""
    if typed := request.args.get("code", "").strip().rstrip("/").rpartition("/")[2]:
        return redirect(url_for("papers.verified", code=typed[:400]), 302)
    return _verify_page("", None)


@bp.route("/verify/<code>")
@public
def verified(code: str):
    """What anybody may know of the paper with this check code or token."""
    with web.apart():
        verdict = verification.look_up(code, request.remote_addr or "")
    return _verify_page(code, verdict), 200 if verdict else 404


def _verify_page(typed: str, verdict: verification.Verdict | None) -> str:
    keys = [paper_keys.called(key) for key in paper_keys.public_keys()]
    return render_template("papers/verify.html", typed=typed, verdict=verdict, keys=keys)


def _paper(kind: str) -> Paper:
    return PAPERS.get(kind) or abort(404)


def _row(paper: Paper, number: str):
    """The case whose paper bears this number, among those whose papers this person may see."""
    year = int(number[:4])
    rows = paper.rows(web.me(), year)
    model = rows.column_descriptions[0]["entity"]
    fits = getattr(model, paper.column) == number if paper.column else model.id.in_(numbered(paper.ledger, number))
    row = db.session.scalar(rows.where(fits)) or abort(404)
    return paper.cases([row], year, web.me())[0]


def _of(kind: str, number: str):
    paper = _paper(kind)
    year = year_asked()
    rows = paper.rows(web.me(), year)
    if rows.column_descriptions[0]["entity"] is Wish:
        abort(404)
    return paper, paper.cases([web.find(rows, number)], year, web.me())[0]


def year_asked() -> int:
    """The year in the address, else this one."""
    asked = request.args.get("year", "")
    return int(asked) if re.fullmatch(r"20\d\d", asked, re.ASCII) else clock.today().year
