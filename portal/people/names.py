"""People's names: how they are written, found by pinyin, and shown to those who may not know them."""

import os
import re
from functools import lru_cache
from itertools import product

from portal.text import clean

# Readings of whole phrases, which names hardly contain, would take 45 MB of every process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin import Style, pinyin

PINYIN_LETTERS = 200  # as wide as members.pinyin
SURNAME_LETTERS = 8  # as wide as issued_papers.family_name
HIDDEN = "某某"
DOT = "·"
_DOTS = re.compile(r"\s*[·•・‧⋅・．∙]\s*")
_BETWEEN_HAN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_COMPOUND = re.compile(
    r"(?:爱新觉罗|叶赫那拉|欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|夏侯|轩辕|端木|百里|"
    r"呼延|南宫|东郭|西门|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|闾丘|司空|鲜于|赫连|拓跋|独孤|万俟|"
    r"闻人|公羊|第五|左丘|梁丘|谷梁|段干|公西|壤驷|乐正|漆雕|巫马|亓官|司寇|子车|颛孙|宰父|微生|羊舌|南门|东门|"
    r"哥舒|完颜|纳兰|叶赫|那拉)(?=.)"
)
# How a character is read as a surname, where that is not its usual reading.
_SURNAME_READINGS = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "乐": "yue", "盖": "ge", "查": "zha", "区": "ou",
    "朴": "piao", "翟": "zhai", "覃": "qin", "员": "yun", "任": "ren", "华": "hua", "繁": "po", "秘": "bi",
    "折": "she", "黑": "he", "种": "chong", "召": "shao", "缪": "miao", "冼": "xian", "洗": "xian", "么": "yao",
    "燕": "yan", "应": "ying", "宁": "ning", "卜": "bu", "句": "gou", "牟": "mu", "祭": "zhai", "车": "che",
    "柏": "bai", "贾": "jia", "沈": "shen", "谌": "chen", "宿": "su", "石": "shi", "俞": "yu", "郗": "xi",
    "隗": "wei", "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "澹台": "tan tai",
    "乐正": "yue zheng", "令狐": "ling hu", "亓官": "qi guan",
}  # fmt: skip
# And in a given name: 长安 is Chang'an.
_GIVEN_READINGS = {"长": "chang"}


def tidy_name(name: str) -> str:
    """The name as it is stored: one kind of ·, no spaces between Chinese characters (王　兰 → 王兰)."""
    return _BETWEEN_HAN.sub("", _DOTS.sub(DOT, clean(name)))


def surname_of(name: str) -> str:
    """The family name (欧阳䶮 → 欧阳), of a minority name the part before the · ; at most 8 characters."""
    name = tidy_name(name)
    if DOT in name:
        return name.split(DOT)[0][:SURNAME_LETTERS]
    compound = _COMPOUND.match(name)
    return compound[0] if compound else name[:1]


def shown_name(name: str | None) -> str:
    """The name as the public may read it: 王某某, 欧阳某某, 买买提·某某; 某某 when there is none."""
    name = tidy_name(name or "")
    dot = DOT if DOT in name else ""
    return f"{surname_of(name)}{dot}{HIDDEN}"


def pinyin_of(name: str) -> str:
    """What a name is found by: each reading in full and by initials, e.g. `shanxue sx danxue dx`.

    The likeliest reading stands first, so that lists sort by it; the parts of a minority name follow. At most
    200 letters: the rarest combinations of a long name fall off.
    """
    name = tidy_name(name).replace(" ", "")
    words: dict[str, None] = {}
    for part in [name.replace(DOT, ""), *(name.split(DOT)[1:] if DOT in name else [])]:
        for reading in product(*_readings(part)):
            words |= dict.fromkeys(("".join(reading), "".join(sound[0] for sound in reading)))
            if len(words) > PINYIN_LETTERS:
                break
    return _fitting(words)


def _readings(name: str) -> list[list[str]]:
    """The readings of each character, the likeliest first."""
    likeliest = [_GIVEN_READINGS.get(letter, sounds[0]) for letter, sounds in zip(name, _sounds(name), strict=True)]
    surname = surname_of(name)
    as_surname = _SURNAME_READINGS.get(surname, "").split()
    likeliest[: len(as_surname)] = as_surname
    every = [_letter_sounds(letter) for letter in name]
    together = zip(likeliest, every, strict=True)
    return [list(dict.fromkeys([first.lower(), *(sound.lower() for sound in others)])) for first, others in together]


def _sounds(text: str, heteronym: bool = False) -> list[list[str]]:
    # errors=list: what is no Chinese character stands letter by letter, one entry for each.
    return pinyin(text, style=Style.NORMAL, heteronym=heteronym, errors=list)  # type: ignore[arg-type]


@lru_cache(maxsize=8000)
def _letter_sounds(letter: str) -> list[str]:
    return _sounds(letter, heteronym=True)[0]


def _fitting(words: dict[str, None]) -> str:
    kept, room = [], PINYIN_LETTERS
    for word in filter(None, words):
        if len(word) + 1 > room:
            break
        kept.append(word)
        room -= len(word) + 1
    return " ".join(kept)
