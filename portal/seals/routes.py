"""Pages of the seal ledger: the list, one act on many, one paper with its scans, and what is missing of whom."""

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import bulk, file_edits, paging, uploads, web
from portal.bulk import BulkAct
from portal.choices import row_id
from portal.doors import for_roles, takes_uploads
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState, official_number
from portal.papers.catalogue import PAPERS
from portal.people.models import Member
from portal.seals import chain, listing, queries, workflow
from portal.seals.forms import BoxForm, ReboxForm, ScansForm
from portal.seals.links import Link, Stage
from portal.seals.models import SealState
from portal.seals.offices import KEEPERS, moved_by

bp = Blueprint("seals", __name__, url_prefix="/seals")
MOST = 500
ASKS = {"archive": BoxForm, "rebox": ReboxForm}


@bp.route("")
@for_roles(*KEEPERS)
def index():
    """The papers of one's office and scope in a year, by kind and number."""
    by = web.me()
    form, filters = listing.ledger_wanted(by)
    rows = queries.filtered(by, filters)
    shown = paging.page_of(rows, request.args.get("after"), *queries.ORDER)
    return render_template(
        "seals/index.html", form=form, filters=filters, shown=shown, total=queries.count(rows),
        counts=queries.counts_by_state(by, filters), states=SealState, papers=PAPERS,
        entries=queries.entries_of(shown.rows), whose=queries.whose(shown.rows),
        mine=queries.moved_among([paper.id for paper in shown.rows], by), most=MOST,
    )  # fmt: skip


@bp.route("/bulk", methods=["POST"])
@for_roles(*KEEPERS)
def many():
    """The ticked papers, or all of the list, go on to a state; with the result by row."""
    by, state = web.me(), SealState.of(request.form.get("to"))
    move = workflow.FORWARD.get(state) or abort(404)
    asked, form = {}, BoxForm()
    back = url_for(".index", **request.args.to_dict())  # type: ignore[arg-type]
    if state is SealState.ARCHIVED:
        if not form.validate():
            return web.done(back, "归档要填写盒号；什么也没有改变。", "error")
        asked = form.asked()
    rows = _those_wanted(by, move)
    made = bulk.run(by, move.label, rows, lambda paper: move(workflow.entry_for(paper), by, **asked), _words, web.keep)
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".result", act=made.id), made.summary, kind)


def _those_wanted(by, move) -> list[IssuedPaper]:
    """The ticked papers; or of the whole list under its filters the first ones of one's own that may go there yet."""
    _, filters = listing.ledger_wanted(by)
    rows = queries.filtered(by, filters).order_by(*queries.ORDER).limit(MOST)
    if "all" in request.form:
        own = (moved_by(by), IssuedPaper.state == PaperState.VALID)
        return list(db.session.scalars(rows.where(queries.reached.in_(move.starts), *own)))
    ids = [key for key in map(row_id, request.form.getlist("row")[:MOST]) if key]
    return list(db.session.scalars(rows.where(IssuedPaper.id.in_(ids))))


@bp.route("/results/<row:act>")
@for_roles(*KEEPERS)
def result(act: int):
    """What came of one's own act on many, row by row."""
    mine = select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("用印台账", url_for(".index")))


@bp.route("/missing")
@for_roles(*KEEPERS)
def missing():
    """Which papers of the number chain each member has, how far they are, and which are missing."""
    by = web.me()
    form, year, filters = listing.chain_wanted(by)
    rows = chain.filtered(by, year, filters)
    named = (joinedload(Member.unit), joinedload(Member.community))
    shown = paging.page_of(rows.options(*named), request.args.get("after"), Member.pinyin)
    return render_template(
        "seals/missing.html", form=form, year=year, shown=shown, total=chain.count(rows), links=Link, stages=Stage,
        chains=chain.of_members(shown.rows, year), counts=chain.counts(by, year, _of_places(filters)),
        where_made=listing.where_made, makes=listing.makes,
    )  # fmt: skip


def _of_places(filters: chain.Filters) -> chain.Filters:
    """The filters without what is counted itself."""
    return chain.Filters(unit_id=filters.unit_id, community_id=filters.community_id, words=filters.words)


@bp.route("/<row:paper>")
@for_roles(*KEEPERS)
def page(paper: int):
    """One paper: how far it is, who took which step when, its scans, and what may be done."""
    found = _paper(paper)
    entry = queries.entries_of([found])[found.id]
    reads = queries.may_read_scans(found, web.me())
    return render_template(
        "seals/page.html", paper=found, line=entry, kind=PAPERS[found.kind], whose=queries.whose([found])[found.id],
        states=SealState, files=uploads.of(entry) if reads else [], reads=reads,
        scans=reads and queries.is_moved_by(found, web.me()),
    )  # fmt: skip


@bp.route("/<row:paper>/scans", methods=["GET", "POST"])
@for_roles(*KEEPERS)
@takes_uploads
def change_scans(paper: int):
    """Add scans of the signed sheet, and take others away."""
    found = _paper(paper)
    workflow.check_scans(found, web.me())  # also before a file is read
    back, held = url_for(".page", paper=found.id), uploads.of(queries.entries_of([found])[found.id])

    def change(added: list, removed: list) -> None:
        workflow.change_scans(_paper(paper), web.me(), added, removed)

    crumbs = [("工作台", "/desk"), ("用印台账", url_for(".index")), (called(found), back)]
    return file_edits.change_files(ScansForm(), held, change, back, "扫描件已更新。", title="扫描件", crumbs=crumbs)


@bp.route("/<row:paper>/scans/<name>")
@for_roles(*KEEPERS)
def scan(paper: int, name: str):
    """One scan of a paper, for who may read what stands on it; each look is in the audit trail."""
    found = _paper(paper)
    if not queries.may_read_scans(found, web.me()):
        abort(404)
    entry = queries.entries_of([found])[found.id]
    answer = uploads.answer(entry, name)
    web.note(web.me(), "seal_entries.scan", entry)
    return answer


@bp.route("/<row:paper>/<verb>", methods=["GET", "POST"])
@for_roles(*KEEPERS)
def move(paper: int, verb: str):
    """Any move of a paper through the ledger: GET asks, POST does."""
    found = _paper(paper)

    def as_it_stands():
        return queries.entries_of([found])[found.id]

    entry = as_it_stands() if request.method == "GET" else workflow.entry_for(found)
    # Refused at its first step, a paper has no line again.
    return web.do_move(entry, verb, ask=ASKS.get(verb), anew=as_it_stands)


def called(paper: IssuedPaper) -> str:
    """A paper's number as it prints it: 凤进社信〔2026〕0012号."""
    return official_number(paper.kind, paper.number)


def _paper(paper: int) -> IssuedPaper:
    return queries.paper_seen_by(web.me(), paper) or abort(404)


def _words(paper: IssuedPaper) -> tuple[str, str]:
    return f"{PAPERS[paper.kind].title} {called(paper)}", url_for(".page", paper=paper.id)
