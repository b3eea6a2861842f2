"""Tables 6 and 7 as they stand: the page, the list behind each number, what does not fit together."""

from flask import Blueprint, abort, render_template, request
from sqlalchemy import Select

from portal import clock, web
from portal.actors import Actor, Role
from portal.choices import PickField
from portal.doors import for_roles
from portal.extensions import db
from portal.forms import FilterForm
from portal.people.models import Community
from portal.reports import behind, reconciling, registers, tables
from portal.reports.counting import WHOLE
from portal.reports.reconciling import BreachKind
from portal.reports.scopes import By, offered, scope_of
from portal.reports.table_filter import Chosen, filter_form, read

bp = Blueprint("tables", __name__, url_prefix="/reports/tables")
READERS = (Role.COUNTY, Role.COMMITTEE, Role.DEPARTMENT, Role.TOWN, Role.LIAISON, Role.CLERK)
NUMBER = "<any('6', '7'):table>"
LINES = 50


class BreachFilter(FilterForm):
    """Which breaches are shown."""

    kind = PickField("问题", BreachKind, nothing="全部")


@bp.route("")
@for_roles(*READERS)
def index():
    """Table 6, which most people come for."""
    return page("6")


@bp.route(f"/{NUMBER}")
@for_roles(*READERS)
def page(table: str):
    """Table 6 or 7 of one's scope, counted now; every number opens the list it was counted from."""
    form = filter_form()
    chosen = read(form, web.me())
    found = chosen.table(int(table))
    before = chosen.table(int(table), 1) if chosen.beside else None
    return render_template(
        "reports/counted.html",
        table=found, chosen=chosen, form=form, past=chosen.day < clock.today(), total=WHOLE,
        before={row.key: row for row in (*before.rows, before.total)} if before else {},
        columns=[column for column in found.columns if column.key != "remarks"],
        places=db.session.execute(_registers()).all() if table == "7" else [],
    )  # fmt: skip


@bp.route(f"/{NUMBER}/behind")
@for_roles(*READERS)
def list_behind(table: str):
    """What a number was counted from."""
    chosen, cell = cell_asked(int(table))
    count, amount = behind.measure(cell)
    names = dict(tables.names(chosen.by, chosen.scope, set()))
    return render_template(
        "reports/behind.html",
        number=table, cell=cell, chosen=chosen, count=count, amount=amount, total=WHOLE,
        title=tables.TITLES[int(table)], where="合计" if cell.row == WHOLE else names.get(cell.row, "其他"),
        part=behind.page(cell, request.args.get("after"), web.me()),
        here=chosen.here | {"table": table, "row": cell.row, "column": cell.tally.key} | _shared(cell),
    )  # fmt: skip


@bp.route("/breaches")
@for_roles(*READERS)
def breaches():
    """What does not fit together in one's scope, by name, before the tables are sealed."""
    form, filters = filter_form(), BreachFilter()
    filters.validate()
    chosen = read(form, web.me())
    found = reconciling.breaches(chosen.scope, clock.today().year, clock.today())
    counts = {kind: sum(each.kind is kind for each in found) for kind in BreachKind}
    shown = [each for each in found if filters.kind.data in (None, each.kind)]
    start = _start()
    return render_template(
        "reports/breaches.html",
        shown=shown[start : start + LINES], counts=counts, kind=filters.kind.data, chosen=chosen,
        groupings=_told_apart(web.me()), total=len(shown), next=start + LINES if len(shown) > start + LINES else None,
    )  # fmt: skip


def _registers() -> Select:
    seen = registers.communities(web.me())
    return seen.with_only_columns(Community.id, Community.name, maintain_column_froms=True)


def _told_apart(by: Actor) -> list[By]:
    """The groupings offered that are not over the same people."""
    scopes = {scope_of(by, each): each for each in reversed(offered(by))}
    return list(reversed(scopes.values()))


def _shared(cell: behind.Cell) -> dict:
    return {"shared": 1} if cell.shared else {}


def cell_asked(number: int) -> tuple[Chosen, behind.Cell]:
    """The number that the address names; 404 where this person has none such."""
    chosen, row = read(filter_form(), web.me()), request.args.get("row", str(WHOLE))
    if not row.removeprefix("-").isdigit() or not row.isascii() or len(row) > 9:
        abort(404)
    shared = "shared" in request.args and int(row) == WHOLE
    column = request.args.get("column")
    cell = behind.cell_of(number, int(row), column, chosen.by, chosen.scope, chosen.year, chosen.day, shared)
    return chosen, cell or abort(404)


def _start() -> int:
    typed = request.args.get("after", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 6 else 0
