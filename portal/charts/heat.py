"""A year as a calendar of days: a column a week, a square a day, darker where more people served."""

import datetime as dt
from xml.etree import ElementTree

from portal.charts.figures import Figure

SQUARE, GAP, LEFT, TOP = 13, 3, 34, 26  # pixels
STEPS = ((0, "#ffffff"), (1, "#f4dfde"), (2, "#e3a9a8"), (3, "#c5565a"), (4, "#7d0a10"))
FACES = "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', SimHei, sans-serif"
WEEKDAYS = ((0, "一"), (2, "三"), (4, "五"), (6, "日"))


def draw(figure: Figure) -> bytes:
    """The calendar of the year of a figure's days as SVG."""
    year = next(iter(figure.marked | set(figure.days))).year
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    steps = limits(list(figure.days.values()))
    picture = _picture(first, last)
    for past in range((last - first).days + 1):
        day = first + dt.timedelta(days=past)
        _square(picture, first, day, step_of(figure.days.get(day, 0), steps), day in figure.marked)
    _legend(picture, steps)
    return ElementTree.tostring(picture, encoding="utf-8")


def limits(numbers: list[int]) -> tuple[int, int, int]:
    """Up to which number the three lighter shades go: a quarter, a half, three quarters of the days that had any."""
    ordered = sorted(number for number in numbers if number)
    if not ordered:
        return 1, 2, 3
    quarters = [ordered[min(len(ordered) - 1, len(ordered) * part // 4)] for part in (1, 2, 3)]
    second = max(quarters[1], quarters[0] + 1)
    return quarters[0], second, max(quarters[2], second + 1)


def step_of(number: int, steps: tuple[int, int, int]) -> int:
    """The shade of a day, 0 for none to 4 for the darkest."""
    return 0 if not number else 1 + sum(number > limit for limit in steps)


def _picture(first: dt.date, last: dt.date) -> ElementTree.Element:
    weeks = _week(first, last) + 1
    width, height = LEFT + weeks * (SQUARE + GAP) + GAP, TOP + 7 * (SQUARE + GAP) + 34
    picture = ElementTree.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": f"{width}",
                "height": f"{height}", "font-family": FACES, "font-size": "12", "fill": "#1d2126"},
    )  # fmt: skip
    ElementTree.SubElement(picture, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    for month in range(1, 13):
        _words(picture, LEFT + _week(first, first.replace(month=month)) * (SQUARE + GAP), TOP - 8, f"{month}月")
    for weekday, word in WEEKDAYS:
        _words(picture, 10, TOP + weekday * (SQUARE + GAP) + SQUARE - 2, word)
    return picture


def _square(picture: ElementTree.Element, first: dt.date, day: dt.date, step: int, marked: bool) -> None:
    x, y = LEFT + _week(first, day) * (SQUARE + GAP), TOP + day.weekday() * (SQUARE + GAP)
    _box(picture, x, y, STEPS[step][1], marked)


def _box(picture: ElementTree.Element, x: float, y: float, shade: str, marked: bool) -> None:
    edge = {"stroke": "#1d2126", "stroke-width": "2"} if marked else {"stroke": "#c9ced4", "stroke-width": "0.6"}
    place = {"x": f"{x}", "y": f"{y}", "width": f"{SQUARE}", "height": f"{SQUARE}", "fill": shade}
    ElementTree.SubElement(picture, "rect", place | edge)


def _legend(picture: ElementTree.Element, steps: tuple[int, int, int]) -> None:
    few, some, many = steps
    words = ("没有", f"1—{few}" if few > 1 else "1", _span(few + 1, some), _span(some + 1, many), f"{many + 1}以上")
    x, y = float(LEFT), TOP + 7 * (SQUARE + GAP) + 10
    for (_, shade), word in zip(STEPS, words, strict=True):
        _box(picture, x, y, shade, False)
        _words(picture, x + SQUARE + 4, y + SQUARE - 2, word)
        x += SQUARE + 30 + 9 * len(word)
    _words(picture, x, y + SQUARE - 2, "人次/天")
    _box(picture, x + 70, y, "#ffffff", True)
    _words(picture, x + 70 + SQUARE + 4, y + SQUARE - 2, "志愿服务日")


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}—{last}"


def _words(picture: ElementTree.Element, x: float, y: float, words: str) -> None:
    ElementTree.SubElement(picture, "text", {"x": f"{x}", "y": f"{y}"}).text = words


def _week(first: dt.date, day: dt.date) -> int:
    """In which column a day stands: weeks begin on Monday."""
    return ((day - first).days + first.weekday()) // 7
