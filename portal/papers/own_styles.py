"""The stylesheet that sheets are laid out by, without the rules that can match none of them.

Trying every rule of every kind of paper on every cell of a table takes long.
"""

import re
from collections.abc import Iterable, Iterator

import tinycss2

from portal.papers.render import STYLESHEET

ELEMENTS = STYLESHEET.with_name("elements.css")
CLASSES = re.compile(r"""\bclass=["']?([^"'>]*)""")
NAMED = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def classes_of(pages: Iterable[str]) -> frozenset[str]:
    """All classes that these pages name."""
    return frozenset(name for page in pages for names in CLASSES.findall(page) for name in names.split())


def only_for(stylesheet: str, classes: frozenset[str]) -> str:
    """The stylesheet without the selectors that name another class; @ rules stay whole."""
    return "\n".join(_kept(stylesheet, classes))


def _kept(stylesheet: str, classes: frozenset[str]) -> Iterator[str]:
    for rule in tinycss2.parse_stylesheet(stylesheet, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            yield rule.serialize()
        elif selectors := [each for each in _selectors(rule) if _may_match(each, classes)]:
            yield f"{','.join(selectors)} {{{tinycss2.serialize(rule.content)}}}"


def _selectors(rule) -> list[str]:
    parts: list[list] = [[]]
    for token in rule.prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _may_match(selector: str, classes: frozenset[str]) -> bool:
    return ":not(" in selector or classes.issuperset(NAMED.findall(selector))
