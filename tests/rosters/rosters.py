"""Rosters for tests: a tidy line for a person, and an import brought as far as a test needs."""

import io
from pathlib import Path

import xlsxwriter

from portal.extensions import db
from portal.rosters import workflow
from portal.rosters.models import RosterImport
from portal.web import keep_each

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = ["姓名", "性别", "出生年月", "手机号", "居住社区", "职务"]


def person(name="王强", phone="13891702001", born="1980-05", home="儒林社区", post="教师", sex="男") -> list:
    """One line of a tidy roster."""
    return [name, sex, born, phone, home, post]


def a_file(*rows: list, head: list = HEAD) -> bytes:
    """A tidy .xlsx with these lines."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Sheet1")
        for line, row in enumerate([head, *rows]):
            for at, cell in enumerate(row):
                sheet.write(line, at, cell)
    return buffer.getvalue()


def examined(cast, data: bytes, unit="unit1") -> workflow.Preview:
    """What a file would do to a unit's roster."""
    return workflow.examine(getattr(cast, unit).id, data)


def uploaded(cast, data: bytes, by="liaison1") -> RosterImport:
    """An import that waits for the liaison's word."""
    actor = cast.by(by)
    preview = workflow.examine(actor.unit_id, data)
    roster = keep_each(workflow.stage(preview, actor.unit_id, actor, "名册.xlsx", data))
    workflow.preview(roster, actor)
    db.session.commit()
    return roster


def written(cast, data: bytes, by="liaison1") -> RosterImport:
    """An import that stands on the roster."""
    roster = uploaded(cast, data, by)
    (workflow.write_right if roster.bad else workflow.write)(roster, cast.by(by))
    db.session.commit()
    return roster
