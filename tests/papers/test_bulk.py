"""Printing in bulk: asked for on the page, drawn by the worker in parts, found again, resumed, cancelled."""

import datetime as dt
import io

import page as validator
import pdfplumber
import pytest

from portal import clock
from portal.actors import Actor, Role
from portal.extensions import db
from portal.papers import drawing, workflow
from portal.papers.models import JobState, PrintJob
from portal.queue import Stopped
from portal.registrations.models import RegistrationState
from portal.wishes.models import WishSource
from portal.wishes.submitting import Asked, submit
from tests.cast import make_member
from tests.papers.making import accepted, certificate

NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七")


@pytest.fixture
def seven(cast):
    """Seven accepted members of 凤翔中学; the third one's certificate was cancelled."""
    rows = []
    for place, name in enumerate(NAMES):
        rows.append(certificate(make_member(cast.unit1, cast.community1, name, f"1389170200{place}")))
    rows[2].state = RegistrationState.CANCELLED
    drawing_set_aside(rows[2])
    accepted(rows[0])
    accepted(certificate(make_member(cast.unit2, cast.community2, "王别处", "13891703000")))
    db.session.commit()
    return rows


def drawing_set_aside(row):
    from portal.numbers import PaperState, set_aside

    set_aside("certificate", row.id, PaperState.CANCELLED)


@pytest.fixture
def liaison(browse, cast):
    return browse(cast.users["liaison1"])


@pytest.fixture
def parts_of_two(monkeypatch):
    monkeypatch.setattr(drawing, "PART", 2)


def ask(browser, **values):
    return browser.post("/papers", data={"kind": "certificate", "year": "2026"} | values)


def work():
    while drawing.draw_next(db.session.commit):
        pass


def fetch(browser, job):
    with browser.get(f"{job}.pdf") as answer:
        assert answer.mimetype == "application/pdf"
        return answer.data


def page_texts(data):
    with pdfplumber.open(io.BytesIO(data)) as opened:
        return ["".join(c["text"] for c in page.chars) for page in opened.pages]


def test_a_units_certificates_of_a_year_come_as_one_file_by_number(seven, liaison, parts_of_two):
    answer = ask(liaison)
    assert answer.status_code == 303
    job = answer.headers["Location"]
    assert "排队中" in liaison.get(job).text
    work()
    page = liaison.get(job).text
    assert "已生成" in page and "共 6 份" in page
    data = fetch(liaison, job)
    pages = page_texts(data)
    expected = [name for name in NAMES if name != "孙三"]
    assert [next(name for name in NAMES if name in words) for words in pages] == expected
    assert validator.validate_pdf_bytes(data, profile="2u").failures == []


def test_both_sides_begin_on_odd_pages_across_parts(seven, liaison, parts_of_two):
    job = ask(liaison, duplex="y").headers["Location"]
    work()
    pages = page_texts(fetch(liaison, job))
    assert ["证明信" in words for words in pages[::2]] == [True] * 6
    assert not any("证明信" in words for words in pages[1::2])


def test_receipts_and_cards_only_of_those_accepted(seven, liaison):
    job = ask(liaison, kind="receipt").headers["Location"]
    work()
    assert ["赵一" in words for words in page_texts(fetch(liaison, job))] == [True]


def test_nothing_to_print_is_said(seven, liaison):
    answer = ask(liaison, year="2025")
    assert answer.status_code == 409
    assert "没有符合条件的表可以打印" in answer.text


@pytest.mark.parametrize("values", [{"kind": "nothing"}, {"year": "abc"}, {"year": "1999"}, {"year": ""}, {"kind": ""}])
def test_bad_input_comes_back_in_chinese(seven, liaison, values):
    assert ask(liaison, **values).status_code == 422


def test_a_liaison_cannot_ask_for_another_unit(seven, liaison, cast):
    job = ask(liaison, unit=str(cast.unit2.id)).headers["Location"]
    work()
    assert not any("王别处" in words for words in page_texts(fetch(liaison, job)))


def test_the_county_prints_one_units(seven, browse, cast):
    county = browse(cast.users["county"])
    job = ask(county, unit=str(cast.unit2.id)).headers["Location"]
    work()
    pages = page_texts(fetch(county, job))
    assert len(pages) == 1 and "王别处" in pages[0]
    assert "13891703000" not in pages[0]  # the county reads no phone without a reason


def test_jobs_of_others_are_not_found(seven, liaison, browse, cast):
    job = ask(liaison).headers["Location"]
    other = browse(cast.users["liaison2"])
    for address in (job, f"{job}.pdf"):
        assert other.get(address).status_code == 404
    assert other.post(f"{job}/cancel").status_code == 404
    assert browse(cast.users["member1"]).get("/papers").status_code == 403


