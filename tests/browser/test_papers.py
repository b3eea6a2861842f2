"""Papers in the browser: a unit prints its certificates, a community checks one, on phone and office, with and
without JavaScript."""

import io
from pathlib import Path

import page as validator
import pdfplumber
import pytest
from playwright.sync_api import expect

from portal.extensions import db
from portal.numbers import IssuedPaper
from portal.papers import drawing
from portal.papers.seal_code import shown
from tests.papers.making import accepted, certificate

WINDOWS = pytest.mark.parametrize(
    ("window", "javascript"), [("phone", True), ("phone", False), ("office", True), ("office", False)]
)


@pytest.fixture
def two(cast):
    """Two members of 凤翔中学 with certificates."""
    accepted(certificate(cast.member1_row))
    certificate(cast.member2_row)
    db.session.commit()


def work():
    """What the worker does, here and now."""
    while drawing.draw_next(db.session.commit):
        pass
    db.session.commit()


@WINDOWS
def test_a_unit_prints_its_certificates_of_a_year_as_one_file(visit, cast, two, window, javascript):
    page = visit(window, javascript=javascript, user=cast.users["liaison1"])
    page.goto("/papers")
    page.get_by_label("表样").select_option(label="在职党员进社区报到证明信")
    page.get_by_label("年度").fill("2026")
    page.get_by_role("button", name="开始打印").click()
    expect(page.get_by_text("已提交打印")).to_be_visible()
    work()
    if not javascript:
        page.get_by_role("link", name="刷新进度").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    assert download.value.suggested_filename == "凤翔中学党支部2026年在职党员进社区报到证明信.pdf"
    file = Path(download.value.path())
    with pdfplumber.open(file) as opened:
        assert ["欧阳䶮" in p.extract_text() for p in opened.pages] == [True, False]
    assert validator.validate_pdf(file, profile="2u").failures == []


@WINDOWS
def test_the_preview_fits_the_window_and_prints_as_one_page(visit, cast, two, window, javascript):
    page = visit(window, javascript=javascript, user=cast.users["liaison1"])
    page.goto("/papers/certificate/2026-0001")
    expect(page.get_by_role("heading", level=1)).to_have_text("在职党员进社区报到证明信")
    desk = page.locator(".paper-desk").bounding_box()
    sheet = page.locator(".paper").bounding_box()
    assert desk["x"] <= sheet["x"] and sheet["x"] + sheet["width"] <= desk["x"] + desk["width"]
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1


@WINDOWS
def test_anybody_checks_a_paper_by_its_code(visit, two, window, javascript):
    code = db.session.scalar(db.select(IssuedPaper.check_code).where(IssuedPaper.kind == "certificate"))
    db.session.rollback()
    page = visit(window, javascript=javascript)
    page.goto("/verify")
    page.get_by_label("校验码").fill(shown(code).lower())
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_text("这是真的，现在有效")).to_be_visible()
    expect(page.locator("#verdict")).to_contain_text("凤进社信〔2026〕0001号")
    expect(page.locator("body")).not_to_contain_text("欧阳䶮")
