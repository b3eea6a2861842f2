"""The rules of the house as tests, so that nobody has to remember them."""

import ast
import re
from pathlib import Path

import pytest

from portal import ROOMS
from portal.flow import FLOWS
from portal.labels import Labelled

TOP = Path(__file__).parent.parent
PORTAL = TOP / "portal"
TEMPLATES = TOP / "templates"
CODE = sorted(PORTAL.rglob("*.py"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
KERNEL = {path.stem for path in PORTAL.glob("*.py")} - {"__init__"}
FURNITURE = {"__init__", "models", "workflow", "queries", "forms", "routes", "commands"}
REFUSED_NAMES = {"util", "utils", "helpers", "common", "services", "service", "manager", "managers", "misc"}
# What each kind of file never imports (4.3); rooms' own order is checked apart.
NEVER = {
    "models": ("flask", "wtforms", "portal.web", "portal.forms", ".forms", ".routes", ".workflow", ".queries"),
    "queries": ("flask", "wtforms", "portal.web", ".forms", ".workflow", ".routes"),
    "workflow": ("flask", "wtforms", "portal.web", ".forms", ".routes"),
    "forms": (".queries", ".workflow", ".routes", "portal.extensions", "portal.web"),
}
MAY_COMMIT = {"web.py", "cli.py"}
LONGEST = {"workflow.py": 400, "models.py": 400}
CLAUSES = {
    "一", "二(一)", "二(一)1", "二(一)2", "二(一)3", "二(一)4", "二(一)5", "二(二)", "二(二)1", "二(二)2", "二(二)3",
    "二(二)4", "二(三)", "二(三)1", "二(三)2", "二(三)3", "三1", "三2", "三3", "四", "附件1", "附件2", "附件3", "附件4",
    "附件5", "附件6", "附件7", "附件8",
}  # fmt: skip


def short(path: Path) -> str:
    return str(path.relative_to(TOP))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> list[str]:
    """The modules that a file imports, `from portal import x` as portal.x."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def room_of(path: Path) -> str | None:
    inner = path.relative_to(PORTAL).parts
    return inner[0] if len(inner) > 1 else None


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("portal.")} & set(ROOMS)


@pytest.mark.parametrize("path", CODE, ids=short)
def test_rooms_know_only_rooms_before_them(path):
    room = room_of(path)
    if room is None:
        allowed = set(ROOMS) if path.stem in ("__init__", "cli") else set()
    else:
        allowed = set(ROOMS[: ROOMS.index(room) + 1]) if room in ROOMS else set(ROOMS)
    assert rooms_imported(path) <= allowed


@pytest.mark.parametrize("path", [p for p in CODE if room_of(p) and p.stem in NEVER], ids=short)
def test_each_kind_of_file_imports_only_its_like(path):
    for name in imports(path):
        for never in NEVER[path.stem]:
            hit = f"{never}." in f"{name}." if never.startswith(".") else f"{name}.".startswith(f"{never}.")
            assert not hit, f"{short(path)} imports {name}"


@pytest.mark.parametrize("path", [p for p in CODE if p.stem == "routes" and room_of(p)], ids=short)
def test_routes_use_no_other_rooms_routes_or_forms(path):
    others = [n for n in imports(path) if re.match(r"portal\.\w+\.(routes|forms)\b", n)]
    assert [n for n in others if not n.startswith(f"portal.{room_of(path)}.")] == []


@pytest.mark.parametrize("path", CODE, ids=short)
def test_only_web_and_cli_commit(path):
    if room_of(path) is None and path.name in MAY_COMMIT:
        return
    calls = [n.lineno for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and n.attr == "commit"]
    assert calls == []


@pytest.mark.parametrize("path", CODE, ids=short)
def test_only_the_clock_knows_the_time(path):
    asked = re.findall(r"datetime\.(?:now|utcnow)\(|date\.today\(|\btime\.time\(|func\.now\(", path.read_text())
    assert asked == [] or path == PORTAL / "clock.py"


@pytest.mark.parametrize("path", CODE, ids=short)
def test_files_bear_names_that_say_a_thing(path):
    assert path.stem not in REFUSED_NAMES
    assert path.stem in FURNITURE or "_" in path.stem or path.stem.isalpha()


@pytest.mark.parametrize("path", CODE, ids=short)
def test_files_and_functions_are_small(path):
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST.get(path.name, 200)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = node.end_lineno - body[0].lineno + 1 if body else 0
            assert length <= 30, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", CODE, ids=short)
def test_what_is_public_is_documented(path):
    module = tree(path)
    assert ast.get_docstring(module), "the module says nothing of itself"
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_templates_are_small_escape_everything_and_hold_no_inline_script_or_style(path):
    page = path.read_text()
    assert len(page.splitlines()) <= (150 if {"papers", "macros"} & set(path.parts) else 120)
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", page)
    assert not re.search(r"\sstyle=\"[^\"]|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:", page)
    assert not re.search(r"if\s+(current_user\.)?role\s*[=!]=", page)


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_htmx_stands_only_in_macros(path):
    if path.parent != TEMPLATES / "macros":
        assert not re.search(r"\s(data-)?hx-(?!disable)", path.read_text())


@pytest.mark.parametrize("path", CODE, ids=short)
def test_the_code_escapes_everything(path):
    assert not re.search(r"\bMarkup\(|render_template_string\(", path.read_text())


def test_every_route_declares_its_door(application):
    without = [
        rule.rule
        for rule in application.url_map.iter_rules()
        if not hasattr(application.view_functions[rule.endpoint], "door")
    ]
    assert without == []


def test_a_route_without_a_door_answers_500(application):
    endpoint = "healthz" if "healthz" in application.view_functions else "desks.healthz"
    view = application.view_functions[endpoint]
    application.view_functions[endpoint] = lambda: "open to everybody?"
    try:
        assert application.test_client().get("/healthz").status_code == 500
    finally:
        application.view_functions[endpoint] = view


def all_enums(kind: type = Labelled) -> list[type]:
    return [sub for child in kind.__subclasses__() for sub in (child, *all_enums(child))]


def test_labels_of_an_enum_are_unique(application):
    for kind in all_enums():
        labels = [member.label for member in kind]
        assert len(labels) == len(set(labels)), kind


def moves(application):
    return [move for flow in FLOWS.values() for move in flow.moves.values()]


def test_every_move_is_documented_with_a_clause_of_the_notice(application):
    for move in moves(application):
        assert move.__doc__, move.verb
        assert move.clauses, f"{move.flow.name}.{move.verb} names no clause"


def test_clause_tags_are_clauses_of_the_notice():
    pattern = re.compile(r"\[((?:[一二三四]|附件)[^\]\s]*)[^\]]*\]")
    for path in CODE:
        for docstring in filter(None, map(_docstring, ast.walk(tree(path)))):
            for clause in pattern.findall(docstring):
                assert clause in CLAUSES, f"{short(path)}: [{clause}]"


def _docstring(node) -> str | None:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef
    return ast.get_docstring(node) if isinstance(node, kinds) else None


def test_every_state_is_reached_and_left_by_some_move(application):
    for flow in FLOWS.values():
        if not flow.moves:
            continue
        states = type(next(iter(flow.moves.values())).starts[0])
        left = {state for move in flow.moves.values() for state in move.starts}
        reached = {state for move in flow.moves.values() for state in move.ends}
        first = flow.model.__table__.c.state.default
        reached |= {first.arg} if first is not None and not callable(first.arg) else {next(iter(states))}
        assert set(states) <= left | reached, flow.name
        assert set(states) - reached == set(), f"{flow.name}: {set(states) - reached} never reached"


def clauses_in_code() -> dict[str, set[str]]:
    """The files (below portal/) whose docstrings name each clause."""
    found: dict[str, set[str]] = {}
    for path in CODE:
        for docstring in filter(None, map(_docstring, ast.walk(tree(path)))):
            for clause in re.findall(r"\[((?:[一二三四]|附件)[^\]\s]*)[^\]]*\]", docstring):
                found.setdefault(clause, set()).add(str(path.relative_to(PORTAL)))
    return found


def test_the_readmes_clause_table_is_true():
    found = clauses_in_code()
    rows = re.findall(r"^\| ((?:[一二三四]|附件)\S*) \|[^|]*\|([^|]*)\|$", (TOP / "README.md").read_text(), re.M)
    assert len(rows) == len({clause for clause, _ in rows})
    assert {clause for clause, _ in rows} == set(found)
    for clause, files in rows:
        for file in re.findall(r"`([^`]+)`", files):
            assert file in found[clause], f"{clause} is not in {file}"
