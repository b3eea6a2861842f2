"""What clerks and grid workers fill in for residents: a wish told to them, a lost code, a look with a reason."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from portal.choices import PickField, PickRowField
from portal.forms import ChineseForm, LineField, LinesField, is_name, is_phone
from portal.wishes.models import WishSource
from portal.wishes.resident_forms import WishForm


class TakeDownForm(WishForm):
    """A wish from the box, a call or a visit, typed for the resident.  [二(二)2]"""

    source = PickField("从哪里来的", WishSource, "请选择心愿从哪里来。", radios=True)
    detail = LinesField("居民的心愿", 500, "请写下居民的心愿。", description="照居民的原话写；审核时再改成上墙的文字。")
    name = LineField("居民姓名", 30, "请填写居民姓名。", [is_name], description="不公开，心愿墙上只显示姓。")
    phone = LineField("联系电话", 20, None, [is_phone], narrow=True, render_kw={"inputmode": "tel"},
                      description="没有电话可以不填，结果由社区登门回访。")  # fmt: skip
    grid = PickRowField("网格", nothing="暂不分配")
    note = LinesField("给社区的备注", 200, description="只有社区工作人员查看联系方式时看得到。")
    consent = BooleanField("已当面告知：信息只用来办这个心愿，居民同意", [DataRequired("请先告知居民并征得同意。")])

    def __init__(self, *args, **kw):
        """Without what only the public form has; offer the sources that people take down."""
        super().__init__(*args, **kw)
        del self.community, self.estate, self.website, self.opened
        self.source.choices = [choice for choice in self.source.choices if choice.value != WishSource.WALL.value]


class NewCodeForm(ChineseForm):
    """Who lost the slip says name and phone; both must be those of the wish."""

    name = LineField("居民报的姓名", 30, "请填写居民报的姓名。")
    phone = LineField("居民报的电话", 20, None, [is_phone], narrow=True, render_kw={"inputmode": "tel"},
                      description="登记时没有留电话的不填。")  # fmt: skip


class LookForm(ChineseForm):
    """Why somebody looks."""

    reason = LineField("查看原因", 100)
