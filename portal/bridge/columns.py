"""What is asked of a template: which fields at which places under which headings, and what kind of file."""

from dataclasses import dataclass

from portal.labels import Labelled


class FileFormat(Labelled):
    """The kinds of files that are sent."""

    XLSX = "xlsx", "Excel（.xlsx）"
    CSV = "csv", "CSV（.csv）"


@dataclass(frozen=True)
class Chosen:
    """A field that is exported, at its place, under its heading."""

    place: int
    field: str
    heading: str
