"""Printing in bulk: asked for on the page, drawn by the worker in parts, found again, resumed, cancelled."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import page as validator
import pdfplumber
import pytest
from sqlalchemy import select

from portal import clock
from portal.actors import Actor, Role
from portal.audit import AuditRow
from portal.extensions import db
from portal.leases import LEASE
from portal.papers import drawing, kept_files, part_printing, workflow
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState, PrintJob
from portal.queue import Stopped
from portal.registrations.models import RegistrationState
from portal.wishes.models import WishSource
from portal.wishes.submitting import Asked, submit
from tests.cast import make_member
from tests.papers.making import accepted, as_before_the_archive, certificate

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
    monkeypatch.setattr(workflow, "PART", 2)


def ask(browser, **values):
    return browser.post("/papers", data={"kind": "certificate", "year": "2026"} | values)


def work():
    while drawing.draw_next(db.session.commit):
        pass


def fetch(browser, job):
    with browser.get(f"{job}/file") as answer:
        assert answer.mimetype == "application/pdf"
        return answer.data


def job_of(address):
    return db.session.get_one(PrintJob, int(address.rpartition("/")[2]))


def broken_form(monkeypatch, row):
    """The certificate of this case can't be filled in."""
    whole = PAPERS["certificate"]

    def fill(registration, full):
        if registration.id == row.id:
            raise ValueError
        return whole.fill(registration, full)

    monkeypatch.setitem(PAPERS, "certificate", replace(whole, fill=fill))


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
    for address in (job, f"{job}/file"):
        assert other.get(address).status_code == 404
    assert other.post(f"{job}/cancel").status_code == other.post(f"{job}/again").status_code == 404
    assert browse(cast.users["member1"]).get("/papers").status_code == 403


def test_a_cancelled_job_is_not_drawn(seven, liaison):
    job = ask(liaison).headers["Location"]
    assert liaison.post(f"{job}/cancel").status_code == 303
    work()
    assert "已取消" in liaison.get(job).text
    assert liaison.get(f"{job}/file").status_code == 404
    assert liaison.post(f"{job}/cancel").status_code == 409


def test_a_worker_that_ends_leaves_the_job_to_the_next(seven, liaison, parts_of_two):
    job = ask(liaison).headers["Location"]
    calls = []

    def pause():
        db.session.commit()
        calls.append(1)
        if len(calls) == 5:  # the third part is taken, not drawn
            raise Stopped

    with pytest.raises(Stopped):
        while drawing.draw_next(pause):
            pass
    db.session.commit()
    row = job_of(job)
    assert (row.state, row.drawn, row.percent) == (JobState.RUNNING, 4, 66)
    assert [(part.drawn, part.lease_until, part.tries) for part in row.parts][2] == (False, None, 0)
    page = liaison.get(job).text
    assert "已完成 66%" in page and "大约还要 1 分钟" in page
    assert f'<a class="no-print" href="{job}">刷新进度</a>' in page
    work()
    assert len(page_texts(fetch(liaison, job))) == 6


@pytest.mark.parametrize("files", ["together", "each"])
def test_how_far_a_part_is_is_told_while_it_is_drawn(seven, liaison, monkeypatch, files):
    """A job may have one part only; its page must not say nought from its beginning to its end."""
    monkeypatch.setattr(drawing, "TOLD_EVERY", dt.timedelta(0))
    monkeypatch.setattr(part_printing, "LETTERS_AT_ONCE", 1)  # one paper at a time
    job = ask(liaison, files=files).headers["Location"]
    found = []

    def pause():
        db.session.commit()
        row = job_of(job)
        if not row.drawn and row.state is JobState.RUNNING:
            found.append(row.percent)

    while drawing.draw_next(pause):
        pass
    assert found == [0, 0, 16, 33, 50, 66, 83]  # the first time before it is begun
    assert job_of(job).percent == 100


def test_the_page_tells_how_far_a_part_is_until_another_begins_it_anew(seven, liaison):
    job = ask(liaison).headers["Location"]
    part = workflow.take_part(clock.now())
    lease = workflow.renew(part.id, part.lease_until, 50)
    assert workflow.renew(part.id, lease + LEASE, 90) is None  # no longer this worker's
    db.session.commit()
    page = liaison.get(job).text
    assert 'max="6" value="3.0"' in page and "0 / 6" in page and "已完成 50%" in page and "大约还要 1 分钟" in page
    lease = workflow.renew(part.id, lease, 100)  # all is drawn, and being put together
    db.session.commit()
    assert "已完成 100%。正在合成文件。" in liaison.get(job).text
    assert workflow.take_part(lease + dt.timedelta(seconds=1)).place == 0
    assert job_of(job).percent == 0


