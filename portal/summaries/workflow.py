"""A summary belongs to its report: written while that is not handed in, frozen with it, void when it comes back."""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock, numbers
from portal.actors import Actor
from portal.errors import NotYours, RuleBroken, TooLate
from portal.extensions import db
from portal.numbers import PaperState
from portal.reports import content, freezing
from portal.reports import workflow as reports
from portal.reports.models import Report, ReportKind, Snapshot
from portal.reports.tables import Table
from portal.summaries import drafting
from portal.summaries.models import Section, Summary, SummaryText
from portal.summaries.setting import Figure, Part, Setting, day_words

KIND = "summary"


@dataclass
class Said:
    """A summary to be read: title, who hands it in, when, its sections in paragraphs, its figures.

    `counted` says of which tables the figures are, as their pages are asked for: by what, which year, up to which day.
    """

    title: str
    issuer: str
    day: str
    until: str
    sections: list[tuple[str, list[list[Part]]]]
    figures: list[Figure]
    counted: dict
    edition: int | None = None

    @property
    def plain(self) -> list[tuple[str, list[str]]]:
        """Heading and paragraphs of each section, as words."""
        return [(heading, ["".join(part.words for part in line) for line in lines]) for heading, lines in self.sections]


def words_of(report: Report) -> dict[Section, str]:
    """The words of each section: the sender's, else what the portal drafted."""
    row = summary_of(report)
    drafted = drafting.drafted(report.kind)
    return {section: (row and getattr(row, section.value)) or drafted[section] for section in Section}


def summary_of(report: Report) -> Summary | None:
    """What the sender of a report has written, or None."""
    return db.session.scalar(select(Summary).where(Summary.report_id == report.id))


def write(report: Report, by: Actor, words: dict[str, str]) -> None:
    """The sender writes the summary's words; no figure is typed. Raises NotYours, RuleBroken, TooLate.  [四]"""
    if not reports.sender_of(report, by):
        raise NotYours(f"总结只能由{reports.sender_of.label}撰写。")
    if not report.is_unsent:
        raise RuleBroken("已经上报，不能再改；要修改请先撤回上报，或者请县委组织部退回。")
    setting = Setting(content.counted(report, clock.today()))
    for text in words.values():
        setting.paragraphs(text or "")
    if setting.unknown:
        raise RuleBroken(f"没有这样的数字：{'、'.join(dict.fromkeys(setting.unknown))}。请照右边列出的写。")
    row = summary_of(report)
    if row is None:
        row = Summary(report_id=report.id, version=1)
        db.session.add(row)
    for name, text in words.items():
        setattr(row, name, text or None)
    try:
        db.session.flush()
    except IntegrityError:
        raise TooLate("另一位同志刚刚先写了这份总结。") from None  # both found none; its unique index let one through
    audit.write(by, "summaries.write", row, tuple(words))


def read(report: Report) -> Said:
    """The summary as it was handed in, else as it would be handed in now."""
    if not report.is_unsent and (snapshot := report.standing) is not None:
        kept = db.session.scalar(select(SummaryText.said).where(SummaryText.snapshot_id == snapshot.id))
        if kept:
            return _of(json.loads(kept), snapshot.edition)
        frozen = freezing.read(snapshot)
        return composed(report, frozen.tables, frozen.foot.day)
    today = clock.today()
    return composed(report, content.counted(report, today), today.isoformat())


def composed(report: Report, tables: list[Table], day: str, final: bool = False) -> Said:
    """The summary with the figures of these tables set in; `final`: without the sections that nobody has written."""
    setting, words = Setting(tables), words_of(report)
    left_out = drafting.still_to_write(words) if final else []
    sections = [(section.label, setting.paragraphs(text)) for section, text in words.items() if section not in left_out]
    whose = "全县" if report.kind is ReportKind.LEAD else report.supervisor.name
    title = f"{whose}{report.year}年度“在职党员进社区，服务群众零距离”活动开展情况总结"
    counted = {"by": tables[0].by, "year": tables[0].year, "day": tables[0].until}
    until = day_words(tables[0].until)
    return Said(title, report.supervisor.name, day_words(day), until, sections, setting.figures, counted)


def freeze(report: Report, snapshot: Snapshot, by: Actor) -> None:
    """What is handed in with a report: the summary's text with its figures, and its number."""
    frozen = freezing.read(snapshot)
    said = composed(report, frozen.tables, clock.local(snapshot.taken_at).date().isoformat(), final=True)
    db.session.add(SummaryText(snapshot_id=snapshot.id, said=json.dumps(asdict(said), ensure_ascii=False)))
    numbers.set_aside(KIND, report.id, PaperState.REPLACED)
    before = numbers.latest(KIND, report.id)
    serial, version = (before.serial, before.version + 1) if before else (numbers.draw(KIND, report.year), 1)
    numbers.issue(KIND, report.year, serial, version, report.id, "", report.supervisor.name)


def cancel(report: Report, _by: Actor) -> None:
    """What came back is no valid paper any more."""
    numbers.set_aside(KIND, report.id, PaperState.CANCELLED)


def _of(kept: dict, edition: int) -> Said:
    sections = [(heading, [[Part(**part) for part in line] for line in lines]) for heading, lines in kept["sections"]]
    figures = [Figure(**figure) for figure in kept["figures"]]
    return Said(**kept | {"sections": sections, "figures": figures, "edition": edition})
