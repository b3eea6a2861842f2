"""What the one text type makes of input, and what it refuses."""

import pytest
from sqlalchemy import select

from portal.errors import BadValue
from portal.extensions import db
from portal.people.models import Estate
from portal.search import contains
from portal.text import Text, clean, half_width, normal_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  王 秀兰　", "王 秀兰"),
        ("a\x00b\x07c", "abc"),
        ("反\u202e转", "反转"),
        ("零\u200b宽\ufeff", "零宽"),
        ("e\u0301", "é"),
        ("一行\r\n两行", "一行 两行"),
        ("欧阳䶮𬬭㛃", "欧阳䶮𬬭㛃"),
        ("\U000323b0", "\U000323b0"),  # younger than Python's tables, and perhaps somebody's name
        ("坏\ud800字", "坏字"),
        ("\ufffe\uffff", ""),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_a_line_is_cleaned(typed, kept):
    assert clean(typed) == kept


def test_lines_keep_their_breaks_and_lose_the_rest():
    assert clean("第一行  \r\n第二行\u2028第三行\n\n", lines=True) == "第一行\n第二行\n第三行"


def test_a_column_refuses_what_is_longer_than_it():
    assert Text(3).process_bind_param(" 三个字 ", None) == "三个字"
    with pytest.raises(BadValue) as refusal:
        Text(3).process_bind_param("四个字了", None)
    assert refusal.value.sentence == "文字过长，最多 3 个字。"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 9170 1234", "13891701234"),
        ("１３８９１７０１２３４", "13891701234"),
        ("+8613891701234", "13891701234"),
        ("0917-7212345", "09177212345"),
        ("7212345", "7212345"),
        ("12345", ""),
        ("23891701234", ""),
        ("1389170123x", ""),
    ],
)
def test_a_phone_number_is_its_digits_or_none(typed, digits):
    assert normal_phone(typed) == digits


def test_full_width_is_read_as_half_width():
    assert half_width("２０２６－０５ａ　Ｂ") == "2026-05a B"


@pytest.mark.parametrize("typed", ["x" * 5000, "东\0湖", "%", "2147483648"])
def test_what_is_only_looked_for_may_be_anything(cast, typed):
    assert db.session.scalars(select(Estate).where(Estate.name == typed)).all() == []
    assert db.session.scalars(select(Estate).where(contains(Estate.name, typed))).all() == []


def test_what_is_looked_for_is_found_however_it_is_composed(cast):
    assert db.session.scalars(select(Estate.name).where(Estate.name == "儒林苑\0")).all() == ["儒林苑"]
    assert db.session.scalars(select(Estate.name).where(contains(Estate.name, "林苑"))).all() == ["儒林苑"]
