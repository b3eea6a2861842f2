"""What the menu and its calendar are narrowed to."""

from portal.choices import PickField, PickRowField
from portal.forms import FilterForm, LineField
from portal.labels import Category
from portal.menu.narrowing import Kind, When


class MenuFilters(FilterForm):
    """What the menu is narrowed to."""

    q = LineField("找活动、岗位、心愿", 40)
    community = PickRowField("社区", nothing="全部社区")
    grid = PickRowField("网格", nothing="全部网格")
    kind = PickField("看什么", Kind, nothing="全部")
    when = PickField("什么时候", When, nothing="不限时间")
    category = PickField("类别", Category, nothing="全部类别")


class CalendarFilters(FilterForm):
    """Whose activities a month shows."""

    community = PickRowField("社区", nothing="全部社区")
