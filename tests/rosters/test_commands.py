"""`flask roster`: the template and the import with its report row by row."""

import openpyxl
import pytest

from portal.extensions import db
from portal.people.models import Member
from portal.rosters.models import RosterImport
from tests.rosters.rosters import FIXTURES, a_file, person


@pytest.fixture
def roster(app, cast, tmp_path):
    """`roster(data, *options)` runs the import of a file for unit1."""

    def run(data: bytes, *options: str):
        file = tmp_path / "名册.xlsx"
        file.write_bytes(data)
        return app.test_cli_runner().invoke(args=["roster", "import", str(file), "--unit", "U01", *options])

    return run


def count(name: str) -> int:
    return db.session.query(Member).filter_by(name=name).count()


def test_every_row_is_reported(roster):
    answer = roster((FIXTURES / "untidy.xlsx").read_bytes(), "--dry-run")
    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert "第6行\t王强\t新增" in lines
    assert "第14行\t吴敏\t有错误\t出生年月：“1980.1”分不清是1月还是10月，请写成 1980-01 或 1980-10。" in lines
    assert "第18行\t单雪\t在其他单位名册\t已在县医院党总支名册。" in lines
    assert "不在文件中\t仇文博\t保留不变" in lines
    assert lines[-2:] == ["有错误 6，新增 6，更新 0，无变化 1，在其他单位名册 1，表内重复 1", "演练：没有写入。"]
    assert count("王强") == 0 and db.session.query(RosterImport).count() == 0


def test_bad_rows_end_it_and_nothing_is_written(roster):
    answer = roster((FIXTURES / "untidy.xlsx").read_bytes())
    assert answer.exit_code == 1
    assert "有错误的行，没有写入" in answer.output
    assert count("王强") == 0 and db.session.query(RosterImport).count() == 0


def test_only_the_right_rows(roster):
    answer = roster((FIXTURES / "untidy.xlsx").read_bytes(), "--only-right")
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "已写入名册。")
    assert count("王强") == 1 and count("吴敏") == 0


def test_a_tidy_roster_and_the_same_again(roster):
    assert roster(a_file(person())).output.splitlines()[-1] == "已写入名册。"
    assert roster(a_file(person())).output.splitlines()[-1] == "文件与现有名册一致，没有需要写入的内容。"
    assert count("王强") == 1


def test_an_unknown_unit_and_a_broken_file(app, cast, roster, tmp_path):
    assert "文件不完整或已损坏" in roster((FIXTURES / "truncated.xlsx").read_bytes()).output
    (tmp_path / "a.xlsx").write_bytes(a_file(person()))
    answer = app.test_cli_runner().invoke(args=["roster", "import", str(tmp_path / "a.xlsx"), "--unit", "U99"])
    assert (answer.exit_code, "没有代码为 U99 的单位。" in answer.output) == (1, True)


def test_the_template_is_written(app, cast, tmp_path):
    out = tmp_path / "模板.xlsx"
    answer = app.test_cli_runner().invoke(args=["roster", "template", "--out", str(out)])
    assert answer.exit_code == 0
    assert openpyxl.load_workbook(out).sheetnames[0] == "党员名册"
