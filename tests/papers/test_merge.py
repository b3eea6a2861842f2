"""Several printed files become one."""

import io

import page as validator
import pdfplumber

from portal.papers.merge import merge


def test_files_follow_each_other_and_stay_pdf_a(room, sheet, tmp_path):
    files = []
    for part in range(3):
        pdf, *_ = room.print_many([sheet(f"<p>第{part}部分{n}</p>") for n in range(2)])
        path = tmp_path / f"{part}.pdf"
        path.write_bytes(pdf)
        files.append(path)
    whole = tmp_path / "whole.pdf"
    assert merge(files, whole, "合订") == 6
    data = whole.read_bytes()
    assert validator.validate_pdf_bytes(data, profile="2u").failures == []
    with pdfplumber.open(io.BytesIO(data)) as opened:
        assert opened.metadata["Title"] == "合订"
        read = [p.extract_text().split("\n")[-1] for p in opened.pages]
    assert read == ["第0部分0", "第0部分1", "第1部分0", "第1部分1", "第2部分0", "第2部分1"]
