"""A package of a year: what is in it, and that nothing but its folder is needed to find every byte that is wrong."""

import datetime as dt
import hashlib
import json
import shutil
import zipfile

import page as validator
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from portal import clock, create_app, numbers
from portal.archives import building, erasing, storing
from portal.archives.models import ArchivedPaper, ArchivePackage, CopyState, ErasureReason
from portal.audit import AuditRow
from portal.extensions import db
from portal.leases import LEASE, NotMine
from portal.numbers import PaperState
from portal.papers import paper_keys
from portal.papers.models import JobState
from portal.queue import Stopped
from tests.conftest import FIELD_KEY
from tests.papers.making import certificate


@pytest.fixture
def package(app, case, cast, store_all, tmp_path):
    """儒林社区's package of 2026, made by the command: its certificate has a second version, its card is erased.

    A member of another community has a certificate too.
    """
    certificate(cast.member3_row)
    db.session.commit()
    store_all()
    card = db.session.scalars(select(ArchivedPaper).where(ArchivedPaper.kind == "info-card")).one()
    erasing.discard(erasing.erase(card, cast.by("county"), ErasureReason.REQUEST, "来函"))
    numbers.set_aside("certificate", case.id, PaperState.REPLACED)
    numbers.issue("certificate", 2026, 1, 2, case.id, "欧阳", "凤翔中学党支部")
    db.session.commit()
    out = tmp_path / "package"
    told = app.test_cli_runner().invoke(
        args=["archive", "build", "--year", "2026", "--community", "C01", "--out", str(out)]
    )
    assert told.exit_code == 0, told.output
    return out


def test_a_package_holds_each_paper_its_record_and_the_catalogue(package, case, words_of):
    said = json.loads((package / "manifest.json").read_text())
    numbers_of = {(entry["kind"], entry["version"]): entry for entry in said["papers"]}
    assert list(numbers_of) == [("certificate", 1), ("certificate", 2), ("info-card", 1), ("receipt", 1)]
    assert said["year"] == 2026 and said["community"] == "C01" and said["unit"] is None
    assert [numbers_of[key]["state"] for key in numbers_of] == ["replaced", "valid", "erased", "valid"]
    erased = numbers_of["info-card", 1]
    assert len(erased["sha256"]) == 64 and erased["reason"] == "本人依法申请删除" and "file" not in erased
    newer = numbers_of["certificate", 2]
    pdf, record = (package / newer["file"]).read_bytes(), json.loads((package / newer["record"]).read_text())
    assert hashlib.sha256(pdf).hexdigest() == newer["sha256"] == record["sha256"]
    assert validator.validate_pdf_bytes(pdf, profile="2u").failures == []
    assert "第2版，替代第1版" in words_of(pdf)
    assert (record["number"], record["replaces_version"]) == ("凤进社信〔2026〕0001号", 1)
    assert record["cells"]["name"] == "欧阳䶮" and record["cells"]["phone"] == "13891701001"
    catalogue = (package / "卷内目录.pdf").read_bytes()
    assert validator.validate_pdf_bytes(catalogue, profile="2u").failures == []
    words = words_of(catalogue)
    for told in ("卷内目录", "序号文号责任者题名日期页数备注", "1凤进社信〔2026〕0001号凤翔中学党支部", "已被新版替代",
                 "第2版，替代第1版", "依法删除"):  # fmt: skip
        assert told in words.replace("\n", ""), told
    rows = CalamineWorkbook.from_path(str(package / "卷内目录.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1] == ["序号", "文号", "责任者", "题名", "日期", "页数", "备注"]
    assert [row[0] for row in rows[2:]] == [1, 2, 3, 4]
    assert [row[3] for row in rows[2:]] == [
        "在职党员进社区报到证明信（欧阳䶮）", "在职党员进社区报到证明信（欧阳䶮）", "在职党员基本情况信息卡",
        "在职党员进社区报到回执（欧阳䶮）",
    ]  # fmt: skip


def test_on_an_empty_instance_each_flipped_missing_and_extra_file_is_named(package, tmp_path):
    """Another checkout, with no table and other keys: the folder is all that is needed."""
    empty = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'empty.db'}", "SECRET_KEY": "e" * 40,
                        "FIELD_KEY": FIELD_KEY, "INSTANCE_DIR": str(tmp_path / "empty")})  # fmt: skip
    run = empty.test_cli_runner().invoke
    key = tmp_path / "published.pem"
    key.write_bytes(paper_keys.public_pem())
    for args in ([], ["--key", str(key)]):
        whole = run(args=["archive", "verify", str(package), *args])
        assert whole.exit_code == 0 and "归档包完好：4 件" in whole.output
    every = sorted(path for path in package.rglob("*") if path.is_file())
    assert len(every) == 6 + 5  # three PDFs with their records; catalogue twice, manifest, signature, key
    for path in every:
        held, name = path.read_bytes(), path.relative_to(package).as_posix()
        path.write_bytes(held[:-9] + bytes([held[-9] ^ 1]) + held[-8:])
        flipped = run(args=["archive", "verify", str(package)])
        path.unlink()
        missing = run(args=["archive", "verify", str(package)])
        path.write_bytes(held)
        assert (flipped.exit_code, missing.exit_code) == (1, 1)
        assert name in flipped.output and name in missing.output
    (package / "papers" / "混进来的.pdf").write_bytes(b"%PDF")
    extra = run(args=["archive", "verify", str(package)])
    assert extra.exit_code == 1 and "多出：papers/混进来的.pdf" in extra.output
    assert extra.output.count("：papers/") == 1
    (package / "papers" / "混进来的.pdf").unlink()
    key.write_bytes(paper_keys.pem_of(Ed25519PrivateKey.generate().public_key()))
    assert "不符（公钥" in run(args=["archive", "verify", str(package), "--key", str(key)]).output
    shutil.rmtree(package / "papers")
    assert "缺少：papers/receipt/2026-0001-v1.pdf" in run(args=["archive", "verify", str(package)]).output


