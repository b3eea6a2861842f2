"""LibreOffice opens what the portal exports and reads the same cells back; no cell is a formula to it either."""

import csv
import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.bridge import workflow
from portal.bridge.catalogue import fields_of
from portal.bridge.columns import Chosen, FileFormat
from portal.bridge.models import BridgeKind, BridgeTemplate
from portal.extensions import db
from portal.people.models import Unit
from tests import demonstration
from tests.cast import sign_in
from tests.desks.test_list_sheets import PAGES

pytestmark = pytest.mark.long
FORMULA = "=cmd|' /C calc'!A0"
TABLES = ("/registrations/export", "/registrations/rates/export?by=unit", "/duties/export?by=unit",
          "/reports/tables/6/export", "/reports/tables/7/export")  # fmt: skip


@pytest.fixture
def files(app, tmp_path) -> list[Path]:
    """Each export of the demonstration county as a file; a unit's name reads as a formula."""
    demonstration.load()
    unit = db.session.scalars(select(Unit).order_by(Unit.id)).first()
    unit.name = FORMULA
    db.session.commit()
    users = {user.username: user for user in db.session.scalars(select(User))}
    actor_of = {name: sign_in(app, users[name]) for name in ("county", "community1", "unit1")}
    addresses = {name: (who, f"/lists/{name}") for name, (who, _) in PAGES.items()}
    addresses |= {f"table-{place}": ("county", address) for place, address in enumerate(TABLES)}
    written = []
    for name, (who, address) in addresses.items():
        answer = actor_of[who].post(address)
        assert answer.status_code == 200, (name, answer.status_code)
        written.append(tmp_path / f"{name}.xlsx")
        written[-1].write_bytes(answer.data)
    return written


def converted(files: list[Path], kind: str, folder: Path) -> Path:
    """These files as LibreOffice writes them anew."""
    out = folder / kind.partition(":")[0]
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    run = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), *map(str, files)]
    subprocess.run(run, check=True, capture_output=True, timeout=300)
    return out


def cells(path: Path) -> list[tuple]:
    """All cells of a workbook: where, what (LibreOffice keeps 15 digits), and whether it is a formula."""
    book = openpyxl.load_workbook(path)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return [(cell.parent.title, cell.coordinate, _rounded(cell.value), cell.data_type == "f") for cell in found]


def _rounded(value):
    return round(value, 12) if isinstance(value, float) else value


def test_every_export_is_read_back_equal(files, tmp_path):
    out = converted(files, "xlsx", tmp_path)
    for file in files:
        ours, theirs = cells(file), cells(out / file.name)
        assert theirs == ours, file.name
        assert not [cell for cell in ours if cell[3]], file.name
    assert sum(value == FORMULA for file in files for _, _, value, _ in cells(file)) > 20


def test_as_text_a_name_like_a_formula_stays_what_it_is(files, tmp_path):
    file = next(file for file in files if file.stem == "organisations-units")
    out = converted([file], "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    rows = list(csv.reader(io.StringIO((out / "organisations-units.csv").read_text())))
    assert FORMULA in {row[1] for row in rows}


def test_a_bridge_export_is_read_back_equal(app, cast, tmp_path):
    template = BridgeTemplate(kind=BridgeKind.MEMBERS)
    columns = [Chosen(place, key, FORMULA) for place, key in enumerate(fields_of(BridgeKind.MEMBERS), 1)]
    workflow.save(cast.by("county"), template, "省平台", columns)
    sheet = workflow.sheet_of(template, 2026, None)
    file = tmp_path / "bridge.xlsx"
    with app.test_request_context():
        file.write_bytes(workflow.made(cast.by("county"), template, sheet, FileFormat.XLSX, lambda: None)[0])
    assert cells(converted([file], "xlsx", tmp_path) / file.name) == cells(file)
