"""Calendar files (.ics) as phones and mail programs take them in: RFC 5545, written by hand since we need so little.

`calendar_file(name, events, now, host)` → the file's bytes. An event of whole days has dates, one with a time has
moments; both ends are the last day or the end of it, as people say them. An event keeps its `uid` for ever, so that
taking the file in once more corrects what is there instead of doubling it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_OCTETS = 75  # of a line, its line break aside
_SPECIAL = re.compile(r"([\\;,])")


@dataclass(frozen=True)
class Event:
    """One entry of a calendar; `starts` and `ends` are both days (the last one included) or both moments.

    `uid` names it within this portal: service-days-2026-3.
    """

    uid: str
    title: str
    starts: dt.date
    ends: dt.date
    place: str = ""
    words: str = ""
    address: str = ""


def calendar_file(name: str, events: Iterable[Event], now: dt.datetime, host: str) -> bytes:
    """The calendar of this name; `now` stamps the events, `host` makes their uids ours among everybody's."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//portal//community service//ZH", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(event, now, host)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event, now: dt.datetime, host: str) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}@{host}", f"DTSTAMP:{_moment(now)}", *_when(event)]
    lines.append(f"SUMMARY:{_text(event.title)}")
    shown = (("LOCATION", _text(event.place)), ("DESCRIPTION", _text(event.words)), ("URL", event.address))
    return [*lines, *(f"{label}:{value}" for label, value in shown if value), "END:VEVENT"]


def _when(event: Event) -> list[str]:
    if isinstance(event.starts, dt.datetime) and isinstance(event.ends, dt.datetime):
        return [f"DTSTART:{_moment(event.starts)}", f"DTEND:{_moment(event.ends)}"]
    behind = event.ends + dt.timedelta(days=1)  # of whole days the file names the day after the last
    # Whole days don't make anybody busy.
    return [f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}", f"DTEND;VALUE=DATE:{behind:%Y%m%d}", "TRANSP:TRANSPARENT"]


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words).replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """The line in parts of at most 75 octets, none of which ends inside a character; each but the first is indented."""
    part = b""
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > _OCTETS:
            yield part
            part = b" "
        part += octets
    yield part
