"""The forms of stories: what is written, where it appeared, and what lists are narrowed to."""

from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.files import PICTURES
from portal.forms import ChineseForm, DayField, FilterForm, LineField, LinesField
from portal.publicity.models import Medium, StoryKind, StoryState
from portal.publicity.photos import MOST_PHOTOS
from portal.uploads import FilesField


class StoryForm(EditForm):
    """What an office writes, for everybody to read once it is published."""

    kind = PickField("写的是", StoryKind, "请选择写的是什么。", radios=True, default=StoryKind.DEED)
    title = LineField("标题", 40, "请填写标题。", description="如：雨夜里的一盏灯。")
    body = LinesField("正文", 5000, "请填写正文。", render_kw={"rows": 14},
                      description="按一次回车就是新的一段。不写电话、证件号和门牌号。")  # fmt: skip
    named = LinesField("写到了谁、照片里认得出谁", 400, render_kw={"rows": 3},
                       description="一行一个姓名；列在这里、本人同意的，文中才可以写姓名。没有就不填。")  # fmt: skip
    consent = BooleanField("以上每个人都已同意公开（没有写到姓名、照片里认不出人的，也请确认）")
    wish_number = LineField("关联的心愿", 16, narrow=True, description="填受理号，如 2026-0012；只在内部看得到。")
    activity_number = LineField("关联的活动", 16, narrow=True, description="填活动编号；只在内部看得到。")
    about_id = PickRowField("写的是哪位党员", nothing="不指明")


class PhotosForm(ChineseForm):
    """Photos for a story: everybody on them has agreed, or nobody can be made out; said anew with each."""

    agreed = BooleanField("照片里认得出的每个人都已同意公开（认不出人的，也请确认）",
                          [InputRequired("请先征得照片里认得出的每个人同意，再打勾。")])  # fmt: skip
    photos = FilesField("照片", MOST_PHOTOS, PICTURES)


class AppearForm(ChineseForm):
    """Where and when a story appeared outside the portal."""

    medium = PickField("渠道", Medium, "请选择渠道。", radios=True)
    name = LineField("名称", 60, "请填写名称。", description="如：县广播电视台《凤翔新闻》、儒林社区南门宣传栏。")
    day = DayField("刊播日期", "请填写刊播日期。")


class StrikeForm(ChineseForm):
    """Which appearance was noted wrongly."""

    appearance_id = PickRowField("删去哪一次", "请选择要删去的刊播。")


class CasesFilter(FilterForm):
    """What an office's list of stories is narrowed to."""

    state = PickField("状态", StoryState, nothing="全部")
    own = BooleanField("只看本机构写的")


class ShelfFilter(FilterForm):
    """What the public shelf of stories is narrowed to."""

    kind = PickField("类别", StoryKind, nothing="全部")
