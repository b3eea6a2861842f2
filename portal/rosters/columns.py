"""What a roster consists of: its columns, how each is headed, filled in and read.  [二(三)2]"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from portal.people.models import Education, Sex
from portal.rosters import months, values
from portal.sheets import Cell
from portal.text import clean, half_width

_NOT_HEADING = re.compile(r"[(（\[【].*?[)）\]】]|[\s:：*＊※]|必填|选填")
YES_NO = ("是", "否")
KINDS = ("正式", "预备")


@dataclass(frozen=True)
class Column:
    """One column: `key` is the fact, `also` other headings for it, `most` the letters that it takes."""

    key: str
    label: str
    read: Callable[[Cell, dt.date], object]
    note: str
    example: str
    width: int
    also: tuple[str, ...] = ()
    most: int = 200
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of sheet; a line with the heading of `key` in that column is the head once more."""

    columns: tuple[Column, ...]
    key: str = "name"

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by the fact that they hold."""
        return {column.key: column for column in self.columns}

    @cached_property
    def _by_heading(self) -> dict[str, Column]:
        return {heading: column for column in self.columns for heading in (column.label, *column.also)}

    def column_of(self, cell: Cell) -> Column | None:
        """The column that this cell heads, whatever stands around the words: ＊姓 名（必填）： → 姓名."""
        return self._by_heading.get(heading_of(cell))


COLUMNS = (
    Column("name", "姓名", values.name, "与身份证一致；少数民族姓名用间隔号·分开。", "买买提·吐尔逊", 14,
           ("名字", "党员姓名", "人员姓名"), 40, True),
    Column("sex", "性别", values.sex, "男或女。", "男", 6, (), 200, True, tuple(one.label for one in Sex)),
    Column("ethnicity", "民族", values.ethnicity, "空白为汉族。", "汉族", 8, ("族别",)),
    Column("born", "出生年月", months.born, "年和月，如 1980-05；1980.5、1980年5月、19800512 也能识别。", "1980-05", 12,
           ("出生日期", "出生时间", "生日", "出生年月日"), 200, True),
    Column("joined", "入党时间", months.joined, "年和月，写法同上。", "2005-07", 12,
           ("入党日期", "入党年月", "加入党组织日期")),
    Column("probationary", "党员类型", values.probationary, "正式或预备；空白为正式。", "正式", 10,
           ("党员类别", "人员类别", "正式或预备"), 200, False, KINDS),
    Column("leading", "是否领导干部", values.yes_or_no, "是或否；空白为否。领导干部的报到率单独统计。", "否", 13,
           ("领导干部", "党员领导干部", "是否党员领导干部"), 200, False, YES_NO),
    Column("education", "学历", values.education, "最高学历。", "本科", 12, ("文化程度", "最高学历"), 200, False,
           tuple(one.label for one in Education)),
    Column("branch", "所在支部", values.plain_text, "单位有几个支部时填写。", "第一党支部", 18,
           ("所在党支部", "党支部", "支部", "支部名称", "所属支部"), 60),
    Column("post", "职务", values.plain_text, "现任职务或岗位。", "教师", 16,
           ("现任职务", "工作职务", "岗位", "职务岗位"), 40),
    Column("title", "职称", values.plain_text, "", "高级教师", 14, ("技术职称", "专业技术职称"), 40),
    Column("community", "居住社区", values.plain_text, "居住在县城的从下拉列表中选择；不清楚时可只填小区。",
           "儒林社区", 16, ("社区", "所在社区", "居住地社区", "现居住社区")),
    Column("estate", "小区", values.address, "小区的名称，系统据此找到社区。", "儒林苑", 16,
           ("居住小区", "小区名称", "所在小区"), 40),
    Column("address", "家庭住址", values.address, "楼、单元、室。加密保存，仅经办人可见。", "3号楼2单元501室", 28,
           ("住址", "现住址", "居住地址", "家庭地址", "详细地址", "居住地"), 120),
    Column("phone", "手机号", values.phone, "11 位手机号或带区号的座机。加密保存，仅经办人可见。", "13891701234", 15,
           ("手机", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "移动电话"), 200, True),
    Column("lives_in_town", "是否居住县城", values.yes_or_no, "是或否；空白为是。填否的不填社区，不计入应报到人数。",
           "是", 13, ("居住县城", "是否居住在县城", "是否在县城居住", "是否住县城"), 200, False, YES_NO),
)  # fmt: skip
ROSTER = Layout(COLUMNS)
LABELS = {column.key: column.label for column in COLUMNS} | {"community_id": "居住社区", "status": "状态"}


def heading_of(cell: Cell) -> str:
    """The words of a heading without spaces, brackets and marks."""
    return _NOT_HEADING.sub("", half_width(clean(cell))) if isinstance(cell, str) else ""
