"""What stands in the navigation: for residents the same for all, for staff by the role in use."""

from collections.abc import Iterable

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
    ("说说服务", "remarking.new"),
    ("真伪验证", "papers.verify"),
    ("帮助", "desks.help"),
)
RECORD_READERS = (
    Role.MEMBER, Role.CLERK, Role.GRID_WORKER, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY,
)  # fmt: skip
REPORTING_OFFICES = (Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)
PRINTERS = (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)
STAFF: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("待办", "desks.desk", ()),
    ("我的报到", "registrations.mine", (Role.MEMBER,)),
    ("名册导入", "rosters.index", (Role.LIAISON, Role.COUNTY)),
    ("报到", "registrations.index", REPORTING_OFFICES),
    ("报到率", "registrations.rates_page", REPORTING_OFFICES),
    ("信息库", "registrations.member_file_page", (Role.CLERK,)),
    ("服务队", "teams.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
    ("服务岗位", "posts.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
    ("活动", "activities.index", (Role.MEMBER, Role.GRID_WORKER, *REPORTING_OFFICES)),
    ("活动菜单", "menu.board", RECORD_READERS),
    ("我的安排", "menu.mine", (Role.MEMBER,)),
    ("我的承诺", "pledges.mine", (Role.MEMBER,)),
    ("服务承诺", "pledges.cases", REPORTING_OFFICES),
    ("五个一", "duties.index", REPORTING_OFFICES),
    ("结对共建", "pairings.index", REPORTING_OFFICES),
    ("我的心愿", "wishes.mine", (Role.MEMBER,)),
    ("本单位认领", "wishes.unit", (Role.LIAISON,)),
    ("心愿墙", "wishes.wall", (Role.MEMBER, Role.LIAISON)),
    ("心愿办理", "wishes.cases", (Role.CLERK, Role.GRID_WORKER, Role.TOWN, Role.COUNTY)),
    ("合理建议", "suggestions.index", (Role.MEMBER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COUNTY)),
    ("群众意见", "remarks.index", (Role.MEMBER, Role.CLERK, Role.TOWN)),
    ("结对帮扶", "households.mine", (Role.MEMBER,)),
    ("联系对象", "households.index", (Role.CLERK, Role.GRID_WORKER)),
    ("结对帮扶", "households.unit", (Role.LIAISON,)),
    ("联系对象", "households.counts", (Role.TOWN, Role.COUNTY)),
    ("写实记录", "records.index", RECORD_READERS),
    ("打印", "papers.index", PRINTERS),
    ("党员", "people.index", REPORTING_OFFICES),
    ("疑似重复", "doubles.index", (Role.COUNTY,)),
    ("组织", "organisations.index", (Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY, Role.ADMIN)),
    ("账号", "accounts.index", (Role.LIAISON, Role.CLERK, Role.TOWN, Role.DEPARTMENT, Role.COUNTY, Role.ADMIN)),
    ("期初导入", "firstday.index", (Role.COUNTY,)),
    ("年度", "scheme.index", (Role.COUNTY, Role.ADMIN)),
)


def public_nav() -> list[tuple[str, str, str]]:
    """(label, address, aria-current) for the pages of residents that this process serves."""
    return _entries(PUBLIC)


def staff_nav(actor: Actor) -> list[tuple[str, str, str]]:
    """(label, address, aria-current) for the pages of a role."""
    return _entries([(label, endpoint) for label, endpoint, roles in STAFF if not roles or actor.role in roles])


def _entries(named: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    served = [(label, endpoint) for label, endpoint in named if serves(endpoint)]
    here = _here([endpoint for _, endpoint in served])
    current = "page" if here == request.endpoint else "true"
    return [(label, url_for(endpoint), current if endpoint == here else "") for label, endpoint in served]


def _here(endpoints: list[str]) -> str | None:
    # A page that has no entry of its own belongs to the first entry of its blueprint, else of its address.
    if request.endpoint in endpoints:
        return request.endpoint
    for each in endpoints:
        if each.partition(".")[0] == request.blueprint:
            return each
    top = request.path.split("/")[1]
    return next((each for each in endpoints if top and url_for(each).split("/")[1] == top), None)
