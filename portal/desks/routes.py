"""The public home, help and large-type switch, and the first page of each role."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from portal import clock
from portal.desks import handover, kept, overview, readiness
from portal.desks import home as shown
from portal.desks.forms import HandoverForm
from portal.desks.lately import OFFICES
from portal.doors import for_roles, public, signed_in
from portal.people import queries as people
from portal.publicity import photos, shelf
from portal.scheme import queries as scheme
from portal.web import find, me, safe_next

bp = Blueprint("desks", __name__)
STORIES = 3  # on the home page


@bp.route("/")
@public
def home():
    """The public home."""
    stories = shelf.latest(STORIES)
    return render_template(
        "desks/home.html",
        figures=shown.figures(),
        come_true=shown.come_true(),
        stories=stories,
        covers=photos.covers(card.id for card in stories),
        service_days=scheme.next_service_days(clock.today()),
    )


@bp.route("/help", endpoint="help")
@public
def show_help():
    """Help for residents and members."""
    return render_template("desks/help.html")


@bp.route("/elder")
@public
def elder():
    """Turn 长辈模式 on or off by a cookie of a year, and go back to the page one was reading."""
    answer = make_response(redirect(safe_next(request.args.get("next"), url_for("desks.home")), 303))
    if request.args.get("on") == "1":
        answer.set_cookie("elder", "1", max_age=365 * 86400, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie("elder")
    return answer


@bp.route("/desk")
@signed_in
def desk():
    """The signed-in person's page for the role in use: 待办 first."""
    by = me()
    return render_template(
        "desks/desk.html", takes_back=OFFICES, handover=handover.own_address(by), **kept.desk(by, overview.of)
    )


@bp.route("/handover/<any(units,communities):kind>/<row:place>")
@for_roles(*handover.PRINTERS)
def handover_page(kind: str, place: int):
    """The handover sheet of a unit's liaisons or a community's clerks: open cases with dates, to print and sign."""
    found = find((people.units if kind == "units" else people.communities)(me()), place)
    held = handover.holders(found)
    form = HandoverForm(data=dict(zip(("giver", "taker"), handover.likely(held, me()), strict=True)))
    for field in (form.giver, form.taker):
        field.offer([(one.id, f"{one.user.name}（{one.state.label}）") for one in held])
    names = {one.id: one.user.name for one in held}
    sheet = handover.sheet_of(found, clock.today())
    signed = {"giver": names.get(form.giver.data, ""), "taker": names.get(form.taker.data, "")}
    return render_template("desks/handover.html", place=found, form=form, sheet=sheet, now=clock.now(), **signed)


@bp.route("/healthz")
@public
def healthz():
    """The process lives."""
    return {"status": "ok"}


@bp.route("/readyz")
@public
def readyz():
    """The process can serve: database, migrations, printing; 503 with what is wrong otherwise."""
    found = readiness.check()
    return found, 200 if found["ready"] else 503
