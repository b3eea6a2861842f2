"""The layout of official documents by GB/T 9704-2012, measured in the PDF: margins, lines, faces, numbers, seal."""

import io
from itertools import pairwise
from types import SimpleNamespace

import pdfplumber
import pytest
from flask import render_template

MM, PITCH, BODY = 72 / 25.4, 28.99, 15.75
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, 37 * MM, (297 - 35) * MM
TITLE = "关于在职党员进社区督查情况的通报"
TEXT = "各级党组织要把在职党员进社区作为密切联系群众的重要举措认真组织实施务求取得实效。"


def cells(**given):
    usual = {"title": TITLE, "issuer": "中共凤翔县委组织部", "sealed_on": "2026年5月26日", "red_head": "—", "to": "—",
             "copies": "—"}  # fmt: skip
    return SimpleNamespace(**usual | given)


@pytest.fixture
def printed(app, room):
    """The pages of an official document with this body, as pdfplumber reads them."""
    opened = []

    def draw(body, number="凤进社督〔2026〕1号", **given):
        template = app.jinja_env.from_string(
            "{% extends 'papers/_official.html' %}{% block body %}{{ filled() }}{% endblock %}"
        )
        sheet = SimpleNamespace(title=TITLE, number=number, keywords="", watermark=None, proof=None, unproved="未定稿")
        with app.test_request_context():
            page = render_template(template, frame="papers/_print.html", sheet=sheet, cells=cells(**given),
                                   filled=lambda: body)  # fmt: skip
        opened.append(pdfplumber.open(io.BytesIO(room.print_one(page))))
        return opened[-1].pages

    yield draw
    for each in opened:
        each.close()


@pytest.fixture
def paragraphs(app):
    """Paragraphs as the layout's own macro makes them of what somebody wrote."""

    def make(*texts):
        with app.test_request_context():
            return app.jinja_env.get_template("papers/_official_parts.html").module.paragraphs("\n".join(texts))

    return make


def lines(page, size=BODY):
    """The characters of this size inside the type area, line by line, each from left to right."""
    found = {}
    for char in page.chars:
        if abs(char["size"] - size) < 0.1 and char["bottom"] < BOTTOM + 2:
            found.setdefault(round(char["top"]), []).append(char)
    return [sorted(line, key=lambda char: char["x0"]) for _, line in sorted(found.items())]


def words(line):
    return "".join(char["text"] for char in line)


def face(line):
    return {char["fontname"].partition("+")[2] for char in line if char["text"].strip()}


def test_a_full_page_has_22_lines_of_28_characters_in_the_type_area(printed, paragraphs):
    pages = printed(paragraphs("汉" * 28 * 60), number="—")
    second = lines(pages[1])
    assert (round(pages[1].width / MM), round(pages[1].height / MM)) == (210, 297)
    assert [len(line) for line in second] == [28] * 22
    assert all(abs(line[0]["x0"] - LEFT) < 1 and line[-1]["x1"] < RIGHT + 0.5 for line in second)
    tops = [line[0]["top"] for line in second]
    assert all(abs(below - above - PITCH) < 0.05 for above, below in pairwise(tops))
    leading = (PITCH - BODY) / 2
    assert abs(second[0][0]["top"] - TOP - leading) < 3
    assert second[-1][0]["bottom"] < BOTTOM


def test_the_first_line_is_two_characters_in_and_the_addressee_flush_left(printed, paragraphs):
    first, *text = lines(
        printed(paragraphs(TEXT * 2, "第二段。"), number="—", to="各镇党委，县级各部门党组（党委）")[0]
    )
    assert words(first) == "各镇党委，县级各部门党组（党委）："
    assert abs(first[0]["x0"] - LEFT) < 1
    assert abs(text[0][0]["x0"] - LEFT - 2 * BODY) < 1
    assert abs(text[1][0]["x0"] - LEFT) < 1
    assert abs(next(line for line in text if words(line) == "第二段。")[0]["x0"] - LEFT - 2 * BODY) < 1


