"""One cell of a roster as a fact: what people type into WPS and Excel, read tolerantly but never guessed.

Each function takes the cell and the day of reading, returns the fact (None for an empty cell) and raises
Unreadable with the reason that the liaison reads beside the row.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from portal.people.models import Education, Sex
from portal.people.names import DOT, tidy_name
from portal.sheets import Cell
from portal.text import clean, half_width, normal_phone

_ETHNICITIES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇
柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京
塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
ETHNICITIES = frozenset(_ETHNICITIES.split())
_YES = {"是", "√", "✓", "✔", "☑", "有", "对", "y", "yes", "1", "true", "领导干部", "领导"}
_NO = {"否", "×", "✕", "✗", "x", "无", "不是", "非", "n", "no", "0", "false", "/", "-", "—", "普通党员"}
# The first word found decides, so 大学专科 stands before 大学 and 研究生 before 本科.
_EDUCATION = (
    (("博士",), Education.DOCTOR),
    (("硕士", "研究生"), Education.MASTER),
    (("专科", "大专", "高职"), Education.COLLEGE),
    (("本科", "大学", "学士"), Education.BACHELOR),
    (("高中", "职高"), Education.SENIOR),
    (("中专", "中技", "技校", "中师", "初中", "小学"), Education.SECONDARY),
)
_SCIENTIFIC = re.compile(r"[+]?\d(?:\.\d+)?e\+?\d{1,2}", re.I)
_LATIN_DOT = re.compile(r"(?<=[^\x00-\x7f])\s*\.\s*(?=[^\x00-\x7f])")
_OLD_YAN = "\ue863"  # where 䶮 stood before Unicode had it; old machines still write it there


class Unreadable(ValueError):
    """A cell that holds no such fact; says why, in Chinese."""


def text_of(cell: Cell) -> str:
    """The cell as one clean line of text; a whole number without a decimal point."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


@lru_cache(maxsize=1000, typed=True)
def plain_text(cell: Cell, _today: dt.date) -> str | None:
    """Any text."""
    return text_of(cell) or None


def address(cell: Cell, _today: dt.date) -> str | None:
    """An address, its digits in one width."""
    return half_width(text_of(cell)) or None


def name(cell: Cell, _today: dt.date) -> str | None:
    """A person's name as it is stored: one kind of ·, no stray spaces, 䶮 where old machines had no such character."""
    typed = tidy_name(_LATIN_DOT.sub(DOT, text_of(cell).replace(_OLD_YAN, "䶮")))
    for letter in typed:
        kind = unicodedata.category(letter)
        if kind == "Co":
            raise Unreadable("姓名中有本机自造字（别处显示为方框），请改用标准汉字。")
        # Cn above the first plane: a character younger than Python's tables may be somebody's name.
        if kind[0] not in "LM" and letter not in (DOT, " ") and not (kind == "Cn" and ord(letter) > 0xFFFF):
            raise Unreadable(f"姓名中有“{letter}”，请核对。")
    if typed and (len(typed) < 2 or len(typed) > 40):
        raise Unreadable(f"姓名“{typed[:40]}”的长度不对，请核对。")
    return typed or None


@lru_cache(maxsize=1000, typed=True)
def sex(cell: Cell, _today: dt.date) -> Sex | None:
    """男 or 女, also 男性 and 女士."""
    typed = text_of(cell)
    if not typed:
        return None
    for one in Sex:
        if typed.removesuffix("性").removesuffix("士") == one.label:
            return one
    raise Unreadable(f"性别“{typed[:10]}”无法识别，请填男或女。")


@lru_cache(maxsize=1000, typed=True)
def ethnicity(cell: Cell, _today: dt.date) -> str | None:
    """One of the 56 nationalities, with 族 at its end."""
    typed = text_of(cell)
    if not typed:
        return None
    if typed.removesuffix("族") not in ETHNICITIES:
        raise Unreadable(f"民族“{typed[:10]}”无法识别，请填写如汉族、回族。")
    return typed.removesuffix("族") + "族"


@lru_cache(maxsize=1000, typed=True)
def education(cell: Cell, _today: dt.date) -> Education | None:
    """The highest education that the words name: 大学本科, 省委党校研究生, 专科 …"""
    typed = text_of(cell)
    if not typed:
        return None
    for words, level in _EDUCATION:
        if any(word in typed for word in words):
            return level
    raise Unreadable(f"学历“{typed[:20]}”无法识别，请从下拉列表中选择。")


@lru_cache(maxsize=1000, typed=True)
def yes_or_no(cell: Cell, _today: dt.date) -> bool | None:
    """是 or 否, also √ and ×, 有 and 无."""
    typed = half_width(text_of(cell)).lower()
    if not typed:
        return None
    if typed in _YES or typed in _NO:
        return typed in _YES
    raise Unreadable(f"“{typed[:10]}”无法识别，请填是或否。")


@lru_cache(maxsize=1000, typed=True)
def probationary(cell: Cell, _today: dt.date) -> bool | None:
    """Whether the member is on probation: 正式 or 预备."""
    typed = text_of(cell)
    if not typed:
        return None
    if "预备" in typed:
        return True
    if "正式" in typed or typed in ("党员", "中共党员"):
        return False
    raise Unreadable(f"党员类型“{typed[:10]}”无法识别，请填正式或预备。")


def phone(cell: Cell, _today: dt.date) -> str | None:
    """The digits of one phone number, also when the cell holds it as a number; one whose end is lost is named."""
    typed = half_width(text_of(cell))
    if not typed:
        return None
    if _SCIENTIFIC.fullmatch(typed):
        return _from_scientific(typed)
    numbers = [part for part in re.split(r"[/、,，;；]", typed) if part.strip()]
    if len(numbers) > 1:
        raise Unreadable(f"有{len(numbers)}个号码，请只留一个。")
    digits = normal_phone(typed)
    if not digits:
        raise Unreadable(f"“{typed[:20]}”不是有效的电话号码，请核对位数。")
    return digits


def _from_scientific(typed: str) -> str:
    number = Decimal(typed)
    mantissa = re.sub(r"\D", "", typed.lower().split("e")[0])
    if len(mantissa) < number.adjusted() + 1:
        raise Unreadable(f"号码被表格软件改成了科学计数“{typed}”，后几位已丢失；请把这一列设为文本后重填。")
    return phone(str(int(number)), dt.date.min) or ""
