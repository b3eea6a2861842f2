"""The forms of members and organisations."""

import re

from wtforms import BooleanField
from wtforms.validators import ValidationError

from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.forms import ChineseForm, FilterForm, LineField, is_phone
from portal.people.models import Education, MemberStatus, Sex, SupervisorKind, UnitKind, UnitLevel
from portal.people.names import tidy_name
from portal.sought import SoughtFilter
from portal.text import half_width

_LANDLINE = re.compile(r"^(010|02\d|0[3-9]\d\d)(\d{7,8})$", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?", re.ASCII)


class MonthField(LineField):
    """A month, kept as 1980-05; 1980.5, 198005 and 1980年5月 are read too."""

    def __init__(self, label: str, required: str | None = None, **kw):
        """`required` is the sentence shown when it is empty."""
        kw.setdefault("render_kw", {"placeholder": "1980-05", "class": "control--short"})
        super().__init__(label, 12, required, narrow=True, **kw)

    def pre_validate(self, form) -> None:
        """The month typed, or the Chinese sentence why it is none."""
        if not self.data:
            return
        found = _MONTH.fullmatch(half_width(self.data))
        if not found or not 1900 <= int(found[1]) <= 2100 or not 1 <= int(found[2]) <= 12:
            raise ValidationError("请填写年月，如 1980-05。")
        self.data = f"{found[1]}-{int(found[2]):02}"


class MembersFilter(SoughtFilter):
    """What the list of members is narrowed by."""

    q = LineField("姓名、拼音或电话后四位", 40, narrow=True)
    unit = PickRowField("单位", nothing="不限")
    community = PickRowField("居住社区", nothing="不限")
    status = PickField("状态", MemberStatus, nothing="不限")


class MemberForm(EditForm):
    """A member as the unit's roster knows them."""

    name = LineField("姓名", 40, "请填写姓名。")
    sex = PickField("性别", Sex, "请选择性别。", radios=True)
    born = MonthField("出生年月", "请填写出生年月。")
    ethnicity = LineField("民族", 20, "请填写民族。", default="汉族")
    phone = LineField(
        "手机号", 20, "请填写手机号。", extra=[is_phone], narrow=True, render_kw={"type": "tel", "autocomplete": "off"}
    )
    joined = MonthField("入党时间")
    probationary = BooleanField("预备党员")
    leading = BooleanField("领导干部")
    branch = LineField("所在党支部", 60)
    post = LineField("职务", 40)
    title = LineField("职称", 40)
    education = PickField("学历", Education, nothing="未填")
    lives_in_town = BooleanField("居住在县城", default=True)
    community_id = PickRowField("居住社区", description="居住在县城的要选；不清楚时问本人或看小区。")
    address = LineField("家庭住址", 80, render_kw={"autocomplete": "off"})

    def validate_name(self, field) -> None:
        """A name is stored one way: one kind of ·, no spaces between Chinese characters."""
        field.data = tidy_name(field.data or "")
        if not field.data:
            raise ValidationError("请填写姓名。")

    def validate(self, extra_validators=None) -> bool:
        """Whoever lives in the county town lives in one of its communities, everybody else in none."""
        good = super().validate(extra_validators)
        if not self.lives_in_town.data:
            self.community_id.data = None
        elif good and not self.community_id.data:
            self.community_id.errors = ["居住在县城的党员请选择居住社区。"]
            return False
        return good


class LookForm(ChineseForm):
    """Why a member's phone and address are looked at."""

    reason = LineField("查看原因", 100, "请写明为什么要查看。")


class PlaceForm(EditForm):
    """What every organisation has."""

    name = LineField("名称", 60, "请填写名称。")
    code = LineField("代码", 20, "请填写代码。", narrow=True, description="全县统一、不变的代码，名册和导入按它对应。")


def with_hyphen(form, field) -> None:
    """A WTForms validator after `is_phone`: an office's landline is kept as it is read and printed, 0917-7212345."""
    if field.data:
        field.data = _LANDLINE.sub(r"\1-\2", field.data)


class SupervisorForm(PlaceForm):
    """A body above units."""

    kind = PickField("类型", SupervisorKind, "请选择类型。")
    leads_county_town = BooleanField("牵头县城社区（城关镇）")
    head = LineField("主要负责人", 40)
    deputy = LineField("分管负责人", 40)
    phone = LineField("办公电话", 20, extra=[is_phone, with_hyphen], narrow=True)


class UnitForm(PlaceForm):
    """Where members work."""

    supervisor_id = PickRowField("主管党组织", "请选择主管党组织。")
    kind = PickField("性质", UnitKind, "请选择性质。")
    level = PickField("级别", UnitLevel, "请选择级别。")
    head = LineField("主要负责人", 40)
    deputy = LineField("分管负责人", 40)
    phone = LineField("办公电话", 20, extra=[is_phone, with_hyphen], narrow=True)


class CommunityForm(PlaceForm):
    """Where members live and serve."""

    town_id = PickRowField("所属镇", "请选择所属镇。")
    head = LineField("主要负责人", 40)
    receptionist = LineField("接洽人", 40)
    phone = LineField("联系电话", 20, extra=[is_phone, with_hyphen], narrow=True)
    address = LineField("地址", 80)


class GridForm(EditForm):
    """A part of a community."""

    code = LineField("代码", 20, "请填写代码。", narrow=True)
    name = LineField("名称", 40, "请填写名称。")
    worker = LineField("网格管理员", 40)
    phone = LineField("电话", 20, extra=[is_phone, with_hyphen], narrow=True)


class EstateForm(ChineseForm):
    """The name of an estate."""

    name = LineField("小区名称", 40, "请填写小区名称。")


class PlacesFilter(FilterForm):
    """What the list of organisations is narrowed by."""

    q = LineField("名称或代码", 40)
    above = PickRowField("上级", nothing="不限")
