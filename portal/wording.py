"""What must not stand in published words: phones, long numbers, addresses, names; found and marked, never altered."""

import re
import unicodedata
from dataclasses import dataclass

_HAN_DIGITS = {ord(han): str(digit) for digits in ("零一二三四五六七八九", "〇幺贰叁肆伍陆柒捌玖", "○壹")
               for digit, han in enumerate(digits)}  # fmt: skip
_GAP = r"[\s\-—–－_.·,，、/*()（）]{0,2}"
_N = r"(?:[\d十百]+|[A-Za-z]\d*)"
_PART = rf"(?:{_N}\s*(?:号院|号楼|号门|号|栋|幢|排|单元|层|楼|室)\s*)"
_SURE = rf"(?:{_N}\s*(?:号院|号楼|号门|幢|单元|栋(?!楼)|室(?!\s*\d+\s*[厅卫])))"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费"
    "廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜"
    "阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣"
    "翁荀甄封储靳段富巫乌焦巴牧谷侯宓全班仇伊宫宁栾甘厉祖武符刘景詹龙叶司黎溥印宿白蒲卓蔺屠蒙池乔胥苍闻党翟谭贡姬申冉宰雍桑桂牛寿通边"
    "扈燕冀浦尚温庄晏柴瞿阎慕连茹习艾容向古易廖耿满匡寇广欧聂勾敖冷辛简饶曾沙丰关相查游竺权盖涂同仝肖付代闫覃雒兰锁"
)
_TITLE = re.compile("师傅|先生|女士|老师|大爷|大妈|大娘|大姐|大哥|阿姨|奶奶|爷爷|叔叔|同志|医生|主任|书记|某|家|姓")
# Words that begin with a surname's character but name nobody.
_NOBODY = re.compile(
    "党员|单亲|单身|高龄|高[中一二三]|高血压|常住|安居|房[东客]|司机|应届|全[职家]|成[年都]|明天|[和同向于查]|"
    "广场|路人|万分|干部|关心|通过|相关|解放军"
)
_COMPOUND = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|东方|南宫|独孤"
_HAN = r"[一-鿿㐀-䶿\U00020000-\U0003ffff]"
_NAME = rf"(?:\w{{1,8}}[·•・]\w{{1,8}}|(?:{_COMPOUND}|[{_SURNAMES}]){_HAN}{{1,2}})"
_END = r"(?=[\s，。,.;；、!！?？:：()（）\d]|$|今年|住|家|是|电话|手机)"
_KIN = "老伴|爱人|丈夫|妻子|老公|老婆|儿子|女儿|孙子|孙女|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|邻居"
PLACE = "详细地址"
_DATE = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
_ROAD = "路|街|巷|道|胡同|弄|村|庄|小区|苑|坊"


@dataclass(frozen=True)
class Piece:
    """A piece of the text that must go: what it looks like and where it stands."""

    kind: str
    start: int
    end: int


_BY_DIGITS = (
    ("身份证号或银行卡号", re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{13,17}}{_GAP}[\dXx](?![\dA-Za-z])")),
    ("电话号码", re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")),
    ("电话号码", re.compile(rf"(?<!\d)[(（]?0\d{{2,3}}{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)")),
    ("电话号码", re.compile(r"(?<!\d)400[\s-]?\d{3,4}[\s-]?\d{3,4}(?!\d)")),
    ("电话号码", re.compile(rf"(?<![\d./年-])(?!{_DATE})[2-9](?:\d{{6,7}}|\d\d[\s-]\d{{4}})(?![\d.元年])")),
    ("微信号或QQ号", re.compile(r"(?i)(?:微信|weixin|QQ|扣扣|vx|wx)[号是为:：\s]*[a-z0-9_-]{5,20}")),
    (PLACE, re.compile(rf"{_PART}*{_SURE}(?:\s*{_PART})*(?:\s*\d{{1,4}})?")),
    (PLACE, re.compile(rf"{_HAN}{{0,2}}(?:{_ROAD})\s*(?:{_N}\s*[组队])?\s*{_N}\s*号(?!线)")),
    (PLACE, re.compile(r"(?<![\d-])\d{1,3}[\-—–－]\d{1,2}[\-—–－]\d{3,4}(?![\d-])")),
    (PLACE, re.compile(r"门牌号?[是为:：\s]*\w{1,12}")),
)
_BY_WORDS = (
    re.compile(rf"(?:我叫|名叫|姓名|联系人|本人叫)(?:[是为叫:：\s]*)({_NAME})"),
    re.compile(rf"(?:我是|本人)[:：\s]*({_NAME}){_END}"),
    # A relative's name is surely one only where a phone or an age follows.
    re.compile(rf"(?:{_KIN})[:：\s]*({_NAME})(?=[\s，,、:：（(]*(?:\d{{7}}|0\d\d|\d{{1,3}}岁|今年\d))"),
)


def pieces(text: str, own_name: str = "") -> list[Piece]:
    """The pieces that must go, in order and without overlap; `own_name` is the requester's, where it is known."""
    plain = _digits(text)
    found = [Piece(kind, *match.span()) for kind, rule in _BY_DIGITS for match in rule.finditer(plain)]
    found += [_name(match) for rule in _BY_WORDS for match in rule.finditer(text) if not _is_no_name(match[1])]
    if len(own_name) >= 2:
        found += [Piece("姓名", match.start(), match.end()) for match in re.finditer(re.escape(own_name), text)]
    kept: list[Piece] = []
    for piece in found:  # the rules stand in order of certainty: the surer one keeps the place
        if all(piece.end <= other.start or other.end <= piece.start for other in kept):
            kept.append(piece)
    return sorted(kept, key=lambda piece: piece.start)


def problems(text: str, own_name: str = "", says_where: bool = False) -> list[str]:
    """One Chinese sentence for each piece that must go before the text is published; [] when it is clean.

    `says_where`: an address may stay, since it is where people go.
    """
    found = [piece for piece in pieces(text, own_name) if not (says_where and piece.kind == PLACE)]
    return list(dict.fromkeys(f"“{text[p.start : p.end].strip()}”像是{p.kind}，请删去。" for p in found))


def marked(text: str, own_name: str = "") -> list[tuple[str, bool]]:
    """The whole text in parts, each with whether it must go, for showing it with marks."""
    parts, at = [], 0
    for piece in pieces(text, own_name):
        parts += [(text[at : piece.start], False), (text[piece.start : piece.end], True)]
        at = piece.end
    return [(words, bad) for words, bad in [*parts, (text[at:], False)] if words]


def _name(match: re.Match) -> Piece:
    return Piece("姓名", *match.span(1))


def _is_no_name(name: str) -> bool:
    return bool(_TITLE.match(name, 1) or _NOBODY.match(name))


def _digits(text: str) -> str:
    """The text with every kind of digit as 0–9, character by character, so that places stay the same."""
    return "".join(_digit(character) for character in text.translate(_HAN_DIGITS))


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    if value is not None:
        return str(value)
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if len(narrow) == 1 else character
