"""What stands on the 督查结果通报: the county's words, with figures, praise and criticism set in from it."""

from flask import current_app

from portal import clock
from portal.actors import Role
from portal.filters import day
from portal.inspections import noticing, queries, setting_in
from portal.inspections.models import ResultNotice
from portal.inspections.setting_in import Parts
from portal.papers.catalogue import paper

TO = "各镇党委，县级各部门党组（党委），园区党工委，县直机关工委，各单位、社区党组织"
NUMERALS = "一二三四五六七八九"
COLLECTORS = (Role.COUNTY,)  # the branches print each from its page


def county_office() -> str:
    """The county office as it signs: 中共凤翔县委组织部 of 凤翔县 and 县委组织部."""
    county, office = current_app.config["COUNTY_NAME"], current_app.config["OFFICE_NAME"]
    return f"中共{county[:-1]}{office}" if office[:1] == county[-1:] else f"{county}{office}"


@paper("10", "督查结果通报", kind=noticing.KIND, who=queries.notices_visible_to, offices=COLLECTORS)
def result_notice(notice: ResultNotice, full: bool) -> dict:
    """The county's notice of what an inspection found; branches are named in it, never persons.  [三3]"""
    parts = setting_in.of_notice(notice, clock.today())
    return {
        "issuer": county_office(),
        "filed_as": notice.number,
        "title": notice.title,
        "to": TO,
        "copies": None,
        "red_head": current_app.config["RED_HEAD"],
        "sealed_on": day(notice.published_on) if notice.published_on else day(clock.today()),
        "opening": notice.opening,
        "closing": notice.closing,
        "sections": _sections(parts),
        "heads": ["党组织", "评定"] if parts.assessment else ["党组织", "问题", "已认可", "其余整改期限"],
        "lines": parts.lines,
    }


def _sections(parts: Parts) -> list[tuple[str, str, list[str]]]:
    """Numeral and heading of each section, and its paragraphs; `table` and `closing` are laid out by the template."""
    bodies = "、".join(f"{kind}{count}个" for kind, count in parts.bodies)
    whole = f"共督查{bodies}，发现问题{parts.found}个。截至{parts.until}，整改已认可{parts.accepted}个。"
    told = [
        ("总体情况", [whole]),
        ("予以通报表扬的党组织", [f"{name}：{words}。" for name, words in parts.praised]),
        ("予以通报批评的党组织", [f"{name}：{words}。" for name, words in parts.criticised]),
        ("评定情况" if parts.assessment else "问题整改情况", ["table"] if parts.lines else []),
        ("有关要求", ["closing"]),
    ]
    kept = [(heading, texts) for heading, texts in told if texts]
    return [(NUMERALS[at], heading, texts) for at, (heading, texts) in enumerate(kept)]
