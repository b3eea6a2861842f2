"""The form of the handover sheet: who hands over, and who takes over."""

from portal.choices import PickRowField
from portal.forms import FilterForm


class HandoverForm(FilterForm):
    """Two people of the office, by their appointments; either may be left to be written in by hand."""

    giver = PickRowField("移交人", nothing="打印后填写")
    taker = PickRowField("接交人", nothing="打印后填写")
