"""One act on many rows: each row in its own savepoint, so that one refusal doesn't spoil the rest."""

import datetime as dt
from collections.abc import Callable, Iterable

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.actors import Actor
from portal.clock import Moment
from portal.errors import Refused
from portal.extensions import Base, db
from portal.text import Text
from portal.undo_move import Undo

# Rows between two pauses: the write lock of SQLite is held for one part at a time, about 80 ms.
PART = 5
# The lines name people and serve only to follow up the refused ones, which a month is enough for; what was done
# stands in each case's own history for good.
KEPT = dt.timedelta(days=30)
OF_CASES = (Undo.label, "发布", "写社区意见", "发出", "签收", "登记打印", "登记签字", "登记盖章", "归档")
LONGEST_ABOUT, LONGEST_SENTENCE = 80, 300  # letters
FORGOTTEN_AT_ONCE = 20  # acts of up to 500 lines: the rest goes with the next tick


class BulkAct(Base):
    """One act on many rows, with its result row by row, so that it can be found again."""

    __tablename__ = "bulk_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text(32))
    at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    by_user_id: Mapped[int | None] = mapped_column(index=True)
    by_appointment_id: Mapped[int | None]

    lines: Mapped[list["BulkLine"]] = relationship(back_populates="act", order_by="BulkLine.id")

    @property
    def done(self) -> int:
        """How many rows it was done for."""
        return sum(line.done for line in self.lines)

    @property
    def refused(self) -> int:
        """How many rows refused it."""
        return len(self.lines) - self.done

    @property
    def each(self) -> str:
        """The measure word of its rows: people, but what is undone, published or fed back are cases."""
        return "件" if self.label in OF_CASES else "人"

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        if not self.lines:
            return f"没有可以{self.label}的{'事项' if self.each == '件' else '人'}，什么也没有改变。"
        if not self.refused:
            return f"{self.label}：{self.done} {self.each}全部办成。"
        return f"{self.label}：办成 {self.done} {self.each}，{self.refused} {self.each}没有办成，原因见下表。"


class BulkLine(Base):
    """What came of one row: done, or the sentence why not."""

    __tablename__ = "bulk_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id"), index=True)
    about: Mapped[str] = mapped_column(Text(LONGEST_ABOUT))
    address: Mapped[str | None] = mapped_column(Text(120))
    done: Mapped[bool]
    sentence: Mapped[str] = mapped_column(Text(LONGEST_SENTENCE))

    act: Mapped[BulkAct] = relationship(back_populates="lines")


def run(
    by: Actor,
    label: str,
    rows: Iterable,
    act: Callable,
    describe: Callable,
    pause: Callable[[], None] = lambda: None,
) -> BulkAct:
    """Do `act(row)` for each row; the results, refusals included, as one BulkAct of the session.

    `describe(row)` gives the words and the address (or None) that stand for the row; `pause` is called between
    two parts (a route commits there).
    """
    made = BulkAct(label=label, at=clock.now(), by_user_id=by.user_id, by_appointment_id=by.appointment_id)
    db.session.add(made)
    for place, row in enumerate(rows, start=1):
        sentence, done = "已办成", True
        try:
            with db.session.begin_nested():
                act(row)
        except Refused as refusal:
            sentence, done = refusal.sentence, False
        about, address = describe(row)
        about, sentence = about[:LONGEST_ABOUT], sentence[:LONGEST_SENTENCE]  # names of two places may be longer
        made.lines.append(BulkLine(about=about, address=address, done=done, sentence=sentence))
        if place % PART == 0:
            pause()
    db.session.flush()
    return made


def forget_old_acts(now: dt.datetime) -> None:
    """A sweep: results of acts that are a month old are deleted."""
    old = select(BulkAct.id).where(BulkAct.at < now - KEPT).order_by(BulkAct.at).limit(FORGOTTEN_AT_ONCE)
    ids = list(db.session.scalars(old))
    db.session.execute(delete(BulkLine).where(BulkLine.act_id.in_(ids)))
    db.session.execute(delete(BulkAct).where(BulkAct.id.in_(ids)))
