"""`flask firstday`: the template and the import with its report row by row."""

import openpyxl
import pytest

from portal.extensions import db
from portal.firstday.models import FirstdayImport
from portal.records.models import RecordState, ServiceRecord
from portal.registrations.models import Registration
from tests.firstday.books import WHOLE, a_book, reported, served


@pytest.fixture
def run(app, cast, tmp_path):
    """`run(sheets, *options)` imports a workbook."""

    def run_import(sheets: dict, *options: str):
        file = tmp_path / "期初.xlsx"
        file.write_bytes(a_book(sheets))
        return app.test_cli_runner().invoke(args=["firstday", "import", str(file), *options])

    return run_import


def test_a_dry_run_reports_every_row_and_writes_nothing(run):
    answer = run(WHOLE | {"报到": [*WHOLE["报到"], reported("无此人")]}, "--dry-run")
    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert "“党员”第2行\t林森\t新增" in lines
    assert "“报到”第3行\t无此人\t有错误\t姓名：凤翔中学党支部的名册和“党员”表中没有无此人。" in lines
    assert lines[-2:] == ["有错误 1，新增 9，更新 0，无变化 0，表内重复 0", "演练：没有写入。"]
    assert db.session.query(FirstdayImport).count() == 0


def test_bad_rows_end_it_unless_only_the_right_ones_are_wanted(run):
    sheets = {"报到": [reported(), reported("无此人")]}
    refused = run(sheets)
    assert refused.exit_code == 1 and "有错误的行，没有写入" in refused.output
    assert db.session.query(Registration).count() == 0
    assert run(sheets, "--only-right").exit_code == 0
    assert db.session.query(Registration).one().old_number == "旧2019-1"


def test_the_same_file_twice(run):
    assert "已写入期初数据。" in run(WHOLE).output
    again = run(WHOLE)
    assert again.exit_code == 0
    assert again.output.splitlines()[-1] == "文件与系统中的数据一致，没有需要写入的内容。"


def test_a_command_is_no_second_person(run):
    assert run({"本年服务": [served()]}).exit_code == 0
    record = db.session.query(ServiceRecord).one()
    assert (record.state, record.recorded_by, record.confirmed_by) == (RecordState.PENDING, "系统", None)


def test_a_file_that_is_none(app, cast, tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"no sheet")
    answer = app.test_cli_runner().invoke(args=["firstday", "import", str(tmp_path / "x.xlsx")])
    assert answer.exit_code == 1 and "这不是 WPS 或 Excel 表格" in answer.output


def test_the_template(app, cast, tmp_path):
    out = tmp_path / "模板.xlsx"
    assert app.test_cli_runner().invoke(args=["firstday", "template", "--out", str(out)]).exit_code == 0
    assert "报到" in openpyxl.load_workbook(out).sheetnames
