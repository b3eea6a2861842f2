"""Vendored files are byte for byte what VENDORED.md says, and none stands unlisted."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIST = ROOT / "static/vendor/VENDORED.md"
ROW = re.compile(r"^\| `([^`]+)` .*\| `([0-9a-f]{64})` \|$", re.MULTILINE)
SUMS = dict(ROW.findall(LIST.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", sorted(SUMS))
def test_vendored_file_is_unchanged(name):
    assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == SUMS[name]


def test_every_vendored_file_is_listed():
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in ("static/vendor", "tests/vendor")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path != LIST
    }
    assert present
    assert present <= set(SUMS)


def test_every_row_of_the_list_is_read():
    """A row with a mistyped sum must not escape the check by not matching."""
    rows = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) == len(SUMS)
