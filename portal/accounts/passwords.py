"""Passwords: hashed by Argon2id, first ones random and shown once, weak ones refused in words."""

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LETTERS = 10
MOST_LETTERS = 128
FIRST_PASSWORD_LETTERS = 12
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when the login does not exist, so that both answers take the same time.
_NOBODY = _hasher.hash("nobody")

_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)
# What people add digits to; compared without digits and signs. The last one is the demonstration's own password.
_COMMON = frozenset(
    ["password", "passw", "pwd", "admin", "administrator", "root", "user", "test", "guest", "welcome", "letmein",
     "iloveyou", "woaini", "woaizuguo", "woaizhongguo", "zhongguo", "china", "wojia", "mima", "wodemima", "qwerty",
     "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsx", "qazwsxedc", "abc", "abcd", "abcdef", "aaa", "asd", "asdf", "qwe",
     "qweasd", "qweasdzxc", "qwer", "zxc", "zxcv", "dragon", "monkey", "football", "baseball", "sunshine", "princess",
     "superman", "computer", "internet", "windows", "huawei", "xiaomi", "taobao", "wechat", "weixin", "tencent",
     "dangyuan", "shequ", "zuzhibu", "xianwei", "fengxiang", "baoji", "shaanxi", "beijing", "demofengxiang"]
)  # fmt: skip


def hash_password(password: str) -> str:
    """The Argon2id hash of a password."""
    return _hasher.hash(_typed(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time when there is no such login."""
    try:
        _hasher.verify(password_hash or _NOBODY, _typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def first_password() -> str:
    """A random one-time password in groups of four, without letters that look alike."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(FIRST_PASSWORD_LETTERS))
    return "-".join(letters[i : i + 4] for i in range(0, FIRST_PASSWORD_LETTERS, 4))


def weakness(password: str, username: str, old_hash: str | None = None) -> str:
    """Why this may not be the new password, in one Chinese sentence; '' when it may."""
    typed = _typed(password)
    low = typed.lower()
    if len(typed) < LEAST_LETTERS:
        return f"密码至少 {LEAST_LETTERS} 个字符，用几个不相干的词连起来就好记。"
    if len(typed) > MOST_LETTERS:
        return f"密码最多 {MOST_LETTERS} 个字符。"
    if username.lower() in low:
        return "密码里不要含有用户名。"
    if low.isdigit():
        return "密码不要全用数字（电话号码、生日很容易被猜到）。"
    if len(set(low)) < 4 or any(low in run or low in run[::-1] for run in _RUNS):
        return "密码里重复或连续的字符太多，容易被猜到。"
    if re.sub(r"[\W\d_]", "", low) in _COMMON:
        return "这个密码太常见，容易被猜到，请换一个。"
    if old_hash and verify(old_hash, password):
        return "新密码不能与原密码相同。"
    return ""


def _typed(password: str) -> str:
    # A Chinese keyboard may send full-width letters: the same password either way.
    return unicodedata.normalize("NFKC", password)
