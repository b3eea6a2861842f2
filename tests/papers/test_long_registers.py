"""A register of thousands: drawn in parts, and nobody sees where one ends; no line is lost or stands twice."""

import datetime as dt
import io
import re

import page as validator
import pdfplumber
import pytest

from portal.papers import long_registers
from portal.papers.catalogue import PAPERS
from portal.papers.merge import merge
from portal.papers.yearly_tables import PrintedRegister
from portal.reports.content import Foot
from portal.reports.registers import Line

DAY = dt.date(2026, 5, 6)
UNITS = ("凤翔中学", "凤翔县住房和城乡建设局下属城市建设综合服务中心（市政工程养护维修管理站东关片区一队）", "县税务局")


def register(count: int) -> PrintedRegister:
    lines = tuple(
        Line(f"同志{place:04}", "女", "1980-05", UNITS[place % 3], "儒林苑", DAY, f"凤进社信〔2026〕{place:04}号",
             f"凤进社回〔2026〕{place:04}号", "楼道长", "便民队", "138****1009", "" if place % 7 else "预备党员")
        for place in range(1, count + 1)
    )  # fmt: skip
    foot = Foot("儒林社区", "王秀兰", "", "赵晓梅", "0917-7212999", DAY.isoformat())
    return PrintedRegister(row=None, year=2026, community="儒林社区", lines=lines, until=DAY, foot=foot, total=count)


def printed(app, count, folder):
    """(the words of each page, where the last cell of each page ends, the bytes) of a register of so many lines."""
    with app.test_request_context():
        drawn = list(long_registers._parts(PAPERS["registration-table"], register(count)))
    parts, done = [part for part, _ in drawn], [lines for _, lines in drawn]
    assert done == sorted(set(done)) and done[-1] == count  # how far it is said to be
    files = [folder / f"{place}.pdf" for place in range(len(parts))]
    for path, part in zip(files, parts, strict=True):
        path.write_bytes(part)
    merge(files, folder / "whole.pdf", "名册")
    whole = (folder / "whole.pdf").read_bytes()
    words, ends = [], []
    with pdfplumber.open(io.BytesIO(whole)) as opened:
        for page in opened.pages:
            words.append("".join(char["text"] for char in page.chars).replace(" ", ""))
            ends.append(max(edge["bottom"] for edge in page.edges) / page.height)
            page.close()
    return words, ends, whole, len(parts)


def check(words, ends, whole, count):
    names = re.findall(r"同志(\d{4})", "".join(words))
    assert names == [f"{place:04}" for place in range(1, count + 1)]
    assert [re.search(r"第(\d+)页$", page)[1] for page in words] == [str(at) for at in range(1, len(words) + 1)]
    assert f"全册共{len(words)}页" in words[-1] and "全册共" not in "".join(words[:-1])
    assert "汇总表（二）" in words[0] and "汇总表（二）" not in "".join(words[1:])
    assert "填表人：赵晓梅" in words[-1] and "填表人" not in "".join(words[:-1])
    assert all("证明信编号" in page for page in words)  # the heads stand on each page
    assert min(ends[:-1]) > 0.85  # no page within is left half empty
    assert validator.validate_pdf_bytes(whole, profile="2u").failures == []


def test_a_register_drawn_in_parts_reads_as_one(app, tmp_path, monkeypatch):
    monkeypatch.setattr(long_registers, "PART", 40)
    words, ends, whole, parts = printed(app, 101, tmp_path)
    assert parts >= 3
    check(words, ends, whole, 101)


@pytest.mark.long
def test_a_register_of_five_thousand(app, tmp_path):
    words, ends, whole, _ = printed(app, 5_000, tmp_path)
    check(words, ends, whole, 5_000)
