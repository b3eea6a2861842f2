"""Pages of result notices: the list, one notice with its moves, drafting and wording one anew."""

from flask import Blueprint, render_template, request, url_for

from portal import clock, paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.inspections import listing, noticing, queries, rights, setting_in
from portal.inspections.forms import NoticeForm

bp = Blueprint("result_notices", __name__, url_prefix="/inspections/notices")


@bp.route("")
@for_roles(*rights.READERS)
def index():
    """The result notices that one may read, the newest first."""
    rows = queries.notices_visible_to(web.me())
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("inspections/notices.html", shown=shown, total=queries.count(rows))


@bp.route("/<number:notice>")
@for_roles(*rights.READERS)
def page(notice: str):
    """One result notice, and its official paper."""
    found = web.find(queries.notices_visible_to(web.me()), notice)
    seen = db.session.scalar(queries.visible_to(web.me()).filter_by(id=found.inspection_id)) is not None
    parts = setting_in.of_notice(found, clock.today())
    return render_template("inspections/notice.html", notice=found, parts=parts, seen=seen,
                           writes=web.me().is_in(Role.COUNTY))  # fmt: skip


@bp.route("/of/<number:inspection>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def new(inspection: str):
    """The county drafts the result notice of an inspection; the portal offers the first words."""
    found = web.find(queries.visible_to(web.me()), inspection)
    if request.method == "GET":
        noticing.check_draft(found, web.me(), held=False)
    form = NoticeForm(obj=noticing.first_words(found, listing.numbers_of([found.id]).get(found.id, (0, 0, 0))[0]))
    back = web.address_of(found)
    shown = {
        "title": "起草督查结果通报",
        "crumbs": [("工作台", "/desk"), ("督查", url_for("inspections.index")), (found.title, back)],
        "row": None, "form": form, "back": back, "submit": "存为草稿",
        "lead": "写好开头和结尾；表扬、批评的党组织和数据由本站排入，印发由另一位同志办理。",
    }  # fmt: skip
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        made = noticing.draft(found, web.me(), noticing.Draft(**form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(web.address_of(made), "已存为草稿，请另一位同志核对后印发。")


@bp.route("/<number:notice>/edit", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def change(notice: str):
    """The county words a draft anew."""
    found = web.find(queries.notices_visible_to(web.me()), notice)
    if request.method == "GET":
        noticing.check_change(found, web.me())
    back = web.address_of(found)

    def save(**asked) -> None:
        noticing.change(found, web.me(), **asked)

    listed = ("督查", url_for("inspections.index"))
    crumbs = [("工作台", "/desk"), listed, ("督查结果通报", url_for(".index")), (found.title, back)]
    return edit(found, NoticeForm(obj=found), save, back, title="修改通报", crumbs=crumbs)


@bp.route("/<number:notice>/<verb>", methods=["GET", "POST"])
@for_roles(*rights.READERS)
def move(notice: str, verb: str):
    """Any move of a notice: GET asks, POST does."""
    return web.do_move(web.find(queries.notices_visible_to(web.me()), notice), verb)
