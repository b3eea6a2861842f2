"""The form by which a roster is uploaded."""

from flask_wtf.file import FileField, FileRequired

from portal.forms import ChineseForm


class UploadForm(ChineseForm):
    """A spreadsheet of the unit's members."""

    file = FileField(
        "名册文件",
        validators=[FileRequired("请选择要上传的名册文件。")],
        description="WPS 或 Excel 的 .xlsx、.xls 文件，8 MB、20000 行以内。",
        render_kw={"accept": ".xlsx,.xls"},
    )
