"""The lists of members and of organisations as spreadsheets."""

from flask import abort
from sqlalchemy import Select

from portal import web
from portal.actors import Actor
from portal.filters import masked_phone
from portal.forms import FilterForm
from portal.list_sheets import ListSheet, offer
from portal.people import listing, organisations
from portal.people.contacts import Sight, sight
from portal.people.models import Community, Member, Supervisor, Unit


def _members(by: Actor) -> tuple[Select, FilterForm]:
    form = listing.members_filter(by)
    return listing.members(by, form), form


def _phone(member: Member) -> str:
    """As the page shows it: in clear to the own unit, else masked or not at all."""
    how = sight(member, web.me())
    if how is Sight.HIDDEN or not member.phone:
        return ""
    return member.phone if how is Sight.CLEAR else masked_phone(member.phone)


def _home(member: Member) -> str:
    return member.community.name if member.community else "未填" if member.lives_in_town else "不在县城"


MEMBERS = (
    ("姓名", 14, "name"), ("性别", 6, "sex"), ("民族", 8, "ethnicity"), ("单位", 28, "unit.name"), ("职务", 14, "post"),
    ("领导干部", 9, "leading"), ("党员类别", 10, lambda member: "预备" if member.probationary else "正式"),
    ("居住社区", 14, _home), ("网格", 12, "grid.name"), ("电话", 14, _phone), ("列入名册", 12, "since"),
    ("状态", 8, "status"),
)  # fmt: skip
ABOVE = {"units": ("上级党组织", 24, "supervisor.name"), "communities": ("所属镇", 18, "town.name")}
OWN = {
    "supervisors": (("类别", 28, "kind"),), "units": (("类别", 8, "kind"), ("级别", 8, "level")),
    "communities": (("接洽人", 12, "receptionist"), ("地址", 28, "address")),
}  # fmt: skip


def _places(word: str):
    def shown(by: Actor) -> tuple[Select, FilterForm]:
        kind = organisations.KINDS[word]
        if kind not in organisations.kinds_for(by):
            abort(404)
        form = organisations.filter_for(kind)
        return organisations.listed(kind, by, form), form

    return shown


def _place_columns(word: str) -> tuple:
    above = (ABOVE[word],) if word in ABOVE else ()
    people = (
        (("负责人", 12, "head"),) if word == "communities" else (("负责人", 12, "head"), ("分管负责人", 12, "deputy"))
    )
    return (("代码", 10, "code"), ("名称", 32, "name"), *above, *OWN[word], *people, ("电话", 16, "phone"))


offer(
    ListSheet("members", "在职党员名册", "people.index", _members, MEMBERS, (Member.pinyin,), fields=("phone",)),
    *(ListSheet(f"organisations-{word}", organisations.KINDS[word].title, "organisations.index", _places(word),
                _place_columns(word), (model.name,))
      for word, model in (("supervisors", Supervisor), ("units", Unit), ("communities", Community))),
)  # fmt: skip
