"""The page of one appointment, and its moves: approve, end."""

from flask import Blueprint, render_template

from portal import web
from portal.accounts import queries
from portal.accounts.user_routes import MANAGERS
from portal.doors import for_roles

bp = Blueprint("appointments", __name__, url_prefix="/appointments")


@bp.route("/<row:appointment>")
@for_roles(*MANAGERS)
def page(appointment: int):
    """One appointment with its history: who proposed it, who approved it, why it ended."""
    found = web.find(queries.appointments_visible_to(web.me()), appointment)
    return render_template("appointments/page.html", appointment=found)


@bp.route("/<row:appointment>/<verb>", methods=["GET", "POST"])
@for_roles(*MANAGERS)
def move(appointment: int, verb: str):
    """Approve or end an appointment."""
    return web.do_move(web.find(queries.appointments_visible_to(web.me()), appointment), verb)
