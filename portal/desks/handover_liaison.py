"""What a liaison hands over: certificates and receipts, pledges, claims in hand, requests, uploads, pairings."""

from collections.abc import Iterator

from portal import clock
from portal.accounts.queries import able_members, members_without_login
from portal.actors import Actor
from portal.desks.open_cases import Section, of_inspections, of_pairings, section
from portal.desks.open_evaluations import of_evaluations
from portal.desks.open_feedback import of_feedback
from portal.desks.open_publicity import of_publicity
from portal.extensions import db
from portal.people.models import Member
from portal.pledges import queries as pledges
from portal.pledges.models import Pledge, PledgeState
from portal.registrations import cards, deferments, exemptions, transfers
from portal.registrations import queries as registrations
from portal.registrations.models import (
    Deferment,
    DefermentState,
    Exemption,
    ExemptionState,
    Registration,
    RegistrationState,
    TransferRequest,
    TransferState,
)  # fmt: skip
from portal.rosters import queries as rosters
from portal.wishes import groups

R = RegistrationState
ON_THE_WAY = (R.ISSUED, R.PRESENTED, R.RETURNED, R.ACCEPTED)


def sections(by: Actor) -> list[Section]:
    """The open cases of a unit's office, kind by kind."""
    return [
        *_registrations(by),
        *_pledges(by),
        *_claims(by),
        *_requests(by),
        *_members(by),
        *of_evaluations(by),
        *of_publicity(by, clock.today()),
        *of_inspections(by),
        *of_pairings(by),
        *of_feedback(by),
    ]


def _registrations(by: Actor) -> Iterator[Section]:
    lacking = db.session.scalars(registrations.without_certificate(by.unit_id))
    yield section("未开证明信", "姓名 居住社区 领导干部",
                  ((one.name, one.community and one.community.name, "是" if one.leading else "")
                   for one in lacking))  # fmt: skip
    open_ones = registrations.visible_to(by).where(Registration.state.in_(ON_THE_WAY))
    rows = list(db.session.scalars(open_ones.order_by(Registration.issued_on, Registration.id)))
    for state, title in zip(
        ON_THE_WAY, ("已开证明信，待报到", "已报到，待社区接洽", "证明信被退回，待重新开具", "回执待备案"), strict=True
    ):
        yield section(title, "证明信编号 姓名 社区 日期",
                      ((row.number, row.member.name, row.community.name, row.latest_on)
                       for row in rows if row.state is state))  # fmt: skip


def _pledges(by: Actor) -> Iterator[Section]:
    for state, title in ((PledgeState.SUBMITTED, "服务承诺待审定"), (PledgeState.RETURNED, "服务承诺退回修改")):
        rows = db.session.scalars(pledges.visible_to(by).where(Pledge.state == state).order_by(Pledge.id))
        yield section(title, "编号 姓名 社区 提交日期",
                      ((row.number, row.member.name, row.community.name, row.submitted_on)
                       for row in rows))  # fmt: skip


def _claims(by: Actor) -> Iterator[Section]:
    yield section("本单位认领、正在办理的微心愿", "编号 心愿 社区 认领日期 应办结",
                  ((c.wish.number, c.wish.title, c.wish.community and c.wish.community.name, c.claimed_at,
                    c.wish.finish_by) for c in groups.in_hand(by)))  # fmt: skip


def _requests(by: Actor) -> Iterator[Section]:
    exempt = exemptions.visible_to(by).where(Exemption.state == ExemptionState.REQUESTED).order_by(Exemption.id)
    yield section("免报申请，等主管部门审核", "姓名 申请日期 申请人",
                  ((row.member.name, row.asked_on, row.asked_by) for row in db.session.scalars(exempt)))  # fmt: skip
    defer = deferments.visible_to(by).where(Deferment.state == DefermentState.REQUESTED).order_by(Deferment.id)
    yield section("暂缓申请，等主管部门审核", "姓名 类别 起止月份 申请日期",
                  ((row.member.name, row.kind.label, f"{row.first} 至 {row.last}", row.asked_on)
                   for row in db.session.scalars(defer)))  # fmt: skip
    asked = transfers.visible_to(by).where(TransferRequest.state == TransferState.REQUESTED)
    rows = list(db.session.scalars(asked.order_by(TransferRequest.asked_on, TransferRequest.id)))
    yield section("转出申请待本单位答复", "姓名 转往 申请日期",
                  ((row.member.name, row.to_unit.name, row.asked_on) for row in rows
                   if row.from_unit_id == by.unit_id))  # fmt: skip
    yield section("转入申请，等原单位答复", "姓名 原单位 申请日期",
                  ((row.member.name, row.from_unit.name, row.asked_on) for row in rows
                   if row.to_unit_id == by.unit_id))  # fmt: skip


def _members(by: Actor) -> Iterator[Section]:
    uploads = db.session.scalars(rosters.waiting(by.unit_id))
    yield section("名册导入待写入", "文件 上传时间 上传人", ((row.file_name, row.at, row.by_name) for row in uploads))
    old = db.session.scalars(cards.unchecked(by.unit_id).where(Member.id.not_in(able_members())))
    yield section("信息卡待代为核对", "姓名 职务", ((one.name, one.post) for one in old))
    without = db.session.scalars(members_without_login(by.unit_id))
    yield section("还没有登录账号的党员", "姓名 职务", ((one.name, one.post) for one in without))
