"""The forms of the first day: the upload, and the word of the second person."""

from typing import Any

from flask_wtf.file import FileField, FileRequired

from portal.forms import ChineseForm


class UploadForm(ChineseForm):
    """The workbook of the running scheme."""

    file = FileField(
        "期初数据文件",
        validators=[FileRequired("请选择要上传的文件。")],
        description="按模板填好的 .xlsx 或 .xls 文件，8 MB、50000 行以内。",
        render_kw={"accept": ".xlsx,.xls"},
    )


class WriteForm(ChineseForm):
    """Nothing is asked; the rows to be written were read before anything was locked."""

    lines: Any = None

    def asked(self) -> dict:
        """The rows, for the move."""
        return {"lines": self.lines}
