"""Settings: keys made on first start, and bad ones that stop it with one clear sentence."""

import stat

import pytest

from portal import create_app, serve, vault
from portal.config import ConfigError
from tests.conftest import FIELD_KEY


@pytest.fixture(autouse=True)
def the_suites_key():
    yield
    vault.load_key(FIELD_KEY)


GOOD = {"SECRET_KEY": "s" * 40, "FIELD_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"SECRET_KEY": "dev"}, "FLASK_SECRET_KEY 太弱或是公开的示例密钥：请设置至少 32 个字符的随机值。"),
        ({"FIELD_KEY": "short"}, "FLASK_FIELD_KEY 无效：应为 32 字节随机数的 base64。"),
        ({"TIMEZONE": "Asia/Atlantis"}, "FLASK_TIMEZONE 无效：没有时区 Asia/Atlantis。"),
        ({"FACE": "secret"}, "FLASK_FACE 只能是 all、internal、member 或 public。"),
        ({"FIELD_CIPHER": "rot13"}, "FLASK_FIELD_CIPHER 只能是 aes 或 sm4。"),
    ],
)
def test_a_bad_setting_stops_the_start(tmp_path, setting, sentence):
    with pytest.raises(ConfigError) as stop:
        create_app(GOOD | {"INSTANCE_DIR": str(tmp_path)} | setting)
    assert str(stop.value) == sentence


def test_a_public_face_starts_with_its_key_file_only(tmp_path, monkeypatch):
    monkeypatch.delenv("FLASK_FIELD_KEY", raising=False)
    office, resident, keys = tmp_path / "office", tmp_path / "resident", tmp_path / "keys.json"
    runner = create_app(GOOD | {"INSTANCE_DIR": str(office)}).test_cli_runner()
    written = runner.invoke(args=["keys", "public", "--out", str(keys)])
    assert written.exit_code == 0, written.output
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert runner.invoke(args=["keys", "public", "--out", str(keys)]).exit_code == 1  # none is overwritten
    public = {"SECRET_KEY": "p" * 40, "FACE": "public", "INSTANCE_DIR": str(resident), "PUBLIC_KEYS": str(keys)}
    app = create_app(public)
    assert "FIELD_KEY" not in app.config
    assert sorted(path.name for path in resident.iterdir()) == ["portal.db"]
    assert not vault.unseals()
    for more, sentence in (
        ({"FIELD_KEY": GOOD["FIELD_KEY"]}, "公众面不得持有 FLASK_FIELD_KEY"),
        ({"PUBLIC_KEYS": str(tmp_path / "none")}, f"公众面读不到密钥文件 {tmp_path / 'none'}"),
        ({"PUBLIC_KEYS": str(tmp_path)}, "公众面读不到密钥文件"),
        ({"INSTANCE_DIR": str(office)}, "公众面的数据文件夹里不得有 seal_key.pem"),
    ):
        with pytest.raises(ConfigError) as stop:
            create_app(public | more)
        assert sentence in str(stop.value)
    for spoilt in ("", "{}", "[]", "no json", keys.read_text().replace('"papers"', '"paper"')):
        (tmp_path / "spoilt.json").write_text(spoilt)
        with pytest.raises(ConfigError, match="无效"):
            create_app(public | {"PUBLIC_KEYS": str(tmp_path / "spoilt.json")})
    (resident / "field_key").write_text(GOOD["FIELD_KEY"])
    with pytest.raises(ConfigError, match="不得有 field_key"):
        create_app(public)


def test_keys_are_made_once_and_for_the_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("FLASK_SECRET_KEY", raising=False)
    monkeypatch.delenv("FLASK_FIELD_KEY", raising=False)
    first = create_app({"INSTANCE_DIR": str(tmp_path)}).config
    second = create_app({"INSTANCE_DIR": str(tmp_path)}).config
    for name in ("SECRET_KEY", "FIELD_KEY"):
        assert first[name] == second[name]
        assert stat.S_IMODE((tmp_path / name.lower()).stat().st_mode) == 0o600


def test_under_tls_the_cookie_is_locked_to_this_host(tmp_path):
    config = create_app(GOOD | {"INSTANCE_DIR": str(tmp_path), "PUBLIC_ADDRESS": "https://sq.example.gov.cn"}).config
    assert (config["SESSION_COOKIE_NAME"], config["SESSION_COOKIE_SECURE"]) == ("__Host-portal", True)


def test_without_tls_the_cookie_works_too(tmp_path):
    config = create_app(GOOD | {"INSTANCE_DIR": str(tmp_path)}).config
    assert (config["SESSION_COOKIE_NAME"], config["SESSION_COOKIE_SECURE"]) == ("portal", False)
    assert (config["SESSION_COOKIE_HTTPONLY"], config["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")


def test_on_another_port_slips_lead_to_that_port_unless_a_setting_says_otherwise(tmp_path, monkeypatch):
    for name in ("FLASK_PUBLIC_ADDRESS", "FLASK_LOG_REQUESTS"):
        monkeypatch.setenv(name, "")  # so that the variable is as before when the test ends
        monkeypatch.delenv(name)
    serve.suit_a_terminal(8123)
    assert create_app(GOOD | {"INSTANCE_DIR": str(tmp_path)}).config["PUBLIC_ADDRESS"] == "http://127.0.0.1:8123"
    monkeypatch.setenv("FLASK_PUBLIC_ADDRESS", "http://10.1.2.3")
    serve.suit_a_terminal(8123)
    assert create_app(GOOD | {"INSTANCE_DIR": str(tmp_path)}).config["PUBLIC_ADDRESS"] == "http://10.1.2.3"
