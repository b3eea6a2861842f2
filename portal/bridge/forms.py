"""The forms of templates: the name and kind, the columns with their headings, and what is sent."""

from wtforms import BooleanField

from portal.bridge.catalogue import fields_of
from portal.bridge.columns import Chosen, FileFormat
from portal.bridge.models import MOST_COLUMNS, BridgeKind, BridgeTemplate
from portal.choices import PickField, PickRowField
from portal.edits import EditForm
from portal.forms import ChineseForm, LineField, NumberField

PLACE, HEADING = "place_", "heading_"


class KindForm(ChineseForm):
    """Of what a new template makes a list."""

    name = LineField("模板名称", 30, "请填写模板名称。", description="如：省志愿服务平台·党员时长。")
    kind = PickField("导出什么", BridgeKind, "请选择导出什么。", radios=True)


class TemplateForm(EditForm):
    """The name of a template; for each field of its catalogue at which place it stands, under which heading."""

    usual: dict[str, str] = {}  # the catalogue's headings by its words
    name = LineField("模板名称", 30, "请填写模板名称。")
    active = BooleanField("在用", description="不再使用的去掉勾选，不再列入可下载的模板。")

    def columns(self) -> list[Chosen]:
        """The fields that are exported; an empty heading is the catalogue's own."""
        asked = ((key, self[PLACE + key].data, self[HEADING + key].data) for key in self.usual)
        return [Chosen(place, key, heading or self.usual[key]) for key, place, heading in asked if place]

    def asked(self) -> dict:
        """The name, whether it is in use, and the columns."""
        return {"name": self.name.data, "active": self.active.data, "columns": self.columns()}


def template_form(template: BridgeTemplate) -> TemplateForm:
    """The form of a template: two inputs for each field of its kind."""
    known, kept = fields_of(template.kind), {column.field: column for column in template.columns}
    fields: dict = {"usual": {key: field.label for key, field in known.items()}}
    for key, field in known.items():
        column = kept.get(key)
        fields[PLACE + key] = NumberField("第几列", 1, MOST_COLUMNS, default=column and column.place)
        fields[HEADING + key] = LineField("标题", 40, default=column.heading if column else field.label)
    return type("FormOfKind", (TemplateForm,), fields)(obj=template)


class SendForm(ChineseForm):
    """What is sent: of which year, of which community, as what kind of file."""

    year = PickRowField("年度", "请选择年度。")
    community = PickRowField("报到社区", nothing="全县")
    file = PickField("文件格式", FileFormat, "请选择文件格式。", radios=True, default=FileFormat.XLSX)
