"""The life cycle of a pairing (结对共建): proposed by one side, agreed by the other, ended by either.

The community keeps the list of needs, the unit that of resources; a pairing that ended may be proposed anew.
"""

from portal import clock
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken
from portal.extensions import db
from portal.flow import Flow
from portal.pairings import concerned, projects, queries
from portal.pairings.models import ItemKind, Pairing, PairingItem, PairingState, Side
from portal.pairings.sides import answering, community, either, proposing, side_of, unit
from portal.people.holding import hold_community
from portal.people.models import Community, Unit

S = PairingState
MOST_ITEMS = 30
flow = Flow(Pairing, "这项结对共建", room="pairings", noun="pairing", named=concerned.pairing_name,
            visible_to=queries.visible_to)  # fmt: skip


def propose(of_unit: Unit, with_community: Community, by: Actor, aim: str = "") -> Pairing:
    """Unit or community asks the other to build together; it begins when the other side agrees.  [二(三)2]

    Raises NotYours, RuleBroken.
    """
    row = Pairing(unit=of_unit, unit_id=of_unit.id, community=with_community, community_id=with_community.id,
                  state=S.PROPOSED, aim=aim or None)  # fmt: skip
    row.side = side_of(row, by)
    if row.side is None:
        raise NotYours(f"结对共建只能由{either.label}提出。")
    # Of two who propose at once the second waits here and then sees what the first one did.
    hold_community(with_community.id)
    with db.session.no_autoflush:
        other = queries.live_of(of_unit.id, with_community.id)
    if other is not None:
        raise RuleBroken(_there_is_one(other))
    row.proposed_on, row.proposed_by, row.proposed_by_user_id = clock.today(), by.shown, by.user_id
    db.session.add(row)
    flow.opened(row, by, "propose", "提出结对")
    return row


def _there_is_one(other: Pairing) -> str:
    two = f"{other.unit.name}与{other.community.name}"
    if other.state is S.ACTIVE:
        return f"{two}已经结对共建，不必再提。"
    return f"{other.proposed_by}已提出{two}结对，请在结对共建的名单里打开它，由{other.side.other.label}一方同意。"


def _begun(row: Pairing, _by: Actor) -> str:
    """What keeps an agreement from being undone: both have planned or done something together."""
    return "双方已有共同的项目或活动，不能撤销；要终止请结束结对。" if row.projects or row.actions else ""


@flow.move("同意结对", start=S.PROPOSED, end=S.ACTIVE, who=answering, tells=concerned.both,
           done="已结对，双方可以列需求、资源，商定项目。", undo=_begun)  # fmt: skip
def agree(row, by):
    """The side that was asked agrees, and both build together.  [二(三)2]"""
    row.agreed_on, row.agreed_by = clock.today(), by.shown


@flow.move("不同意", start=S.PROPOSED, end=S.DECLINED, who=answering, reason=True, danger=True, tells=concerned.both,
           undo=True)  # fmt: skip
def decline(row, by):
    """The side that was asked declines, saying why.  [二(三)2]"""
    row.ended_on = clock.today()


@flow.move("撤回", start=S.PROPOSED, end=S.ENDED, who=proposing, done="已撤回。", undo=True)
def withdraw(row, by):
    """The side that asked takes it back as long as the other has not answered.  [二(三)2]"""
    row.ended_on = clock.today()


@flow.move("列入需求", start=S.ACTIVE, end=S.ACTIVE, who=community, done="已列入需求清单。", undo=True)
def add_need(row, by, what="", note=""):
    """The community says what it needs of the unit.  [三2]"""
    _list(row, by, ItemKind.NEED, what, note)


@flow.move("列入资源", start=S.ACTIVE, end=S.ACTIVE, who=unit, done="已列入资源清单。", undo=True)
def add_resource(row, by, what="", note=""):
    """The unit says what it can bring to the community.  [三2]"""
    _list(row, by, ItemKind.RESOURCE, what, note)


def _list(row: Pairing, by: Actor, kind: ItemKind, what: str, note: str) -> None:
    standing = row.listed(kind)
    if not what:
        raise RuleBroken(f"请填写{kind.label}。")
    if any(item.what == what for item in standing):
        raise RuleBroken(f"“{what}”已在{kind.label}清单上。")
    if len(standing) >= MOST_ITEMS:
        raise RuleBroken(f"{kind.label}清单最多 {MOST_ITEMS} 条，请先划去不再需要的。")
    row.items.append(PairingItem(kind=kind, what=what, note=note or None, listed_on=clock.today(), listed_by=by.shown))


def may_strike(item: PairingItem, by: Actor) -> bool:
    """Whether this person may strike a line out: the side whose list it is, while no open project needs it."""
    own = side_of(item.pairing, by) is (Side.COMMUNITY if item.kind is ItemKind.NEED else Side.UNIT)
    return own and item.struck_on is None and not in_use(item)


def in_use(item: PairingItem) -> bool:
    """Whether an open project answers this need or uses this resource."""
    return any(item in (project.need, project.resource) for project in item.pairing.open_projects)


def _has_something_to_strike(row: Pairing, by: Actor) -> bool:
    return any(may_strike(item, by) for item in row.items)


@flow.move("划去一条", start=S.ACTIVE, end=S.ACTIVE, who=either, reason=True, when=_has_something_to_strike,
           done="已从清单上划去。", undo=True)  # fmt: skip
def strike(row, by, item_id=None):
    """Unit or community strikes out a line of its own list that holds no longer, saying why.  [三2]"""
    item = next((item for item in row.items if item.id == item_id and item.struck_on is None), None)
    if item is None:
        raise RuleBroken("请选择要划去的一条；已经划去的不必再划。")
    if in_use(item):
        raise RuleBroken(f"“{item.what}”已列入项目，项目完成或不再进行以后才能划去。")
    if not may_strike(item, by):
        raise NotYours("需求由社区划去，资源由单位划去。")
    item.struck_on = clock.today()


@flow.move("结束结对", start=S.ACTIVE, end=S.ENDED, who=either, reason=True, danger=True, tells=concerned.both,
           done="结对已结束；没有完成的项目不再进行，办过的活动仍然保留。", undo=True)  # fmt: skip
def end(row, by):
    """Unit or community ends the pairing, saying why; open projects are given up, what was done stays.  [二(三)2]"""
    row.ended_on = clock.today()
    projects.drop_all(row, by, "结对已结束")
