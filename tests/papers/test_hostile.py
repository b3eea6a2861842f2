"""Hostile text in every cell reaches the paper as text; nothing is fetched; a sheet that runs away is stopped alone."""

import io
import itertools
import re
import socket

import pdfplumber
import pytest

from portal.actors import SYSTEM
from portal.extensions import db
from portal.papers import compose as composing
from portal.papers.catalogue import PAPERS
from portal.papers.commands import OPERATOR
from portal.papers.compose import compose, print_html
from portal.papers.part_drawing import draw_part
from portal.papers.render import PrintRoom
from portal.papers.workflow import Wanted
from tests.papers.making import accepted, certificate, full_member, service
from tests.papers.samples import ENDLESS, SAMPLES, TYPICAL, Words, page_of

HOSTILE = (
    "<script>alert(1)</script><img/src=file:///etc/passwd>&lt;b&gt;</style>@import'http://127.0.0.1:{port}/x.css';"
    "{{{{7*7}}}}--><svg/onload=x>\"'</article>"
)
SHORT = "<i>&amp;'\""  # what stands in a line of a table, so that a sheet keeps to some pages
CHOSEN_BY_CELLS = ("part", "keys")  # by these a template chooses; nobody types them
CHOSEN_BY_WORDS = ("table", "closing", "")


@pytest.fixture
def ear():
    """A port at which nobody is to call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def row(cast):
    made = accepted(certificate(full_member(cast)))
    service(made.member, made.accepted_on, what="修灯")
    db.session.commit()
    return made


def poisoned(cells: dict, text: str) -> dict:
    """The cells with hostile text in place of every word, numbered."""
    numbers = itertools.count(1)

    def poison(value, text):
        if isinstance(value, list | tuple):
            return type(value)(poison(each, SHORT) for each in value)
        return f"{text}【{next(numbers)}】" if isinstance(value, str) and value not in CHOSEN_BY_WORDS else value

    return {name: poison(value, text) for name, value in cells.items() if name not in CHOSEN_BY_CELLS}


@pytest.mark.parametrize("name", SAMPLES)
def test_markup_in_every_cell_is_text_and_fetches_nothing(app, room, ear, name):
    text = HOSTILE.format(port=ear.getsockname()[1])
    with app.test_request_context():
        page, asked = page_of(name, TYPICAL, **poisoned(SAMPLES[name][1](Words(TYPICAL)), text))
        pdf = room.print_one(page)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        words = re.sub(r"\s", "", "".join(char["text"] for page in opened.pages for char in page.chars))
    words = re.sub(r"—\d+—", "", words)  # page numbers, which stand amid what runs over to the next page
    assert len(asked) >= 4
    assert [each for each in asked if each not in words] == []
    with pytest.raises(BlockingIOError):
        ear.accept()


def test_what_turns_a_line_around_is_never_stored(app, row):
    row.member.name = "王\u202e五\u2066\u200b"
    db.session.commit()
    assert row.member.name == "王五"


def test_ten_thousand_characters_run_over_pages_and_none_is_lost(app, row, room, monkeypatch):
    real = composing.cells_of
    long = "".join(f"第{place:04}处修路灯。" for place in range(1_000))
    assert len(long) == 10_000
    monkeypatch.setattr(composing, "cells_of", lambda *given: real(*given) | {"posts": long})
    with app.test_request_context():
        paper = PAPERS["record-card"]
        pdf = room.print_one(print_html(paper, compose(paper, paper.cases([row], 2026, SYSTEM)[0], full=True)))
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        words = "".join(char["text"] for page in opened.pages for char in page.chars)
        breaks = len(opened.pages) - 1
    found = re.findall(r"第(\d{4})处修路灯。", words)
    assert breaks >= 1 and words.count("路") == 1_000
    assert len(found) >= 1_000 - breaks and found == sorted(found)  # what a page's end cuts stands on two pages


def test_a_sheet_that_runs_away_is_stopped_and_named_and_the_others_print(app, cast, tmp_path, monkeypatch):
    rows = [certificate(member) for member in (cast.member1_row, cast.member2_row)]
    db.session.commit()
    patient = PrintRoom(tmp_path, seconds=2)
    monkeypatch.setattr("portal.papers.part_drawing.print_room", lambda _folder: patient)
    real = print_html

    def endless(paper, sheet):
        page = real(paper, sheet)
        return page if sheet.number.endswith("0002号") else page.replace("</article>", f"{ENDLESS}</article>")

    monkeypatch.setattr("portal.papers.part_drawing.print_html", endless)
    with app.test_request_context():
        drawn = draw_part(OPERATOR, [row.id for row in rows], Wanted("certificate", 2026), full=True)
    patient.close()
    (lost,) = drawn.lost
    assert lost.called == "凤进社信〔2026〕0001号" and "用时过长，已停止" in lost.reason
    assert drawn.key
