"""One address for all lists as spreadsheets; each list's door is that of the page that shows it."""

from flask import Blueprint, abort

from portal import list_sheets
from portal.actors import Role
from portal.doors import for_roles

bp = Blueprint("lists", __name__, url_prefix="/lists")
OFFICES = (
    Role.GRID_WORKER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY, Role.ADMIN,
)  # fmt: skip


@bp.route("/<name>", methods=["POST"])
@for_roles(*OFFICES)
def export(name: str):
    """The list of this name as .xlsx, under the filters of the address."""
    return list_sheets.answer(list_sheets.LISTS.get(name) or abort(404))
