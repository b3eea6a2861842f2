"""The forms of pledges: up to five promises, and the filters of the lists."""

import datetime as dt
import re

from wtforms import FieldList, FormField, HiddenField, StringField
from wtforms.validators import Optional

from portal.choices import PickField, PickRowField, TickRowsField
from portal.forms import ChineseForm, DayField, FilterForm, LineField, NumberField
from portal.labels import Category
from portal.pledges.models import MOST_HALF_HOURS, MOST_ITEMS, MOST_TIMES, PledgeItem, PledgeState
from portal.sought import SoughtFilter
from portal.text import half_width

WORDS = 40
NAMES = ("category", "what", "for_whom", "times", "half_hours", "due_on")
_HOURS = re.compile(r"(\d{1,3})(?:\.([05])0?)?", re.ASCII)


class HalfHoursField(StringField):
    """Hours in half-hour steps as people write them (2.5); holds half hours, None where nothing is written."""

    typed = ""

    def __init__(self, label: str, most: int, **kw):
        """`most` half hours at most; the field may stay empty."""
        self.most = most
        super().__init__(label, validators=[Optional()], render_kw={"inputmode": "decimal", "maxlength": 6}, **kw)

    def process_formdata(self, valuelist):
        """The half hours typed, or the Chinese sentence why they are none."""
        self.typed, self.data = half_width(valuelist[0]).strip()[:12] if valuelist else "", None
        if not self.typed:
            return
        match = _HOURS.fullmatch(self.typed)
        half_hours = int(match[1]) * 2 + (match[2] == "5") if match else 0
        if not 1 <= half_hours <= self.most:
            raise ValueError(f"请填写小时数，以半小时为单位，如 2.5；最多 {self.most // 2} 小时。")
        self.data = half_hours

    def _value(self):
        return self.typed or (f"{self.data / 2:g}" if self.data else "")


class ItemForm(ChineseForm):
    """One promise; one that holds nothing counts as not written."""

    class Meta(ChineseForm.Meta):
        """The token stands in the form around it."""

        csrf = False

    category = PickField("类别", Category)
    what = LineField("做什么", 60, description="如：每月到社区清扫一次楼道。网站上人人可见，不写姓名、电话、门牌号。")
    for_whom = LineField("为谁做", 40, description="如：本小区独居老人。可以不填。")
    times = NumberField("计划几次", 1, MOST_TIMES)
    half_hours = HalfHoursField("或计划几小时", MOST_HALF_HOURS)
    due_on = DayField("完成期限")

    @property
    def is_filled(self) -> bool:
        """Whether anything but the day, which is filled in beforehand, was written."""
        return any(self[name].data for name in NAMES if name != "due_on") or any(self[name].errors for name in NAMES)

    @property
    def item(self) -> dict:
        """What was written, by name."""
        return {name: self[name].data or None for name in NAMES}

    def validate(self, extra_validators=None) -> bool:
        """Besides each field's own rules: a promise that was begun has a category, words and a day."""
        fine = super().validate(extra_validators)
        if not self.is_filled:
            return fine
        for name, sentence in (
            ("category", "请选择类别。"),
            ("what", "请写明做什么。"),
            ("due_on", "请填写完成期限。"),
        ):
            if not self[name].data and not self[name].errors:
                self[name].errors, fine = [sentence], False
        if self.times.data and self.half_hours.data:
            self.half_hours.errors, fine = ["次数和小时只填一项。"], False
        return fine


class PledgeForm(ChineseForm):
    """A member's pledge of one year, with the version that the person saw."""

    kept_posts = TickRowsField(
        "以前认领、今年继续担任的岗位", description="不再担任的请去掉勾；单位审定以后，名额让给别人。"
    )
    promises = FieldList(FormField(ItemForm), "承诺事项", min_entries=MOST_ITEMS, max_entries=MOST_ITEMS)
    version = HiddenField()

    @property
    def items(self) -> list[dict]:
        """The promises that were written, in order."""
        return [entry.form.item for entry in self.promises if entry.form.is_filled]

    def validate(self, extra_validators=None) -> bool:
        """Besides the promises' own rules: there is at least one."""
        fine = super().validate(extra_validators)
        if fine and not self.items:
            self.promises[0].form.what.errors = ["请至少写一项承诺。"]
            self.promises.errors = [entry.errors for entry in self.promises]
            return False
        return fine


def filled(items: list[PledgeItem], year: int) -> list[dict]:
    """What the form holds beforehand: these items, moved into this year, and the year's last day for the others."""
    promises = [
        {name: getattr(item, name) for name in NAMES} | {"due_on": _within(item.due_on, year)} for item in items
    ]
    return promises + [{"due_on": dt.date(year, 12, 31)}] * (MOST_ITEMS - len(items))


def _within(day: dt.date, year: int) -> dt.date:
    return dt.date(year, day.month, min(day.day, 28) if day.month == 2 else day.day)


class ListFilter(SoughtFilter):
    """What an office's list of pledges is narrowed to."""

    q = LineField("姓名、拼音或编号", WORDS)
    state = PickField("状态", PledgeState, nothing="全部")
    unit = PickRowField("单位", nothing="全部")
    community = PickRowField("社区", nothing="全部")
    year = PickRowField("年度", nothing="今年")


class BoardFilter(FilterForm):
    """What the public page is narrowed to."""

    community = PickRowField("社区", nothing="全部社区")
    category = PickField("类别", Category, nothing="全部类别")
