"""What may stand on every kind of paper, in four measures: blank, typical, full and hard.

Plain values as `fill` returns them, so that each template is laid out without a row in the database; one that asks for
more than its sample has does not render. Hard are the longest names there may be, 300 characters of text, 60 services
and 60 visits a year.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace

from flask import render_template

from portal.filters import NOTHING
from portal.labels import Category
from portal.papers.proofs import Proof
from portal.reports.registers import HEADS

BLANK, TYPICAL, FULL, HARD = 0, 1, 2, 3
UNIT_28 = "凤翔县住房和城乡建设局下属城市建设综合服务中心（市政站）"
UNIT_40 = "凤翔县住房和城乡建设局下属城市建设综合服务中心（市政工程养护维修管理站东关片区一队）"
NAME_20 = "买买提·吐尔逊·䶮𬭎㛃·阿卜杜热合曼江"
TEXT = "楼道声控灯更换、下水管道疏通、独居老人代购药品、暖气管检修、邻里矛盾调解，" * 9
ENDLESS = '<div style="display: flex">' * 40 + "x" + "</div>" * 40  # twice the work to lay out with each level
REPLACES = "第 2 版，替代 2026年5月6日 凤进社写〔2026〕0012号 第 1 版"


def _text(size: int) -> str:
    return TEXT[: size - 1].rstrip("、，") + "。"


# What stands in a cell of this name: typical, full, hard. Blank is a dash.
WORDS: dict[str, tuple[str, str, str]] = {
    "name": ("欧阳建国", "阿依古丽·吐尔逊", NAME_20),
    "sex": ("女", "女", "女"),
    "people": ("汉族", "维吾尔族", "柯尔克孜族"),
    "unit": ("凤翔县教育体育局", UNIT_28, UNIT_40),
    "body": ("儒林社区", "东关街道翠湖花园社区", "城关镇东关街道翠湖花园（二期）社区居民委员会"),
    "post": ("办公室主任", "党支部副书记、综合办公室主任", "党支部副书记、综合办公室主任（兼工会主席、妇委会主任）"),
    "title": ("一级教师", "高级工程师（市政公用）", "正高级工程师（市政公用工程和给水排水）、注册监理工程师"),
    "address": ("东大街12号院3号楼2单元501室", "东关街道翠湖花园小区（二期）18号楼3单元2104室",
                "东关街道翠湖花园小区（二期）甲区18号楼3单元21层2104室（原建设局家属院东侧靠近农贸市场新建高层）"),
    "phone": ("138****1009", "0917-7212999", "0917-7212999转8023"),
    "day": ("2026年5月6日", "2026年12月31日", "2026年12月31日"),
    "month": ("1980年5月", "1979年11月", "1979年12月"),
    "number": ("凤进社信〔2026〕0012号", "凤进社信〔2026〕10012号", "凤进社信〔2026〕10012号"),
    "text": (_text(24), _text(120), _text(300)),
    "line": (_text(14), _text(60), _text(200)),
    "item": ("更换楼道声控灯", _text(30), _text(60)),
    "few": ("独居老人", "小区独居老人和残疾人", _text(40)),
    "grid": ("第一网格", "第一网格（东关片区）", _text(40)),
    "count": ("3", "128", "12860"),
    "hours": ("1.5", "64.5", "9999.5"),
    "team": ("水电维修服务队", "东关街道便民维修服务队", "儒林苑及东大街沿街小区便民维修和矛盾调解党员志愿者服务队"),
    "date": ("5月6日", "12月31日", "12月31日"),
    "time": ("09:00–10:30", "08:30–17:30", "08:30–17:30"),
    "kinds": ("便民利民\n岗位", "便民利民\n微心愿", "便民利民\n活动"),
    "proved": ("组织者确认，赵晓梅", "对象确认，翠湖花园社区 赵晓梅", f"组织者确认，{NAME_20}，期初"),
    "late": (NOTHING, "2次\n3小时", "128次\n1024.5小时"),
    "code": ("FXWJ 2345 67", "FXWJ 2345 67", "FXWJ 2345 67"),
}  # fmt: skip


class Words:
    """The words of one measure: `w.name`; ticked choices; as many lines as the measure has."""

    def __init__(self, measure: int) -> None:
        self.measure = measure

    def __getattr__(self, name: str) -> str:
        return NOTHING if self.measure == BLANK else WORDS[name][self.measure - 1]

    def said(self, words: str) -> str:
        """These words, in every measure but the blank one."""
        return NOTHING if self.measure == BLANK else words

    def ticks(self, labels: str) -> list[tuple[str, bool]]:
        """These choices: the first ticked, or every one, or none."""
        return [(label, self.measure > TYPICAL or (self.measure == TYPICAL and not at))
                for at, label in enumerate(labels.split())]  # fmt: skip

    def lines(self, counts: tuple[int, int, int, int], *cells: str) -> list[tuple[str, ...]]:
        """Such a line as often as the measure says."""
        return [cells] * counts[self.measure]


def _certificate(w: Words) -> dict:
    return {
        "name": w.name, "sex": w.sex, "ethnicity": w.people, "born": w.month, "joined": w.month,
        "membership": "正式党员", "community": w.body, "to": f"{w.body}党组织", "branch": w.unit, "unit": w.unit,
        "post": w.post, "address": w.address, "phone": w.phone, "issued_on": w.day, "valid_days": "30天",
        "taken_by": w.name, "issued_by": w.name, "liaison": w.name, "liaison_phone": w.phone, "issuer": w.unit,
    }  # fmt: skip


def _info_card(w: Words) -> dict:
    return {
        "issuer": w.unit, "certificate_number": w.number, "name": w.name, "sex": w.sex, "ethnicity": w.people,
        "born": w.month, "joined": w.month, "membership": "正式党员", "education": w.said("硕士研究生"),
        "unit_kinds": w.ticks("机关 事业 企业 其他"), "unit": w.unit, "post": w.post, "title": w.title,
        "branch": w.unit, "community": w.body, "grid": w.grid, "home": w.address, "phone": w.phone, "skills": w.line,
        "intentions": w.ticks(" ".join(each.label for each in Category)), "filled_on": w.day, "unit_agreed_on": w.day,
        "free_times": w.ticks("平日晚 周末 节假日"), "received_by": w.name, "received_on": w.day,
    }  # fmt: skip


def _receipt(w: Words) -> dict:
    return {
        "issuer": w.body, "certificate_number": w.number, "to": w.unit, "name": w.name, "reported_on": w.day,
        "mode": w.said("个人报到"), "community": f"{w.body}党组织", "branch": NOTHING, "team": w.team, "grid": w.grid,
        "post": w.few, "received_by": w.name, "phone": w.phone, "issued_on": w.day, "filed_by": w.name,
        "filed_on": w.day, "copy_to": w.said("县直机关工委"),
    }  # fmt: skip


def _record_card(w: Words) -> dict:
    what = w.line if w.measure < HARD else w.few
    services = w.lines((0, 5, 15, 60), w.date, w.time, w.hours, w.kinds, what, w.few, w.proved, w.name)
    return {
        "issuer": w.body, "certificate_number": w.number, "replaces": REPLACES if w.measure > TYPICAL else NOTHING,
        "year": "2026年", "until": NOTHING if w.measure else "截至2026年5月6日",
        "name": w.name, "unit": w.unit, "community": w.body, "team": w.team, "posts": w.few, "services": services,
        "times": f"{w.count}次", "hours": f"{w.hours}小时", "least": "2次或8小时", "reached": w.ticks("是 否"),
        "waiting": w.said("另有2次（3小时）已登记、待第二人确认，未列入，也未计入合计。"), "sealed_on": w.day,
    }  # fmt: skip


def _pledge_card(w: Words) -> dict:
    return {
        "issuer": w.unit, "certificate_number": w.number, "year": "2026年", "name": w.name, "unit": w.unit,
        "post": w.post, "community": w.body, "claimed_post": w.few,
        "promises": w.lines((1, 3, 6, 10), w.said("便民利民"), w.item, w.few, w.said("128 次"), w.date,
                            w.said("1次，2次中")),
        "five_ones": w.ticks("认领一个服务岗位 提出一条合理建议 参加一次公益活动 联系一户困难家庭 争当一名服务标兵"),
        "submitted_on": w.day, "approval": w.said("经审定，同意公开承诺。"), "approved_by": w.name,
        "approved_on": w.day, "remark": w.said("无修改意见，予以公示。"), "shown_on": w.day, "kept": w.item,
    }  # fmt: skip


def _of_both(w: Words) -> dict:
    return {
        "issuer": w.body, "to": w.unit, "name": w.name, "unit": w.unit, "community": w.body, "sent_on": w.day,
        "community_body": f"{w.body}党组织", "unit_body": f"{w.unit}党组织", "performance": w.text,
        "handlings": w.ticks("表扬 表彰 谈话提醒 批评教育 无"), "told": w.ticks("是 否"),
    }  # fmt: skip


def _evaluation_card(w: Words) -> dict:
    counted = "服务次数 服务时长 走访 参加活动 服务日 提出建议 认领心愿 办成心愿 暂缓"
    return _of_both(w) | {
        "kind": "年度", "period": w.said("2026年1月1日—12月31日"),
        "facts": [(label, w.count) for label in counted.split()],
        "promises": w.line, "five_ones": w.line, "self_assessment": w.text,
        "voices": [w.line] * (0, 1, 4, 8)[w.measure], "grade": w.said("优秀"), "advice": w.line,
        "replaces": w.number if w.measure > TYPICAL else NOTHING,
        "uses": w.ticks("民主评议 评先树优 晋级晋职 推荐优秀党员 推选党代表 提拔调整 无"),
    }  # fmt: skip


def _evaluation_note(w: Words) -> dict:
    empty = dict.fromkeys(("promises", "five_ones", "self_assessment", "grade", "advice"), NOTHING)
    return _of_both(w) | empty | {
        "kind": "随时（突出表现）", "period": w.day, "facts": [], "voices": [], "replaces": NOTHING, "uses": []
    }  # fmt: skip


def _bulletin(w: Words) -> dict:
    figures = (w.count, w.hours, w.count, w.count, w.count, w.count, w.late, w.late)
    return {
        "issuer": w.body, "period": "2026年第二季度", "unit": w.unit, "community": w.body, "registered": f"{w.count}人",
        "served": f"{w.count}人", "people": w.lines((0, 8, 30, 20), w.name, *figures), "sums": figures,
        "words": w.lines((0, 1, 4, 8), w.name, w.text), "remark": w.text, "sent_on": w.day,
        "acknowledged_by": w.name, "acknowledged_on": w.day,
    }  # fmt: skip


def _household_card(w: Words) -> dict:
    what = w.line if w.measure < HARD else w.few
    visits = [(f"{month}月", w.said("12日"), w.name, what, w.few, w.name)
              for month in range(1, 13) for _ in range((1, 1, 2, 5)[w.measure])]  # fmt: skip
    return {
        "issuer": w.body, "copy": "社区留存", "replaces": REPLACES if w.measure > TYPICAL else NOTHING,
        "whole": True, "file_number": "2026-0012", "year": "2026年",
        "until": NOTHING if w.measure else "截至2026年5月6日", "name": w.name, "sex": w.sex, "born": w.month,
        "kinds": w.ticks("贫困户 困难党员 残疾人 贫困学生 孤寡老人"), "helps": w.ticks("助贫 助困 助残 助学 助老"),
        "community": w.body, "grid": w.grid, "opened_on": w.day, "address": w.address, "phone": w.phone, "size": "3人",
        "family": w.line, "difficulties": w.line, "policies": w.line, "needs": w.line, "ways": w.item, "aim": w.text,
        "supporters": w.lines((0, 1, 3, 8), w.name, w.unit, w.phone, f"{w.day}起"), "visits": visits,
        "consent": w.ticks("本人 监护人"), "guardian": w.name if w.measure > TYPICAL else NOTHING,
        "consent_on": w.day, "consent_taken_by": w.name, "sealed_on": w.day,
        "visited": "全年走访12次，有走访的月份12个", "waiting": w.said("另有1次走访已登记、待确认，未列入。"),
    }  # fmt: skip


def _service_proof(w: Words) -> dict:
    return {
        "issuer": w.body, "name": w.name, "sex": w.sex, "unit": w.unit, "volunteer_number": w.number, "first": w.day,
        "last": w.day, "community": w.body, "lines": w.lines((1, 3, 8, 8), "便民利民", w.count, w.hours),
        "times": w.count, "hours": w.hours, "head": w.name, "handled_by": f"{w.body} {w.name}", "contact": w.phone,
        "issued_on": w.day,
    }  # fmt: skip


def _sign_in_sheet(w: Words) -> dict:
    people = w.lines((0, 12, 40, 20), w.name, w.unit, w.phone)
    return {
        "issuer": w.body, "heading": "服务日签到表", "name": w.few, "day": "2026年5月6日", "place": w.address,
        "when": "2026年5月6日 09:00—11:30", "organiser": w.body, "kind": "服务（便民利民）",
        "signed_up": f"{len(people)}人", "people": people, "note": "时长按半小时计，不含路途。",
        "walk_ins": [str(at) for at in range(len(people) + 1, max(len(people) + 8, 20) + 1)],
    }  # fmt: skip


def _wish_slip(w: Words) -> dict:
    return {
        "issuer": w.body, "wish_number": "2026-0007", "query_code": w.code, "submitted_on": w.day, "source": "心愿墙",
        "title": w.grid, "category": w.said("便民利民"), "shown_name": w.said("李某某"), "community": w.body,
        "phone": w.phone, "address": w.address,
    }  # fmt: skip


def _contacts(w: Words) -> dict:
    row = (w.body, "城关镇", w.name, w.name, w.phone, w.address, w.item)
    return {"issuer": "县委组织部", "until": w.day, "rows": w.lines((0, 8, 40, 20), *row)}


def _catalogue(w: Words) -> dict:
    row = (w.number, w.unit, "在职党员现实表现评议情况反馈卡", w.day, w.count, w.few)
    return {
        "issuer": w.body, "volume": f"2026年 {w.body}", "count": f"{w.count}件", "pages": f"{w.count}页",
        "office": w.body, "made_on": w.day,
        "lines": [(str(at), *line) for at, line in enumerate(w.lines((1, 8, 30, 20), *row), 1)],
    }  # fmt: skip


def _summary(w: Words) -> dict:
    heads = ("总体情况", "主要做法", "存在问题", "下一步打算")
    return {
        "issuer": w.unit, "title": f"{w.unit}2026年度“在职党员进社区，服务群众零距离”活动开展情况总结",
        "to": "县委组织部", "copies": NOTHING,
        "red_head": NOTHING, "sealed_on": w.day, "until": w.day,
        "sections": [(numeral, head, [w.text] * 2) for numeral, head in zip("一二三四", heads, strict=True)],
        "figures": w.lines((0, 6, 20, 20), w.item, w.count),
    }  # fmt: skip


def _result_notice(w: Words) -> dict:
    told = [w.text] * 2
    return {
        "issuer": "中共凤翔县委组织部", "title": "关于在职党员进社区督查情况的通报", "copies": NOTHING,
        "to": "各镇党委，县级各部门党组（党委），园区党工委，县直机关工委，各单位、社区党组织",
        "red_head": "中共凤翔县委组织部文件" if w.measure > TYPICAL else NOTHING, "sealed_on": w.day, "opening": w.text,
        "closing": "\n".join(told), "heads": ["党组织", "问题", "已认可", "其余整改期限"],
        "lines": w.lines((0, 4, 20, 20), w.unit, w.count, w.count, w.day),
        "sections": [("一", "总体情况", told), ("二", "予以通报表扬的党组织", told), ("三", "问题整改情况", ["table"]),
                     ("四", "有关要求", ["closing"])],
    }  # fmt: skip


def _foot(w: Words) -> dict:
    return {
        "issuer": w.body, "year": "2026年", "until": "截至2026年5月6日", "head": w.name, "deputy": w.name,
        "compiled_by": w.name, "phone": w.phone, "day": w.day,
    }  # fmt: skip


def _register(w: Words) -> dict:
    row = (w.name, w.sex, "1980-05", f"{w.unit} {w.post}", w.few, "2026-05-10", w.number, w.number, w.few, w.team,
           w.phone, w.said("领导干部、预备党员"))  # fmt: skip
    lines = w.lines((0, 6, 15, 8), *row)
    return _foot(w) | {
        "part": "乙", "community": w.body, "count": f"{len(lines)}人", "heads": [label for label, _ in HEADS],
        "rows": [(str(at), *line) for at, line in enumerate(lines, 1)], "in_parts": False, "begins": True, "ends": True,
    }  # fmt: skip


def _seven(w: Words) -> dict:
    keys = ("should", "reported", "level_city", "level_county", "level_town", "level_enterprise", "rate", "in_teams",
            "missing", "uncertified", "certified", "waiting", "exempt", "remarks")  # fmt: skip
    cells = (w.body, *[w.count] * 6, w.said("87.5%"), *[w.count] * 6, w.few)
    rows = w.lines((0, 8, 20, 6), *cells)
    return _foot(w) | {
        "part": "甲", "first": "社区", "keys": keys, "shared": NOTHING,
        "over": [("应报到", 1, 2), ("已报到", 1, 2), ("其中（按单位级别）", 4, 1), ("报到率", 1, 2),
                 ("编入服务队", 1, 2), ("未报到", 4, 1), ("免报", 1, 2), ("备注", 1, 2)],
        "under": ["市", "县", "镇", "企业", "合计", "未开证明信", "持信未报到", "待接洽"],
        "rows": [(str(at), *row) for at, row in enumerate(rows, 1)], "total": ("", "合计", *cells[1:]),
    }  # fmt: skip


def _six(w: Words) -> dict:
    keys = ("should", "reported", "rate", "teams", "posts", "services", "hours", "suggestions", "adopted",
            "activities", "households", *[f"households_{at}" for at in range(5)], "visits", "wishes", "claimed",
            "fulfilled", "service_days", "service_day_people", *[f"grade_{at}" for at in range(4)], "exemplars",
            "remarks")  # fmt: skip
    number = w.said("9999" if w.measure == HARD else w.count)
    row = (w.unit, number, number, w.said("87.5%"), number, number, w.count, w.hours, *[number] * 20,
           w.said("含退休3人"))  # fmt: skip
    rows = w.lines((0, 8, 12, 8), *row)
    return _foot(w) | {
        "first": "单位", "keys": keys, "shared": w.said("帮扶家庭、走访"), "reconciled": w.line,
        "over": [("应报到", 1, 2), ("已报到", 1, 2), ("报到率", 1, 2), ("服务队", 1, 2), ("认领岗位人数", 1, 2),
                 ("服务", 2, 1), ("合理建议", 2, 1), ("公益活动", 1, 2), ("帮扶家庭（户）", 6, 1), ("走访", 1, 2),
                 ("微心愿（个）", 3, 1), ("服务日", 2, 1), ("评议等次（人）", 4, 1),
                 ("服务标兵", 1, 2), ("备注", 1, 2)],
        "under": ["人次", "小时", "条数", "采纳", "合计", "贫困户", "困难党员", "残疾人", "贫困学生", "孤寡老人",
                  "征集", "认领", "实现", "次", "人次", "优秀", "良好", "一般", "较差"],
        "rows": [(str(at), *line) for at, line in enumerate(rows, 1)], "total": ("", "合计", *row[1:]),
    }  # fmt: skip


# Name of the sample: the template that prints it, and its cells.
SAMPLES = {
    "certificate": ("certificate", _certificate),
    "info-card": ("info-card", _info_card),
    "receipt": ("receipt", _receipt),
    "record-card": ("record-card", _record_card),
    "pledge-card": ("pledge-card", _pledge_card),
    "evaluation-card": ("evaluation-card", _evaluation_card),
    "evaluation-note": ("evaluation-note", _evaluation_note),
    "bulletin": ("bulletin", _bulletin),
    "household-card": ("household-card", _household_card),
    "service-proof": ("service-proof", _service_proof),
    "sign-in-sheet": ("sign-in-sheet", _sign_in_sheet),
    "wish-slip": ("wish-slip", _wish_slip),
    "contacts": ("contacts", _contacts),
    "catalogue": ("catalogue", _catalogue),
    "summary": ("summary", _summary),
    "result-notice": ("result-notice", _result_notice),
    "service-table": ("service-table", _six),
    "registration-table": ("registration-table", _seven),
    "register": ("registration-table", _register),
}


def page_of(name: str, measure: int, /, **put: object) -> tuple[str, set[str]]:
    """The page of a sample as it goes to the printing process, and the words that stand on it; `put`: other cells."""
    kind, cells = SAMPLES[name]
    filled = _Noting(cells(Words(measure)) | put)
    proof = Proof("https://example.org/verify/" + "A" * 150, "ABC-DEF-GHJ-KMN", "example.org/verify")
    draft = measure == BLANK
    sheet = SimpleNamespace(
        kind=kind, title=f"试印{name}", number=NOTHING if draft else "凤进社字〔2026〕0012号", keywords="",
        version=1 + (measure > TYPICAL), proof=None if draft and kind != "wish-slip" else proof,
        watermark="草稿" if draft else None, unproved="本件尚未定稿，无校验码，不得用印",
    )  # fmt: skip
    page = render_template(f"papers/{kind}.html", frame="papers/_print.html", sheet=sheet, cells=filled)
    shown = {word for name in filled.asked - {"issuer", "part"} for word in _leaves(filled.given[name])}
    return page, {word for word in shown if not re.fullmatch("[a-z_0-9]*[a-z][a-z_0-9]*", word)} - {NOTHING}


class _Noting:
    """Cells that note which of them the template asks for."""

    def __init__(self, given: dict) -> None:
        self.given, self.asked = given, set()

    def __getattr__(self, name: str):
        self.asked.add(name)
        return self.given[name]


def _leaves(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
