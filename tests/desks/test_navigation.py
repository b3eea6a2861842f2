"""The navigation of people who are signed in: groups that open without JavaScript, the page's own marked."""

import pytest

from portal.actors import Role
from portal.desks import nav
from tests.inspections.conftest import finding_of
from tests.inspections.conftest import walk as an_inspection
from tests.pages import select, texts
from tests.publicity.making import a_notice

GROUPS = ["待办", "我的", "党员", "服务", "评议", "上报", "宣传", "管理"]
MOST = 8  # two rows on a phone


def row(page) -> list[str]:
    return texts(page, ".nav--staff .wrap > ul > li > a, .nav--staff summary")


def test_groups_stand_in_their_order():
    assert [label for label, _ in nav.STAFF] == GROUPS


def test_every_entry_and_every_page_that_belongs_to_one_is_a_page(application):
    rooms = {each.partition(".")[0] for each in application.view_functions}
    named = [page for _, entries in nav.STAFF for _, page, _ in entries]
    assert set(named) <= set(application.view_functions)
    assert set(nav.BELONGS) | set(nav.BELONGS.values()) <= rooms | set(application.view_functions)


@pytest.mark.parametrize("role", Role)
def test_no_role_has_two_entries_of_one_name(role):
    labels = [label for _, entries in nav.STAFF for label, _, roles in entries if not roles or role in roles]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("username", ["member1", "clerk1", "grid1", "liaison1", "county", "admin"])
def test_what_a_role_reads_at_one_look(cast, browse, username):
    """The groups in their order; an entry that is alone in its group stands there by its own name."""
    role = next(each.role for each in cast.users[username].appointments)
    expected = []
    for group, entries in nav.STAFF:
        own = [label for label, _, roles in entries if not roles or role in roles]
        expected += [] if not own else own if len(own) == 1 else [group]
    page = browse(cast.users[username]).get("/desk")
    assert row(page) == expected and len(expected) <= MOST
    assert row(page)[0] == "待办" and ("我的" in row(page)) is (role is Role.MEMBER)


def test_a_group_opens_without_javascript_and_one_at_a_time(cast, browse):
    groups = select(browse(cast.users["clerk1"]).get("/desk"), ".nav--staff details")
    assert len(groups) > 3 and {group.get("name") for group in groups} == {"nav"}
    assert {group.get("open") for group in groups} == {None}


@pytest.mark.parametrize(
    ("username", "address", "group", "entry", "current"),
    [
        ("clerk1", "/desk", [], "待办", "page"),
        ("clerk1", "/records", ["评议"], "写实记录", "page"),
        ("clerk1", "/records/new", ["评议"], "写实记录", "true"),
        ("clerk1", "/registrations/grouping", ["服务"], "服务队", "true"),
        ("clerk1", "/registrations/people?line=all", ["党员"], "报到率", "true"),
        ("liaison1", "/registrations/transfers", ["党员"], "报到", "true"),
        ("member1", "/records", ["我的"], "写实记录", "page"),
        ("county", "/scheme", ["管理"], "年度", "page"),
    ],
)
def test_the_group_and_the_entry_of_the_page_are_marked(cast, browse, username, address, group, entry, current):
    page = browse(cast.users[username]).get(address)
    assert page.status_code == 200
    assert texts(page, ".nav--staff summary[aria-current]") == group
    assert texts(page, ".nav--staff a[aria-current]") == [entry]
    assert [one.get("aria-current") for one in select(page, ".nav--staff a[aria-current]")] == [current]


def test_a_moves_page_stands_below_the_list_of_its_case(cast, browse):
    """As every other page does: home, the list that one has, the case, the act."""
    notice = a_notice(cast)
    finding = finding_of(an_inspection(cast, "issued"))
    for username, address, crumbs in (
        ("county", f"/notices/{notice.number}/withdraw", ["工作台", "通知公告", notice.number, "撤回通知"]),
        ("liaison1", f"/inspections/findings/{finding.id}/answer", ["工作台", "督查", "这个问题", "答复"]),
    ):
        assert texts(browse(cast.users[username]).get(address), ".crumbs li") == crumbs
