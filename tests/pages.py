"""How pages are compared and read in tests."""

import re

_KEYS = re.compile(rb'(name="(?:csrf_token|once)" value=)"[^"]*"')


def same_page(one, other) -> bool:
    """Whether two answers show the same page; the random keys of forms and the address asked for aside."""
    return one.status_code == other.status_code and _bare(one) == _bare(other)


def _bare(answer) -> bytes:
    return _KEYS.sub(rb"\1", answer.data).replace(answer.request.path.encode(), b"")
