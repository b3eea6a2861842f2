"""What the search box makes of what was typed."""

import pytest

from portal.finding import read


@pytest.mark.parametrize(
    ("typed", "numbers", "whole", "paper"),
    [
        ("2026-0012", ("2026-0012",), True, ""),
        ("２０２６－００１２", ("2026-0012",), True, ""),
        ("2026-12", ("2026-0012",), True, ""),
        ("凤进社信〔2026〕0012号", ("2026-0012",), True, "certificate"),
        ("凤进社回〔2025〕0034号", ("2025-0034",), True, "receipt"),
        ("凤进社诺(2026)0012号", ("2026-0012",), True, "pledge-card"),
        ("信〔2026〕12号", ("2026-0012",), True, "certificate"),
        ("〔2026〕0012", ("2026-0012",), True, ""),
        ("2026年12号", ("2026-0012",), True, ""),
        ("0012", ("2026-0012", "2025-0012"), False, ""),
        ("第12号", ("2026-0012", "2025-0012"), False, ""),
        ("12345678", (), False, ""),
        ("单雪", (), False, ""),
        ("3号楼", (), False, ""),
        ("13891701001", (), False, ""),
        ("", (), False, ""),
    ],
)
def test_numbers(typed, numbers, whole, paper):
    sought = read(typed, 2026)
    assert (sought.numbers, sought.whole, sought.paper) == (numbers, whole, paper)


def test_a_printed_number_is_that_of_its_own_kind_of_paper_only():
    sought = read("凤进社信〔2026〕0012号", 2026)
    assert sought.numbers_of("certificate") == ("2026-0012",)
    assert sought.numbers_of("wish") == sought.numbers_of() == ()


@pytest.mark.parametrize(
    ("typed", "tail"),
    [
        ("1001", "1001"),
        ("１００１", "1001"),
        (" 1001 ", "1001"),
        ("٣٤٥٦", ""),
        ("²²²²", ""),
        ("100", ""),
        ("10011", ""),
    ],
)  # fmt: skip
def test_the_end_of_a_telephone(typed, tail):
    assert read(typed, 2026).tail == tail


def test_words_are_cleaned_and_bounded():
    assert read("\u202e王\x00兰\u200b ", 2026).words == "王兰"
    assert len(read("愿" * 10_000, 2026).words) == 40
