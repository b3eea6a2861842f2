"""Calendar files, as a phone reads them: RFC 5545 read back by the few rules that matter."""

import datetime as dt

from portal.ics import Event, calendar_file

NOW = dt.datetime(2026, 5, 15, 1, 2, 3, tzinfo=dt.UTC)
CHINA = dt.timezone(dt.timedelta(hours=8))


def unfolded(data: bytes) -> list[str]:
    """The file's lines put together again; each must be short, and none may part a character."""
    assert data.endswith(b"\r\n") and data.count(b"\n") == data.count(b"\r\n")
    parts = data.split(b"\r\n")[:-1]
    assert max(map(len, parts)) <= 75
    lines: list[str] = []
    for part in (each.decode() for each in parts):
        if part.startswith(" "):
            lines[-1] += part[1:]
        else:
            lines.append(part)
    return lines


def of_one(event: Event) -> dict[str, str]:
    lines = unfolded(calendar_file("服务日", [event], NOW, "portal.example"))
    body = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in body)


def test_whole_days_name_the_day_after_the_last():
    found = of_one(Event("service-days-2026-4", "服务日", dt.date(2026, 12, 30), dt.date(2026, 12, 31)))
    assert found["DTSTART;VALUE=DATE"] == "20261230"
    assert found["DTEND;VALUE=DATE"] == "20270101"
    assert found["UID"] == "service-days-2026-4@portal.example"
    assert found["DTSTAMP"] == "20260515T010203Z"
    assert found["TRANSP"] == "TRANSPARENT"


def test_moments_are_told_in_universal_time():
    starts = dt.datetime(2026, 1, 1, 7, 30, tzinfo=CHINA)
    found = of_one(Event("activity-1", "打扫楼道", starts, starts + dt.timedelta(hours=2)))
    assert (found["DTSTART"], found["DTEND"]) == ("20251231T233000Z", "20260101T013000Z")


def test_what_people_wrote_breaks_no_line():
    words = "带手套；1,2号楼; 反斜杠\\ 结束\nEND:VEVENT\r\n第三行"
    found = of_one(
        Event("a", "理发,按摩", dt.date(2026, 5, 1), dt.date(2026, 5, 1), "东大街;北口", words, "http://a/b?c=1")
    )
    assert found["SUMMARY"] == "理发\\,按摩"
    assert found["LOCATION"] == "东大街\\;北口"
    assert found["DESCRIPTION"] == "带手套；1\\,2号楼\\; 反斜杠\\\\ 结束\\nEND:VEVENT\\n第三行"
    assert found["URL"] == "http://a/b?c=1"


def test_long_lines_are_folded_between_characters():
    title = "愿" * 200 + "𠮷" * 50 + "a" * 200
    assert of_one(Event("a", title, dt.date(2026, 5, 1), dt.date(2026, 5, 1)))["SUMMARY"] == title


def test_a_calendar_without_events_is_one_still():
    lines = unfolded(calendar_file("空", [], NOW, "portal.example"))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines and "X-WR-CALNAME:空" in lines
