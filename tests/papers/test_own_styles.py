"""The stylesheet is cut down to what a sheet can use, and no sheet looks otherwise for it."""

import io

import pdfplumber
import pytest

from portal.papers.own_styles import classes_of, only_for

PAGES = ('<p class="paper cells">x</p>', "<b class='long'>y</b>", "<i class=sum>z</i>")

RULES = [  # rule, what is left of it on a sheet of the classes cells and long
    (".cells { width: 1mm }", ".cells {"),
    (".cells td.long, .letter p { width: 1mm }", ".cells td.long {"),
    (".cells .sum { width: 1mm }", ""),
    ("td { width: 1mm }", "td {"),
    (".cells:not(.big) td { width: 1mm }", ".cells:not(.big) td {"),
    ("body:has(.letter) { width: 1mm }", ""),
    ("@page letter { margin: 1mm }", "@page letter {"),
    ("@media screen { .letter { width: 1mm } }", "@media screen {"),
    ("/* .cells */ .slip { width: 0.6pt }", ""),
]


def test_the_classes_of_pages():
    assert classes_of(PAGES) == {"paper", "cells", "long", "sum"}


@pytest.mark.parametrize(("rule", "left"), RULES)
def test_rules_that_cannot_match_are_left_out(rule, left):
    kept = only_for(rule, frozenset({"cells", "long"}))
    assert kept.startswith(left) if left else kept == ""


def test_in_one_file_each_sheet_has_its_own_looks(room, sheet):
    """One after the other, as the printing process keeps stylesheets: each is found by the classes on its sheets."""
    small, large = (sheet(f'<p class="{name}">字</p>') for name in ("paper__note", "paper__title"))
    for pages in ([small], [large], [small, large], [small]):
        pdf, *_ = room.print_many(pages)
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            sizes = [round(page.chars[-1]["size"], 1) for page in opened.pages]
        assert sizes == [10.5 if page == small else 22 for page in pages]
