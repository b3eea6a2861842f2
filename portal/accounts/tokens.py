"""The random token of a signed-in browser; the database keeps only its hash."""

import hashlib
import secrets


def new_token() -> str:
    """A random session token of 256 bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """The hash under which a session's token is stored (hex)."""
    return hashlib.sha256(token.encode()).hexdigest()
