"""Micro-wishes (微心愿): a small thing that a resident needs, who takes it on, and what came of it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Category, Labelled, labelled
from portal.people.models import Community, Grid, Member, Unit
from portal.teams.models import Team
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column


class WishState(Labelled):
    """The states of a wish."""

    SUBMITTED = "submitted", "待审核"
    PUBLISHED = "published", "待认领"
    CLAIMED = "claimed", "已认领"
    DONE = "done", "已办理待确认"
    CONFIRMED = "confirmed", "已实现"
    ARCHIVED = "archived", "已归档"
    REJECTED = "rejected", "未采纳"
    MERGED = "merged", "已合并"
    WITHDRAWN = "withdrawn", "已撤回"
    CLOSED = "closed", "已答复办结"


class WishSource(Labelled):
    """Where a wish came from.  [二(二)2]"""

    WALL = "wall", "心愿墙"
    BOX = "box", "心愿箱"
    CALL = "call", "来电来访"
    VISIT = "visit", "网格入户"


class Level(Labelled):
    """Who handles a wish: 小事不出格、大事不出网.  [二(二)2]"""

    GRID = "grid", "网格"
    COMMUNITY = "community", "社区"
    TOWN = "town", "镇"
    COUNTY = "county", "县"


class ConfirmedBy(Labelled):
    """Who said that a wish came true."""

    RESIDENT = "resident", "居民确认"
    CLERK = "clerk", "社区回访确认"
    DEFAULT = "default", "到期默认"


PUBLIC = (WishState.PUBLISHED, WishState.CLAIMED, WishState.DONE, WishState.CONFIRMED)
# Written out, so that both databases see that a query for the wall asks for no more than the partial indexes hold.
SHOWN = text("on_wall AND state IN ('published', 'claimed', 'done', 'confirmed')")
# Told on a public face, which can't index a phone; an office does so within a minute.
UNINDEXED = text("phone_index IS NULL AND phone_sealed IS NOT NULL")
# Few wishes are ever raised above the community: those that a town or the county looks for.
RAISED = text("level IN ('town', 'county')")


class Wish(Sealable, Case, Base):
    """One wish. What the public may see is in plain columns; who asks, where and in what words is sealed.

    `level` says who handles it, `level_at` since when, once it has been raised or handed back.
    `shown_name` is 姓某某 at most; `detail` is the wording after review (for members), `told` what the resident
    wrote. Times in days and working days come from the scheme year.  [二(二)2]
    """

    __tablename__ = "wishes"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("helpers_needed BETWEEN 1 AND 20", "helpers_sane"),
        CheckConstraint("state IN ('submitted', 'rejected', 'withdrawn', 'merged', 'closed', 'archived') "
                        "OR (title IS NOT NULL AND category IS NOT NULL AND community_id IS NOT NULL)",
                        "published_whole"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", "rating_sane"),
        Index("ix_wishes_wall", "on_wall", "state", "id"),
        Index("ix_wishes_wall_category", "on_wall", "category", "state", "id"),
        Index("ix_wishes_wall_community", "on_wall", "community_id", "state", "id"),
        Index("ix_wishes_community", "community_id", "id"),
        Index("ix_wishes_level", "level", "state", sqlite_where=RAISED, postgresql_where=RAISED),
        Index("ix_wishes_community_state", "community_id", "state", "id"),
        Index("ix_wishes_unindexed", "id", sqlite_where=UNINDEXED, postgresql_where=UNINDEXED),
        Index("ix_wishes_shown", "id", sqlite_where=SHOWN, postgresql_where=SHOWN),
        Index("ix_wishes_shown_category", "category", "id", sqlite_where=SHOWN, postgresql_where=SHOWN),
        Index("ix_wishes_shown_community", "community_id", "id", sqlite_where=SHOWN, postgresql_where=SHOWN),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[WishState] = labelled(WishState, default=WishState.SUBMITTED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    source: Mapped[WishSource] = labelled(WishSource, default=WishSource.WALL)
    level: Mapped[Level] = labelled(Level, default=Level.COMMUNITY)
    level_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"), index=True)
    on_wall: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str | None] = mapped_column(Text(30))
    category: Mapped[Category | None] = labelled(Category, nullable=True)
    detail: Mapped[str | None] = mapped_column(Text(500, lines=True))
    shown_name: Mapped[str] = mapped_column(Text(12))
    wanted_by: Mapped[dt.date | None]
    helpers_needed: Mapped[int] = mapped_column(default=1)
    minor: Mapped[bool] = mapped_column(default=False)
    lone_elder: Mapped[bool] = mapped_column(default=False)
    guardian_consent: Mapped[bool] = mapped_column(default=False)

    told_sealed: Mapped[bytes | None] = sealed_column()
    name_sealed: Mapped[bytes | None] = sealed_column()
    phone_sealed: Mapped[bytes | None] = sealed_column()
    phone_index: Mapped[str | None] = mapped_column(Text(32), index=True)
    address_sealed: Mapped[bytes | None] = sealed_column()
    beneficiary_sealed: Mapped[bytes | None] = sealed_column()
    note_sealed: Mapped[bytes | None] = sealed_column()
    code_hash: Mapped[str | None] = mapped_column(Text(64))
    code_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    submitted_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    entered_by_user_id: Mapped[int | None]
    published_at: Mapped[dt.datetime | None] = mapped_column(Moment, index=True)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    finish_by: Mapped[dt.date | None] = mapped_column(index=True)
    extended: Mapped[bool] = mapped_column(default=False)
    full: Mapped[bool] = mapped_column(default=False)
    done_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    done_by_user_id: Mapped[int | None]
    done_on: Mapped[dt.date | None]
    done_from: Mapped[dt.time | None]
    done_words: Mapped[str | None] = mapped_column(Text(500, lines=True))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[ConfirmedBy | None] = labelled(ConfirmedBy, nullable=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    answer: Mapped[str | None] = mapped_column(Text(500, lines=True))
    reopened: Mapped[int] = mapped_column(default=0)
    rating: Mapped[int | None]
    thanks: Mapped[str | None] = mapped_column(Text(200, lines=True))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("wishes.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("wishes.id"), unique=True)

    told = Sealed()
    name = Sealed()
    phone = Sealed()
    address = Sealed()
    beneficiary = Sealed()
    note = Sealed()
    community: Mapped[Community | None] = relationship()
    grid: Mapped[Grid | None] = relationship()
    claims: Mapped[list["Claim"]] = relationship(back_populates="wish", order_by="Claim.id")
    proposals: Mapped[list["Proposal"]] = relationship(back_populates="wish", order_by="Proposal.id")
    photos: Mapped[list["WishPhoto"]] = relationship(back_populates="wish", order_by="WishPhoto.id")
    messages: Mapped[list["WishMessage"]] = relationship(back_populates="wish", order_by="WishMessage.id")

    @property
    def open_claims(self) -> list["Claim"]:
        """The places that are held now, first claimer first."""
        return [claim for claim in self.claims if claim.state is ClaimState.OPEN]

    @property
    def invitations(self) -> list["Proposal"]:
        """The proposals that wait for an answer; each holds a place."""
        return [proposal for proposal in self.proposals if proposal.state is ProposalState.OPEN]

    @property
    def helpers(self) -> list["Claim"]:
        """The claims of those who help or helped: held now, or carried through to the end."""
        return [claim for claim in self.claims if claim.state in (ClaimState.OPEN, ClaimState.FINISHED)]

    @property
    def leading(self) -> "Claim | None":
        """The claim that leads: of those who help now or helped; None when nobody does."""
        return next((claim for claim in self.helpers if claim.leads), None)

    @property
    def is_shown(self) -> bool:
        """Whether everybody finds the wish on the wall."""
        return self.on_wall and self.state in PUBLIC

    def is_overdue(self, today: dt.date) -> bool:
        """Whether a claimed wish has passed the day by which it was to be done."""
        return self.state is WishState.CLAIMED and self.finish_by is not None and self.finish_by < today


class ClaimState(Labelled):
    """What became of a helper's place."""

    OPEN = "open", "办理中"
    FINISHED = "finished", "已办理"
    RELEASED = "released", "已放弃"
    REVOKED = "revoked", "被收回"