def test_a_cancelled_job_is_not_drawn(seven, liaison):
    job = ask(liaison).headers["Location"]
    assert liaison.post(f"{job}/cancel").status_code == 303
    work()
    assert "已取消" in liaison.get(job).text
    assert liaison.get(f"{job}.pdf").status_code == 404
    assert liaison.post(f"{job}/cancel").status_code == 409


def test_a_worker_that_ends_leaves_the_job_to_the_next(seven, liaison, parts_of_two):
    job = ask(liaison).headers["Location"]
    calls = []

    def pause():
        db.session.commit()
        calls.append(1)
        if len(calls) == 3:
            raise Stopped

    with pytest.raises(Stopped):
        drawing.draw_next(pause)
    db.session.commit()
    row = db.session.scalars(db.select(PrintJob)).one()
    assert (row.state, row.drawn) == (JobState.RUNNING, 4)
    first = drawing.folder_of(row) / "part-000000.pdf"
    stamp = first.stat().st_mtime_ns
    work()
    assert len(page_texts(fetch(liaison, job))) == 6
    assert not first.exists() or first.stat().st_mtime_ns == stamp


def test_two_workers_never_take_one_job(seven, liaison):
    ask(liaison)
    now = clock.now()
    assert workflow.take(now) is not None
    assert workflow.take(now) is None
    assert workflow.take(now + workflow.LEASE + dt.timedelta(seconds=1)) is not None


def test_a_sheet_that_cannot_be_drawn_is_named(seven, liaison, monkeypatch):
    from portal.papers.catalogue import PAPERS

    whole = PAPERS["certificate"].fill
    broken = seven[3].id

    def fill(row, full):
        if row.id == broken:
            raise ValueError
        return whole(row, full)

    monkeypatch.setitem(
        PAPERS, "certificate", type(PAPERS["certificate"])(**vars(PAPERS["certificate"]) | {"fill": fill})
    )
    job = ask(liaison).headers["Location"]
    work()
    page = liaison.get(job).text
    assert "没有印出的" in page and "<li>2026-0004</li>" in page
    assert len(page_texts(fetch(liaison, job))) == 5


def test_files_are_cleared_away_after_three_days(seven, liaison):
    job = ask(liaison).headers["Location"]
    work()
    row = db.session.scalars(db.select(PrintJob)).one()
    drawing.clear_outdated(clock.now() + dt.timedelta(days=2))
    assert drawing.folder_of(row).exists()
    drawing.clear_outdated(clock.now() + dt.timedelta(days=4))
    db.session.commit()
    assert not drawing.folder_of(row).exists()
    assert liaison.get(f"{job}.pdf").status_code == 404
    assert "文件已清理" in liaison.get(job).text


def test_the_command_renders_a_units_certificates(seven, app, tmp_path):
    runner = app.test_cli_runner()
    told = runner.invoke(
        args=["papers", "render", "--kind", "certificate", "--year", "2026", "--unit", "U01", "--out", str(tmp_path)]
    )
    assert told.exit_code == 0, told.output
    pages = page_texts((tmp_path / "certificate-2026-U01.pdf").read_bytes())
    assert len(pages) == 6
    assert "13891702000" in pages[0]
    assert [path.name for path in tmp_path.iterdir()] == ["certificate-2026-U01.pdf"]


def test_the_command_says_what_it_does_not_know(seven, app, tmp_path):
    runner = app.test_cli_runner()
    told = runner.invoke(
        args=["papers", "render", "--kind", "receipt", "--year", "2026", "--unit", "NO", "--out", str(tmp_path)]
    )
    assert told.exit_code == 1 and "没有代码为 NO 的单位" in told.output


def test_a_sheet_with_a_character_no_face_has_is_left_to_be_printed_alone(seven, liaison):
    seven[4].member.name = "周😀"
    db.session.commit()
    job = ask(liaison).headers["Location"]
    work()
    assert "凤进社信〔2026〕0005号（字库没有“😀”，请单独打印，手写补上）" in liaison.get(job).text
    assert len(page_texts(fetch(liaison, job))) == 5


def test_the_command_renders_a_communitys_wish_slips(app, cast, tmp_path):
    asked = Asked(detail="换灯泡", name="李桂英", community=cast.community1)
    wish = submit(asked, Actor(role=Role.RESIDENT, name="居民"), WishSource.BOX, "s" * 32)
    db.session.commit()
    year = str(wish.year)
    args = ["papers", "render", "--kind", "wish-slip", "--year", year, "--out", str(tmp_path)]
    told = app.test_cli_runner().invoke(args=[*args, "--community", "C01"])
    assert told.exit_code == 0, told.output
    pages = page_texts((tmp_path / f"wish-slip-{year}-C01.pdf").read_bytes())
    assert len(pages) == 1 and wish.number in pages[0]
    assert app.test_cli_runner().invoke(args=[*args, "--unit", "U01"]).exit_code == 1
