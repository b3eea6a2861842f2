"""The quarterly bulletin as it is printed, with one member, forty and a hundred and twenty; whom to call, too."""

import io

import pdfplumber
import pytest

from portal import numbers
from portal.extensions import db
from portal.feedback import workflow
from portal.feedback.models import BulletinLine
from portal.papers.seal_code import shown
from tests.cast import make_member
from tests.feedback.conftest import a_bulletin
from tests.papers.making import as_before_the_archive


def with_members(cast, row, count: int):
    """The same bulletin with so many members, one of whom residents spoke of."""
    for serial in range(1, count):
        member = make_member(cast.unit1, cast.community1, f"阿卜杜{serial:03d}", f"1389171{serial:04d}")
        line = BulletinLine(
            bulletin=row, member=member, times=1, half_hours=3, late_times=serial % 2, late_half_hours=2
        )
        line.words = "表扬：修灯的同志很热心。" if serial == 3 else None
        db.session.add(line)
    db.session.commit()


def test_a_draft_until_it_is_sent_and_then_numbered(cast, browse):
    row = a_bulletin(cast)
    clerk = browse(cast.users["clerk1"])
    page = clerk.get(f"/papers/bulletin/of/{row.number}")
    assert "草稿" in page.text and "欧阳䶮" in page.text
    assert browse(cast.users["liaison1"]).get(f"/papers/bulletin/of/{row.number}").status_code == 404
    workflow.send(row, cast.by("clerk1"))
    db.session.commit()
    paper = numbers.latest("bulletin", row.id)
    answer = browse(cast.users["liaison1"]).get(f"/papers/bulletin/of/{row.number}")
    assert answer.location == f"/papers/bulletin/{paper.number}"
    page = browse(cast.users["liaison1"]).get(answer.location)
    assert "凤进社季〔2026〕0001号" in page.text and shown(paper.check_code) in page.text
    assert browse(cast.users["liaison2"]).get(answer.location).status_code == 404
    assert "××同志" not in browse(cast.users["liaison1"]).get(f"/verify/{paper.check_code}").text


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (40, 3), (120, 6)])
def test_all_members_stand_on_it_and_the_head_is_repeated(cast, browse, words_of, count, pages):
    row = a_bulletin(cast, "sent")
    with_members(cast, row, count)
    as_before_the_archive()
    pdf = browse(cast.users["clerk1"]).get(f"/papers/bulletin/of/{row.number}.pdf").data
    words = words_of(pdf)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == pages
    assert words.count("序号姓名") >= max(pages - 1, 1)  # the last page may hold the seals alone
    assert all(f"阿卜杜{serial:03d}" in words for serial in range(1, count))
    assert "欧阳䶮" in words and "2026年第3季度" in words and "儒林社区" in words
    assert ("修灯的同志很热心" in words) is (count > 3)


def test_whom_to_call_is_printed_for_every_office_and_for_no_member(cast, browse, words_of):
    cast.community1.head, cast.community1.address = "马书记", "东大街12号"
    db.session.commit()
    words = words_of(browse(cast.users["liaison1"]).get("/papers/contacts.pdf").data)
    assert all(word in words for word in ("社区联系方式一览表", "儒林社区", "马书记", "0917-7219001", "儒林苑"))
    assert "儒林苑" in browse(cast.users["grid1"]).get("/papers/contacts").text
    assert browse(cast.users["member1"]).get("/papers/contacts.pdf").status_code == 403