ASKED = {"year": "2026", "reason": "移交街道档案室"}


def make_all():
    while building.build_next(db.session.commit):
        pass


def test_an_office_asks_for_its_package_and_takes_it_home(case, cast, as_, instance_dir, tmp_path):
    """The clerk's holds all of the community's, the department's nothing on which a telephone stands; nobody else has
    either. County and clerk say what for.
    """
    clerk, department, county = as_("clerk1"), as_("dept1"), as_("county")
    assert clerk.get("/archive/packages").status_code == 200
    assert clerk.post("/archive/packages", data={"year": "2026"}).status_code == 422  # households' cards are in it
    asked = clerk.post("/archive/packages", data=ASKED)
    assert asked.status_code == 303
    page = asked.headers["Location"]
    assert "排队中" in clerk.get(page).text and clerk.get(f"{page}.zip").status_code == 404
    refused = department.post("/archive/packages", data={"year": "2026"})
    assert refused.status_code == 409 and "请选择单位或社区" in refused.text
    of_unit = department.post("/archive/packages", data={"year": "2026", "unit": str(cast.unit1.id)})
    assert county.post("/archive/packages", data={"year": "2026"}).status_code == 422
    assert county.post("/archive/packages", data={"year": "2019", "reason": "移交"}).status_code == 409
    make_all()
    held = {}
    for browser, address in ((clerk, page), (department, of_unit.headers["Location"])):
        assert "已打好" in browser.get(address).text
        path = tmp_path / f"{len(held)}.zip"
        with browser.get(f"{address}.zip") as answer:
            path.write_bytes(answer.data)
        with zipfile.ZipFile(path) as whole:
            held[len(held)] = {name.partition("/")[2].partition("/2026")[0] for name in whole.namelist()
                               if name.endswith(".pdf")}  # fmt: skip
    assert held[0] == {"papers/certificate", "papers/receipt", "papers/info-card", "卷内目录.pdf"}
    assert held[1] == {"papers/receipt", "卷内目录.pdf"}
    assert as_("clerk2").get(page).status_code == as_("clerk1b").get(f"{page}.zip").status_code == 404
    acts = db.session.scalars(select(AuditRow.act).where(AuditRow.kind == "archive_packages")).all()
    assert acts.count("archive_packages.ask") == 2 and acts.count("archive_packages.download") == 2


def test_a_package_is_taken_up_where_a_stopped_worker_left_it(case, as_):
    """Each paper is stored once, whoever is stopped when; a cancelled package is no worker's."""
    clerk = as_("clerk1")
    page = clerk.post("/archive/packages", data=ASKED).headers["Location"]
    pauses, most = 0, 1

    def stopping():
        """Each time it comes one pause further than the last time."""
        nonlocal pauses, most
        db.session.commit()
        pauses += 1
        if pauses == most:
            pauses, most = 0, most + 1
            raise Stopped

    for _ in range(60):
        try:
            if not building.build_next(stopping):
                break
        except Stopped:
            db.session.commit()
    package = db.session.scalars(select(ArchivePackage)).one()
    assert package.state is JobState.DONE and (package.done, package.total, package.failed) == (3, 3, 0)
    copies = db.session.scalars(select(ArchivedPaper)).all()
    assert len({copy.file for copy in copies}) == 3
    assert [path.name for path in building.folder_of(package).iterdir()] == ["whole.zip"]
    with zipfile.ZipFile(building.folder_of(package) / "whole.zip") as whole:
        assert len(whole.namelist()) == len(set(whole.namelist())) == 3 * 2 + 5
    second = clerk.post("/archive/packages", data=ASKED).headers["Location"]
    assert clerk.post(f"{second}/cancel").status_code == 303
    assert not building.build_next(db.session.commit) and "已取消" in clerk.get(second).text
    assert clerk.post(f"{page}/cancel").status_code == 409


