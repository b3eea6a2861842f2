"""Pages for residents without a login: say what one thinks of a service."""

from flask import Blueprint, Response, flash, render_template, request, url_for

from portal import web
from portal.doors import public
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Community
from portal.remarks.forms import RemarkForm
from portal.remarks.models import RemarkSource
from portal.remarks.workflow import Told, submit
from portal.wishes import estates, following, robots

bp = Blueprint("remarking", __name__, url_prefix="/remarks")


@bp.after_request
def store_nowhere(answer: Response) -> Response:
    """What a resident typed stays in no cache of a computer that others use too."""
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@bp.route("/new", methods=["GET", "POST"])
@public
def new():
    """Praise or a concern about a service, to the community; no login.  [二(一)]"""
    form = RemarkForm()
    form.community.offer(estates.communities())
    if request.method == "GET":
        form.wish_number.data = following.normal_number(request.args.get("wish", ""))
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        robots.keep_out(form.website.data, form.opened.data or "", web.me().address)
        remark = submit(told_by(form, db.session.get_one(Community, form.community.data)), web.me(), RemarkSource.WALL)
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return _page(form), refusal.status
    return web.done(url_for("remarking.sent"), f"已收到，编号 {remark.number}。")


@bp.route("/sent")
@public
def sent():
    """What happens with a remark now."""
    return render_template("remarks/sent.html")


def told_by(form: RemarkForm, community: Community) -> Told:
    """What the form says of a remark to this community."""
    words = {name: form[name].data or "" for name in ("told", "about", "name", "phone")}
    typed = form.wish_number.data or ""
    # What reads as no number is looked for as it stands, and refused like one that nobody gave out.
    number = following.normal_number(typed) or typed
    return Told(kind=form.kind.data, community=community, wish_number=number, **words)


def _page(form: RemarkForm) -> str:
    if robots.opened_at(form.opened.data or "") is None:
        form.opened.data = robots.new_stamp()
    form.website.data = ""
    return render_template("remarks/new.html", form=form)
