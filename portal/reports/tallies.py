"""The columns of tables 6 and 7: what each is called, how it adds up, which clause asks for it, what counts it.

This is the one place that says what a number of the yearly tables means. How a line of a book is found stands in
counting_people, counting_service and counting_help; how lines become numbers, in counting.

What holds for all of them:
- A table speaks of one calendar year up to the day 截至 (both in `Period`). What happens on a day (a service, a
  suggestion) belongs to the year of that day; what lasts (a team, the roster) is told as it stands on the day 截至.
- Two sides count the same things: by the unit, and so by its supervisor, or by the community. Over the whole county
  both have the same total; what only one side knows is — on the other.
- A record, a suggestion, an evaluation keeps the unit and the community of its date, so past service stays where it
  was done; a person, and what a person is bound to (team, post, household), is told at the unit of the day 截至.
- An additive column's rows sum to its total. A distinct one counts things that several rows may share (one household
  supported from two units): its total is the size of the union, less than the sum, and the shared ones are named.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Select

from portal.labels import Labelled
from portal.reports import counting_people, counting_service
from portal.reports.scopes import By, Period


class Kind(Labelled):
    """How the rows of a column add up."""

    ADDITIVE = "additive", "相加"
    DISTINCT = "distinct", "去重"
    RATE = "rate", "比率"
    WORDS = "words", "文字"


@dataclass(frozen=True)
class Tally:
    """One column: its key and label, the merged heading above it (`group`), how it adds up, and its book.

    `of` are the two columns of a rate; `halves`: the book counts half hours and the table shows hours; `sides`: only
    tables by one of these have a number here; `only`: others have not even the column.
    """

    key: str
    label: str
    kind: Kind
    clause: str
    book: Callable[[Period], Select] | None = None
    group: str = ""
    unit: str = ""
    of: tuple[str, str] | None = None
    halves: bool = False
    sides: tuple[By, ...] = tuple(By)
    only: tuple[By, ...] = tuple(By)

    def counted_by(self, by: By) -> bool:
        """Whether a table of this grouping has numbers in this column."""
        return by in self.sides and by in self.only


K = Kind
PLACES = (By.COMMUNITIES, By.COUNTY)
HERE = (By.COMMUNITIES,)
roster, services, guests = counting_people.roster, counting_service.services, counting_service.guests

SHOULD = Tally("should", "应报到", K.ADDITIVE, "一", roster, unit="人")
REPORTED = Tally("reported", "已报到", K.ADDITIVE, "二(三)2", roster, unit="人")
RATE = Tally("rate", "报到率", K.RATE, "二(三)2", of=("reported", "should"))

SIX: tuple[Tally, ...] = (
    SHOULD,
    REPORTED,
    RATE,
    Tally("teams", "服务队", K.DISTINCT, "二(二)3", counting_people.teams, unit="支"),
    Tally("posts", "认领岗位人数", K.DISTINCT, "二(一)1", counting_people.posts, unit="人"),
    Tally("services", "人次", K.ADDITIVE, "二(一)1", services, "服务", "人次"),
    Tally("hours", "小时", K.ADDITIVE, "二(一)1", services, "服务", "小时", halves=True),
    Tally("away", "人次", K.ADDITIVE, "二(二)4", services, "其中在外社区", "人次", only=HERE),
    Tally("away_hours", "小时", K.ADDITIVE, "二(二)4", services, "其中在外社区", "小时", halves=True, only=HERE),
    Tally("guests", "人次", K.ADDITIVE, "二(二)4", guests, "另有外社区党员来服务", "人次", only=HERE),
    Tally("guest_hours", "小时", K.ADDITIVE, "二(二)4", guests, "另有外社区党员来服务", "小时", halves=True, only=HERE),
)  # fmt: skip
SEVEN: tuple[Tally, ...] = (
    SHOULD,
    REPORTED,
    Tally("level_city", "市", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）", "人"),
    Tally("level_county", "县", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）", "人"),
    Tally("level_town", "镇", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）", "人"),
    Tally("level_enterprise", "企业", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）", "人"),
    RATE,
    Tally("in_teams", "编入服务队", K.ADDITIVE, "二(二)3", roster, unit="人"),
    Tally("missing", "合计", K.ADDITIVE, "二(三)2", roster, "未报到", "人"),
    Tally("uncertified", "未开证明信", K.ADDITIVE, "二(三)2", roster, "未报到", "人"),
    Tally("certified", "持信未报到", K.ADDITIVE, "二(一)", roster, "未报到", "人"),
    Tally("waiting", "待接洽", K.ADDITIVE, "二(二)1", roster, "未报到", "人"),
    Tally("exempt", "免报", K.ADDITIVE, "二(三)2", roster, unit="人"),
)  # fmt: skip
TABLES = {6: SIX, 7: SEVEN}
TITLES = {6: "在职党员进社区服务群众情况汇总表", 7: "在职党员进社区报到情况汇总表"}


def columns_of(number: int, by: By) -> tuple[Tally, ...]:
    """The columns that table 6 or 7 has when its rows are by this."""
    return tuple(tally for tally in TABLES[number] if by in tally.only)


def tally_of(number: int, key: str | None) -> Tally | None:
    """The column of this key, or None."""
    return next((tally for tally in TABLES[number] if tally.key == key), None)
