"""One printing room for all tests of papers, and a sheet to print in it."""

import io

import pdfplumber
import pytest

from portal.actors import SYSTEM
from portal.papers.catalogue import PAPERS
from portal.papers.compose import compose, print_html
from portal.papers.render import PrintRoom


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    room = PrintRoom(tmp_path_factory.mktemp("instance"))
    yield room
    room.close()


@pytest.fixture
def sheet():
    """Makes a small sheet around some HTML."""

    def make(body, head=""):
        return (
            f'<html lang="zh-CN"><head><title>试印</title>{head}</head>'
            f'<body><article class="paper paper--letter"><h1 class="paper__title">试印</h1>'
            f'<div class="letter">{body}</div></article></body></html>'
        )

    return make


@pytest.fixture
def words_of():
    """The words of a PDF in the order of its cells, without spaces."""

    def read(pdf):
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            drawn = "".join(char["text"] for page in opened.pages for char in page.chars)
            return drawn.replace(" ", "").replace("　", "")

    return read


@pytest.fixture
def print_of_year(app, room):
    """Prints the paper of a case in a year: (words of the PDF cell by cell, without spaces, number of pages, bytes)."""

    def printed(kind, row, year=2026, full=True, by=None):
        with app.test_request_context():
            paper = PAPERS[kind]
            case = paper.cases([row], year, by or SYSTEM)[0]
            pdf = room.print_one(print_html(paper, compose(paper, case, full=full)))
        with pdfplumber.open(io.BytesIO(pdf)) as opened:
            drawn = "".join(char["text"] for page in opened.pages for char in page.chars)
            return drawn.replace(" ", "").replace("　", "").replace("\n", ""), len(opened.pages), pdf

    return printed
