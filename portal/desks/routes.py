"""The first page of each role, and the public home."""

from flask import Blueprint, render_template

from portal.doors import public, signed_in

bp = Blueprint("desks", __name__)


@bp.route("/")
@public
def home():
    """The public home."""
    return render_template("desks/home.html")


@bp.route("/desk")
@signed_in
def desk():
    """The signed-in person's page for the role in use: 待办 first."""
    return render_template("desks/desk.html")


@bp.route("/healthz")
@public
def healthz():
    """The process lives."""
    return {"status": "ok"}
