"""What the county compares: the two rows of a pair side by side, phones masked, and what hangs on each."""

from dataclasses import dataclass

from portal import clock
from portal.accounts.queries import members_with_login
from portal.doubles.models import Double
from portal.filters import masked_phone
from portal.people.merging import names_of_members, rows_naming, rule_of
from portal.people.models import Member, MemberStatus
from portal.pledges.queries import of_member as pledge_of
from portal.records.queries import year_total
from portal.registrations import queries as registrations

NONE = "—"


@dataclass(frozen=True)
class Line:
    """One fact of both rows in words."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the two do not agree."""
        return self.first != self.second


def compared(row: Double) -> list[Line]:
    """The facts of both rows, line by line: who they are and where they stand."""
    first, second = (_facts(each) | _standing(each) for each in row.pair)
    return [Line(label, first[label], second[label]) for label in first]


def counted(row: Double) -> list[Line]:
    """How many rows of each kind, in whatever state, hang on the two; none where nothing hangs on either."""
    first, second = map(_numbers, row.pair)
    nouns = dict.fromkeys([*first, *second])
    return [Line(noun, *(f"{each[noun]} 项" if noun in each else NONE for each in (first, second))) for noun in nouns]


def suggested(row: Double) -> Member:
    """The row that had better stay: on a roster, with the current registration, else of the more recent roster."""
    return max(row.pair, key=_claim_to_stay)


def _claim_to_stay(member: Member) -> tuple:
    registered = registrations.current_of(member.id) is not None
    return member.status is MemberStatus.ACTIVE, registered, member.since, member.id


def _facts(member: Member) -> dict[str, str]:
    return {
        "单位": member.unit.name,
        "姓名": member.name,
        "性别": member.sex.label,
        "出生年月": member.born,
        "入党时间": member.joined or NONE,
        "电话": masked_phone(member.phone),
        "职务": member.post or NONE,
        "居住社区": _home(member),
        "名册": f"{member.status.label}，{member.since:%Y-%m-%d} 列入",
    }


def _home(member: Member) -> str:
    if not member.lives_in_town:
        return "不在县城居住"
    return f"{member.community.name}{member.grid.name if member.grid else ''}" if member.community else "未填"


def _standing(member: Member) -> dict[str, str]:
    year = clock.today().year
    row = registrations.current_of(member.id) or registrations.in_progress_of(member.id)
    pledge, (times, half_hours) = pledge_of(member.id, year), year_total(member.id, year)
    return {
        "报到情况": f"{row.state.label}，{row.community.name}，{row.number}" if row else "没有",
        f"{year} 年承诺": pledge.state.label if pledge else "没有",
        f"{year} 年已确认服务": f"{times} 次，{half_hours / 2:g} 小时",
        "本人登录": "可以" if members_with_login([member.id]) else "没有账号或已停用",
    }


def _numbers(member: Member) -> dict[str, int]:
    """How many rows of each kind name this member, in whatever state."""
    found: dict[str, int] = {}
    for column in names_of_members():
        if column.class_ is Double:
            continue
        noun = rule_of(column).noun
        found[noun] = found.get(noun, 0) + len(rows_naming(column, member))
    return {noun: number for noun, number in found.items() if number}
