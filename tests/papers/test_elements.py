"""Papers are well-formed XML of few elements, and of each the printing process knows what a browser knows by itself."""

import re

import pytest

from portal.papers.own_styles import ELEMENTS
from portal.papers.render import PaperFailed
from tests.papers.samples import BLANK, HARD, SAMPLES, page_of

IN_A_LINE = {"span"}  # stands as all do of which nothing is said


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("measure", [BLANK, HARD])
def test_no_element_on_a_paper_is_unknown(app, name, measure):
    with app.test_request_context():
        page, _ = page_of(name, measure)
    selectors = re.findall(r"^([a-z0-9:, ]+) \{", ELEMENTS.read_text("utf-8"), flags=re.MULTILINE)
    known = {element for some in selectors for element in re.split(r",\s*|::\w+", some)}
    assert set(re.findall(r"<([a-z0-9]+)", page)) <= known | IN_A_LINE


@pytest.mark.parametrize("body", ["<p>甲<br></p>", "<p>甲", "<p>甲 & 乙</p>", "<p title=a>甲</p>", "<p>&nbsp;</p>"])
def test_a_page_that_is_not_well_formed_is_not_laid_out(room, sheet, body):
    with pytest.raises(PaperFailed, match="无法排版"):
        room.print_one(sheet(body))


def test_a_page_that_declares_words_of_its_own_is_not_laid_out(room, sheet):
    told = f'<!DOCTYPE html [<!ENTITY all SYSTEM "file:///etc/passwd">]>{sheet("<p>&all;</p>")}'
    with pytest.raises(PaperFailed, match="无法排版"):
        room.print_one(told)
    assert room.print_one(f"<!DOCTYPE html>{sheet('<p>甲</p>')}").startswith(b"%PDF")