def test_a_package_is_one_workers_and_waits_for_what_another_draws(case, as_, monkeypatch):
    """A slow worker finds that another has taken over, which waits for what a third has in hand."""
    clerk, pause = as_("clerk1"), db.session.commit
    assert clerk.post("/archive/packages", data=ASKED).status_code == 303
    slow = building._take(clock.now(), pause)
    pause()
    assert building._take(clock.now(), pause) is None
    with time_machine.travel(clock.now() + LEASE + dt.timedelta(seconds=1), tick=False):
        drawn = storing.take(clock.now(), among=ArchivedPaper.kind == "receipt")
        pause()
        quick = building._take(clock.now(), pause)
        with pytest.raises(NotMine):
            slow.note()
        assert not slow.end(state=JobState.FAILED) and not slow.is_mine()
        slow.let_go()
        quick.note()
        quick.let_go()
        pause()
    waited = []

    def wait(seconds):  # meanwhile the third one comes to an end
        assert not db.session().in_transaction()  # else it could not
        storing.store(*drawn, pause)
        waited.append(seconds)

    monkeypatch.setattr(building.time, "sleep", wait)
    with time_machine.travel(clock.now() + LEASE + dt.timedelta(seconds=2), tick=False):
        assert building.build_next(pause)
    package = db.session.scalars(select(ArchivePackage)).one()
    assert (package.state, package.done, package.total, package.failed) == (JobState.DONE, 3, 3, 0)
    assert len(waited) == 1
    with zipfile.ZipFile(building.folder_of(package) / "whole.zip") as whole:
        assert any("receipt" in name for name in whole.namelist())


def test_a_package_waits_no_longer_than_a_lease(case, as_, monkeypatch):
    """What others take and leave again and again is counted as missing."""
    assert as_("clerk1").post("/archive/packages", data=ASKED).status_code == 303
    db.session.execute(update(ArchivedPaper).where(ArchivedPaper.kind == "receipt").values(tries=1))
    with time_machine.travel(clock.now(), tick=False) as traveller:

        def taken_again(_seconds=0):
            traveller.shift(dt.timedelta(seconds=40))
            held = update(ArchivedPaper).where(ArchivedPaper.kind == "receipt")
            db.session.execute(held.values(retry_at=clock.now() + LEASE))
            db.session.commit()

        taken_again()
        monkeypatch.setattr(building.time, "sleep", taken_again)
        begun = clock.now()
        assert building.build_next(db.session.commit)
        assert clock.now() - begun == dt.timedelta(seconds=160)
    package = db.session.scalars(select(ArchivePackage)).one()
    assert (package.state, package.done, package.failed) == (JobState.DONE, 2, 1)


def test_a_package_says_what_is_not_in_it(case, as_):
    """One that could not be stored is counted as missing, and nobody waits for it."""
    clerk = as_("clerk1")
    page = clerk.post("/archive/packages", data=ASKED).headers["Location"]
    lost = db.session.scalars(select(ArchivedPaper).where(ArchivedPaper.kind == "receipt")).one()
    lost.state = CopyState.FAILED
    db.session.commit()
    assert building.build_next(db.session.commit)
    package = db.session.scalars(select(ArchivePackage)).one()
    assert (package.state, package.done, package.total, package.failed) == (JobState.DONE, 2, 3, 1)
    assert "另有 1 份还没有归档" in clerk.get(page).text
    with zipfile.ZipFile(building.folder_of(package) / "whole.zip") as whole:
        assert not any("receipt" in name for name in whole.namelist())


def test_what_another_worker_takes_first_is_no_end_of_what_waits(case, monkeypatch):
    """Two workers go for the same copy: the loser takes the next one."""
    whole = storing.change

    def lost_to_another(model, key, *conditions, **values):
        monkeypatch.setattr(storing, "change", whole)
        assert storing.take(clock.now())[0] == key
        return whole(model, key, *conditions, **values)

    monkeypatch.setattr(storing, "change", lost_to_another)
    assert storing.take(clock.now()) is not None
    states = select(ArchivedPaper.tries).order_by(ArchivedPaper.tries)
    assert db.session.scalars(states).all() == [0, 1, 1]


def test_packages_are_cleared_away_when_nobody_needs_them_any_more(case, as_):
    """What was cancelled at once, what is ready after three days, what is being made never."""
    clerk = as_("clerk1")
    ready, ended, made = (clerk.post("/archive/packages", data=ASKED).headers["Location"] for _ in range(3))
    assert building.build_next(db.session.commit)
    rows = [db.session.get_one(ArchivePackage, int(page.rpartition("/")[2])) for page in (ready, ended, made)]
    for row in rows[1:]:
        building.folder_of(row).mkdir()  # as a worker leaves them that was killed
    clerk.post(f"{ended}/cancel")

    def lying_after(days: int) -> list[bool]:
        building.clear_outdated(clock.now() + dt.timedelta(days=days))
        db.session.commit()
        return [building.folder_of(row).exists() for row in rows]

    assert lying_after(2) == [True, False, True]
    with clerk.get(f"{ready}.zip") as answer:
        assert answer.status_code == 200
    assert lying_after(4) == [False, False, True]
    assert clerk.get(f"{ready}.zip").status_code == 404 and rows[0].file is None
