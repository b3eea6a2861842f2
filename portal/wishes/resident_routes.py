"""Pages for residents without a login: make a wish and take the slip."""

from flask import Blueprint, Response, flash, render_template, request, url_for
from sqlalchemy import select

from portal import clock, vault, web
from portal.doors import public
from portal.errors import Refused
from portal.extensions import db
from portal.scheme import queries as scheme
from portal.wishes import estates, following, pocket, robots, slips, submitting
from portal.wishes.models import Wish, WishSource, WishState
from portal.wishes.resident_forms import WishForm

bp = Blueprint("resident", __name__, url_prefix="/wishes")


@bp.after_request
def store_nowhere(answer: Response) -> Response:
    """What a resident typed stays in no cache of a computer that others use too."""
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@bp.route("/new", methods=["GET", "POST"])
@public
def new():
    """Make a wish: five fields, no login.  [二(二)2]"""
    again = _rejected() if request.args.get("again") else None
    form = _form(again)
    if request.method == "GET":
        pocket.open_slip()
        return _page(form, again)
    if not form.validate():
        return _page(form, again), 422
    try:
        robots.keep_out(form.website.data, form.opened.data or "", web.me().address)
        wish = submitting.submit(_asked(form), web.me(), WishSource.WALL, pocket.slip_secret(), again)
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return _page(form, again), refusal.status
    return web.done(url_for("resident.slip", number=wish.number))


@bp.route("/<number:number>/slip")
@public
def slip(number: str):
    """The slip with number and query code, in the browser that made the wish and for a quarter of an hour only."""
    wish = db.session.scalar(select(Wish).where(Wish.number == number))
    code = submitting.code_shown(wish, pocket.slip_secret()) if wish else None
    if wish is None or code is None:
        return render_template("wishes/slip_gone.html", number=number), 404
    return render_template(
        "wishes/slip.html", wish=wish, code=slips.grouped(code), qr=slips.qr_of(number), address=slips.follow_address()
    )


@bp.route("/slip/clear", methods=["POST"])
@public
def clear_slip():
    """Let this browser show its slips no more, on a computer that others use too."""
    pocket.clear_slip()
    return web.done(url_for("resident.new"), "受理单已从这台设备上清除。")


def _form(again: Wish | None) -> WishForm:
    form = WishForm(data=_said(again) if again else {})
    form.community.choices = estates.choices()
    return form


def _page(form: WishForm, again: Wish | None) -> str:
    if robots.opened_at(form.opened.data or "") is None:
        form.opened.data = robots.new_stamp()
    form.website.data = ""
    return render_template(
        "wishes/new.html", form=form, again=again, retold=vault.unseals(), estates=estates.estate_names(),
        year=scheme.year_of(clock.today()),
    )  # fmt: skip


def _asked(form: WishForm) -> submitting.Asked:
    estate = form.estate.data or ""
    return submitting.Asked(
        **form.told(),
        community=estates.community_of(form.community.data, estate),
        note=f"居民写的小区或街道：{estate}" if estate else "",
    )


def _rejected() -> Wish | None:
    """The rejected wish that this browser follows and may say again, once."""
    kept = pocket.followed()
    wish = following.find(*kept) if kept else None
    # One already said again is refused with the number of the new one, rather than taken for another wish.
    return wish if wish is not None and wish.state is WishState.REJECTED and wish.follows_id is None else None


def _said(wish: Wish) -> dict:
    """What was told the first time, for the form; a public face knows of it what is not sealed."""
    facts = {name: getattr(wish, name) for name in ("title", "minor", "guardian_consent", "lone_elder")}
    if vault.unseals():
        facts |= {name: getattr(wish, name) for name in ("name", "phone", "address")}
        facts |= {"detail": wish.told, "on_behalf_of": wish.beneficiary}
    return facts | {
        "community": str(wish.community_id or estates.UNKNOWN),
        "category": wish.category,
        "helpers_needed": wish.helpers_needed,
    }
