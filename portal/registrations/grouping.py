"""The members of a community who are in no team: who they are, how they might be grouped, and the act of doing so.

The rule itself is arithmetic (portal/teams/grouping.py); here it gets its values, and what the clerk made of its
proposal is carried out.  [二(二)3]
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.actors import Actor
from portal.bulk import BulkAct, BulkLine
from portal.extensions import db
from portal.labels import Category
from portal.people.holding import hold_community
from portal.people.models import Community, Estate, Grid, Member, Unit
from portal.registrations.arranging import Arrangement, Placed
from portal.registrations.deferments import is_deferred
from portal.registrations.models import CardIntention, CardSkill, InfoCard, Registration
from portal.teams import queries as teams
from portal.teams import workflow
from portal.teams.group_names import names
from portal.teams.grouping import Existing, Person, propose
from portal.teams.models import Team, TeamMember, TeamState
from portal.teams.reception import is_received

LABEL = "就近编组"


@dataclass
class Free:
    """A member who is registered in the community and in no team, as the clerk sees them; `deferred` is 暂缓."""

    id: int
    name: str
    unit: str
    grid_id: int | None = None
    grid: str | None = None
    code: str | None = None
    estate: str | None = None
    deferred: bool = False
    intentions: list[Category] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)

    @property
    def person(self) -> Person:
        """The same as the rule takes it."""
        return Person(self.id, self.code, self.estate, frozenset(self.intentions), tuple(self.skills))


def unplaced(by: Actor) -> Select:
    """The members of the clerk's community who are in no team, but the clerk's own person."""
    here = (is_received(Member.id, by.community_id), ~teams.is_in_any(Member.id))
    return select(Member).where(*here, Member.id.is_distinct_from(by.self_member_id))


def free_members(by: Actor) -> dict[int, Free]:
    """These members by id, in the order of their names, in three queries."""
    columns = (Member.id, Member.name, Unit.name, Member.grid_id, Grid.name, Grid.code, Estate.name, is_deferred())
    rows = unplaced(by).with_only_columns(*columns).join(Unit, Unit.id == Member.unit_id)
    rows = rows.outerjoin(Grid, (Grid.id == Member.grid_id) & (Grid.community_id == by.community_id))
    rows = rows.outerjoin(InfoCard, InfoCard.member_id == Member.id).outerjoin(Estate, Estate.id == InfoCard.estate_id)
    found = {row[0]: Free(*row) for row in db.session.execute(rows.order_by(Member.pinyin, Member.id))}
    ids = unplaced(by).with_only_columns(Member.id)
    for member_id, category in _of_cards(CardIntention, CardIntention.category, ids):
        found[member_id].intentions.append(category)
    for member_id, skill in _of_cards(CardSkill, CardSkill.skill, ids):
        found[member_id].skills.append(skill)
    return found


def _of_cards(model, column, ids: Select):
    rows = select(InfoCard.member_id, column).join(InfoCard, InfoCard.id == model.card_id)
    return db.session.execute(rows.where(InfoCard.member_id.in_(ids)).order_by(model.id))


def serving(community_id: int | None) -> list[Team]:
    """The teams of the community that serve now, by name."""
    rows = select(Team).where(Team.community_id == community_id, Team.state == TeamState.ACTIVE)
    return list(db.session.scalars(rows.options(joinedload(Team.grid)).order_by(Team.name, Team.id)))


def sizes(community_id: int | None) -> dict[int, int]:
    """How many belong to each team of the community now; 0 where nobody does."""
    current = (Team.community_id == community_id, TeamMember.until.is_(None))
    rows = select(TeamMember.team_id, func.count()).join(Team).where(*current).group_by(TeamMember.team_id)
    return defaultdict(int, iter(db.session.execute(rows)))


def proposed(by: Actor, free: dict[int, Free], existing: list[Team]) -> Arrangement:
    """What the rule proposes; of whoever nothing is asked now (暂缓) nothing is proposed."""
    grids = list(db.session.scalars(select(Grid).where(Grid.community_id == by.community_id)))
    ids, called = {grid.code: grid.id for grid in grids}, {grid.code: grid.name for grid in grids}
    size = sizes(by.community_id)
    there = [Existing(team.id, size[team.id], team.category, team.skills or "", team.grid.code if team.grid else None)
             for team in existing]  # fmt: skip
    found = propose([one.person for one in free.values() if not one.deferred], there)
    new = [group for group in found if group.team_id is None]
    named = zip(names(new, called, [team.name for team in existing]), new, strict=True)
    groups = [Placed(name, group.people, _grid_of(group.people, free, ids)) for name, group in named]
    coming = {group.team_id: group.people for group in found}
    groups += [Placed(team.name, coming.get(team.id, []), team_id=team.id) for team in existing]
    return Arrangement(groups, [one.id for one in free.values() if one.deferred])


def _grid_of(people: list[int], free: dict[int, Free], ids: dict[str, int]) -> int | None:
    """The grid in which most of these people live."""
    codes = [code for one in people if (code := free[one].code)]
    return ids[min(set(codes), key=lambda code: (-codes.count(code), code))] if codes else None


def accept(
    arrangement: Arrangement, by: Actor, address_of: Callable[[Team], str | None] = lambda team: None
) -> BulkAct:
    """A clerk has it carried out as it was adjusted: new teams are founded, everybody is recommended, leaders lead.

    Whoever is not free any more is left out and named; the rest is done. `address_of` gives the page of a team.
    Raises what founding a team raises.
    """
    # Of two clerks who accept at once the second waits here, and reads whom the first one has placed.
    hold_community(by.community_id)
    gone = _why_not(arrangement.keep(free_members(by)), by)
    made = BulkAct(label=LABEL, at=clock.now(), by_user_id=by.user_id, by_appointment_id=by.appointment_id)
    db.session.add(made)
    there = {team.id: team for team in serving(by.community_id)}
    called = {one: name for one, (name, _) in _known([*arrangement.everybody], by).items()}
    community = db.session.get_one(Community, by.community_id)
    for group in (group for group in arrangement.groups if group.people):
        team = _team_for(group, community, there, by)
        if team is not None:
            many = f"{LABEL}，{len(group.people)} 人"
            workflow.recommend(team, by, people=group.people, leader_id=group.leader_id, reason=many)
        made.lines += [_line(called[one], team, one == group.leader_id, address_of) for one in group.people]
    made.lines += [BulkLine(about=name, done=False, sentence=why) for name, why in gone]
    db.session.flush()
    return made


def _team_for(group: Placed, community: Community, there: dict[int, Team], by: Actor) -> Team | None:
    if not group.is_new:
        return there.get(group.team_id or 0)
    return workflow.found(community, by, group.name, grid_id=group.grid_id)


def _line(name: str, team: Team | None, leads: bool, address_of: Callable[[Team], str | None]) -> BulkLine:
    if team is None:
        return BulkLine(about=name, done=False, sentence="要编入的服务队已经解散，请另行编队。")
    about = f"{name}（{team.name}{'，任队长' if leads else ''}）"
    return BulkLine(about=about[:80], address=address_of(team), done=True, sentence="已编入")


def _why_not(gone: list[int], by: Actor) -> list[tuple[str, str]]:
    """The names of these members, and why they can't be placed any more."""
    placed = teams.names_of(gone)
    return [(name, _reason(placed.get(key), here)) for key, (name, here) in _known(gone, by).items()]


def named(gone: list[int], by: Actor) -> list[str]:
    """The names of those of these members who report or reported here."""
    return [name for name, _ in _known(gone, by).values()]


def _reason(team: str | None, here: bool) -> str:
    if not here:
        return "已不在本社区报到，没有编入。"
    return f"已经在{team}，没有再编。" if team else "您本人请以党员身份加入。"


def _known(ids: list[int], by: Actor) -> dict[int, tuple[str, bool]]:
    """Those of these members who report or reported here: their name, and whether they are received now."""
    ever = Member.id.in_(select(Registration.member_id).where(Registration.community_id == by.community_id))
    rows = select(Member.id, Member.name, is_received(Member.id, by.community_id)).where(Member.id.in_(ids), ever)
    return {key: (name, here) for key, name, here in db.session.execute(rows.order_by(Member.pinyin, Member.id))}
