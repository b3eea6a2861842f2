"""Stories of service (感人事迹、典型经验) for everybody to read, and notices (通知公告) from one office to others."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.activities.models import Activity
from portal.actors import Role
from portal.clock import Moment
from portal.extensions import Base
from portal.flow import Case
from portal.labels import Labelled, labelled
from portal.people.models import Community, Member, Supervisor, Unit
from portal.text import Text
from portal.vault import Sealable, Sealed, sealed_column
from portal.wishes.models import Wish


class OfOffice:
    """What an office wrote: in which role, and which office, by name and by row; the county has no row."""

    role: Mapped[Role] = labelled(Role)
    office: Mapped[str] = mapped_column(Text(80))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)


class StoryState(Labelled):
    """The states of a story."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    PUBLISHED = "published", "已发布"
    RETURNED = "returned", "已退回"
    TAKEN_DOWN = "taken_down", "已撤下"


class StoryKind(Labelled):
    """What a story tells: what somebody did, or what proved to work."""

    DEED = "deed", "感人事迹"
    PRACTICE = "practice", "典型经验"


class Medium(Labelled):
    """Where else a story appeared.  [四]"""

    RADIO = "radio", "广播"
    TELEVISION = "television", "电视"
    PRESS = "press", "报刊"
    WEB = "web", "网络"
    BOARD = "board", "宣传栏"


class Story(Case, Sealable, OfOffice, Base):
    """One story. `named` are those whom its words name or its photos show, a line each; sealed, for the offices only.

    `consent` says that all of them agreed to that; without it nothing is published. The wish, activity and member
    that it is about are known inside only. `published_at` is kept when a story is taken down.  [四]
    """

    __tablename__ = "stories"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("state NOT IN ('submitted', 'published') OR consent", "shown_with_consent"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", "published_at_a_time"),
        Index("ix_stories_state", "state", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[StoryState] = labelled(StoryState, default=StoryState.DRAFT)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[StoryKind] = labelled(StoryKind)
    title: Mapped[str] = mapped_column(Text(40))
    body: Mapped[str] = mapped_column(Text(5000, lines=True))
    named_sealed: Mapped[bytes | None] = sealed_column()
    consent: Mapped[bool] = mapped_column(default=False)
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wishes.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    written_on: Mapped[dt.date]
    submitted_on: Mapped[dt.date | None]
    published_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    named = Sealed()
    supervisor: Mapped[Supervisor | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    community: Mapped[Community | None] = relationship()
    wish: Mapped[Wish | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    about: Mapped[Member | None] = relationship()
    hands: Mapped[list["StoryHand"]] = relationship(back_populates="story")
    appearances: Mapped[list["Appearance"]] = relationship(
        back_populates="story", order_by="(Appearance.day, Appearance.id)"
    )

    @property
    def wish_number(self) -> str:
        """The number of the wish that it is about, or ''."""
        return self.wish.number if self.wish else ""

    @property
    def activity_number(self) -> str:
        """The number of the activity that it is about, or ''."""
        return self.activity.number if self.activity else ""


class StoryHand(Base):
    """Somebody who wrote at a story, and therefore does not publish it."""

    __tablename__ = "story_hands"
    __table_args__ = (UniqueConstraint("story_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    user_id: Mapped[int]

    story: Mapped[Story] = relationship(back_populates="hands")


class Appearance(Base):
    """Where and when a story appeared outside the portal: the paper, the programme, the board, by name.  [四]"""

    __tablename__ = "appearances"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)
    medium: Mapped[Medium] = labelled(Medium)
    name: Mapped[str] = mapped_column(Text(60))
    day: Mapped[dt.date]

    story: Mapped[Story] = relationship(back_populates="appearances")


class NoticeState(Labelled):
    """Whether a notice is in force; that its days are over is told by the date."""

    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤回"


class Notice(Case, OfOffice, Base):
    """What one office lets others know, until a day. It is answered (回执) only where `asks_answer` says so.

    `to` is whom it goes to in words, as it stood when it was sent. `urged_at` is when those who had not answered were
    urged: once.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("asks_answer = (answer_by IS NOT NULL)", "answered_by_a_day"),
        CheckConstraint("urged_at IS NULL OR asks_answer", "urged_for_an_answer"),
        Index("ix_notices_in_force", "state", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[NoticeState] = labelled(NoticeState, default=NoticeState.PUBLISHED)
    number: Mapped[str] = mapped_column(Text(16), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    title: Mapped[str] = mapped_column(Text(60))
    body: Mapped[str] = mapped_column(Text(3000, lines=True))
    to: Mapped[str] = mapped_column(Text(200))
    until: Mapped[dt.date]
    asks_answer: Mapped[bool] = mapped_column(default=False)
    answer_by: Mapped[dt.date | None]
    sent_at: Mapped[dt.datetime] = mapped_column(Moment)
    sent_by_user_id: Mapped[int | None]
    urged_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    addressees: Mapped[list["NoticeTo"]] = relationship(back_populates="notice", order_by="NoticeTo.id")


class NoticeTo(Base):
    """Some of those whom a notice goes to: who holds this role in a unit, in a community, or in those under a
    supervisor (for the work committee: the units that are 机关); in the whole county where no place is named.
    """

    __tablename__ = "notice_to"
    __table_args__ = (
        Index("ix_notice_to_notice", "notice_id", "role"),
        CheckConstraint(
            "(CASE WHEN supervisor_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN community_id IS NULL THEN 0 ELSE 1 END) <= 1",
            "at_most_one_place",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    role: Mapped[Role] = labelled(Role)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("supervisors.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))

    notice: Mapped[Notice] = relationship(back_populates="addressees")


class NoticeSeen(Base):
    """That a person has taken note of a notice: it goes from their desk; nobody else is ever shown it."""

    __tablename__ = "notices_seen"
    __table_args__ = (UniqueConstraint("notice_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class NoticeAnswer(Base):
    """The answer (回执) of a member, or of an office for which any of its people gives it, to a notice that asks."""

    __tablename__ = "notice_answers"
    __table_args__ = (
        CheckConstraint("(office_key IS NULL) <> (member_id IS NULL)", "member_or_office"),
        Index("uq_notice_answers_office", "notice_id", "office_key", unique=True,
              sqlite_where=text("office_key IS NOT NULL"), postgresql_where=text("office_key IS NOT NULL")),
        Index("uq_notice_answers_member", "notice_id", "member_id", unique=True,
              sqlite_where=text("member_id IS NOT NULL"), postgresql_where=text("member_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    office_key: Mapped[str | None] = mapped_column(Text(80))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    user_id: Mapped[int]
    by_name: Mapped[str] = mapped_column(Text(120))
    words: Mapped[str | None] = mapped_column(Text(200))
    at: Mapped[dt.datetime] = mapped_column(Moment)

    member: Mapped[Member | None] = relationship()
