"""The columns of tables 6 and 7: what each is called, how it adds up, which clause asks for it, what counts it.

This is the one place that says what a number of the yearly tables means. How a line of a book is found stands in
counting_people, counting_service, counting_help and counting_judgement; how lines become numbers, in counting.

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

from portal.households.kinds import HouseholdKind
from portal.labels import Labelled
from portal.reports import counting_help, counting_judgement, counting_people, counting_service
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
COLLECTING = (By.COMMUNITIES, By.COUNTY)
HERE = (By.COMMUNITIES,)
roster, households = counting_people.roster, counting_help.households

SHOULD = Tally("should", "应报到", K.ADDITIVE, "一", roster, unit="人")
REPORTED = Tally("reported", "已报到", K.ADDITIVE, "二(三)2", roster, unit="人")
RATE = Tally("rate", "报到率", K.RATE, "二(三)2", of=("reported", "should"))

_TO_SUGGESTIONS: tuple[Tally, ...] = (
    SHOULD,
    REPORTED,
    RATE,
    Tally("teams", "服务队", K.DISTINCT, "二(二)3", counting_people.teams, unit="支"),
    Tally("posts", "认领岗位人数", K.DISTINCT, "二(一)1", counting_people.posts, unit="人"),
    Tally("services", "人次", K.ADDITIVE, "二(一)1", counting_service.services, "服务"),
    Tally("hours", "小时", K.ADDITIVE, "二(一)1", counting_service.services, "服务", halves=True),
    Tally("away", "人次", K.ADDITIVE, "二(二)4", counting_service.services, "其中在外社区", only=HERE),
    Tally("away_hours", "小时", K.ADDITIVE, "二(二)4", counting_service.services, "其中在外社区", halves=True,
          only=HERE),
    Tally("guests", "人次", K.ADDITIVE, "二(二)4", counting_service.guests, "另有外社区党员来", only=HERE),
    Tally("guest_hours", "小时", K.ADDITIVE, "二(二)4", counting_service.guests, "另有外社区党员来", halves=True,
          only=HERE),
    Tally("suggestions", "条数", K.ADDITIVE, "二(一)2", counting_help.suggestions, "合理建议"),
    Tally("adopted", "采纳", K.ADDITIVE, "二(一)2", counting_help.suggestions, "合理建议"),
)  # fmt: skip
_FROM_ACTIVITIES: tuple[Tally, ...] = (
    Tally("activities", "公益活动", K.DISTINCT, "二(一)3", counting_service.activities, unit="场"),
    Tally("households", "合计", K.DISTINCT, "二(一)4", households, "帮扶家庭（户）"),
    *(Tally(f"households_{kind.value}", kind.label, K.DISTINCT, "二(一)4", households, "帮扶家庭（户）")
      for kind in HouseholdKind),
    Tally("visits", "走访", K.DISTINCT, "二(一)4", counting_service.visits, unit="次"),
    Tally("wishes", "征集", K.DISTINCT, "二(二)2", counting_help.collected, "微心愿（个）", sides=COLLECTING),
    Tally("claimed", "认领", K.DISTINCT, "二(二)2", counting_help.claimed, "微心愿（个）"),
    Tally("fulfilled", "实现", K.DISTINCT, "二(二)2", counting_help.fulfilled, "微心愿（个）"),
    Tally("service_days", "次", K.DISTINCT, "二(二)3", counting_service.activities, "服务日"),
    Tally("service_day_people", "人次", K.ADDITIVE, "二(二)3", counting_service.service_day_people, "服务日"),
)  # fmt: skip
EXEMPLARS = Tally("exemplars", "服务标兵", K.ADDITIVE, "二(一)5", counting_judgement.exemplars, unit="人")
REMARKS = Tally("remarks", "备注", K.WORDS, "附件6")
SEVEN: tuple[Tally, ...] = (
    SHOULD,
    REPORTED,
    Tally("level_city", "市", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）"),
    Tally("level_county", "县", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）"),
    Tally("level_town", "镇", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）"),
    Tally("level_enterprise", "企业", K.ADDITIVE, "二(二)1", roster, "其中（按单位级别）"),
    RATE,
    Tally("in_teams", "编入服务队", K.ADDITIVE, "二(二)3", roster, unit="人"),
    Tally("missing", "合计", K.ADDITIVE, "二(三)2", roster, "未报到"),
    Tally("uncertified", "未开证明信", K.ADDITIVE, "二(三)2", roster, "未报到"),
    Tally("certified", "持信未报到", K.ADDITIVE, "二(一)", roster, "未报到"),
    Tally("waiting", "待接洽", K.ADDITIVE, "二(二)1", roster, "未报到"),
    Tally("exempt", "免报", K.ADDITIVE, "二(三)2", roster, unit="人"),
    REMARKS,
)  # fmt: skip
TITLES = {6: "在职党员进社区服务群众情况汇总表", 7: "在职党员进社区报到情况汇总表"}


def all_of(number: int) -> tuple[Tally, ...]:
    """All columns of table 6 or 7; of 6 with the grades that the county gives now."""
    if number == 7:
        return SEVEN
    grades = (
        Tally(f"grade_{key}", label, K.ADDITIVE, "二(二)4", counting_judgement.evaluations, "评议等次（人）")
        for key, label in counting_judgement.grades()
    )
    return (*_TO_SUGGESTIONS, *_FROM_ACTIVITIES, *grades, EXEMPLARS, REMARKS)


def columns_of(number: int, by: By) -> tuple[Tally, ...]:
    """The columns that table 6 or 7 has when its rows are by this."""
    return tuple(tally for tally in all_of(number) if by in tally.only)


def tally_of(number: int, by: By, key: str | None) -> Tally | None:
    """The column of this key that such a table has, or None."""
    return next((tally for tally in columns_of(number, by) if tally.key == key), None)
