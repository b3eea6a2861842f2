"""Settings: defaults, the environment (prefix FLASK_), and keys made on first start; a bad one stops the start."""

import base64
import json
import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask

from portal import vault

DEMO_KEYS = ("demo", "dev", "secret", "changeme", "change-me")
DEFAULTS = {
    "COUNTY_NAME": "凤翔县",
    "OFFICE_NAME": "县委组织部",
    "SCHEME_NAME": "在职党员进社区",
    "SCHEME_SLOGAN": "服务群众零距离",
    "NUMBER_PREFIX": "凤进社",
    "RED_HEAD": "",  # the red heading of the county's official documents, e.g. 中共凤翔县委组织部文件; none: plain
    "TIMEZONE": "Asia/Shanghai",
    "PUBLIC_ADDRESS": "http://127.0.0.1:8000",  # what QR codes lead to; never the Host header
    "OFFICE_ADDRESS": "",  # where offices sign in, when not at the public address
    "MEMBER_ADDRESS": "",  # where members sign in away from their offices' network
    "PROXY_HOPS": 0,
    "ALLOWED_HOSTS": "",
    "WALL_KEPT": 2,  # seconds for which the wall is answered from memory; 0: never
    "FACE": "all",
    "LOG_REQUESTS": True,
    "FIELD_CIPHER": "aes",
    "MAX_CONTENT_LENGTH": 256 * 1024,
    "MAX_FORM_MEMORY_SIZE": 256 * 1024,
    "MAX_FORM_PARTS": 200,
    "SESSION_COOKIE_NAME": "portal",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_I18N_ENABLED": False,
    # Errors of the database must not carry what people typed into the log.
    "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
}


class ConfigError(SystemExit):
    """A setting that the portal can't start with, in one clear sentence."""


def load(app: Flask, overrides: dict | None = None) -> None:
    """Fill app.config: defaults, then the environment, then overrides (tests)."""
    app.config.from_mapping(DEFAULTS)
    app.config.from_prefixed_env()
    app.config.from_mapping(overrides or {})
    instance = Path(app.config.setdefault("INSTANCE_DIR", str(Path(app.root_path).parent / "instance")))
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not app.config.get("SQLALCHEMY_DATABASE_URI"):
        (instance / "portal.db").touch(mode=0o600)
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{instance / 'portal.db'}"
    _use_psycopg(app)
    _lock_cookie(app)
    _load_key(app, instance, "SECRET_KEY", secrets.token_urlsafe(48))
    if app.config["FACE"] == "public":
        _load_public_keys(app, instance)
    else:
        _load_key(app, instance, "FIELD_KEY", base64.b64encode(os.urandom(32)).decode())
    _check(app)


def _use_psycopg(app: Flask) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    for prefix in ("postgres://", "postgresql://"):
        if uri.startswith(prefix):
            app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://" + uri.removeprefix(prefix)


def _lock_cookie(app: Flask) -> None:
    # Under TLS the session's cookie goes over TLS only, and no other host of the domain can plant one.
    if str(app.config["PUBLIC_ADDRESS"]).startswith("https://"):
        app.config["SESSION_COOKIE_SECURE"] = True
        app.config["SESSION_COOKIE_NAME"] = f"__Host-{app.config['SESSION_COOKIE_NAME'].removeprefix('__Host-')}"


def _load_key(app: Flask, instance: Path, name: str, fresh: str) -> None:
    if app.config.get(name):
        return
    path = instance / name.lower()
    try:
        # O_EXCL: of two processes that start at once, one makes the key and both read it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh)
    except FileExistsError:
        pass
    app.config[name] = path.read_text().strip()


def _load_public_keys(app: Flask, instance: Path) -> None:
    """The key file of a public face into FACE_KEYS; what unseals or signs must be out of the process's reach."""
    if app.config.get("FIELD_KEY"):
        raise ConfigError("公众面不得持有 FLASK_FIELD_KEY：请删去这项设置，只给它 flask keys public 写出的密钥文件。")
    for secret in ("field_key", "seal_key.pem"):
        if (instance / secret).exists():
            raise ConfigError(f"公众面的数据文件夹里不得有 {secret}：请用 FLASK_INSTANCE_DIR 为公众面另设一个文件夹。")
    path = Path(app.config.setdefault("PUBLIC_KEYS", str(instance / "public_keys.json")))
    try:
        keys = json.loads(path.read_text())
        vault.load_public_keys(keys)
        app.config["FACE_KEYS"] = {"papers": str(keys["papers"])}
    except OSError:
        raise ConfigError(
            f"公众面读不到密钥文件 {path}：请在办公面的主机上运行 flask keys public --out 文件，"
            "放到这里，或用 FLASK_PUBLIC_KEYS 指明它在哪里。"
        ) from None
    except (ValueError, KeyError):
        raise ConfigError(f"公众面的密钥文件 {path} 无效：请重新运行 flask keys public。") from None


def _check(app: Flask) -> None:
    config = app.config
    key = str(config["SECRET_KEY"])
    if len(key) < 32 or key.lower() in DEMO_KEYS:
        raise ConfigError("FLASK_SECRET_KEY 太弱或是公开的示例密钥：请设置至少 32 个字符的随机值。")
    if config["FIELD_CIPHER"] not in ("aes", "sm4"):
        raise ConfigError("FLASK_FIELD_CIPHER 只能是 aes 或 sm4。")
    try:
        if config["FACE"] != "public":
            vault.load_key(str(config["FIELD_KEY"]), config["FIELD_CIPHER"])
    except ValueError:
        raise ConfigError("FLASK_FIELD_KEY 无效：应为 32 字节随机数的 base64。") from None
    try:
        ZoneInfo(config["TIMEZONE"])
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f"FLASK_TIMEZONE 无效：没有时区 {config['TIMEZONE']}。") from None
    if config["FACE"] not in ("all", "internal", "member", "public"):
        raise ConfigError("FLASK_FACE 只能是 all、internal、member 或 public。")
    if hosts := str(config["ALLOWED_HOSTS"]).strip():
        # The machine itself may always ask how its portal is.
        config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", *filter(None, map(str.strip, hosts.split(",")))]
