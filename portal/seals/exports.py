"""The seal ledger and the members' chains as spreadsheets."""

from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from portal import web
from portal.actors import Actor
from portal.list_sheets import ListSheet, offer
from portal.numbers import IssuedPaper, official_number
from portal.papers.catalogue import PAPERS
from portal.people.models import Member
from portal.seals import chain, listing, queries
from portal.seals.forms import ChainFilter, LedgerFilter
from portal.seals.links import Chain, Link
from portal.seals.models import SealEntry


def _ledger(by: Actor) -> tuple[Select, LedgerFilter]:
    form, filters = listing.ledger_wanted(by)
    return queries.filtered(by, filters), form


def _beside(papers: list[IssuedPaper]) -> tuple[dict[int, SealEntry], dict[int, queries.Whose]]:
    return queries.entries_of(papers), queries.whose(papers)


def _of_entry(name: str):
    return lambda paper, beside: getattr(beside[0][paper.id], name)


def _of_whose(name: str):
    return lambda paper, beside: getattr(beside[1][paper.id], name)


LEDGER = (
    ("表样", 30, lambda paper, _: PAPERS[paper.kind].title),
    ("编号", 24, lambda paper, _: official_number(paper.kind, paper.number)), ("版", 6, "version"),
    ("姓名", 14, _of_whose("member")), ("单位", 28, _of_whose("unit")), ("社区", 14, _of_whose("community")),
    ("出具", 24, "office"), ("生成时间", 18, "issued_at"), ("打印时间", 18, _of_entry("printed_at")),
    ("签字时间", 18, _of_entry("signed_at")), ("盖章时间", 18, _of_entry("stamped_at")),
    ("归档时间", 18, _of_entry("archived_at")), ("盒号", 16, _of_entry("box")), ("状态", 10, _of_entry("state")),
    ("效力", 12, "state"),
)  # fmt: skip


def _chains(by: Actor) -> tuple[Select, ChainFilter]:
    form, year, filters = listing.chain_wanted(by)
    named = (joinedload(Member.unit), joinedload(Member.community))
    return chain.filtered(by, year, filters).options(*named), form


def _gathered(members: list[Member]) -> dict[int, Chain]:
    return chain.of_members(members, listing.chain_wanted(web.me())[1])


def _of_link(link: Link):
    return lambda member, chains: chains[member.id].pieces[link].label


CHAINS = (
    ("姓名", 14, "name"), ("单位", 28, "unit.name"), ("居住社区", 14, "community.name"),
    *((link.label, 10, _of_link(link)) for link in Link),
)  # fmt: skip

offer(
    ListSheet("seals", "用印台账", "seals.index", _ledger, LEDGER, queries.ORDER, gather=_beside),
    ListSheet("seal-missing", "缺件", "seals.missing", _chains, CHAINS, (Member.pinyin,), gather=_gathered),
)  # fmt: skip
