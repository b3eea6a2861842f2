"""The pages of papers: who sees which, what the answers carry, and public verification."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from portal import numbers
from portal.accounts.models import User
from portal.actors import Actor, Role
from portal.audit import AuditRow
from portal.extensions import db
from portal.numbers import IssuedPaper, PaperState
from portal.papers import paper_keys, verification
from portal.papers.proofs import proof_of
from portal.papers.seal_code import shown
from portal.registrations.models import RegistrationState
from portal.wishes.models import WishSource
from portal.wishes.submitting import Asked, code_shown, submit
from tests.pages import same_page
from tests.papers.making import accepted, certificate

RESIDENT = Actor(role=Role.RESIDENT, name="居民")


@pytest.fixture
def case(cast):
    """欧阳䶮's registration, accepted: certificate, card and receipt of number 2026-0001."""
    row = accepted(certificate(cast.member1_row))
    db.session.commit()
    return row


@pytest.fixture
def as_(browse, cast):
    return lambda username: browse(db.session.merge(cast.users[username]))


KINDS = ("certificate", "info-card", "receipt")
SEES = {
    "member1": True, "member2": False, "member3": False, "liaison1": True, "liaison2": False, "clerk1": True,
    "clerk1b": True, "clerk2": False, "dept1": True, "dept2": False, "chengguan": True, "town2": False,
    "committee": False, "county": True, "admin": False, "inspector": False, "grid1": False,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("username", SEES)
def test_who_sees_the_preview(as_, case, kind, username):
    answer = as_(username).get(f"/papers/{kind}/2026-0001")
    assert answer.status_code == (200 if SEES[username] else 404)


def test_a_foreign_paper_answers_like_a_missing_one(as_, case):
    stranger = as_("liaison2")
    foreign = stranger.get("/papers/certificate/2026-0001")
    assert same_page(foreign, stranger.get("/papers/certificate/2026-0002"))


@pytest.mark.parametrize(
    "address", ["/papers/nothing/2026-0001", "/papers/receipt/2026-0009", "/papers/wish-slip/2026-0001"]
)
def test_unknown_papers_are_not_found(as_, case, address):
    assert as_("county").get(address).status_code == 404


def test_nobody_sees_papers_without_signing_in(client, case):
    assert client.get("/papers/certificate/2026-0001").status_code == 302


def test_the_preview_masks_phone_and_address(as_, case):
    page = as_("liaison1").get("/papers/certificate/2026-0001").text
    assert "欧阳䶮" in page
    assert "13891701001" not in page and "138****1001" in page
    assert "3号楼2单元501室" not in page


@pytest.mark.parametrize(
    ("username", "whole"),
    [("liaison1", True), ("clerk1", True), ("member1", True), ("dept1", False), ("county", False)],
)
def test_the_pdf_shows_the_contact_to_those_who_may_know_it(as_, case, words_of, username, whole):
    answer = as_(username).get("/papers/certificate/2026-0001.pdf")
    words = words_of(answer.data)
    assert answer.status_code == 200
    assert ("13891701001" in words) is whole
    assert ("3号楼2单元501室" in words) is whole
    assert ("138****1001" in words) is not whole


def test_the_pdf_is_a_download_with_a_chinese_name(as_, case):
    answer = as_("liaison1").get("/papers/certificate/2026-0001.pdf")
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%E5%9C%A8%E8%81%8C%E5%85%9A%E5%91%98" in disposition
    assert "欧阳" not in disposition
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_printing_leaves_an_audit_row(as_, case):
    from portal.audit import AuditRow

    as_("liaison1").get("/papers/certificate/2026-0001.pdf")
    rows = db.session.scalars(db.select(AuditRow).order_by(AuditRow.id.desc()).limit(2)).all()
    assert {(row.act, row.kind, row.fields) for row in rows} == {
        ("papers.print.certificate", "registrations", "phone,address"),
        ("seal_entries.mark_printed", "seal_entries", "state"),
    }  # fmt: skip
    assert {row.row_id for row in rows if row.kind == "registrations"} == {case.id}


def test_a_card_before_acceptance_is_a_draft_under_the_certificates_number(as_, cast):
    certificate(cast.member1_row)
    db.session.commit()
    page = as_("member1").get("/papers/info-card/of/2026-0001")
    assert "草稿" in page.text
    assert as_("member1").get("/papers/receipt/of/2026-0001").status_code == 404


def test_a_final_card_is_found_under_the_certificates_number(as_, case):
    answer = as_("member1").get("/papers/info-card/of/2026-0001")
    assert answer.headers["Location"] == "/papers/info-card/2026-0001"


def test_characters_that_cannot_be_printed_are_named(as_, case, cast):
    cast.member1_row.post = "教师😀"
    db.session.commit()
    page = as_("liaison1").get("/papers/certificate/2026-0001").text
    assert "有字打印不出来" in page and "😀" in page


@pytest.fixture
def code(case):
    return db.session.scalar(db.select(IssuedPaper.check_code).where(IssuedPaper.kind == "certificate"))


def test_anybody_can_verify_by_the_check_code(client, code):
    page = client.get(f"/verify/{shown(code)}")
    assert page.status_code == 200
    for told in ("在职党员进社区报到证明信", "凤进社信〔2026〕0001号", "欧阳××同志", "凤翔中学党支部", "有效"):
        assert told in page.text
    for kept in ("欧阳䶮", "䶮", "13891701001", "儒林"):
        assert kept not in page.text
    card = numbers.issue("household-card", 2026, 1, 1, 1, "陈", "儒林社区")
    db.session.commit()
    page = client.get(f"/verify/{card.check_code}").text
    assert "陈××" in page and "同志" not in page  # a child, or no Party member


def test_the_form_leads_to_the_code(client, code):
    answer = client.get("/verify", query_string={"code": code.lower()})
    assert answer.headers["Location"] == f"/verify/{code.lower()}"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get("/verify").status_code == 200
    for pasted in (f"https://zy.example.cn/verify/{code}", f" https://zy.example.cn/verify/{code}/ "):
        assert client.get("/verify", query_string={"code": pasted}).headers["Location"] == f"/verify/{code}"
    assert client.get("/verify", query_string={"code": "//"}).status_code == 200


def test_the_token_of_the_qr_is_verified(app, client, case, code):
    from portal.papers.proofs import private_key
    from portal.papers.seal_code import Facts, sign

    issued = db.session.scalar(db.select(IssuedPaper).where(IssuedPaper.kind == "certificate"))
    facts = Facts("certificate", "2026-0001", 1, issued.issued_at.date(), code)
    assert "相符" in client.get(f"/verify/{sign(facts, private_key())}").text
    lie = facts._replace(number="2026-0002")
    assert client.get(f"/verify/{sign(lie, private_key())}").status_code == 404


@pytest.mark.parametrize(("state", "words"), [(PaperState.CANCELLED, "已作废"), (PaperState.REPLACED, "已被新版替代")])
def test_a_paper_that_no_longer_holds_says_so(client, code, state, words):
    db.session.scalar(db.select(IssuedPaper).where(IssuedPaper.check_code == code)).state = state
    db.session.commit()
    page = client.get(f"/verify/{code}").text
    assert words in page and "现在有效" not in page


@pytest.mark.parametrize("typed", ["ABC", "ABC-DEF-GHJ-KMN", "甲" * 12, "A" * 500, "%00", "..%2F"])
def test_unknown_codes_are_not_found(client, case, typed):
    assert client.get(f"/verify/{typed}").status_code == 404


def test_guessing_is_throttled_by_address(client, code):
    for _ in range(verification.MISSES):
        assert client.get("/verify/ABC-DEF-GHJ-KMN").status_code == 404
    assert client.get(f"/verify/{code}").status_code == 429


def test_a_cancelled_certificate_is_marked_on_the_screen_and_on_paper(as_, case, words_of):
    case.state = RegistrationState.CANCELLED
    db.session.commit()
    liaison = as_("liaison1")
    assert 'aria-label="作废"' in liaison.get("/papers/certificate/2026-0001").text
    assert "作废" in words_of(liaison.get("/papers/certificate/2026-0001.pdf").data)


def test_the_cast_has_everybody_of_the_table(cast):
    assert set(SEES) <= {user.username for user in db.session.scalars(db.select(User))}


def test_a_resident_takes_the_slip_with_the_code_from_their_own_browser_only(client, cast, app, words_of):
    client.get("/wishes/new")
    with client.session_transaction() as session:
        secret = session["slip"]
    wish = submit(
        Asked(detail="厨房水龙头漏水", name="李桂英", community=cast.community1), RESIDENT, WishSource.WALL, secret
    )
    db.session.commit()
    code = code_shown(wish, secret)
    words = words_of(client.get(f"/papers/wish-slip/{wish.number}.pdf").data)
    assert code in words and wish.number in words
    assert "李桂英" not in words and "水龙头" not in words
    assert app.test_client().get(f"/papers/wish-slip/{wish.number}.pdf").status_code == 404


def test_the_clerk_prints_the_slip_again_without_the_code(as_, cast, words_of):
    wish = submit(Asked(detail="换灯泡", name="李桂英", community=cast.community1), RESIDENT, WishSource.BOX, "s" * 32)
    db.session.commit()
    words = words_of(as_("clerk1").get(f"/papers/wish-slip/{wish.number}.pdf").data)
    assert "查询码—" in words
    assert as_("clerk1").get(f"/papers/wish-slip/{wish.number}").status_code == 200
    assert as_("clerk2").get(f"/papers/wish-slip/{wish.number}.pdf").status_code == 404
    assert as_("member1").get(f"/papers/wish-slip/{wish.number}.pdf").status_code == 404


def test_the_key_is_published(app, client, case):
    pem = client.get("/verify/key.pem")
    assert pem.data.startswith(b"-----BEGIN PUBLIC KEY-----")


def test_a_printed_file_and_its_token_are_checked_offline_with_the_published_key(app, as_, client, case, tmp_path):
    pdf, key = tmp_path / "certificate.pdf", tmp_path / "key.pem"
    pdf.write_bytes(as_("liaison1").get("/papers/certificate/2026-0001.pdf").data)
    key.write_bytes(client.get("/verify/key.pem").data)
    run = app.test_cli_runner().invoke
    told = run(args=["paper", "verify", str(pdf), "--key", str(key)])
    assert told.exit_code == 0
    assert "签名相符：在职党员进社区报到证明信 凤进社信〔2026〕0001号" in told.output
    other = Ed25519PrivateKey.generate().public_key()
    key.write_bytes(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    refused = run(args=["paper", "verify", str(pdf), "--key", str(key)])
    assert refused.exit_code == 1 and f"与公钥 {paper_keys.called(other)} 不符" in refused.output


def test_a_check_code_is_looked_up_by_the_command(app, case, code):
    run = app.test_cli_runner().invoke
    assert "有效：在职党员进社区报到证明信" in run(args=["paper", "verify", shown(code)]).output
    assert run(args=["paper", "verify", "ABC-DEF-GHJ-KMN"]).exit_code == 1


def test_old_papers_stay_valid_when_the_key_is_rotated(app, client, case, code, instance_dir, tmp_path):
    """What the old key signed and what the new one signs hold, online and offline; a key published before does not know
    the new one, and says which it is. The old private key is gone.
    """
    issued = db.session.scalars(select(IssuedPaper).where(IssuedPaper.check_code == code)).one()
    run, before, secret = app.test_cli_runner().invoke, tmp_path / "before.pem", instance_dir / "seal_key.pem"
    old = proof_of(issued).token
    before.write_bytes(client.get("/verify/key.pem").data)
    first, signed_with = paper_keys.public_keys()[0], secret.read_bytes()
    assert run(args=["keys", "rotate-paper-key"]).exit_code == 0
    second, new = paper_keys.public_keys()[0], proof_of(issued).token
    assert first != second and old != new and signed_with not in [path.read_bytes() for path in instance_dir.iterdir()
                                                                  if path.is_file()]  # fmt: skip
    after = tmp_path / "after.pem"
    after.write_bytes(client.get("/verify/key.pem").data)
    assert after.read_bytes().count(b"BEGIN PUBLIC KEY") >= 2
    for token in (old, new):
        page = client.get(f"/verify/{token}")
        assert page.status_code == 200 and "相符" in page.text
        assert run(args=["paper", "verify", token, "--key", str(after)]).exit_code == 0
    shown_keys = client.get("/verify").text
    assert f"{paper_keys.called(second)}（现用）" in shown_keys and paper_keys.called(first) in shown_keys
    assert run(args=["paper", "verify", old, "--key", str(before)]).exit_code == 0
    refused = run(args=["paper", "verify", new, "--key", str(before)])
    assert refused.exit_code == 1 and paper_keys.called(first) in refused.output
    assert db.session.scalar(select(AuditRow.act).order_by(AuditRow.id.desc())) == "keys.rotate_paper"


def test_a_replaced_paper_names_its_new_version(client, case, code):
    old = db.session.scalars(select(IssuedPaper).where(IssuedPaper.check_code == code)).one()
    old.state = PaperState.REPLACED
    numbers.issue(old.kind, old.year, old.serial, 2, old.subject_id, old.family_name, old.office)
    db.session.commit()
    assert "现在有效的是同一编号的第 2 版" in client.get(f"/verify/{code}").text
    numbers.set_aside(old.kind, old.subject_id, PaperState.CANCELLED)
    db.session.commit()
    told = client.get(f"/verify/{code}").text
    assert "已被新版替代" in told and "现在有效的是" not in told
