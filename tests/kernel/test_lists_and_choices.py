"""Pages by keyset, and fields in which people choose."""

import pytest
from sqlalchemy import select

from portal.choices import PickField, PickRowField, TicksField
from portal.extensions import db
from portal.forms import ChineseForm, DayField, FilterForm
from portal.labels import Category
from portal.paging import page_of
from portal.people.models import Estate


class Choices(ChineseForm):
    category = PickField("类别", Category)
    needed = PickField("类别", Category, "请选择类别。")
    place = PickRowField("小区")
    ticks = TicksField("意向", Category)
    day = DayField("日期")


def answered(app, **typed) -> Choices:
    with app.test_request_context(method="POST", data=typed):
        form = Choices()
        form.place.offer([(7, "儒林苑")])
        form.validate()
        return form


def test_choices_are_members_rows_and_days(app):
    form = answered(app, category="legal", needed="medical", place="7", ticks=["order", "legal"], day="２０２６-05-15")
    assert form.errors == {}
    assert form.category.data is Category.LEGAL
    assert form.place.data == 7
    assert form.ticks.data == [Category.ORDER, Category.LEGAL]
    assert form.day.data.isoformat() == "2026-05-15"


def test_nothing_chosen_is_nothing(app):
    form = answered(app, category="", needed="medical", place="", day="")
    assert form.errors == {}
    assert (form.category.data, form.place.data, form.ticks.data, form.day.data) == (None, None, [], None)


@pytest.mark.parametrize("bad", ["x", "法律援助", "\x00", "9" * 400])
def test_what_is_not_offered_is_refused_in_words(app, bad):
    form = answered(app, category=bad, needed=bad, place=bad, ticks=bad, day=bad)
    assert set(form.errors) == {"category", "needed", "place", "ticks", "day"}
    assert form.errors["category"] == ["请从列出的选项中选择。"]
    assert form.errors["day"] == ["请填写有效的日期，如 2026-05-15。"]


@pytest.mark.parametrize("bad", ["8", "0", "-7", "2147483648", "9223372036854775808", "7.0", "٧"])
def test_a_row_that_was_not_offered_is_refused(app, bad):
    assert answered(app, needed="legal", place=bad).errors == {"place": ["请从列出的选项中选择。"]}


@pytest.mark.parametrize("bad", ["0000-01-01", "10000-01-01", "1899-12-31", "2101-01-01", "2026-02-30"])
def test_a_day_is_of_this_age(app, bad):
    assert set(answered(app, needed="legal", day=bad).errors) == {"day"}


def test_filters_come_from_the_address_and_forgive(app):
    class Filters(FilterForm):
        category = PickField("类别", Category)
        place = PickRowField("小区")

    with app.test_request_context("/?category=legal&place=x&q=1"):
        form = Filters()
        assert (form.category.data, form.place.data, form.chosen) == (Category.LEGAL, None, {"category": "legal"})


def test_pages_go_on_after_a_row_whatever_was_added_before_it(cast):
    names = ["一号院", "三号院", "二号院", "五号院", "四号院"]
    db.session.add_all(Estate(community=cast.community2, name=name) for name in names)
    db.session.flush()
    rows = select(Estate).where(Estate.community_id == cast.community2.id)
    first = page_of(rows, None, Estate.name, size=2)
    assert [row.name for row in first.rows] == ["一号院", "三号院"]
    db.session.add(Estate(community=cast.community2, name="一号新院"))
    second = page_of(rows, str(first.next), Estate.name, size=2)
    assert [row.name for row in second.rows] == ["二号院", "五号院"]
    last = page_of(rows, str(second.next), Estate.name, size=2)
    assert ([row.name for row in last.rows], last.next) == (["四号院"], None)
    newest = page_of(rows, None, newest_first=True, size=1)
    assert newest.rows[0].name == "一号新院"


@pytest.mark.parametrize("after", [None, "", "x", "-1", "999999", "99999999999", "²"])
def test_a_page_after_no_row_is_the_first_one(cast, after):
    assert page_of(select(Estate), after).rows[0].name == "儒林苑"
