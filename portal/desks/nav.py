"""What stands in the navigation: for residents the same for all, for staff in groups by the role in use."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for

from portal.actors import Actor, Role
from portal.doors import serves

PUBLIC = (
    ("首页", "desks.home"),
    ("心愿墙", "wishes.wall"),
    ("活动菜单", "menu.board"),
    ("许心愿", "resident.new"),
    ("查心愿", "follow.page"),
    ("服务承诺", "pledges.index"),
    ("身边的故事", "stories.index"),
    ("说说服务", "remarking.new"),
    ("真伪验证", "papers.verify"),
    ("帮助", "desks.help"),
)
RECORDING_OFFICES = (
    Role.CLERK, Role.GRID_WORKER, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip
RECORD_READERS = (Role.MEMBER, *RECORDING_OFFICES)
REPORTING_OFFICES = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
PRINTERS = (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)
# A group: its label and its entries, each with the page it leads to and the roles that have it (none: all).
Named = tuple[str, str, tuple[Role, ...]]
STAFF: tuple[tuple[str, tuple[Named, ...]], ...] = (
    ("待办", (
        ("待办", "desks.desk", ()),
    )),
    ("我的", (
        ("我的报到", "registrations.mine", (Role.MEMBER,)),
        ("我的承诺", "pledges.mine", (Role.MEMBER,)),
        ("我的评议", "evaluations.mine", (Role.MEMBER,)),
        ("我的安排", "menu.mine", (Role.MEMBER,)),
        ("我的心愿", "wishes.mine", (Role.MEMBER,)),
        ("结对帮扶", "households.mine", (Role.MEMBER,)),
        ("写实记录", "records.index", (Role.MEMBER,)),
        ("求助", "difficulties.index", (Role.MEMBER,)),
    )),
    ("党员", (
        ("报到", "registrations.index", REPORTING_OFFICES),
        ("报到率", "registrations.rates_page", REPORTING_OFFICES),
        ("信息库", "registrations.member_file_page", (Role.CLERK,)),
        ("名册导入", "rosters.index", (Role.LIAISON, Role.COUNTY)),
        ("党员", "people.index", REPORTING_OFFICES),
        ("疑似重复", "doubles.index", (Role.COUNTY,)),
        ("期初导入", "firstday.index", (Role.COUNTY,)),
    )),
    ("服务", (
        ("活动菜单", "menu.board", RECORD_READERS),
        ("服务岗位", "posts.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
        ("活动", "activities.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
        ("服务队", "teams.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
        ("心愿墙", "wishes.wall", (Role.MEMBER, Role.LIAISON)),
        ("心愿办理", "wishes.cases", (Role.CLERK, Role.GRID_WORKER, Role.TOWN, Role.COUNTY)),
        ("本单位认领", "wishes.unit", (Role.LIAISON,)),
        ("联系对象", "households.index", (Role.CLERK, Role.GRID_WORKER)),
        ("联系对象", "households.counts", (Role.TOWN, Role.COUNTY)),
        ("结对帮扶", "households.unit", (Role.LIAISON,)),
        ("合理建议", "suggestions.index",
         (Role.MEMBER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)),
        ("结对共建", "pairings.index", REPORTING_OFFICES),
    )),
    ("评议", (
        ("五个一", "duties.index", REPORTING_OFFICES),
        ("服务承诺", "pledges.cases", REPORTING_OFFICES),
        ("写实记录", "records.index", RECORDING_OFFICES),
        ("现实表现评议", "evaluations.index", REPORTING_OFFICES),
        ("季度反馈", "feedback.index", REPORTING_OFFICES),
        ("联系记录", "contacts.index", REPORTING_OFFICES),
        ("社区联系方式", "contacts.communities", (Role.GRID_WORKER,)),
        ("党员求助", "difficulties.index", (Role.CLERK, Role.LIAISON)),
        ("党员求助", "difficulties.counts", (Role.COUNTY,)),
        ("群众意见", "remarks.index", (Role.MEMBER, Role.CLERK, Role.TOWN)),
        ("督查", "inspections.index", (*REPORTING_OFFICES, Role.INSPECTOR)),
        ("服务标兵", "exemplars.index", RECORD_READERS),
    )),
    ("上报", (
        ("年度上报", "reports.index", (Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)),
        ("上报数据核对", "reports.parts.index", (Role.CLERK,)),
        ("汇总表", "tables.index", REPORTING_OFFICES),
        ("图表", "charts.index", REPORTING_OFFICES),
        ("本单位工作", "work.index", (Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)),
        ("打印", "papers.index", PRINTERS),
        ("用印台账", "seals.index", PRINTERS),
        ("归档", "archives.index", (*PRINTERS, Role.ADMIN)),
        ("对接导出", "bridge.index", (Role.COUNTY,)),
    )),
    ("宣传", (
        ("通知公告", "notices.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
        ("事迹稿件", "stories.cases", REPORTING_OFFICES),
        ("身边的故事", "stories.index", (Role.MEMBER, Role.GRID_WORKER)),
    )),
    ("管理", (
        ("组织", "organisations.index",
         (Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY, Role.ADMIN)),
        ("账号", "accounts.index", (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY, Role.ADMIN)),
        ("年度", "scheme.index", (Role.COUNTY, Role.ADMIN)),
        ("年度结账", "closing.index", (Role.COUNTY,)),
    )),
)  # fmt: skip
# Pages and blueprints that belong to an entry of another blueprint, or not to the first entry of their own.
BELONGS = {
    "registrations.group": "teams",
    "registrations.people": "registrations.rates_page",
    "appointments": "accounts",
    "story_photos": "stories",
    "summaries": "reports",
    "findings": "inspections",
    "result_notices": "inspections",
    "checklists": "inspections",
    "service_days": "scheme",
}


@dataclass(frozen=True)
class Entry:
    """A link of the navigation; `current` is its aria-current: the page itself, a page of its room, or empty."""

    label: str
    url: str
    current: str


@dataclass(frozen=True)
class Group:
    """What opens under one word; a single entry needs no group and stands by itself."""

    label: str
    entries: tuple[Entry, ...]

    @property
    def current(self) -> bool:
        """Whether the page that is open belongs to one of its entries."""
        return any(entry.current for entry in self.entries)


def public_nav() -> list[Entry]:
    """The pages of residents that this process serves."""
    return _entries(PUBLIC)


def staff_nav(actor: Actor) -> list[Group]:
    """The pages of a role, in their groups; a group without an entry for the role is left out."""
    named = [[(label, page) for label, page, roles in each if not roles or actor.role in roles] for _, each in STAFF]
    entries = iter(_entries(pair for each in named for pair in each if serves(pair[1])))
    groups = []
    for (label, _), each in zip(STAFF, named, strict=True):
        groups.append(Group(label, tuple(next(entries) for pair in each if serves(pair[1]))))
    return [group for group in groups if group.entries]


def list_here(actor: Actor | None) -> Entry | None:
    """The entry to which the open page belongs, None where there is none: the list between home and a case."""
    entries = [each for group in staff_nav(actor) for each in group.entries] if actor else public_nav()
    return next((entry for entry in entries if entry.current), None)


def _entries(named: Iterable[tuple[str, str]]) -> list[Entry]:
    served = [(label, endpoint) for label, endpoint in named if serves(endpoint)]
    here = _here([endpoint for _, endpoint in served])
    current = "page" if here == request.endpoint else "true"
    return [Entry(label, url_for(endpoint), current if endpoint == here else "") for label, endpoint in served]


def _here(endpoints: list[str]) -> str | None:
    # A page that has no entry of its own belongs to the first entry of its blueprint, else of its address.
    if request.endpoint in endpoints:
        return request.endpoint
    room = BELONGS.get(str(request.endpoint)) or BELONGS.get(str(request.blueprint)) or request.blueprint
    for each in endpoints:
        if room in (each, each.partition(".")[0]):
            return each
    top = request.path.split("/")[1]
    return next((each for each in endpoints if top and url_for(each).split("/")[1] == top), None)
