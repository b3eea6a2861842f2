"""What the search box finds, kind by kind; each room says by what its things are found."""

from portal.accounts.finding import USERS
from portal.activities.finding import ACTIVITIES
from portal.actors import Actor
from portal.doors import may_open, serves
from portal.evaluations.finding import EVALUATIONS
from portal.finding import Found, Kind, Sought
from portal.households.finding import HOUSEHOLDS
from portal.inspections.finding import INSPECTIONS
from portal.pairings.finding import PAIRINGS
from portal.papers.finding import PROOFS
from portal.people.finding import COMMUNITIES, ESTATES, GRIDS, SUPERVISORS, UNITS
from portal.pledges.finding import PLEDGES
from portal.posts.finding import POSTS
from portal.publicity.finding import NOTICES, STORIES
from portal.registrations.finding import KNOW_PHONES, MEMBERS, REGISTRATIONS
from portal.remarks.finding import REMARKS
from portal.suggestions.finding import SUGGESTIONS
from portal.teams.finding import TEAMS
from portal.wishes.finding import WISHES

# In the order of the page.
KINDS = {
    kind.key: kind
    for kind in (
        MEMBERS, REGISTRATIONS, PLEDGES, WISHES, ACTIVITIES, POSTS, HOUSEHOLDS, TEAMS, SUGGESTIONS, REMARKS,
        EVALUATIONS, STORIES, NOTICES, INSPECTIONS, PROOFS, UNITS, COMMUNITIES, GRIDS, ESTATES, SUPERVISORS, PAIRINGS,
        USERS,
    )
}  # fmt: skip


def everything(by: Actor, sought: Sought) -> list[Found]:
    """What this person finds, in the order of the kinds; nothing of nothing typed."""
    kinds = [kind for kind in KINDS.values() if sought.words and _is_open(kind)]
    return [found for kind in kinds if (found := kind.some(by, sought)) is not None]


def only_one(by: Actor, sought: Sought) -> str:
    """The address of the one thing that bears the whole number typed; '' of none or several."""
    if not sought.whole:
        return ""
    found = everything(by, sought)
    return found[0].lines[0].address if len(found) == 1 and found[0].total == 1 else ""


def kind_of(key: str) -> Kind | None:
    """The kind of this key whose pages the present person may open, or None."""
    kind = KINDS.get(key)
    return kind if kind and _is_open(kind) else None


def hint(by: Actor) -> str:
    """What may be typed, in words, for this person."""
    words = "姓名、拼音或首字母，单位、社区，编号（如 2026-0012、0012），心愿、活动、岗位的标题"
    return f"{words}；也可以是党员电话的后四位" if by.is_in(*KNOW_PHONES) else words


def _is_open(kind: Kind) -> bool:
    return serves(kind.endpoint) and may_open(kind.endpoint)
