"""Leaving the unit's roster: what will follow, said beforehand; and for a member who is registered nowhere."""

from portal import audit, history
from portal.accounts.queries import members_with_login
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken
from portal.pairings.contact_points import adopted_by
from portal.people.models import Member, MemberStatus
from portal.registrations import deferments, exemptions, queries, transfers, workflow
from portal.registrations.models import EndKind
from portal.registrations.workflow import LEAVING, liaison_of, works_for


def leave(member: Member, by: Actor, kind: EndKind | None, reason: str) -> None:
    """A liaison takes a member off the roster, with all that follows; a registered one by the end of the registration.

    Raises NotYours, RuleBroken.  [二(三)3]
    """
    if not works_for(member.unit, member, by):
        raise NotYours(f"离册只能由{liaison_of.label}办理。")
    if kind not in LEAVING:
        raise RuleBroken("请选择离册的原因类别。")
    workflow.hold(member)
    if member.status is not MemberStatus.ACTIVE:
        raise RuleBroken(f"{member.name}已经离册。")
    if current := queries.current_of(member.id):
        workflow.end(current, by, kind=kind, reason=reason)
        return
    transfers.close_for(member, by, kind)
    workflow.take_off_roster(member, by, kind)
    exemptions.end_all(member.id, by, f"已离册：{kind.label}")
    deferments.end_all(member.id, by, f"已离册：{kind.label}")
    history.write(member, by, "leave", f"离册：{kind.label}", reason=reason)
    audit.write(by, "members.leave", member, fields=("status",), reason=reason)


def preview(member: Member) -> list[str]:
    """What will follow, a line each, as people are told before they press the button."""
    current, on_way = queries.current_of(member.id), queries.in_progress_of(member.id)
    lines = [f"在{current.community.name}的报到结束；过去的服务仍记在{current.community.name}。"] if current else []
    lines += workflow.foreseen(member)
    if points := adopted_by(member.id):
        lines.append(f"{'除“迁居”外，' if current else ''}{points}的领导联系点结束。")
    if on_way:
        lines.append(f"寄往{on_way.community.name}的证明信 {on_way.number} 作废。")
    if members_with_login([member.id]):
        lines.append(f"{'除“迁居”外，' if current else ''}党员身份的登录停止。")
    off = "列为“已离册”，不再计入应报到人数"
    lines.append(f"除“迁居”外，{off}；“迁居”的仍在单位名册，不再要求报到。" if current else f"{off}。")
    return lines
