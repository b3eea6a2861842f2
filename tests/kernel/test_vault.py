"""Sealed fields: bound to their place, to their key, and readable with either cipher."""

import base64

import pytest

from portal import vault
from portal.extensions import db
from portal.people.models import Member
from tests.conftest import FIELD_KEY


@pytest.fixture(autouse=True)
def the_suites_key():
    yield
    vault.load_key(FIELD_KEY)


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_what_is_sealed_is_read_again_at_its_place_only(cipher):
    vault.load_key(FIELD_KEY, cipher)
    sealed = vault.seal("东大街12号院", "members.address:1")
    assert "东大街".encode() not in sealed
    assert vault.unseal(sealed, "members.address:1") == "东大街12号院"
    with pytest.raises(ValueError):
        vault.unseal(sealed, "members.address:2")
    with pytest.raises(ValueError):
        vault.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), "members.address:1")


def test_a_change_of_cipher_leaves_old_fields_readable():
    vault.load_key(FIELD_KEY, "aes")
    old = vault.seal("13891701234", "x")
    vault.load_key(FIELD_KEY, "sm4")
    assert vault.unseal(old, "x") == "13891701234"


def test_another_key_reads_nothing():
    sealed = vault.seal("13891701234", "x")
    vault.load_key(base64.b64encode(b"o" * 32).decode())
    with pytest.raises(ValueError):
        vault.unseal(sealed, "x")


def test_the_same_text_is_sealed_differently_each_time_but_indexed_alike():
    assert vault.seal("王秀兰", "x") != vault.seal("王秀兰", "x")
    assert vault.blind_index("phone", "1") == vault.blind_index("phone", "1") != vault.blind_index("tail", "1")


def test_the_database_holds_no_clear_text(cast):
    raw = db.session.execute(db.text("SELECT phone_sealed, address_sealed FROM members LIMIT 1")).one()
    assert all(b"1389170" not in bytes(value) and "东大街".encode() not in bytes(value) for value in raw)
    assert db.session.scalar(db.select(Member).limit(1)).address == "东大街12号院3号楼2单元501室"


def test_a_ciphertext_moved_to_another_row_is_refused(cast):
    one, other = db.session.scalars(db.select(Member).limit(2)).all()
    other.phone_sealed = one.phone_sealed
    with pytest.raises(ValueError):
        _ = other.phone


def public_face() -> None:
    """Let this process be a public face: with what it is given and nothing else."""
    given = vault.public_keys()
    vault._Keys.derived = {}
    vault.load_public_keys(given)


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_a_public_face_seals_what_only_the_offices_read(cipher):
    vault.load_key(FIELD_KEY, cipher)
    public_face()
    one, other = (vault.seal("东大街12号院", "wishes.address:1") for _ in range(2))
    assert one != other
    assert "东大街".encode() not in one
    assert not vault.unseals()
    with pytest.raises(vault.NoKey):
        vault.unseal(one, "wishes.address:1")
    vault.load_key(FIELD_KEY, cipher)
    assert vault.unseals()
    assert vault.unseal(one, "wishes.address:1") == "东大街12号院"
    for spoilt in (one[:-1] + bytes([one[-1] ^ 1]), one[:5] + other[5:37] + one[37:], one[:20], one[:5]):
        with pytest.raises(ValueError):
            vault.unseal(spoilt, "wishes.address:1")
    with pytest.raises(ValueError):
        vault.unseal(one, "wishes.address:2")
    vault.load_key(base64.b64encode(b"o" * 32).decode())
    with pytest.raises(ValueError):
        vault.unseal(one, "wishes.address:1")


def test_a_public_face_neither_unseals_nor_finds():
    old = vault.seal("13891701234", "x")
    hashes = [vault.keyed_hash("code", "1"), vault.keyed_hash("audit", "1"), vault.trace("once", "1")]
    public_face()
    with pytest.raises(vault.NoKey):
        vault.unseal(old, "x")
    with pytest.raises(vault.NoKey):
        vault.blind_index("phone", "13891701234")
    assert [vault.keyed_hash("code", "1"), vault.keyed_hash("audit", "1"), vault.trace("once", "1")] == hashes


def test_a_public_face_is_given_no_key_that_opens_the_box():
    given = vault.public_keys()
    secret = {base64.b64encode(vault._Keys.derived[name]).decode() for name in ("seal", "sm4", "box", "index")}
    assert not secret & set(given.values())
    assert set(given) == {"key_id", "box", "code", "audit", "trace"}


@pytest.mark.parametrize(
    "wrong", [{}, {"box": ""}, {"box": "AAAA"}, {"code": "?"}, {"audit": None}, {"key_id": "AAAA"}]
)
def test_a_spoilt_key_file_is_refused(wrong):
    given = vault.public_keys() | wrong if wrong else {}
    with pytest.raises(ValueError):
        vault.load_public_keys(given)


def test_codes_have_no_letters_that_look_alike():
    codes = "".join(vault.random_code(12) for _ in range(200)) + vault.code_from("x", 10)
    assert not set(codes) & set("01IOL")
    assert vault.code_from("same", 10) == vault.code_from("same", 10) != vault.code_from("other", 10)
