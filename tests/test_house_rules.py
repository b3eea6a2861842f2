"""The rules of the house as tests, so that nobody has to remember them."""

import ast
import re
from functools import cache
from pathlib import Path

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


@cache
def text_of(path: Path) -> str:
    return path.read_text()


@cache
def nodes(path: Path) -> list[ast.AST]:
    """The file's syntax, the module first."""
    return list(ast.walk(ast.parse(text_of(path))))


@cache
def imports(path: Path) -> list[str]:
    """The modules that a file imports, `from portal import x` as portal.x."""
    found = []
    for node in nodes(path):
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


def rooms_open_to(path: Path) -> set[str]:
    room = room_of(path)
    if room is None:
        return set(ROOMS) if path.stem in ("__init__", "cli") else set()
    return set(ROOMS[: ROOMS.index(room) + 1]) if room in ROOMS else set(ROOMS)


def test_rooms_know_only_rooms_before_them():
    assert {short(path): late for path in CODE if (late := rooms_imported(path) - rooms_open_to(path))} == {}


def test_each_kind_of_file_imports_only_its_like():
    found = []
    for path in (path for path in CODE if room_of(path) and path.stem in NEVER):
        for name in imports(path):
            for never in NEVER[path.stem]:
                if f"{never}." in f"{name}." if never.startswith(".") else f"{name}.".startswith(f"{never}."):
                    found.append(f"{short(path)} imports {name}")
    assert found == []


def test_routes_use_no_other_rooms_routes_or_forms():
    found = []
    for path in (path for path in CODE if path.stem == "routes" and room_of(path)):
        others = [name for name in imports(path) if re.match(r"portal\.\w+\.(routes|forms)\b", name)]
        found += [f"{short(path)}: {name}" for name in others if not name.startswith(f"portal.{room_of(path)}.")]
    assert found == []


def test_only_web_and_cli_commit():
    others = (path for path in CODE if room_of(path) or path.name not in MAY_COMMIT)
    assert [short(p) for p in others for n in nodes(p) if isinstance(n, ast.Attribute) and n.attr == "commit"] == []


def test_only_the_clock_knows_the_time():
    asked = re.compile(r"datetime\.(?:now|utcnow)\(|date\.today\(|\btime\.time\(|func\.now\(")
    assert [path for path in CODE if asked.search(text_of(path))] == [PORTAL / "clock.py"]


def test_files_bear_names_that_say_a_thing():
    for path in CODE:
        assert path.stem not in REFUSED_NAMES, short(path)
        assert path.stem in FURNITURE or "_" in path.stem or path.stem.isalpha(), short(path)


def test_files_and_functions_are_small():
    found = []
    for path in CODE:
        if (lines := len(text_of(path).splitlines())) > LONGEST.get(path.name, 200):
            found.append(f"{short(path)}: {lines} lines")
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = node.end_lineno - body[0].lineno + 1 if body else 0
                if length > 30:
                    found.append(f"{short(path)}: {node.name} has {length} lines")
    assert found == []


def test_what_is_public_is_documented():
    found = []
    for path in CODE:
        module = nodes(path)[0]
        public = [n for n in module.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name[0] != "_"]
        found += [f"{short(path)}: {getattr(n, 'name', 'the file')}" for n in (module, *public) if not _docstring(n)]
    assert found == []


def test_templates_are_small_escape_everything_and_hold_no_inline_script_or_style():
    for path in PAGES:
        page = text_of(path)
        longest = 150 if {"papers", "macros"} & set(path.parts) else 120
        assert len(page.splitlines()) <= longest, short(path)
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", page), short(path)
        inline = r"\sstyle=\"[^\"]|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:"
        assert not re.search(inline, page), short(path)
        assert not re.search(r"if\s+(current_user\.)?role\s*[=!]=", page), short(path)


def test_htmx_stands_only_in_macros():
    pages = [path for path in PAGES if path.parent != TEMPLATES / "macros"]
    assert [short(path) for path in pages if re.search(r"\s(data-)?hx-(?!disable)", text_of(path))] == []


def test_the_code_escapes_everything():
    assert [short(p) for p in CODE if re.search(r"\bMarkup\(|render_template_string\(", text_of(p))] == []


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
        for docstring in filter(None, map(_docstring, nodes(path))):
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
        for docstring in filter(None, map(_docstring, nodes(path))):
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
