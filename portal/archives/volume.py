"""The 卷内目录 of a package: a line a paper, as plain values, for the printed sheet and the spreadsheet alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal import clock
from portal.archives.models import ArchivedPaper, CopyState
from portal.archives.queries import packages_of
from portal.filters import NOTHING, day
from portal.numbers import PaperState, official_number
from portal.papers.catalogue import PAPERS, Paper

KIND = "catalogue"
HEADS = (("序号", 6), ("文号", 24), ("责任者", 26), ("题名", 44), ("日期", 14), ("页数", 6), ("备注", 30))
LINES_A_SHEET = 400  # a longer one is laid out in several sheets that go on: memory stays bounded


@dataclass(frozen=True)
class Line:
    """One paper in the catalogue; `pages` is 0 of one that was erased."""

    place: int
    number: str
    office: str
    title: str
    day: str
    pages: int
    remark: str

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of the printed sheet."""
        return (
            str(self.place), self.number, self.office, self.title, self.day, str(self.pages or NOTHING),
            self.remark or NOTHING,
        )  # fmt: skip


@dataclass(frozen=True)
class Volume:
    """A sheet of the catalogue: of which package, and its lines."""

    number: str
    title: str
    office: str
    year: int
    count: int
    pages: int
    lines: Sequence[Line]
    state: None = None


def line_of(place: int, copy: ArchivedPaper, words: dict) -> Line:
    """The line of one stored or erased paper; `words` are its cells."""
    issued = copy.paper
    return Line(
        place, official_number(copy.kind, issued.number), issued.office, title_of(copy, words),
        day(clock.local(issued.issued_at)), copy.pages if copy.state is CopyState.STORED else 0, _remark(copy),
    )  # fmt: skip


def title_of(copy: ArchivedPaper, words: dict) -> str:
    """What a paper is called in a catalogue: its own title, or its kind and whom it is about."""
    kind = PAPERS[copy.kind].title
    if copy.state is CopyState.ERASED:
        return kind
    if own := words.get("title") if copy.kind in ("summary", "result-notice") else None:
        return str(own)
    about = words.get("name") or words.get("unit") or words.get("year")
    return f"{kind}（{about}）" if about else kind


def split(volume: Volume) -> Iterable[Volume]:
    """The volume in sheets of some hundred lines."""
    for start in range(0, max(1, len(volume.lines)), LINES_A_SHEET):
        kept = vars(volume) | {"lines": volume.lines[start : start + LINES_A_SHEET]}
        yield Volume(**kept)


def _remark(copy: ArchivedPaper) -> str:
    said = []
    if copy.paper.version > 1:
        said.append(f"第{copy.paper.version}版，替代第{copy.paper.version - 1}版")
    if copy.state is CopyState.ERASED:
        said.append(f"{day(copy.erased_at)}依法删除")
    elif copy.paper.state is not PaperState.VALID:
        said.append(copy.paper.state.label)
    if copy.lacking:
        said.append(f"缺字“{copy.lacking}”手写")
    return "，".join(said)


def _cells(volume: Volume, full: bool) -> dict:
    return {
        "issuer": volume.office,
        "volume": volume.title,
        "office": volume.office,
        "year": f"{volume.year}年",
        "count": f"{volume.count}件",
        "pages": f"{volume.pages}页",
        "lines": [line.cells for line in volume.lines],
        "made_on": day(clock.today()),
    }


PAPER = Paper("10", "卷内目录", KIND, packages_of, None, _cells)
