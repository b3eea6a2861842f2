"""The kernel's commands, and the entry point by which Flask finds the one it has a namesake of."""

import tomllib
from importlib import import_module
from pathlib import Path

from portal.cli import routes_group

TOP = Path(__file__).parents[2]


def test_flask_finds_our_routes_command_by_the_packages_entry_point():
    named = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["entry-points"]["flask.commands"]["routes"]
    module, _, attribute = named.partition(":")
    assert getattr(import_module(module), attribute) is routes_group


def test_routes_policy_names_every_route_and_its_door(application):
    result = application.test_cli_runner().invoke(routes_group, ["policy"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == len(list(application.url_map.iter_rules()))
    assert "NO DOOR" not in result.output
    by_route = {line.split()[0]: line.split()[1:] for line in lines}
    assert by_route["/login"] == ["GET,POST", "public"]
    assert by_route["/desk"] == ["GET", "signed", "in"]
    assert by_route["/scheme"] == ["GET", "县委组织部、系统管理员"]


def test_an_untouched_trail_is_whole(app):
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.output) == (0, "审计链完整。\n")
