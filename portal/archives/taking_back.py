"""What was put together with a paper that is now erased by law: packages, and the files of print jobs."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import or_, select

from portal.archives import building
from portal.archives.asking import UNDER_WAY
from portal.archives.models import ArchivePackage
from portal.extensions import db
from portal.leases import change
from portal.numbers import IssuedPaper
from portal.papers import kept_files, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState, PrintJob


def take_packages_back(paper_ids: Sequence[int]) -> list[Path]:
    """Packages of the year and kind of these papers have no file any more; one that is being made is begun anew."""
    files = []
    for paper in _one_a_number(paper_ids):
        there = or_(ArchivePackage.state.in_(UNDER_WAY), ArchivePackage.file.is_not(None))
        for package in db.session.scalars(select(ArchivePackage).where(ArchivePackage.year == paper.year, there)):
            if paper.kind not in package.kinds.split(","):
                continue
            if package.file:
                files.append(building.folder_of(package) / building.WHOLE)
                package.file = None
            else:
                anew = {"state": JobState.WAITING, "lease_until": None}
                change(ArchivePackage, package.id, ArchivePackage.state == JobState.RUNNING, **anew)
    return files


def take_prints_back(paper_ids: Sequence[int]) -> list[Path]:
    """The same of print jobs: their files, and what was drawn for them so far or is being drawn."""
    files = []
    for paper in _one_a_number(paper_ids):
        kinds = [kind for kind, each in PAPERS.items() if each.ledger == paper.kind]
        for job in db.session.scalars(select(PrintJob).where(PrintJob.kind.in_(kinds))):
            parts = [part for part in job.parts if paper.subject_id in part.ids]
            keys = [part.key for part in parts] + [job.key if parts else None]
            files += [kept_files.path_of(key) for key in keys if key]
            if job.is_over and parts:
                job.key = job.file = None
            elif parts:
                workflow.begin_anew(job, parts)
    return files


def _one_a_number(paper_ids: Sequence[int]) -> list[IssuedPaper]:
    """One of the versions, which all are of the same case."""
    found = db.session.scalars(select(IssuedPaper).where(IssuedPaper.id.in_(paper_ids)).order_by(IssuedPaper.id))
    return list({(paper.kind, paper.year, paper.serial): paper for paper in found}.values())
