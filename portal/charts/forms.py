"""The one form of this room: whose figures, of which year."""

from wtforms import SelectField

from portal.choices import PickField
from portal.forms import FilterForm
from portal.reports.scopes import By


class ChartFilter(FilterForm):
    """What the pictures are drawn over."""

    by = PickField("分组", By, nothing="默认")
    year = SelectField("年度")
