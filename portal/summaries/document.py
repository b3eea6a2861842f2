"""A summary as a .docx in the layout of GB/T 9704-2012: margins, 仿宋 三号, 22 lines of 28.99 pt, real headings.

The fonts are named as offices have them; where one is missing the reader's program takes its own.
"""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from portal.summaries.workflow import Said

SIZE, PITCH, TITLE = Pt(16), Pt(28.99), Pt(22)
BODY, HEADING, TITLING = "仿宋_GB2312", "黑体", "方正小标宋简体"
NUMERALS = "一二三四五"
TO = "县委组织部："
A4 = (Mm(210), Mm(297))
COLUMNS = (Mm(126), Mm(30))  # of the annex: where a figure comes from, and what it is
# Top and bottom, left and right; the page number stands 7 mm below the type area.
MARGINS, FOOT = {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}, Mm(23)


def file_of(said: Said, subject: str) -> bytes:
    """The file, ready to be saved."""
    document = Document()
    _lay_out(document, said.title, subject)
    _line(document, _in_lines(said.title), TITLING, TITLE, centred=True, style="Title")
    _line(document, "", BODY)
    _line(document, TO, BODY)
    for numeral, (heading, lines) in zip(NUMERALS, said.plain, strict=False):
        _line(document, f"{numeral}、{heading}", HEADING, indent=2, style="Heading 1")
        for words in lines:
            _line(document, words, BODY, indent=2)
    _line(document, "", BODY)
    for words in (said.issuer, said.day):
        _line(document, words, BODY, right=4)
    _sources(document, said)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _in_lines(title: str) -> str:
    """A title broken around the name in it, so that no line ends within a word."""
    return title.replace("“", "\n“").replace("”", "”\n")


def _lay_out(document: Any, title: str, subject: str) -> None:
    properties = document.core_properties
    properties.title, properties.subject, properties.author, properties.language = title, subject, "", "zh-CN"
    section = document.sections[0]
    section.page_width, section.page_height = A4
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", width)
    section.footer_distance = FOOT
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _face(document.styles["Normal"], BODY, SIZE)
    for style in ("Title", "Heading 1"):
        _bare(document.styles[style])


def _line(
    document: Any, words: str, face: str, size=SIZE, centred=False, indent=0, right=0, style: str | None = None
) -> Paragraph:
    """One paragraph on the grid of lines; `indent` and `right` are in characters."""
    paragraph = document.add_paragraph(style=style)
    _space(paragraph)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment, paragraph.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(16 * right)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(16 * indent)
    _face(paragraph.add_run(words), face, size)
    return paragraph


def _space(paragraph: Paragraph) -> None:
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    shape.widow_control = False


def _face(of: Any, face: str, size) -> None:
    """Chinese and Latin letters of a run or a style in one face and size, black."""
    of.font.size, of.font.name, of.font.bold, of.font.color.rgb = size, face, False, RGBColor(0, 0, 0)
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _bare(style: Any) -> None:
    """A built-in style without what programs add to it: the line below a title, colours, distances."""
    shape = style.element.get_or_add_pPr()
    for border in shape.findall(qn("w:pBdr")):
        shape.remove(border)
    style.paragraph_format.keep_with_next = style.name != "Title"


def _page_number(footer: Any, side) -> None:
    """— 1 —, in 14 pt, at the outer side."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    indent = "right_indent" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, indent, Pt(14))
    _face(paragraph.add_run("— "), "宋体", Pt(14))
    field = paragraph.add_run()
    _face(field, "宋体", Pt(14))
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:instrText" if words else "w:fldChar")
        if words:
            element.text = words
        else:
            element.set(qn("w:fldCharType"), kind)
        field._r.append(element)
    _face(paragraph.add_run(" —"), "宋体", Pt(14))


def _sources(document: Any, said: Said) -> None:
    """An annex that names where each figure comes from."""
    if not said.figures:
        return
    heading = _line(document, "附：数据来源", HEADING, style="Heading 1")
    heading.paragraph_format.page_break_before = True
    _line(document, f"数据截至{said.until}，出自随本总结上报的汇总表。", BODY, indent=2)
    table = document.add_table(rows=0, cols=len(COLUMNS), style="Table Grid")
    for column, width in zip(table.columns, COLUMNS, strict=True):
        column.width = width  # some programs go by the columns' widths, others by the cells'
    _row(table, ("出处", "数字"), HEADING)
    _let_repeat(table.rows[0])
    for figure in said.figures:
        _row(table, (figure.source, figure.shown), BODY)


def _row(table: Any, words: tuple[str, str], face: str) -> None:
    for cell, width, said in zip(table.add_row().cells, COLUMNS, words, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        _face(paragraph.add_run(said), face, Pt(12))
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
        if width == COLUMNS[-1] or face == HEADING:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _let_repeat(row: Any) -> None:
    """Set this row again on top of every page that the table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
