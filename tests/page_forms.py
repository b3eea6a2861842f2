"""The forms of a page as a browser would send them: names, values, choices."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: where it goes, and what it would send if it were sent as it is."""

    action: str
    method: str
    names: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **more) -> dict:
        """What is sent when these fields are filled besides."""
        return self.values | more


def forms_of(page: str) -> list[PageForm]:
    """All forms of a page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, ending: str) -> PageForm:
    """The one form whose action ends so ("" is the page itself)."""
    found = [form for form in forms_of(page) if form.method == "post" and form.action.endswith(ending)]
    found = [form for form in found if bool(form.action) == bool(ending)]
    assert len(found) == 1, [form.action for form in forms_of(page)]
    return found[0]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[PageForm] = []
        self._form = self._select = self._text = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._form = PageForm(attrs.get("action") or "", (attrs.get("method") or "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, attrs)

    def _control(self, tag, attrs):
        name, value = attrs.get("name"), attrs.get("value")
        if tag == "option" and self._select:
            self._form.choices[self._select].append(value or "")
            if "selected" in attrs or self._select not in self._form.values:
                self._form.values[self._select] = value or ""
        if not name:
            return
        self._form.names.append(name)
        if tag == "select":
            self._select = name
            self._form.choices[name] = []
        elif tag == "textarea":
            self._text = name
            self._form.values[name] = ""
        elif attrs.get("type") in ("checkbox", "radio"):
            self._form.choices.setdefault(name, []).append(value or "on")
            if "checked" in attrs:
                self._form.values[name] = value or "on"
        elif tag == "input" and attrs.get("type") != "file":
            self._form.values[name] = value or ""

    def handle_data(self, data):
        if self._text:
            self._form.values[self._text] += data.removeprefix("\r\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None
