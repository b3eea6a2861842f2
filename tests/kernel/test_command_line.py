"""The kernel's commands, and the entry point by which Flask finds the one it has a namesake of."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from portal.cli import routes_group

TOP = Path(__file__).parents[2]


def test_flask_finds_our_routes_command_by_the_packages_entry_point():
    named = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["entry-points"]["flask.commands"]["routes"]
    module, _, attribute = named.partition(":")
    assert getattr(import_module(module), attribute) is routes_group


def test_routes_policy_names_every_route_its_faces_and_its_door(application):
    result = application.test_cli_runner().invoke(routes_group, ["policy"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert len(lines) == len(list(application.url_map.iter_rules()))
    assert "NO DOOR" not in result.output
    by_route = {line.split()[0]: line.split()[1:] for line in lines}
    assert by_route["/login"] == ["GET,POST", "member,internal", "public"]
    assert by_route["/desk"] == ["GET", "member,internal", "signed", "in"]
    assert by_route["/scheme"] == ["GET", "internal", "县委组织部、系统管理员"]


@pytest.mark.parametrize("name", ["public", "member"])
@pytest.mark.parametrize("command", ["tick", "worker"])
def test_time_works_on_the_offices_face_only(face, name, command):
    application = face(name)
    with application.app_context():
        result = application.test_cli_runner().invoke(args=[command])
    assert result.exit_code == 1
    assert "这个命令只在办公面（FLASK_FACE=internal）或合一（all）的主机上运行。" in result.output


def test_an_untouched_trail_is_whole(app):
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.output) == (0, "审计链完整。\n")
