"""Every kind of paper, blank to hard: all of it on the sheet, nothing over anything, and in the order it is read."""

import io
import re
from collections import defaultdict
from itertools import pairwise

import page as validator
import pdfplumber
import pikepdf
import pytest

from portal.papers.merge import merge
from tests.papers.samples import BLANK, FULL, HARD, SAMPLES, TYPICAL, page_of

MM = 72 / 25.4
LEAST_MARGIN = 17 * MM  # at the left and at the right, of every kind
FEET = {"summary": 34 * MM, "result-notice": 34 * MM} | dict.fromkeys(
    ("record-card", "bulletin", "household-card", "sign-in-sheet", "contacts", "catalogue", "service-table",
     "registration-table", "register"), 15 * MM,
)  # fmt: skip
WATERMARK = 60  # points; letters of that size lie behind the text


@pytest.fixture(scope="session")
def kept():
    """What was printed before: by name and measure, (PDF bytes, words that must stand on it)."""
    return {}


@pytest.fixture
def printed(app, room, kept):
    """Prints a sample once for all tests."""

    def draw(name, measure):
        if (name, measure) not in kept:
            with app.test_request_context():
                page, words = page_of(name, measure)
            kept[name, measure] = room.print_one(page), words
        return kept[name, measure]

    return draw


def opened(pdf):
    return pdfplumber.open(io.BytesIO(pdf))


def letters(page, foot):
    """The visible characters of a page above its foot, in the order they are drawn, without the watermark."""
    return [char for char in page.chars if char["text"].strip() and char["size"] < WATERMARK
            and char["top"] < page.height - foot]  # fmt: skip


def crossed(page, chars):
    """Those of the characters through which a vertical rule goes."""
    rules = [(edge["x0"], edge["top"], edge["bottom"]) for edge in page.edges
             if edge["orientation"] == "v" and edge["height"] > 4]  # fmt: skip
    by_place = defaultdict(list)
    for x, top, bottom in rules:
        by_place[round(x, 1)].append((top, bottom))
    found = []
    for char in chars:
        middle = (char["top"] + char["bottom"]) / 2
        for x, spans in by_place.items():
            if char["x0"] + 1 < x < char["x1"] - 1 and any(top < middle < bottom for top, bottom in spans):
                found.append(char["text"])
    return found


def overprinted(chars):
    """Pairs of characters that stand on the same place."""
    near = defaultdict(list)
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        near[int(y // 20)].append((x, y, char["text"], char["size"]))
    found = []
    for row in near.values():
        row.sort()
        found += [a[2] + b[2] for a, b in pairwise(row)
                  if abs(a[0] - b[0]) < 0.2 * a[3] and abs(a[1] - b[1]) < 0.5 * a[3]]  # fmt: skip
    return found


@pytest.mark.parametrize("measure", [BLANK, TYPICAL, FULL, HARD], ids=["blank", "typical", "full", "hard"])
@pytest.mark.parametrize("name", SAMPLES)
def test_everything_stands_on_the_sheet_and_nothing_over_anything(printed, name, measure):
    pdf, words = printed(name, measure)
    drawn = ""
    with opened(pdf) as file:
        for page in file.pages:
            chars = letters(page, FEET.get(name, 0))
            out = [char["text"] for char in chars
                   if char["x0"] < LEAST_MARGIN - 1 or char["x1"] > page.width - LEAST_MARGIN + 1
                   or char["bottom"] > page.height - 9 * MM]  # fmt: skip
            assert (page.page_number, out, crossed(page, chars), overprinted(chars)) == (page.page_number, [], [], [])
            drawn += "".join(char["text"] for char in chars)
    assert [word for word in words if "".join(word.split()) not in drawn] == []
    assert "None" not in drawn


def test_an_empty_cell_prints_a_dash_unless_it_is_filled_in_by_hand(app):
    by_hand = {"sign-in-sheet": 20 * 6, "wish-slip": 2}
    with app.test_request_context():
        empty = {name: len(re.findall(r"<td[^>]*></td>", page_of(name, BLANK)[0])) for name in SAMPLES}
    assert {name: count for name, count in empty.items() if count} == by_hand


@pytest.mark.parametrize("name", ["certificate", "info-card", "receipt", "pledge-card", "service-proof", "wish-slip"])
def test_a_card_or_letter_of_an_ordinary_case_is_one_sheet(printed, name):
    for measure in (BLANK, TYPICAL):
        with opened(printed(name, measure)[0]) as file:
            assert len(file.pages) == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_each_kind_is_pdf_a_2u_and_pdf_ua_1_with_its_title_and_language(printed, name):
    pdf, _ = printed(name, FULL)
    for profile in ("2u", "ua1"):
        assert [f.message for f in validator.validate_pdf_bytes(pdf, profile=profile).failures] == []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.docinfo["/Title"]) == f"试印{name} 凤进社字〔2026〕0012号"
        assert str(file.Root.Lang) == "zh-CN"


def test_all_kinds_put_together_stay_pdf_a(app, room, tmp_path):
    files = []
    with app.test_request_context():
        pages = [page_of(name, TYPICAL)[0] for name in SAMPLES]
    for part in (pages[:10], pages[10:]):
        pdf, counts, *_ = room.print_many(part, title="合订", duplex=True)
        assert all(counts)
        files.append(tmp_path / f"{len(files)}.pdf")
        files[-1].write_bytes(pdf)
    merge(files, tmp_path / "whole.pdf", "合订")
    assert validator.validate_pdf_bytes((tmp_path / "whole.pdf").read_bytes(), profile="2u").failures == []


def read_aloud(pdf):
    """The words of a tagged file in the order of its structure, as a screen reader tells them."""
    with opened(pdf) as file:
        marked = defaultdict(str)
        for page in file.pages:
            for char in page.chars:
                marked[page.page_number, char["mcid"]] += char["text"]
        return "".join("".join(_told(file.structure_tree, marked, None)).split())


def _told(elements, marked, page):
    for element in elements:
        here = element.get("page_number", page)
        yield from (marked[here, mcid] for mcid in element.get("mcids", ()))
        yield element.get("alt_text", "")
        yield from _told(element.get("children", ()), marked, here)


def test_a_letter_is_read_as_it_was_typed(printed):
    told = read_aloud(printed("certificate", TYPICAL)[0])
    assert told == (
        "在职党员进社区报到证明信（存根）凤进社字〔2026〕0012号姓名欧阳建国性别女所在党支部凤翔县教育体育局报到社区儒林社区"
        "开具日期2026年5月6日有效期30天领取人欧阳建国开具人欧阳建国凤进社字〔2026〕0012号（骑缝章）"
        "在职党员进社区报到证明信凤进社字〔2026〕0012号儒林社区党组织：兹有欧阳建国同志，女，汉族，1980年5月出生，"
        "1980年5月加入中国共产党，系凤翔县教育体育局在职党员（正式党员），任办公室主任，居住在东大街12号院3号楼2单元501室，"
        "联系电话138****1009。现到你社区报到，请予接洽。（本证明信有效期30天）联络员：欧阳建国联系电话：138****1009"
        "核验二维码校验码ABC-DEF-GHJ-KMN扫码，或打开example.org/verify输入校验码，核对本件真伪"
        "凤翔县教育体育局（盖章）2026年5月6日"
    )
