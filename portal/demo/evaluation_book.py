"""What is said in the demonstration's evaluations, and the book in which they are gathered before they are written."""

import datetime as dt
from collections import Counter as Tally
from dataclasses import dataclass, field

from sqlalchemy import Row

from portal import clock, vault
from portal.actors import Role
from portal.demo.county import County
from portal.demo.telling import Telling
from portal.evaluations.models import Evaluation, EvaluationState, Grade, Handling, Note, NoteKind, NoteState
from portal.numbers import PaperState
from portal.people.names import surname_of

S = EvaluationState
REPLIED, ANSWERED, GRADED = "replied", "answered", "graded"
# What became of the evaluations of one member after the other.
LAST_YEAR = (*[(S.ACKNOWLEDGED, "")] * 8, (S.ACKNOWLEDGED, ANSWERED), *[(S.ACKNOWLEDGED, "")] * 6, (S.WITHDRAWN, ""),
             *[(S.ACKNOWLEDGED, "")] * 5, (S.SENT, REPLIED), (S.DRAFT, ""))  # fmt: skip
THIS_YEAR = ((S.DRAFT, ""), (S.SENT, ""), (S.DRAFT, GRADED), (S.ACKNOWLEDGED, ""), (S.SENT, REPLIED), (S.DRAFT, ""),
             (S.ACKNOWLEDGED, ANSWERED), (S.SENT, ""), (S.WITHDRAWN, ""), (S.DRAFT, GRADED))  # fmt: skip
# Of each twenty grades, by their place in the table.
SPREAD = (1, 1, 0, 1, 2, 1, 1, 0, 1, 1, 2, 1, 1, 1, 0, 1, 1, 2, 1, 1)
PERFORMANCE = {
    0: "长期参加夜间巡逻和清扫，帮扶的老人家里有事随叫随到，居民评价高。",
    3: "全年只参加了一次活动，约好的服务两次没有到，提醒以后仍没有改进。",
}
SELF = "按时参加了社区的活动，结对的老人每月走访一次；明年想多参加周末的便民服务。"
REPLY, ANSWER = "还有两次上门维修没有登记，请核对。", "已向网格管理员核实，确有两次，补记以后计入明年。"
HAPPENED = (
    (NoteKind.COMMENDABLE, NoteState.ACKNOWLEDGED, Handling.PRAISE, "暴雨夜里同网格管理员一起转移了地下室的三户居民。"),
    (NoteKind.CONCERNING, NoteState.SENT, None, "约好的义诊两次没有到，也没有请假，居民白等了一个上午。"),
    (NoteKind.COMMENDABLE, NoteState.SENT, None, "发现独居老人摔倒，及时送医并通知家属。"),
    (NoteKind.CONCERNING, NoteState.WITHDRAWN, None, "服务日没有到场（后经核实，当天由单位派出差）。"),
    (NoteKind.CONCERNING, NoteState.ACKNOWLEDGED, Handling.TALK, "和居民因停车争执，经调解已经和好。"),
)


@dataclass
class Book:
    """What is to be written, how far the numbers are drawn, and the grades."""

    grades: list[Grade]
    rows: list[dict] = field(default_factory=list)
    notes: list[dict] = field(default_factory=list)
    uses: list[dict] = field(default_factory=list)
    papers: list[dict] = field(default_factory=list)
    serials: Tally = field(default_factory=Tally)
    telling: Telling = field(default_factory=Telling)

    def draw(self, kind: str, year: int) -> int:
        """The next number of a kind in a year."""
        self.serials[kind, year] += 1
        return self.serials[kind, year]

    def issue(self, kind: str, row: dict, person: Row, state: PaperState) -> None:
        """Enter the paper of a row into the ledger."""
        self.papers.append({
            "kind": kind, "year": row["year"], "serial": self.draw(kind, row["year"]), "version": 1,
            "subject_id": row["id"], "check_code": vault.random_code(12), "family_name": surname_of(person.name),
            "office": person.place, "state": state, "issued_at": moment(row["sent_on"], 16),
        })  # fmt: skip

    def tell(self, county: County, row: dict, person: Row) -> None:
        """The history that leads to where an evaluation stands."""
        clerk = (clerk_of(county, person), Role.CLERK)
        unit, member = (f"{person.unit} 高翔", Role.LIAISON), (f"{person.unit} {person.name}", Role.MEMBER)
        steps = [(row["opened_on"], "open", "发起评议", S.DRAFT, clerk)]
        if row["grade_id"]:
            steps.append((row["sent_on"] or row["opened_on"], "grade", "评议", S.DRAFT, clerk))
        if row["sent_on"]:
            steps.append((row["sent_on"], "send", "反馈", S.SENT, clerk))
        if row["replied_on"]:
            steps.append((row["replied_on"], "reply", "说明", S.SENT, member))
        if row["answered_on"]:
            steps.append((row["answered_on"], "answer", "答复", S.SENT, clerk))
        if row["acknowledged_on"]:
            steps.append((row["acknowledged_on"], "acknowledge", "回执", S.ACKNOWLEDGED, unit))
        if row["state"] is S.WITHDRAWN:
            steps.append((row["sent_on"], "withdraw", "撤回重评", S.WITHDRAWN, clerk))
        before = None
        for hour, (day, verb, label, after, (who, role)) in enumerate(steps, 9):
            why = "等次填错了，重新评议" if verb == "withdraw" else None
            self.telling.tell(Evaluation, row["id"], moment(day, hour), verb, label, (before, after), who, role, why)
            before = after

    def tell_note(self, county: County, row: dict, person: Row) -> None:
        """The history that leads to where a note stands."""
        clerk, at = (clerk_of(county, person), Role.CLERK), moment(row["sent_on"], 9)
        self.telling.tell(Note, row["id"], at, "send", "随时反馈", (None, NoteState.SENT), *clerk)
        later, states = moment(row["acknowledged_on"] or row["sent_on"], 10), (NoteState.SENT, row["state"])
        if row["state"] is NoteState.ACKNOWLEDGED:
            who = (f"{person.unit} 高翔", Role.LIAISON)
            self.telling.tell(Note, row["id"], later, "acknowledge", "回执", states, *who)
        elif row["state"] is NoteState.WITHDRAWN:
            self.telling.tell(Note, row["id"], later, "withdraw", "撤回", states, *clerk, "核实以后情况有误")


def clerk_of(county: County, person: Row) -> str:
    """The clerk of a member's community, with the office."""
    return f"{person.place} {county.clerks[person.community_id][0][1]}"


def moment(day: dt.date, hour: int) -> dt.datetime:
    """An hour of a day, not later than now."""
    return min(clock.start_of(day) + dt.timedelta(hours=hour), clock.now())
