"""What was put together with a paper that is now erased by law: packages, and the files of print jobs."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import or_, select

from portal.archives import building
from portal.archives.asking import UNDER_WAY
from portal.archives.models import ArchivedPaper, ArchivePackage
from portal.extensions import db
from portal.leases import change
from portal.numbers import IssuedPaper
from portal.papers import kept_files, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState, PrintJob, PrintPart


def take_packages_back(paper_ids: Sequence[int]) -> list[Path]:
    """Packages in which one of these papers is have no file any more; one that is being made is begun anew."""
    copies = db.session.scalars(select(ArchivedPaper).where(ArchivedPaper.paper_id.in_(paper_ids))).all()
    there = or_(ArchivePackage.state.in_(UNDER_WAY), ArchivePackage.file.is_not(None))
    of_year = ArchivePackage.year.in_({copy.year for copy in copies})
    files = []
    for package in db.session.scalars(select(ArchivePackage).where(of_year, there)):
        if not any(_has(package, copy) for copy in copies) or _is_begun_anew(package):
            continue
        if package.file:
            files.append(building.folder_of(package) / building.WHOLE)
            package.file = None
    return files


def _has(package: ArchivePackage, copy: ArchivedPaper) -> bool:
    wanted = (package.year, package.unit_id or copy.unit_id, package.community_id or copy.community_id)
    return copy.kind in package.kinds.split(",") and wanted == (copy.year, copy.unit_id, copy.community_id)


def _is_begun_anew(package: ArchivePackage) -> bool:
    """Whether it was under way: whoever makes it lost it. One that waits has not looked at any paper yet."""
    running = ArchivePackage.state == JobState.RUNNING
    if change(ArchivePackage, package.id, running, state=JobState.WAITING, lease_until=None):
        return True
    db.session.refresh(package)  # it may have come to its end just now
    return False


def take_prints_back(paper_ids: Sequence[int]) -> list[Path]:
    """The same of print jobs: their files, and what was drawn for them so far or is being drawn."""
    found = {(paper.kind, paper.year, paper.subject_id) for paper in db.session.scalars(
        select(IssuedPaper).where(IssuedPaper.id.in_(paper_ids)))}  # fmt: skip
    return [path for paper in found for job, parts in _jobs_with(*paper).items() for path in _take_back(job, parts)]


def _jobs_with(ledger: str, year: int, subject_id: int) -> dict[PrintJob, list[PrintPart]]:
    """The jobs of the last days that print this case's papers of this ledger, with those of their parts."""
    kinds = [kind for kind, paper in PAPERS.items() if paper.ledger == ledger]
    rows = select(PrintPart).join(PrintPart.job).where(PrintJob.kind.in_(kinds))
    if PAPERS[ledger].of_year:
        rows = rows.where(PrintJob.year == year)
    jobs = defaultdict(list)
    for part in db.session.scalars(rows.order_by(PrintPart.id)):
        if subject_id in part.ids:
            jobs[part.job].append(part)
    return jobs


def _take_back(job: PrintJob, parts: list[PrintPart]) -> list[Path]:
    keys = [part.key for part in parts]
    if not workflow.begin_anew(job, parts):
        db.session.refresh(job)  # it may have come to its end just now
        keys.append(job.key)
        job.key = job.file = None
    return [kept_files.path_of(key) for key in keys if key]