_OPEN = text("state = 'open'")
_HELPERS = ("member_id", "unit_id", "team_id", "organisation")


class Claim(Base):
    """One helper's place on a wish: the first claimer leads; a place has at most one open claim.

    A helper is a member, a unit or a team that names the people who will come, or an organisation that a town or the
    county charged with a task. `heads` is how many of the helpers asked for it brings. `slot` counts the member's open
    claims: a new one takes the lowest free number up to the limit of the scheme year, and the unique index lets
    nobody hold more, however many pages they press at once.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint("place BETWEEN 1 AND 20", "place_sane"),
        CheckConstraint("heads BETWEEN 0 AND 20", "heads_sane"),
        CheckConstraint(" OR ".join("({})".format(" AND ".join(f"{name} IS {'NOT ' if name == one else ''}NULL"
                                                               for name in _HELPERS)) for one in _HELPERS),
                        "one_helper"),
        CheckConstraint("slot >= 1", "slot_sane"),
        CheckConstraint("(slot IS NULL) = (member_id IS NULL)", "slot_of_member"),
        CheckConstraint("half_hours IS NULL OR half_hours BETWEEN 1 AND 48", "half_hours_of_a_day"),
        Index("uq_claims_place", "wish_id", "place", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_claims_member", "wish_id", "member_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_claims_unit", "wish_id", "unit_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_claims_team", "wish_id", "team_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_claims_slot", "member_id", "slot", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_claims_leader", "wish_id", unique=True,
              sqlite_where=text("state = 'open' AND leads"), postgresql_where=text("state = 'open' AND leads")),
        Index("ix_claims_member_state", "member_id", "state"),
        Index("ix_claims_unit_state", "unit_id", "state"),
        Index("ix_claims_team_state", "team_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wishes.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    organisation: Mapped[str | None] = mapped_column(Text(60))
    task: Mapped[str | None] = mapped_column(Text(200, lines=True))
    heads: Mapped[int] = mapped_column(default=1)
    place: Mapped[int]
    slot: Mapped[int | None]
    leads: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ClaimState] = labelled(ClaimState, default=ClaimState.OPEN)
    claimed_at: Mapped[dt.datetime] = mapped_column(Moment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    half_hours: Mapped[int | None]

    wish: Mapped[Wish] = relationship(back_populates="claims")
    member: Mapped[Member | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    team: Mapped[Team | None] = relationship()
    people: Mapped[list["ClaimPerson"]] = relationship(
        back_populates="claim", order_by="ClaimPerson.id", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """The helper's name, for those who may read it."""
        named = self.member or self.group
        return named.name if named else self.organisation or ""

    @property
    def group(self) -> Unit | Team | None:
        """The unit or team that helps and names who comes; None of a member's own place and of an organisation's."""
        return self.unit or self.team

    def has(self, member_id: int | None) -> bool:
        """Whether this member is the helper, or comes for the unit or team that is."""
        ids = {self.member_id, *(person.member_id for person in self.people)} - {None}
        return member_id in ids

    def half_hours_of(self, member_id: int | None) -> int | None:
        """The half hours that this member gave; None before they were written, or when none."""
        own = self.half_hours if self.member_id == member_id else None
        return own or next((one.half_hours for one in self.people if one.member_id == member_id), None)