def test_a_worker_thought_dead_counts_nothing_twice(seven, liaison, parts_of_two):
    job = ask(liaison).headers["Location"]
    late = workflow.take_part(clock.now())
    lease = late.lease_until
    later = clock.now() + LEASE + dt.timedelta(seconds=1)
    again = workflow.take_part(later)
    assert again.id == late.id and again.lease_until != lease
    assert workflow.put_down(again, again.lease_until, "k" * 32, [])
    assert not workflow.put_down(late, lease, "k" * 32, [])
    assert not workflow.put_down(again, again.lease_until, "k" * 32, [])
    assert job_of(job).drawn == 2


def test_a_part_that_ends_its_workers_is_given_up_and_named(seven, liaison, parts_of_two):
    job = ask(liaison).headers["Location"]
    now = clock.now()
    for _ in range(3):
        assert workflow.take_part(now).place == 0
        now += LEASE + dt.timedelta(seconds=1)
    for part in job_of(job).parts:
        part.lease_until = None
    db.session.commit()
    work()
    page = liaison.get(job).text
    assert page.count("打印程序多次中断，已跳过，请单独打印") == 2
    assert len(page_texts(fetch(liaison, job))) == 4


def test_a_file_that_is_gone_is_drawn_anew(seven, liaison, parts_of_two):
    job = ask(liaison).headers["Location"]
    drawing.draw_next(db.session.commit)
    kept_files.path_of(job_of(job).parts[0].key).unlink()
    work()
    assert len(page_texts(fetch(liaison, job))) == 6
    assert job_of(job).drawn == 6


def test_what_is_printed_again_unchanged_is_not_drawn_again(seven, liaison, parts_of_two, monkeypatch):
    ask(liaison)
    work()
    drawn = []
    monkeypatch.setattr("portal.papers.render.PrintRoom.print_many", lambda _room, sheets, **_: drawn.append(sheets))
    job = ask(liaison).headers["Location"]
    work()
    assert drawn == [] and len(page_texts(fetch(liaison, job))) == 6


def test_what_changed_is_drawn_again_and_nothing_else(seven, liaison, parts_of_two):
    as_before_the_archive()
    first = ask(liaison).headers["Location"]
    work()
    seven[0].member.name = "赵改名"
    db.session.commit()
    job = ask(liaison).headers["Location"]
    work()
    assert "赵改名" in page_texts(fetch(liaison, job))[0]
    before, after = ([part.key for part in job_of(each).parts] for each in (first, job))
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]


def test_each_as_a_file_of_its_own_named_by_its_number(seven, liaison, parts_of_two):
    job = ask(liaison, files="each", duplex="y").headers["Location"]
    work()
    with liaison.get(f"{job}/file") as answer:
        assert answer.mimetype == "application/zip"
        files = zipfile.ZipFile(io.BytesIO(answer.data))
    assert files.namelist() == [f"凤进社信〔2026〕000{place}号.pdf" for place in (1, 2, 4, 5, 6, 7)]
    (words,) = page_texts(files.read("凤进社信〔2026〕0004号.pdf"))
    assert "李四" in words
    assert validator.validate_pdf_bytes(files.read("凤进社信〔2026〕0001号.pdf"), profile="ua1").failures == []


def test_two_workers_never_take_one_part(seven, liaison):
    ask(liaison)
    now = clock.now()
    assert workflow.take_part(now) is not None
    assert workflow.take_part(now) is None and workflow.take_whole(now) is None
    assert workflow.take_part(now + LEASE + dt.timedelta(seconds=1)) is not None


