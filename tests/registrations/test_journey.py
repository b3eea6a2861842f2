"""One member from certificate to filed receipt, through the pages, each by the person whose step it is."""

from sqlalchemy import select

from portal import history
from portal.extensions import db
from portal.numbers import IssuedPaper
from portal.registrations import queries, rates
from portal.registrations.models import RegistrationState
from portal.registrations.rates import Grouping, Standing


def posted(browser, where: str, **data) -> str:
    """The page to which a form leads."""
    answer = browser.post(where, data=data)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location).text


def test_from_certificate_to_filed_receipt(cast, browse):
    liaison, member, clerk = (browse(cast.users[name]) for name in ("liaison1", "member1", "clerk1"))
    posted(liaison, "/registrations/issue", row=cast.member1_row.id)
    row = queries.in_progress_of(cast.member1_row.id)
    own = f"/registrations/{row.number}"

    posted(member, "/registrations/card", phone="13891701001", address="东大街12号院", intentions="legal",
           free_times="weekends", skills="理发", version="0")  # fmt: skip
    assert "待接洽" in posted(member, f"{own}/present", mode="alone")

    found = clerk.get("/registrations/by-number?number=凤进社信〔2026〕0001号")
    assert found.location == f"{own}/accept"
    assert "第一网格" in posted(clerk, found.location, grid_id=cast.grid1.id)

    assert f'href="{own}"' in liaison.get("/registrations?state=accepted").text
    assert "回执已备案" in posted(liaison, f"{own}/file")

    db.session.expire_all()
    assert row.state is RegistrationState.FILED
    assert [line.label for line in history.of(row)] == ["开具证明信", "报到", "接洽", "回执备案"]
    assert [line.by_name for line in history.of(row)] == [
        "凤翔中学党支部 高翔", "凤翔中学党支部 欧阳䶮", "儒林社区 王秀兰", "凤翔中学党支部 高翔",
    ]  # fmt: skip
    kinds = db.session.scalars(select(IssuedPaper.kind).order_by(IssuedPaper.id))
    assert list(kinds) == ["certificate", "receipt", "info-card"]
    assert rates.table(cast.by("liaison1"), Grouping.UNIT).total[Standing.REPORTED] == 1
    assert "欧阳䶮" in clerk.get("/registrations/file?skill=理发").text


def test_sent_to_the_wrong_community_and_put_right(cast, browse):
    liaison, wrong, right = (browse(cast.users[name]) for name in ("liaison1", "clerk1", "clerk2"))
    posted(liaison, "/registrations/issue", row=cast.member1_row.id)
    row = queries.in_progress_of(cast.member1_row.id)
    own = f"/registrations/{row.number}"
    page = posted(wrong, f"{own}/send_back", community_id=cast.community2.id, reason="住在凤鸣社区")
    assert "应当报到的社区：凤鸣社区" in page
    assert f'<option selected value="{cast.community2.id}">' in liaison.get(f"{own}/reissue").text
    posted(liaison, f"{own}/reissue", community_id=cast.community2.id)
    assert wrong.get(own).status_code == 404  # no longer addressed to it
    assert "已接洽" in posted(right, f"{own}/accept")
