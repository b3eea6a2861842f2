"""What a roster's rows mean for the members that are known: new, changed, the same, bad, elsewhere, twice.

A person is the same when name, birth month and phone agree; on the own roster two of the three are enough, so
that a new phone number or a mended name is a change and not a second member.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from portal.labels import Labelled
from portal.people.members import identity_index, phone_index, set_member_facts
from portal.people.models import Member, MemberStatus
from portal.rosters.columns import LABELS
from portal.rosters.homes import Homes, settle_home
from portal.rosters.models import KEPT, RowResult
from portal.rosters.parsing import ReadRow

EMPTY = "（空）"


@dataclass
class PlannedRow:
    """One row and what becomes of it; `before` and `after` are members outside any session."""

    sheet: str
    line: int
    name: str
    result: RowResult = RowResult.BAD
    problems: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    note: str = ""
    member_id: int | None = None
    before: Member | None = None
    after: Member | None = None


class SeveralAlike(ValueError):
    """Two of three agree with more than one member, so none of them is guessed."""


class Known:
    """The members of the unit, found by their whole identity or by two thirds of it."""

    def __init__(self, members: Iterable[Member]):
        """Those on the roster stand before those who left it."""
        self.members = sorted(members, key=lambda one: (one.status != MemberStatus.ACTIVE, one.id))
        self.matched: set[int] = set()
        self._by_key: dict[tuple, list[Member]] = {}
        for one in self.members:
            for key in _keys(one.identity_index, one.name, one.born, one.phone_index):
                self._by_key.setdefault(key, []).append(one)

    def same(self, keys: list[tuple]) -> Member | None:
        """The member of just this name, birth month and phone; `keys` as `keys_of` gives them."""
        return self._take(keys[:1])

    def alike(self, keys: list[tuple]) -> Member | None:
        """The one member, named by no other row, of whom two of the three agree; SeveralAlike when several are."""
        return self._take(keys[1:])

    def missing(self) -> list[Member]:
        """The members on the roster whom no row names."""
        return [one for one in self.members if one.status == MemberStatus.ACTIVE and one.id not in self.matched]

    def _take(self, keys: Sequence[tuple]) -> Member | None:
        found = {one.id: one for key in keys for one in self._by_key.get(key, []) if one.id not in self.matched}
        on_roster = [one for one in found.values() if one.status == MemberStatus.ACTIVE] or list(found.values())
        if len(on_roster) > 1:
            raise SeveralAlike
        for one in on_roster:
            self.matched.add(one.id)
            return one
        return None


def _keys(identity: str, name: str, born: str, phone: str | None) -> list[tuple]:
    return [("identity", identity), (name, born), (name, phone), (born, phone)]


def keys_of(facts: dict) -> list[tuple]:
    """By what the person of these facts is found among the known: the whole identity, then each two of three."""
    name, born, phone = facts["name"], facts["born"], facts["phone"]
    return _keys(identity_index(name, born, phone), name, born, phone_index(phone))


def compare(rows: list[ReadRow], known: Known, homes: Homes, elsewhere: Callable) -> list[PlannedRow]:
    """The rows with what becomes of each; `elsewhere` finds identities on other rosters: {index: (id, words)}."""
    planned = [PlannedRow(row.sheet, row.line, row.name, problems=list(row.problems)) for row in rows]
    good = [(plan, row.facts) for plan, row in zip(planned, rows, strict=True) if not row.problems]
    good = _without_doubles(good)
    keys = [keys_of(facts) for _, facts in good]
    same = [known.same(those) for those in keys]
    for (plan, facts), those, member in zip(good, keys, same, strict=True):
        try:
            _plan(plan, facts, member or known.alike(those), homes)
        except SeveralAlike:
            plan.problems.append(("姓名", "与名册中几名党员都相近，请核对姓名、出生年月和手机号。"))
    _find_elsewhere([plan for plan in planned if plan.result == RowResult.NEW], elsewhere)
    return planned


def _without_doubles(good: list[tuple[PlannedRow, dict]]) -> list[tuple[PlannedRow, dict]]:
    """The rows without those that repeat an earlier one; a repetition that differs is bad."""
    first: dict[tuple, tuple[PlannedRow, dict]] = {}
    kept = []
    for plan, facts in good:
        earlier, there = first.setdefault((facts["name"], facts["born"], facts["phone"]), (plan, facts))
        if earlier is plan:
            kept.append((plan, facts))
            continue
        where = f"第{earlier.line}行" if earlier.sheet == plan.sheet else f"“{earlier.sheet}”第{earlier.line}行"
        differ = [key for key in dict.fromkeys((*there, *facts)) if there.get(key) != facts.get(key)]
        if differ:
            labels = "、".join(LABELS[key] for key in differ)
            plan.problems.append((LABELS[differ[0]], f"与{where}是同一人，但{labels}不同，请只保留一行。"))
        else:
            plan.result, plan.note = RowResult.TWICE, f"与{where}相同，只算一次。"
    return kept


def _plan(plan: PlannedRow, facts: dict, member: Member | None, homes: Homes) -> None:
    facts, problems = settle_home(facts, member, homes)
    plan.problems += problems + _ages(facts, member)
    if plan.problems:
        return
    after = copy_of(member) if member else Member(
        status=MemberStatus.ACTIVE, lives_in_town=True, probationary=False, leading=False, ethnicity="汉族"
    )  # fmt: skip
    changed = set_member_facts(after, **facts)
    if member is None:
        plan.result, plan.after = RowResult.NEW, after
        return
    plan.member_id = member.id
    plan.changes = [(LABELS[key], *_shown(key, member, after, homes)) for key in changed if key != "grid_id"]
    if member.status != MemberStatus.ACTIVE:
        after.status = MemberStatus.ACTIVE
        plan.changes.append((LABELS["status"], member.status.label, after.status.label))
    plan.result = RowResult.CHANGED if plan.changes else RowResult.SAME
    if plan.changes:
        plan.before, plan.after = member, after


def _ages(facts: dict, member: Member | None) -> list[tuple[str, str]]:
    joined = facts.get("joined") or (member and member.joined)
    if joined and int(joined[:4]) * 12 + int(joined[5:]) < (int(facts["born"][:4]) + 18) * 12 + int(facts["born"][5:]):
        return [("入党时间", f"入党时间 {joined} 早于18周岁（{facts['born']} 出生），请核对两栏。")]
    return []


def copy_of(member: Member) -> Member:
    """The same facts in a member outside any session."""
    return Member(**{name: getattr(member, name) for name in ("id", "grid_id", *KEPT)})


def _shown(key: str, before: Member, after: Member, homes: Homes) -> tuple[str, str]:
    def words(value) -> str:
        if key == "community_id":
            return homes.names.get(value, EMPTY)
        if key == "probationary":
            return "预备" if value else "正式"
        if isinstance(value, bool):
            return "是" if value else "否"
        return value.label if isinstance(value, Labelled) else (value or EMPTY)

    return words(getattr(before, key)), words(getattr(after, key))


def _find_elsewhere(new: list[PlannedRow], elsewhere: Callable[[list[str]], dict[str, tuple[int, str]]]) -> None:
    found = elsewhere([plan.after.identity_index for plan in new if plan.after])
    for plan in new:
        if plan.after and (there := found.get(plan.after.identity_index)):
            plan.result, plan.after = RowResult.ELSEWHERE, None
            plan.member_id, plan.note = there
