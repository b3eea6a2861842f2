"""Doubles: two rows of the roster that are, or were thought to be, one person."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Member
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column

# How long a merging can be reversed, and the list of what it changed is kept for that (1.6).
REVERSIBLE_FOR = dt.timedelta(days=30)


class DoubleState(Labelled):
    """The states of a pair that the county looks at."""

    SUSPECTED = "suspected", "待核对"
    MERGED = "merged", "已合并"
    REVERSED = "reversed", "已撤销合并"
    DISMISSED = "dismissed", "不是同一人"


class Likeness(Labelled):
    """Why two rows may be one person: the first is as good as certain."""

    SAME = "same", "姓名、出生年月、手机号都相同"
    NAME = "name", "姓名和出生年月相同，手机号不同"
    PHONE = "phone", "手机号相同，姓名或出生年月不同"
    CHANGED = "changed", "资料已改，现在不再相同"


class Double(Case, Sealable, Base):
    """Two members who may be one person: named to the county, which merges them or says they are two.  [二(三)2]

    The pair is kept from when the county opens it; whom to open is told by the roster itself. `first_identity` and
    `second_identity` are the two persons' indexes when it was last decided that they are two: as long as these
    stand, nobody asks again. `ledger` (JSON) is what a merging changed, kept for as long as it can be reversed.
    """

    __tablename__ = "doubles"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", "each_pair_once"),
        CheckConstraint("state <> 'merged' OR (kept_id IN (first_id, second_id) AND merged_at IS NOT NULL)",
                        "merged_keeps_one"),
        Index("ix_doubles_state", "state", "merged_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[DoubleState] = labelled(DoubleState, default=DoubleState.SUSPECTED)
    first_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    kept_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    first_identity: Mapped[str] = mapped_column(Text(32))
    second_identity: Mapped[str] = mapped_column(Text(32))
    opened_on: Mapped[dt.date]
    merged_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ledger_sealed: Mapped[bytes | None] = sealed_column()

    ledger = Sealed()
    first: Mapped[Member] = relationship(foreign_keys=[first_id])
    second: Mapped[Member] = relationship(foreign_keys=[second_id])

    @property
    def pair(self) -> tuple[Member, Member]:
        """Both rows, the older one first."""
        return self.first, self.second

    def other_than(self, member_id: int | None) -> Member:
        """The other one of the pair."""
        return self.second if member_id == self.first_id else self.first

    @property
    def likeness(self) -> Likeness:
        """Why the two may be one person, by what the roster says of them now."""
        first, second = self.pair
        if first.identity_index == second.identity_index:
            return Likeness.SAME
        if (first.name, first.born) == (second.name, second.born):
            return Likeness.NAME
        same_phone = first.phone_index is not None and first.phone_index == second.phone_index
        return Likeness.PHONE if same_phone else Likeness.CHANGED

    @property
    def reversible_until(self) -> dt.datetime | None:
        """Until when a merging can be reversed."""
        return self.merged_at and self.merged_at + REVERSIBLE_FOR
