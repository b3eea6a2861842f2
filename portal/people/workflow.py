"""Changes to members and organisations; each leaves an audit row with the names of the changed fields."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock
from portal.actors import Actor, Role
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.people.members import identity_index, new_member, set_member_facts
from portal.people.models import Community, Estate, Grid, Member, MemberStatus, Supervisor, SupervisorKind, Unit

OFFICES = (Role.COUNTY, Role.ADMIN)


def add_member(by: Actor, unit: Unit, **facts) -> Member:
    """Put one more member on the unit's roster; RuleBroken when they stand on some roster already.  [二(三)2]"""
    _only_liaison(by, unit.id)
    _not_twice(identity_index(facts["name"], facts["born"], facts["phone"]), unit)
    member = new_member(unit, clock.today(), **facts)
    db.session.add(member)
    audit.write(by, "members.add", member, fields=tuple(facts))
    return member


def change_member(by: Actor, member: Member, **facts) -> None:
    """Correct the facts of a member of one's own unit."""
    _only_liaison(by, member.unit_id)
    if member.status is MemberStatus.MERGED:
        raise RuleBroken("这条记录已与另一条合并，不能再修改。")
    before = member.identity_index
    if changed := set_member_facts(member, **facts):
        if member.identity_index != before:
            _not_twice(member.identity_index, member.unit, but=member.id)
        audit.write(by, "members.change", member, fields=changed)


def _only_liaison(by: Actor, unit_id: int) -> None:
    if by.role is not Role.LIAISON or by.unit_id != unit_id:
        raise NotYours("党员名册由本单位联络员维护。")


def _not_twice(identity: str, unit: Unit, but: int | None = None) -> None:
    with db.session.no_autoflush:
        same = select(Member).where(Member.identity_index == identity, Member.id.is_distinct_from(but))
        # One that stands before one that was merged, which leads to the one that stands.
        other = db.session.scalar(same.order_by(Member.merged_into_id.is_not(None), Member.id).limit(1))
        other = other and (other.merged_into or other)
    if other is None or other.id == but:
        return
    if other.unit_id != unit.id:
        raise RuleBroken(f"{other.name}（同一出生年月和电话）已在{other.unit.name}的名册上，请用“党员”页的“申请转入”。")
    left = "，已离册" if other.status is MemberStatus.LEFT else ""
    raise RuleBroken(f"{other.name}（同一出生年月和电话）已在本单位名册上{left}。")


def add_place(by: Actor, model: type, **values) -> Supervisor | Unit | Community:
    """A new supervisor, unit or community."""
    place = model()
    return _save_place(by, place, "add", values)


def change_place(by: Actor, place: Supervisor | Unit | Community, **values) -> None:
    """Correct what is known of a supervisor, unit or community."""
    _save_place(by, place, "change", values)


def _save_place(by: Actor, place, verb: str, values: dict):
    if by.role not in OFFICES:
        raise NotYours("组织信息由县委组织部维护。")
    _alone(type(place), place.id, **{name: values[name] for name in ("code", "name")})
    if values.get("leads_county_town"):
        _alone_in_the_lead(place.id, values["kind"])
    changed = tuple(name for name, value in values.items() if getattr(place, name) != value)
    for name in changed:
        setattr(place, name, values[name])
    db.session.add(place)
    audit.write(by, f"{place.__tablename__}.{verb}", place, fields=changed)
    return place


def _alone(model, own_id: int | None, **values: str) -> None:
    labels = {"code": "代码", "name": "名称"}
    with db.session.no_autoflush:
        for name, value in values.items():
            same = select(model.id).where(getattr(model, name) == value, model.id.is_distinct_from(own_id))
            if db.session.scalar(same.limit(1)):
                raise RuleBroken(f"{labels[name]}“{value}”已经有了，请核对。")


def _alone_in_the_lead(own_id: int | None, kind: SupervisorKind) -> None:
    if kind is not SupervisorKind.TOWN:
        raise RuleBroken("只有镇党委可以牵头县城社区。")
    with db.session.no_autoflush:
        other = select(Supervisor.name).where(Supervisor.leads_county_town, Supervisor.id.is_distinct_from(own_id))
        if name := db.session.scalar(other.limit(1)):
            raise RuleBroken(f"牵头县城社区的已经是{name}，全县只能有一个。")


def save_grid(by: Actor, community: Community, grid: Grid, **values) -> Grid:
    """A new grid of a community, or a corrected one (its worker, phone)."""
    _keeps(by, community)
    with db.session.no_autoflush:
        same = (Grid.community_id == community.id, Grid.code == values["code"], Grid.id.is_distinct_from(grid.id))
        if db.session.scalar(select(Grid.id).where(*same)):
            raise RuleBroken(f"本社区已有代码为“{values['code']}”的网格。")
    for name, value in values.items():
        setattr(grid, name, value)
    grid.community_id = community.id
    db.session.add(grid)
    audit.write(by, "grids.save", grid, fields=tuple(values))
    return grid


def add_estate(by: Actor, community: Community, name: str) -> Estate:
    """A further estate whose name leads residents to this community."""
    _keeps(by, community)
    if db.session.scalar(select(Estate.id).where(Estate.community_id == community.id, Estate.name == name)):
        raise RuleBroken(f"本社区已有小区“{name}”。")
    estate = Estate(community_id=community.id, name=name)
    db.session.add(estate)
    audit.write(by, "estates.add", estate, fields=("name",))
    return estate


def remove_estate(by: Actor, estate: Estate) -> None:
    """Take an estate away that nothing refers to."""
    _keeps(by, estate.community)
    name = estate.name
    audit.write(by, "estates.remove", estate, fields=("name",))
    try:
        with db.session.begin_nested():
            db.session.delete(estate)
    except IntegrityError as used:
        raise RuleBroken(f"小区“{name}”已有信息卡在使用，不能删除。") from used


def _keeps(by: Actor, community: Community) -> None:
    own = by.role is Role.CLERK and by.community_id == community.id
    if not (own or by.role in OFFICES):
        raise NotYours("网格和小区由本社区专干或县委组织部维护。")
