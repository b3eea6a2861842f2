"""What stands in each cell of the 联系对象档案卡: the file on the front, twelve months of visits on the back.

The community keeps the whole card; a unit keeps a copy without address, phone and family. A liaison, who reads no
file, prints the unit's copy without what the community alone knows, and with the own members' visits only.
"""

import datetime as dt
from collections.abc import Sequence

from portal import clock
from portal.actors import Role
from portal.filters import NOTHING, day, masked_phone
from portal.households.kinds import ConsentBy, Help
from portal.households.looks import age
from portal.households.models import Household, HouseholdKind, Support, Visit, VisitState
from portal.labels import Labelled
from portal.papers.catalogue import paper
from portal.papers.fill import month
from portal.papers.household_year import KIND, VisitsOfYear, gather, seen_by, unit_copies_seen_by

OF_UNIT = "household-card-unit"
TITLE = "在职党员进社区联系对象档案卡"
HIDDEN, KEPT = "（已隐去）", "（由社区掌握）"
PRIVATE = ("name", "born", "phone", "address", "family", "difficulties", "policies", "needs", "aim", "visits")


@paper("8", f"{TITLE}（社区留存）", kind=KIND, who=seen_by, gather=gather, private=PRIVATE, duplex=True,
       offices=(Role.CLERK,), each_noted=True)  # fmt: skip
def household_card(card: VisitsOfYear, full: bool) -> dict:
    """The community's own card of a household, with all that the file holds.  [附件8] [二(一)4]"""
    household = card.row
    return _front(card, full) | _back(card, full) | {
        "copy": "社区留存",
        "whole": True,
        "address": household.address if full else HIDDEN,
        "phone": household.phone if full else masked_phone(household.phone),
        "size": f"{household.size}人",
        "family": _family(household) if full else HIDDEN,
    }  # fmt: skip


@paper("8", f"{TITLE}（单位留存）", kind=OF_UNIT, who=unit_copies_seen_by, gather=gather, ledger=KIND, duplex=True,
       private=tuple(name for name in PRIVATE if name not in ("phone", "address", "family")),
       offices=(Role.CLERK, Role.LIAISON), each_noted=True)  # fmt: skip
def unit_copy(card: VisitsOfYear, full: bool) -> dict:
    """The copy for the supporters' unit, without address, phone and family.  [附件8] [二(三)]"""
    return _front(card, full) | _back(card, full) | {"copy": "单位留存", "whole": False}


def _front(card: VisitsOfYear, full: bool) -> dict:
    household, until = card.row, min(clock.today(), dt.date(card.year, 12, 31))
    return _file(card, full) | {
        "issuer": household.community.name,
        "filed_as": f"{household.number}（{card.year}年）",
        "unproved": f"本件截至{day(until)}，年度结账时编号，并附校验码",
        "replaces": card.replaces,
        "until": None if card.issued else f"截至{day(until)}",
        "file_number": household.number,
        "year": f"{card.year}年",
        "name": household.name if full else household.shown_name,
        "sex": household.sex.label,
        "kinds": [(kind.label, kind is household.kind) for kind in HouseholdKind],
        "helps": [(each.label, each is household.help) for each in Help],
        "community": household.community.name,
        "grid": household.grid.name if household.grid else None,
        "supporters": [_supporter(each, card, full) for each in _supports(card)],
        "consent": [(each.label, each is household.consent_by) for each in ConsentBy],
        "consent_on": day(household.consent_on),
        "consent_taken_by": household.consent_taken_by,
        "opened_on": day(household.opened_on),
        "sealed_on": day(card.issued.issued_at if card.issued else until),
    }


def _file(card: VisitsOfYear, full: bool) -> dict:
    """What the community alone knows: not for a liaison, and masked without `full`."""
    household, told = card.row, card.unit_id is None

    def sealed(value: str | None) -> str | None:
        return (value if told else KEPT) if full else HIDDEN

    return {
        "born": sealed(month(household.born)),
        "difficulties": sealed(_listed(household.difficulties)),
        "policies": sealed(_listed(household.policies, household.policy_words)),
        "needs": _listed(household.needs, household.need_words if full and told else None),
        "ways": sealed(_listed(household.ways)),
        "aim": sealed(household.aim),
        "guardian": sealed(household.guardian) if household.consent_by is ConsentBy.GUARDIAN else None,
    }


def _back(card: VisitsOfYear, full: bool) -> dict:
    """Month by month the visits that somebody else confirmed; a month without one is a line of dashes."""
    confirmed = [visit for visit in card.visits if visit.state is VisitState.CONFIRMED and _reads(card, visit)]
    by_month = {number: [v for v in confirmed if v.day.month == number] for number in range(1, 13)}
    waiting = sum(visit.state is VisitState.RECORDED and _reads(card, visit) for visit in card.visits)
    lines = []
    for number, visits in by_month.items():
        lines += [_line(visit, card, full) for visit in visits] or [(f"{number}月", *[NOTHING] * 5)]
    return {
        "visits": lines,
        "visited": f"全年走访{len(confirmed)}次，有走访的月份{sum(map(bool, by_month.values()))}个",
        "waiting": f"另有{waiting}次走访已登记、待确认，未列入。" if waiting else None,
    }


def _line(visit: Visit, card: VisitsOfYear, full: bool) -> tuple[str, ...]:
    """Month, day, who came (for a liaison the own members only), what was done, what it solved, confirmed by."""
    done, solved = (visit.done, visit.solved) if full else (HIDDEN, HIDDEN)
    members = [each.member for each in visit.people]
    came = "、".join(member.name for member in members if card.unit_id in (None, member.unit_id))
    day_of = f"{visit.day.day}日"
    return f"{visit.day.month}月", day_of, came, done or NOTHING, solved or NOTHING, visit.answered_by or NOTHING


def _supporter(support: Support, card: VisitsOfYear, full: bool) -> tuple[str, ...]:
    """Name, unit, phone, since when."""
    member = support.member
    phone = member.phone if full and card.unit_id is None else masked_phone(member.phone)
    lasted = f"{day(support.since)}起" if support.until is None else f"{day(support.since)}至{day(support.until)}"
    return f"{member.name}（牵头）" if support.leads else member.name, member.unit.name, phone or NOTHING, lasted


def _supports(card: VisitsOfYear) -> list[Support]:
    """The supports that lasted at some time of the year, who leads on top; of a unit's members only for its liaison."""
    first, last = dt.date(card.year, 1, 1), dt.date(card.year, 12, 31)
    found = [each for each in card.row.supports if each.since and each.since <= last]
    found = [each for each in found if each.until is None or each.until >= first]
    own = [each for each in found if card.unit_id is None or each.member.unit_id == card.unit_id]
    return sorted(own, key=lambda each: (not each.leads, each.since, each.id))


def _reads(card: VisitsOfYear, visit: Visit) -> bool:
    return card.unit_id is None or any(each.member.unit_id == card.unit_id for each in visit.people)


def _family(household: Household) -> str | None:
    """The other people of the household, one a line: relation, age, work or school."""
    today = clock.today()
    lines = ["，".join(filter(None, (p.relation, age(p.born, today), p.does))) for p in household.people]
    return "\n".join(lines)


def _listed(ticked: Sequence[Labelled], words: str | None = None) -> str:
    return "；".join(filter(None, ("、".join(each.label for each in ticked), words)))
