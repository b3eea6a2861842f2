"""Pages of the archive: what is kept, one stored paper with its PDF, a try once more, erasing by law."""

from flask import Blueprint, abort, render_template, request, url_for
from wtforms import SelectChoice

from portal import audit, clock, paging, web
from portal.actors import Role
from portal.archives import checking, erasing, kept, queries, scope, storing
from portal.archives.forms import CopyFilter, ErasureForm
from portal.archives.models import ArchivedPaper
from portal.doors import for_roles
from portal.errors import Refused, RuleBroken
from portal.extensions import db
from portal.numbers import official_number
from portal.papers.catalogue import PAPERS

bp = Blueprint("archives", __name__, url_prefix="/archive")
OFFICES = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)
READERS = (*OFFICES, Role.ADMIN)
CLOSED = "这户已经结束帮扶：请到它的档案页写明原因查看，或在“归档包”里写明用途打包"


@bp.route("")
@for_roles(*READERS)
def index():
    """What is kept of one's scope, the newest first; no person is named."""
    form = _filter()
    state = form.state.data.value if form.state.data else None
    rows = queries.listed(web.me(), form.year.data, form.kind.data or None, state)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    packs = web.me().is_in(*OFFICES)
    return render_template("archives/index.html", shown=shown, form=form, titles=_titles(), packs=packs)


@bp.route("/<row:copy>")
@for_roles(*READERS)
def page(copy: int):
    """One stored paper: its number and version, its SHA-256, when it was stored and looked at."""
    found = web.find(queries.visible_to(web.me()), copy)
    return render_template("archives/page.html", copy=found, title=PAPERS[found.kind].title, **_may(found))


@bp.route("/<row:copy>.pdf")
@for_roles(*OFFICES)
def pdf(copy: int):
    """The PDF as it was stored, also of a paper that is cancelled or replaced by now; of no closed file."""
    found = web.find(queries.visible_to(web.me()), copy)
    if queries.is_closed_file(found):
        raise RuleBroken(f"{CLOSED}。")
    data = kept.content(found) if queries.may_read(found, web.me()) else None
    if data is None:
        abort(404)
    name = f"{official_number(found.kind, found.number)}第{found.paper.version}版.pdf"
    web.note(web.me(), "archived_papers.download", found, fields=PAPERS[found.kind].private)
    return web.download(data, name)


@bp.route("/<row:copy>/again", methods=["POST"])
@for_roles(*queries.KEEPERS)
def again(copy: int):
    """Look once more at a copy that is broken, or try once more to store one that could not be stored."""
    found = web.find(queries.visible_to(web.me()), copy)
    audit.write(web.me(), "archived_papers.again", found)
    if found.damage:
        damage = checking.check(found, clock.now())
        return web.done(url_for(".page", copy=copy), f"仍然{damage.label}。" if damage else "已核对，归档件完好。")
    storing.try_again(copy)
    return web.done(url_for(".page", copy=copy), "已重新排队归档，请稍后再看。")


@bp.route("/<row:copy>/erase", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def erase(copy: int):
    """The county erases a paper by law; number, SHA-256, reason and date stay."""
    found, form = web.find(queries.visible_to(web.me()), copy), ErasureForm()
    if not form.validate_on_submit():
        return _erasing(found, form), 422 if form.errors else 200
    try:
        files = erasing.erase(found, web.me(), form.reason.data, form.words.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _erasing(web.find(queries.visible_to(web.me()), copy), form), refusal.status
    answer = web.done(url_for(".page", copy=copy), "已依法删除，只留编号、SHA-256、原因和日期。")
    erasing.discard(files)
    return answer


def _erasing(copy: ArchivedPaper, form: ErasureForm) -> str:
    words = (
        f"{PAPERS[copy.kind].title} {official_number(copy.kind, copy.number)}，各版一并删除，不能恢复。"
        "删归档的文件、内容和用印台账里的扫描件；业务记录另按规定处理。已下载的归档包、备份里的，要另行清理。"
    )
    back = url_for(".page", copy=copy.id)
    return render_template("edit.html", title="依法删除归档件", lead=words, row=None, form=form, differences=[],
                           submit="依法删除", back=back, crumbs=_crumbs())  # fmt: skip


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("归档", url_for(".index"))]


def _may(copy: ArchivedPaper) -> dict:
    by = web.me()
    return {
        "reads": queries.may_read(copy, by), "keeps": by.is_in(*queries.KEEPERS), "erases": by.is_in(Role.COUNTY),
        "closed": CLOSED if queries.is_closed_file(copy) else "",
    }  # fmt: skip


def _titles() -> dict[str, str]:
    return {kind: PAPERS[kind].title for kind in scope.final_kinds()}


def _filter() -> CopyFilter:
    form = CopyFilter()
    form.year.offer((year, f"{year}年") for year in queries.years(web.me()))
    form.kind.choices = [SelectChoice("", "全部表样"), *(SelectChoice(*each) for each in _titles().items())]
    return form
