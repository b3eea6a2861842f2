"""One paper as an answer: its preview page, or its PDF with a note in the audit trail."""

from typing import Any

from flask import current_app, render_template, request, url_for

from portal import clock, web
from portal.actors import Actor
from portal.extensions import db
from portal.households.models import Household
from portal.papers import queries
from portal.papers.as_kept import FILLED_LATER, copy_in_place_of, in_kept_words
from portal.papers.catalogue import PAPERS, Gathered, OfYear, Paper
from portal.papers.compose import compose, may_see_all, print_html
from portal.papers.printed import printed
from portal.papers.render import print_room
from portal.papers.verification import copy_of
from portal.registrations.models import Registration


def preview(paper: Paper, case: Any) -> str:
    """The paper on the screen; what is personal stays masked, since a page that is only read leaves no trace.

    Only of their own paper do members see all. A final one that is not masked stands there in its kept words.
    """
    own = isinstance(case, Registration) and web.me().is_self(case.member_id)
    sheet = compose(paper, case, full=own)
    kept = copy_in_place_of(sheet, paper, copy_of(sheet.issued), may_see_all(paper, case, web.me()))
    if kept and (own or not paper.private):
        sheet = in_kept_words(sheet, paper, kept, now=True)
    years = queries.years_of(paper, case.row, web.me()) if isinstance(case, OfYear) else []
    return render_template(
        paper.template,
        frame="papers/_preview.html",
        sheet=sheet,
        cells=sheet.cells,
        masked=bool(paper.private) and not own,
        is_kept=kept is not None and bool(kept.sha256),
        filled_later=paper.kind in FILLED_LATER,
        years=years,
        of_year=f"?year={case.year}" if isinstance(case, OfYear) else "",
    )


def record_card_at(member_id: int | None, year: int) -> str:
    """The address of a member's record card of a year; '' where there is none, or none for the present person."""
    seen = queries.record_cards_seen_by(web.me(), year).where(Registration.member_id == member_id)
    number = db.session.scalar(seen.with_only_columns(Registration.number))
    return url_for("papers.preview_of", kind="record-card", number=number, year=year) if number else ""


def household_cards_of(household: Household) -> list[tuple[str, str]]:
    """The copies of a household's card that the present person may print, as (label, address)."""
    year = clock.today().year
    kinds = (("联系对象档案卡（社区留存）", "household-card"), ("联系对象档案卡（单位留存）", "household-card-unit"))
    return [
        (label, url_for("papers.preview_of", kind=kind, number=household.number))
        for label, kind in kinds
        if queries.is_among(PAPERS[kind].rows(web.me(), year), household)
    ]


def pdf(paper: Paper, case: Any, by: Actor, **shown_once: str):
    """The paper as a file to download: a final one as it was stored, byte by byte.

    Drawn anew, by the printing process while no transaction is open, is what is not stored yet, in the words it became
    final with; what is set aside by now, to say so; what is masked for this person; and a paper with the cells that are
    filled later, when asked for it so.
    """
    full = may_see_all(paper, case, by)
    sheet = compose(paper, case, full, **shown_once)
    kept = copy_in_place_of(sheet, paper, copy_of(sheet.issued), full)
    now = paper.kind in FILLED_LATER and bool(request.args.get("now"))
    content = kept.read() if kept and not now else None
    if kept and not content:
        sheet = in_kept_words(sheet, paper, kept, now)
    page = "" if content else print_html(paper, sheet)
    row = case.row if isinstance(case, Gathered) else case
    final = [sheet.issued.id] if sheet.issued and sheet.issued.kind == paper.kind else []
    web.note(by, f"papers.print.{paper.kind}", row, fields=paper.private if full else ())
    drawn = content or print_room(current_app.config["INSTANCE_DIR"]).print_one(page)
    if final:
        with web.apart():
            printed(by, final)
    return web.download(drawn, sheet.file_name)