def test_title_body_and_headings_have_their_faces_and_sizes(printed, paragraphs, app):
    from markupsafe import Markup

    body = Markup("<h2>一、总体情况</h2><h3>（一）报到</h3><h4>1.报到率</h4>") + paragraphs(TEXT)
    page = printed(body, number="—")[0]
    (title,) = lines(page, 22)
    assert words(title) == TITLE
    assert face(title) == {"Noto-Serif-SC-Bold"}
    middle = (title[0]["x0"] + title[-1]["x1"]) / 2
    assert abs(middle - (LEFT + RIGHT) / 2) < 1
    faces = {words(line): face(line) for line in lines(page)}
    assert faces["一、总体情况"] == {"Noto-Sans-SC"}
    assert faces["（一）报到"] == {"FandolKai"}
    assert faces["1.报到率"] == {"FandolFang"}
    assert faces[TEXT[:26]] == {"FandolFang"}


def test_page_numbers_stand_between_dashes_below_the_type_area_on_the_outer_side(printed, paragraphs):
    pages = printed(paragraphs("汉" * 28 * 60), number="—")
    for at, page in enumerate(pages, 1):
        foot = [char for char in page.chars if char["top"] > BOTTOM and abs(char["size"] - 14) < 0.1]
        foot.sort(key=lambda char: char["x0"])
        assert "".join(char["text"] for char in foot) == f"— {at} —"
        digit = foot[2]
        assert digit["x1"] - digit["x0"] < 9  # half-width
        assert abs(foot[0]["top"] - BOTTOM - 7 * MM) < 4
        if at % 2:
            assert abs(RIGHT - foot[-1]["x1"] - 14) < 2
        else:
            assert abs(foot[0]["x0"] - LEFT - 14) < 2


def test_the_date_is_four_characters_in_with_the_issuer_centred_on_it_and_room_for_the_seal(printed, paragraphs):
    *text, issuer, date = lines(printed(paragraphs(TEXT), number="—")[0])
    assert (words(issuer), words(date)) == ("中共凤翔县委组织部", "2026年5月26日")
    assert 3 * BODY < RIGHT - date[-1]["x1"] < 5 * BODY
    centres = [(line[0]["x0"] + line[-1]["x1"]) / 2 for line in (issuer, date)]
    assert abs(centres[0] - centres[1]) < 1
    assert issuer[0]["top"] - text[-1][0]["bottom"] > 2 * PITCH


def test_seal_and_date_never_stand_on_a_page_of_their_own(printed, paragraphs):
    for length in range(14, 24):
        *_, last = printed(paragraphs(*["汉" * 26] * length), number="—")
        assert len(lines(last)) >= 3


def test_the_red_heading_stands_over_the_number_and_a_red_line(printed, paragraphs):
    page = printed(paragraphs(TEXT), red_head="中共凤翔县委组织部文件")[0]
    (mark,) = lines(page, 32)
    assert words(mark) == "中共凤翔县委组织部文件"
    assert mark[0]["non_stroking_color"] not in ((0,), (0, 0, 0), None)
    assert abs(mark[0]["top"] - TOP - 35 * MM) < 12
    number = next(line for line in lines(page) if words(line).startswith("凤进社督"))
    red = max((rect for rect in page.rects if rect["width"] > 400), key=lambda rect: rect["bottom"])
    assert abs(red["bottom"] - number[0]["bottom"] - 4 * MM) < 4
    assert abs(red["x0"] - LEFT) < 1
    assert abs(red["x1"] - RIGHT) < 1
    (title,) = lines(page, 22)
    assert title[0]["top"] - red["bottom"] > 2 * PITCH - 2


def test_without_a_red_heading_the_number_stands_at_the_right_above_the_title(printed, paragraphs):
    page = printed(paragraphs(TEXT))[0]
    number, *_ = lines(page)
    assert words(number) == "凤进社督〔2026〕1号"
    assert abs(number[-1]["x1"] - RIGHT) < 2
    assert number[0]["bottom"] < lines(page, 22)[0][0]["top"]


def test_copies_stand_between_two_lines_at_the_end(printed, paragraphs):
    *_, last = printed(paragraphs(TEXT), copies="县直机关工委，各社区党组织")
    below = [words(line) for line in lines(last, 14)]
    assert below[:2] == ["抄送：县直机关工委，各社区党组织。", "中共凤翔县委组织部2026年5月26日印发"]
