"""Passwords: hashed by Argon2id, first ones random and shown once."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LETTERS = 10
FIRST_PASSWORD_LETTERS = 12
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when the login does not exist, so that both answers take the same time.
_NOBODY = _hasher.hash("nobody")


def hash_password(password: str) -> str:
    """The Argon2id hash of a password."""
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes the same time when there is no such login."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def first_password() -> str:
    """A random one-time password in groups of four, without letters that look alike."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(FIRST_PASSWORD_LETTERS))
    return "-".join(letters[i : i + 4] for i in range(0, FIRST_PASSWORD_LETTERS, 4))