class ClaimPerson(Base):
    """A member who comes for a unit or team that helps; the hours are written when the wish is done."""

    __tablename__ = "claim_people"
    __table_args__ = (
        UniqueConstraint("claim_id", "member_id"),
        CheckConstraint("half_hours IS NULL OR half_hours BETWEEN 1 AND 48", "half_hours_of_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    half_hours: Mapped[int | None]

    claim: Mapped[Claim] = relationship(back_populates="people")
    member: Mapped[Member] = relationship()


class ProposalState(Labelled):
    """What became of a wish proposed to a member."""

    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "已接受"
    DECLINED = "declined", "已谢绝"
    LAPSED = "lapsed", "到期未答复"
    WITHDRAWN = "withdrawn", "已取消"


class Proposal(Base):
    """A wish proposed to a member whom it fits (`why`): the member's place is held until `until`.

    `words` are the member's own on declining, for the office only.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", "open_until_answered"),
        Index("uq_proposals_open", "wish_id", "member_id", unique=True,
              sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_proposals_until", "until", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_proposals_member_state", "member_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wishes.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[ProposalState] = labelled(ProposalState, default=ProposalState.OPEN)
    why: Mapped[str] = mapped_column(Text(200))
    by_user_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(Text(120))
    at: Mapped[dt.datetime] = mapped_column(Moment)
    until: Mapped[dt.datetime] = mapped_column(Moment)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    words: Mapped[str | None] = mapped_column(Text(200, lines=True))

    wish: Mapped[Wish] = relationship(back_populates="proposals")
    member: Mapped[Member] = relationship()


class WishPhoto(Base):
    """A photo of a wish done: re-encoded, without EXIF, under a random name."""

    __tablename__ = "wish_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wishes.id"), index=True)
    file: Mapped[str] = mapped_column(Text(40), unique=True)
    at: Mapped[dt.datetime] = mapped_column(Moment)

    wish: Mapped[Wish] = relationship(back_populates="photos")


class MessageKind(Labelled):
    """What the resident said from the follow page."""

    DONE_WELL = "done_well", "办成了"
    MISSING = "missing", "还缺一点"
    CALLED_BACK = "called_back", "社区回访"


class WishMessage(Sealable, Base):
    """办成了吗、还缺什么: words of the resident on a wish, or what a clerk heard when calling back."""

    __tablename__ = "wish_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wishes.id"), index=True)
    kind: Mapped[MessageKind] = labelled(MessageKind)
    words_sealed: Mapped[bytes | None] = sealed_column()
    at: Mapped[dt.datetime] = mapped_column(Moment)
    by_name: Mapped[str] = mapped_column(Text(120))

    words = Sealed()
    wish: Mapped[Wish] = relationship(back_populates="messages")
