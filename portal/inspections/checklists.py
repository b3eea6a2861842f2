"""The county's templates of what an inspection looks at; one that follows the notice is there for the asking."""

from collections.abc import Sequence

from sqlalchemy import select

from portal import audit
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.inspections.kinds import AskedOf, Drawn, InspectionKind
from portal.inspections.models import Checklist, ChecklistItem

MOST_ITEMS = 40
A, U, C, B = AskedOf.ALL, AskedOf.UNITS, AskedOf.COMMUNITIES, AskedOf.BODIES
Line = tuple[AskedOf, str, Drawn | None, str]
# What the notice asks of units, communities and the bodies above them, clause by clause.
OF_CHECK: tuple[Line, ...] = (
    (U, "成立工作机构，制定工作方案，召开部署动员会，组织大讨论", Drawn.OWN_WORK, "二(三)1"),
    (U, "主要负责人负总责，确定一名主联络员", Drawn.LIAISON, "二(三)3"),
    (U, "5月15日前居住在县城社区的在职党员全部报到", Drawn.REPORTED, "三1"),
    (U, "社区开出的报到回执及时备案", Drawn.RECEIPTS, "三1"),
    (U, "审定在职党员服务承诺卡", Drawn.PLEDGES, "二(三)2"),
    (U, "党员每年至少服务2次或8小时，五个一逐项落实", Drawn.FIVE_ONES, "二(一)"),
    (U, "结对的困难家庭每月至少走访一次", Drawn.VISITS, "二(一)4"),
    (U, "评议结果与民主评议、评先树优、晋级晋职相结合", None, "二(三)3"),
    (C, "明确专人接待报到，建立在职党员档案和信息库", Drawn.RECEIPTS, "二(二)1"),
    (C, "通过心愿墙、心愿箱、入户收集微心愿，按期审核办结", Drawn.WISHES, "二(二)2"),
    (C, "组建志愿服务队，季度服务日集中开展活动", None, "二(二)3"),
    (C, "服务情况如实、及时登记，由第二人确认", Drawn.UNCONFIRMED, "二(二)4"),
    (C, "写实登记补录占比", Drawn.ENTERED_LATE, "二(二)4"),
    (C, "联系对象档案齐全，每月有走访", Drawn.VISITS, "二(一)4"),
    (C, "群众意见有核实、有答复", Drawn.REMARKS, "二(一)"),
    (C, "合理建议按期受理、答复", Drawn.SUGGESTIONS, "二(一)2"),
    (B, "专题研究部署，督促所属单位组织实施", Drawn.OWN_WORK, "二(三)1"),
    (B, "所属单位在职党员报到率达到100%", Drawn.REPORTED, "二(三)2"),
    (B, "转办的合理建议按期答复", Drawn.SUGGESTIONS, "二(一)2"),
    (A, "主要负责同志带头进社区，以普通党员身份参加服务", None, "四"),
)
OF_YEAR: tuple[Line, ...] = (
    (B, "制定方案、部署动员、经常督促所属单位", Drawn.OWN_WORK, "二(三)1"),
    (B, "所属单位在职党员报到率", Drawn.REPORTED, "二(三)2"),
    (B, "服务承诺审定情况", Drawn.PLEDGES, "二(三)2"),
    (B, "全年服务情况", Drawn.SERVICE, "二(一)1"),
    (B, "五个一落实情况", Drawn.FIVE_ONES, "二(一)"),
    (B, "结对帮扶走访情况", Drawn.VISITS, "二(一)4"),
    (B, "写实登记补录占比", Drawn.ENTERED_LATE, "二(二)4"),
    (B, "转办和提给镇里的合理建议答复情况", Drawn.SUGGESTIONS, "二(一)2"),
    (B, "评议结果综合运用，先进宣传表彰，反映不好的批评教育", None, "二(三)3"),
    (B, "年度总结和汇总表按期上报", None, "四"),
)
STANDARD = (
    ("在职党员进社区专项督查清单", InspectionKind.CHECK, OF_CHECK),
    ("在职党员进社区年度考核清单", InspectionKind.YEARLY_ASSESSMENT, OF_YEAR),
)


def take_standard(by: Actor) -> list[Checklist]:
    """The county takes the lists that follow the notice, those that it does not have under their names.  [三3]"""
    _check_county(by)
    known = set(db.session.scalars(select(Checklist.title)))
    made = [_of_lines(title, kind, lines) for title, kind, lines in STANDARD if title not in known]
    if not made:
        raise RuleBroken("通用清单都已在列。")
    return _begin(by, made)


def _of_lines(title: str, kind: InspectionKind, lines: Sequence[Line]) -> Checklist:
    items = [ChecklistItem(place=at, asked_of=asked, words=words, drawn=drawn, clause=clause)
             for at, (asked, words, drawn, clause) in enumerate(lines, 1)]  # fmt: skip
    return Checklist(title=title, kind=kind, items=items)


def open_new(by: Actor, title: str, kind: InspectionKind) -> Checklist:
    """The county begins a list of its own. Raises RuleBroken when there is one of this name.  [三3]"""
    _check_county(by)
    _check_title(title)
    return _begin(by, [Checklist(title=title, kind=kind)])[0]


def _begin(by: Actor, made: list[Checklist]) -> list[Checklist]:
    db.session.add_all(made)
    db.session.flush()
    for checklist in made:
        audit.write(by, "inspections.checklist", checklist)
    return made


def change(checklist: Checklist, by: Actor, title: str, active: bool) -> None:
    """The county renames a list, or takes it out of use. Raises RuleBroken.  [三3]"""
    _check_county(by)
    if title != checklist.title:
        _check_title(title)
    checklist.title, checklist.active = title, active
    audit.write(by, "inspections.checklist", checklist, fields=("title", "active"))


def set_item(checklist: Checklist, by: Actor, item: ChecklistItem | None, **given) -> ChecklistItem:
    """The county adds a line at the end of a list, or words one anew; `place` puts it elsewhere.  [三3]"""
    _check_county(by)
    if item is None:
        if len(checklist.items) >= MOST_ITEMS:
            raise RuleBroken(f"一份清单最多 {MOST_ITEMS} 项。")
        item = ChecklistItem(place=len(checklist.items) + 1)
        checklist.items.append(item)
    for name, value in given.items():
        if name != "place":
            setattr(item, name, value)
    _place(checklist, item, given.get("place") or item.place)
    db.session.flush()
    audit.write(by, "inspections.checklist_item", checklist, fields=tuple(given))
    return item


def remove_item(item: ChecklistItem, by: Actor) -> None:
    """The county takes a line off a list; inspections that have their copy keep it.  [三3]"""
    _check_county(by)
    checklist = item.checklist
    checklist.items.remove(item)
    _place(checklist, None, 0)
    audit.write(by, "inspections.checklist_item", checklist, fields=("removed",))


def _place(checklist: Checklist, item: ChecklistItem | None, place: int) -> None:
    others = [each for each in sorted(checklist.items, key=lambda each: each.place) if each is not item]
    if item is not None:
        others.insert(max(place, 1) - 1, item)
    for at, each in enumerate(others, 1):
        each.place = at


def _check_title(title: str) -> None:
    if db.session.scalar(select(Checklist.id).where(Checklist.title == title)):
        raise RuleBroken(f"已有一份叫“{title}”的清单。")


def _check_county(by: Actor) -> None:
    if not by.is_in(Role.COUNTY):
        raise NotYours("督查清单由县委组织部制定。")
