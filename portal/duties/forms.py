"""The filters of the list of members by what they have done of the five ones."""

from wtforms import BooleanField

from portal.choices import PickField
from portal.duties.five_ones import Status
from portal.forms import LineField
from portal.pledges.models import FiveOne
from portal.sought import SoughtFilter


class ListFilter(SoughtFilter):
    """What the list of members is narrowed to."""

    one = PickField("五个一", FiveOne, nothing="任何一项")
    status = PickField("进展", Status, nothing="全部")
    q = LineField("姓名", 40)
    leading = BooleanField("只看领导干部")
    whole = BooleanField("只看五项都完成的")
