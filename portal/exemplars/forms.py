"""The forms of model volunteers: whom for which year, the leads and the deeds, and what the list is narrowed to."""

from portal.choices import PickField, PickRowField, TicksField
from portal.exemplars.models import ExemplarState, Lead
from portal.forms import ChineseForm, FilterForm, LinesField


class WhomForm(FilterForm):
    """Whom to nominate, for which year; the address holds it, so that the records can be looked at first."""

    member = PickRowField("推荐谁", description="只列出在本社区报到的党员。")
    year = PickRowField("年度", nothing="今年")


class DeedsForm(ChineseForm):
    """In what the member leads, and what they did."""

    leads = TicksField("在哪些方面带头", Lead, "请至少选择一个带头。")
    deeds = LinesField(
        "主要事迹", 1000, "请写下主要事迹。",
        description="写做了什么、群众怎么说；次数和时长旁边已经算出，不用写。不写别人的姓名和电话。",
    )  # fmt: skip


class ListFilter(FilterForm):
    """What the list is narrowed to."""

    year = PickRowField("年度", nothing="全部年度")
    state = PickField("状态", ExemplarState, nothing="全部")
    lead = PickField("带头", Lead, nothing="全部")
    community = PickRowField("社区", nothing="全部社区")
