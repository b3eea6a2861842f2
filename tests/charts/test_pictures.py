"""A picture shows the very numbers of the table beside it, asks for nothing, and reads without colour."""

import datetime as dt
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from portal.charts import drawing, heat
from portal.charts.figures import PICTURED, Figure, Line, Shape

MARKED = frozenset({dt.date(2026, 3, 28), dt.date(2026, 3, 29)})


def figure(shape: Shape, lines: tuple[Line, ...], drawn=(0,), **besides) -> Figure:
    heads = tuple(f"第{place}列" for place in range(len(lines[0].values) if lines else 1))
    return Figure("any", "图", "", shape, "名称", besides.pop("unit", "人"), heads, lines, drawn, **besides)


def words(svg: bytes) -> list[str]:
    return [each.text for each in ElementTree.fromstring(svg).iter() if each.tag.endswith("text") and each.text]


@pytest.mark.parametrize("shape", [Shape.BARS, Shape.STACK, Shape.COLUMNS])
def test_bars_bear_their_numbers_and_names(shape):
    drawn = drawing.draw(figure(shape, (Line("凤翔中学党支部", (41,)), Line("县教育体育局机关党支部", (5,)))))
    shown = words(drawn)
    assert {"凤翔中学党支部", "县教育体育局机关党支部", "41", "5"} <= set(shown)


def test_lying_bars_stand_in_the_order_of_the_table():
    drawn = drawing.draw(figure(Shape.BARS, (Line("甲", (1,)), Line("乙", (2,)), Line("丙", (3,)))))
    names = {"甲": 0.0, "乙": 0.0, "丙": 0.0}
    for each in ElementTree.fromstring(drawn).iter():
        if each.tag.endswith("text") and each.text in names:
            names[each.text] = float(each.get("y"))
    assert names["甲"] < names["乙"] < names["丙"]


@pytest.mark.parametrize("shape", list(Shape))
def test_a_picture_holds_no_script_and_no_address(shape):
    lines = (Line("<script>alert(1)</script>", (3, 4)), Line("乙", (1, 2)))
    drawn = drawing.draw(figure(shape, lines, (0, 1), days={dt.date(2026, 5, 1): 3}, marked=MARKED)).decode()
    assert "<script" not in drawn
    assert "@import" not in drawn and not re.search(r"(href|src)=", drawn)
    assert set(re.findall(r'="(https?://[^"]*)"', drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_shades_differ_without_colour():
    light = [sum(int(shade[place : place + 2], 16) for place in (1, 3, 5)) / 3 for shade in drawing.SHADES]
    assert all(lighter - darker >= 8 for darker, lighter in pairwise(light)), light
    assert light == sorted(light)


def test_a_long_figure_takes_several_pictures_and_loses_no_line():
    long = figure(Shape.BARS, tuple(Line(f"第{number}党支部", (number,)) for number in range(150)))
    assert long.pictures == -(-150 // PICTURED) == 7
    shown = [word for part in range(long.pictures) for word in words(drawing.draw(long.part(part)))]
    assert {f"第{number}党支部" for number in range(150)} <= set(shown)


@pytest.mark.parametrize(
    ("numbers", "limits"),
    [([], (1, 2, 3)), ([1], (1, 2, 3)), ([1, 1, 1, 1], (1, 2, 3)), ([1, 2, 3, 4], (2, 3, 4)),
     ([10, 20, 30, 40], (20, 30, 40))],
)  # fmt: skip
def test_the_shades_of_a_year_rise(numbers, limits):
    assert heat.limits(numbers) == limits


@pytest.mark.parametrize(
    ("numbers", "legend"),
    [([1, 2, 3, 4], ["没有", "1—2", "3", "4", "5以上"]), ([], ["没有", "1", "2", "3", "4以上"]),
     ([10, 20, 30, 40], ["没有", "1—20", "21—30", "31—40", "41以上"])],
)  # fmt: skip
def test_the_legend_names_each_shade_by_its_days(numbers, legend):
    days = {dt.date(2026, 3, 1 + place): number for place, number in enumerate(numbers)}
    shown = words(heat.draw(figure(Shape.HEAT, (Line("3月", (3,)),), days=days, marked=MARKED)))
    assert shown[-7:-2] == legend


@pytest.mark.parametrize(("number", "step"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (99, 4)])
def test_the_shade_of_a_day(number, step):
    assert heat.step_of(number, (2, 3, 4)) == step


def test_a_year_has_all_its_days_and_frames_the_service_days():
    year = figure(Shape.HEAT, (Line("3月", (3,)),), days={dt.date(2026, 3, 28): 3}, marked=MARKED)
    squares = [each for each in ElementTree.fromstring(heat.draw(year)).iter() if each.tag.endswith("rect")]
    days = [each for each in squares if each.get("width") == str(heat.SQUARE)]
    assert len(days) == 365 + 5 + 1  # and the legend's
    assert sum(each.get("stroke-width") == "2" for each in days) == 2 + 1