def test_what_did_not_come_out_is_named_with_the_reason_and_printed_alone(seven, liaison, monkeypatch):
    """One can't be filled in, one has a character no face has, one is cancelled after the asking."""
    with monkeypatch.context() as broken:
        broken_form(broken, seven[3])
        as_before_the_archive()
        seven[4].member.name = "周😀"
        db.session.commit()
        job = ask(liaison).headers["Location"]
        seven[5].state = RegistrationState.CANCELLED
        drawing_set_aside(seven[5])
        db.session.commit()
        work()
    page = liaison.get(job).text
    told = re.findall(r'data-label="编号">([^<]+)</td><td data-label="原因">([^<]+)<', page)
    assert dict(told) == {
        "凤进社信〔2026〕0004号": "填表时出错，已记入系统日志，请联系管理员",
        "凤进社信〔2026〕0005号": "字库没有“😀”，请单独打印，手写补上",
        "凤进社信〔2026〕0006号": "提交打印后已作废、改版或转走，不在打印范围内",
    }
    assert "共 3 份" in page and len(page_texts(fetch(liaison, job))) == 3
    seven[4].member.name = "周改"
    db.session.commit()
    retried = liaison.post(f"{job}/again").headers["Location"]
    work()
    pages = page_texts(fetch(liaison, retried))
    assert ["李四" in pages[0], "周改" in pages[1], len(pages)] == [True, True, 2]
    assert "凤进社信〔2026〕0006号" in liaison.get(retried).text
    assert job_of(retried).title == "凤翔中学党支部2026年在职党员进社区报到证明信（补印）"
    assert liaison.post(f"{ask(liaison).headers['Location']}/again").status_code == 409


def test_nothing_at_all_came_out(seven, liaison, monkeypatch):
    as_before_the_archive()
    seven[0].member.name = "赵😀"
    db.session.commit()
    job = ask(liaison, kind="receipt").headers["Location"]
    work()
    page = liaison.get(job).text
    assert "没有完成" in page and "字库没有" in page and "只重印没有印出的" in page


def test_files_are_cleared_away_after_three_days(seven, liaison):
    job = ask(liaison).headers["Location"]
    work()
    kept = kept_files.path_of(job_of(job).key)
    drawing.clear_outdated(clock.now() + dt.timedelta(days=2))
    assert kept.exists()
    drawing.clear_outdated(clock.now() + dt.timedelta(days=4))
    db.session.commit()
    assert not kept.exists() and not list(kept.parent.iterdir())
    assert liaison.get(f"{job}/file").status_code == 404
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
    noted = db.session.scalars(select(AuditRow).where(AuditRow.act == "papers.render")).one()
    assert (noted.role, noted.reason) == ("system", "certificate-2026-U01（命令行）") and "phone" in noted.fields
    told = runner.invoke(args=["paper", "verify", str(tmp_path / "certificate-2026-U01.pdf")])
    assert told.exit_code == 1 and "没有核验签名（批量合成的、草稿没有）" in told.output
    told = runner.invoke(args=["paper", "verify", str(tmp_path / "没有.pdf")])
    assert told.exit_code == 1 and "没有这个文件" in told.output


def test_the_command_says_what_it_does_not_know(seven, app, tmp_path):
    runner = app.test_cli_runner()
    told = runner.invoke(
        args=["papers", "render", "--kind", "receipt", "--year", "2026", "--unit", "NO", "--out", str(tmp_path)]
    )
    assert told.exit_code == 1 and "没有代码为 NO 的单位" in told.output


def test_the_command_writes_a_file_each_and_names_what_is_lost(seven, app, tmp_path):
    as_before_the_archive()
    seven[4].member.name = "周😀"
    db.session.commit()
    args = ["papers", "render", "--kind", "certificate", "--year", "2026", "--unit", "U01", "--each"]
    told = app.test_cli_runner().invoke(args=[*args, "--out", str(tmp_path)])
    assert told.exit_code == 1
    assert "没有印出：凤进社信〔2026〕0005号（字库没有“😀”，请单独打印，手写补上）" in told.output
    files = sorted(path.name for path in (tmp_path / "certificate-2026-U01").iterdir())
    assert files == [f"凤进社信〔2026〕000{place}号.pdf" for place in (1, 2, 4, 6, 7)]


def test_the_command_knows_every_kind(seven, app, tmp_path):
    for kind in PAPERS:
        told = app.test_cli_runner().invoke(
            args=["papers", "render", "--kind", kind, "--year", "2025", "--out", str(tmp_path)]
        )
        assert told.exit_code == 1 and "没有符合条件的表可以打印" in told.output, kind
    told = app.test_cli_runner().invoke(args=["papers", "render", "--kind", "x", "--year", "2025", "--out", "."])
    assert "没有这种表样：x。可以用的有：bulletin、certificate" in told.output


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


def test_a_job_for_a_unit_and_a_community_of_long_names_is_taken(cast):
    title = "凤翔县住房和城乡建设局下属城市建设综合服务中心" * 6
    job = workflow.ask(cast.by("county"), workflow.Wanted("receipt", 2026), title, [1])
    db.session.commit()
    assert title.startswith(job.title) and len(job.title) == 110
