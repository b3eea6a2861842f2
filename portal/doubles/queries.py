"""Which rows of the rosters may be one person, and which pairs one may see: the county's business alone."""

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from portal.actors import Actor, Role
from portal.doubles.models import Double, DoubleState
from portal.extensions import db
from portal.people.models import Member, MemberStatus

S = DoubleState
MOST = 200  # pairs that a page names; the rest come up as these are settled
_One, _Other = aliased(Member), aliased(Member)


def visible_to(by: Actor) -> Select:
    """The pairs that were opened: the county sees all, nobody else any."""
    shown = [joinedload(side).joinedload(each) for side in (Double.first, Double.second)
             for each in (Member.unit, Member.community)]  # fmt: skip
    return select(Double).where(true() if by.is_in(Role.COUNTY) else false()).options(*shown)


def of_pair(first_id: int, second_id: int) -> Double | None:
    """The case of two members, if it was ever opened."""
    return db.session.scalar(select(Double).where(Double.first_id == first_id, Double.second_id == second_id))


def suspected() -> Select:
    """The pairs to look at, (first_id, second_id, double_id): alike, and nobody has said anything of them as they are.

    As good as certain: name, birth month and phone are the same and one of the two is on a roster. Likely: both are,
    and name and birth month or the phone are the same. Besides, whatever was opened and not settled.
    """
    on_rosters = (_One.status == MemberStatus.ACTIVE) & (_Other.status == MemberStatus.ACTIVE)
    one_is = or_(_One.status == MemberStatus.ACTIVE, _Other.status == MemberStatus.ACTIVE)
    opened = select(Double.first_id, Double.second_id).where(Double.state == S.SUSPECTED)
    pairs = _alike(["identity_index"], one_is).union(
        _alike(["name", "born"], on_rosters), _alike(["phone_index"], on_rosters), opened
    ).subquery()  # fmt: skip
    first, second = pairs.c
    said = and_(Double.first_id == first, Double.second_id == second)
    settled = and_(Double.state != S.SUSPECTED, _as_decided(first, second))
    rows = select(first.label("first_id"), second.label("second_id"), Double.id.label("double_id"), Double.opened_on)
    return rows.select_from(pairs).outerjoin(Double, said).where(or_(Double.id.is_(None), ~settled))


def _alike(keys: list[str], standing: ColumnElement[bool]) -> Select:
    """The pairs of members that agree in these columns; their indexes tell which values occur twice at all."""
    columns = [Member.__table__.c[key] for key in keys]
    twice = select(*columns).where(columns[0].is_not(None)).group_by(*columns).having(func.count() > 1).subquery()
    first = [getattr(_One, key) == twice.c[key] for key in keys]
    second = [getattr(_Other, key) == twice.c[key] for key in keys]
    merged = or_(_One.status == MemberStatus.MERGED, _Other.status == MemberStatus.MERGED)
    pairs = (
        select(_One.id.label("first_id"), _Other.id.label("second_id"))
        .select_from(twice)
        .join(_One, and_(*first))
        .join(_Other, and_(*second))
    )
    return pairs.where(_One.id < _Other.id, ~merged, standing)


def _as_decided(first, second) -> ColumnElement[bool]:
    """Whether both persons' facts are those of which it was decided that they are two."""
    return and_(*(
        select(Member.identity_index).where(Member.id == member).scalar_subquery() == said
        for member, said in ((first, Double.first_identity), (second, Double.second_identity))
    ))  # fmt: skip


def to_look_at(by: Actor) -> list[tuple[Member, Member, Double | None]]:
    """The pairs that wait for the county, those as good as certain first, then by name; at most MOST."""
    if not by.is_in(Role.COUNTY):
        return []
    found = suspected().subquery()
    rows = (
        select(_One, _Other, Double)
        .select_from(found)
        .join(_One, _One.id == found.c.first_id)
        .join(_Other, _Other.id == found.c.second_id)
        .outerjoin(Double, Double.id == found.c.double_id)
        .options(*(joinedload(each) for side in (_One, _Other) for each in (side.unit, side.community)))
        .order_by((_One.identity_index == _Other.identity_index).desc(), _One.pinyin, _One.id, _Other.id)
        .limit(MOST)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows)]
