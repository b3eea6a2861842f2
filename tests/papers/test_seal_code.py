"""Check codes and signed tokens."""

import re
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.papers.seal_code import Facts, qr_picture, read_check_code, shown, sign, verify

KEY = Ed25519PrivateKey.generate()
SEALED = Facts("certificate", "2026-0012", 1, date(2026, 5, 6), "ABCDEFGHJKMN")


def test_codes_are_shown_in_threes():
    assert shown("ABCDEFGHJKMN") == "ABC-DEF-GHJ-KMN"


@pytest.mark.parametrize(
    "typed", ["ABC-DEF-GHJ-KMN", "abcdefghjkmn", " abc def ghj kmn ", "ＡＢＣ－ＤＥＦ—ＧＨＪ－ＫＭＮ"]
)
def test_codes_are_read_as_people_type_them(typed):
    assert read_check_code(typed) == "ABCDEFGHJKMN"


@pytest.mark.parametrize("typed", ["", "ABC", "ABC-DEF-GHJ-KMN-P", "ABC-DEF-GHJ-KM0", "甲" * 12, "A" * 10_000])
def test_what_can_be_no_code_is_none(typed):
    assert read_check_code(typed) is None


def test_a_token_says_what_was_signed():
    token = sign(SEALED, KEY)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert verify(token, [KEY.public_key()]) == SEALED


def test_a_changed_or_foreign_token_is_refused():
    token = sign(SEALED, KEY)
    changed = ("B" if token[0] != "B" else "C") + token[1:]
    assert verify(changed, [KEY.public_key()]) is None
    assert verify(token, [Ed25519PrivateKey.generate().public_key()]) is None


@pytest.mark.parametrize("token", ["", "x", "A" * 10_000, "%00", "中文", "A" * 86])
def test_nonsense_is_refused(token):
    assert verify(token, [KEY.public_key()]) is None


def test_the_qr_is_an_inline_picture():
    assert qr_picture("https://example.org/verify/x").startswith("data:image/png;base64,iVBOR")
