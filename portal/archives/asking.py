"""Asking for a package on a page: of what one may have, with the reason where what is private is not one's own."""

from sqlalchemy import select

from portal import audit, clock
from portal.actors import Actor, Role
from portal.archives import entering
from portal.archives.models import ArchivePackage, CopyState
from portal.archives.scope import Scope, kinds_for
from portal.errors import RuleBroken
from portal.extensions import db
from portal.leases import change
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState
from portal.papers.workflow import MOST_WAITING

UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


def scope_for(by: Actor, year: int, unit_id: int | None, community_id: int | None) -> Scope:
    """What this person may have of a year: a clerk the own community's, a liaison the own unit's; RuleBroken if not."""
    if by.is_in(Role.CLERK):
        unit_id, community_id = None, by.community_id
    elif by.is_in(Role.LIAISON):
        unit_id, community_id = by.unit_id, None
    elif not by.is_in(Role.COUNTY) and not (unit_id or community_id):
        raise RuleBroken("请选择单位或社区。")
    scoped = bool(unit_id or community_id)
    return Scope(year, kinds_for(by, scoped), unit_id, community_id)


def ask(by: Actor, scope: Scope, title: str, reason: str) -> ArchivePackage:
    """Put a package into the queue. Raises RuleBroken when there is nothing to pack, or too much is waiting."""
    waiting = select(ArchivePackage.id).where(
        ArchivePackage.asked_by_appointment_id == by.appointment_id, ArchivePackage.state.in_(UNDER_WAY)
    )
    if len(db.session.scalars(waiting).all()) >= MOST_WAITING:
        raise RuleBroken("前面的归档包还没有做完，请稍候再提交。")
    total = scope.count(*CopyState)
    if not total and db.session.scalar(entering.missing(scope.year, *scope.kinds).limit(1)) is None:
        raise RuleBroken(f"{scope.year}年没有已定稿的表。")
    package = ArchivePackage(
        year=scope.year, unit_id=scope.unit_id, community_id=scope.community_id, kinds=",".join(scope.kinds),
        title=title.replace("/", "／").replace("\\", "＼")[:100], total=total, asked_at=clock.now(),
        asked_by_user_id=by.user_id, asked_by_appointment_id=by.appointment_id,
    )  # fmt: skip
    db.session.add(package)
    private = sorted({name for kind in scope.kinds for name in PAPERS[kind].private})
    audit.write(by, "archive_packages.ask", package, tuple(private), reason)
    return package


def cancel(package: ArchivePackage, by: Actor) -> None:
    """Stop a package that is not over; what was made so far is cleared away, what was stored stays stored."""
    ended = {"state": JobState.CANCELLED, "ended_at": clock.now(), "lease_until": None}
    if not change(ArchivePackage, package.id, ArchivePackage.state.in_(UNDER_WAY), **ended):
        raise RuleBroken("这个归档包已经结束，不能取消。")
    audit.write(by, "archive_packages.cancel", package)
