"""What the archive asks of the county's and the administrator's desk (待办)."""

from sqlalchemy import Select, select

from portal.actors import Actor, Role
from portal.archives.models import ArchivedPaper, CopyState
from portal.numbers import IssuedPaper, PaperState
from portal.todo import Waiting


def items(by: Actor) -> list[Waiting]:
    """Stored copies that are broken, and papers that could not be stored."""
    if not by.is_in(Role.COUNTY, Role.ADMIN):
        return []
    return [
        Waiting(broken(), "归档件损坏，请从备份恢复", "archives.index", {"state": "broken"}),
        Waiting(failed(), "表册未能归档，请查看", "archives.index", {"state": "failed"}),
    ]


def broken() -> Select:
    """The copies that the last look found broken."""
    return select(ArchivedPaper).where(ArchivedPaper.damage.is_not(None))


def failed() -> Select:
    """The papers in force that could not be stored; of one that was set aside before, nobody can do anything."""
    rows = select(ArchivedPaper).join(IssuedPaper, IssuedPaper.id == ArchivedPaper.paper_id)
    return rows.where(ArchivedPaper.state == CopyState.FAILED, IssuedPaper.state == PaperState.VALID)
