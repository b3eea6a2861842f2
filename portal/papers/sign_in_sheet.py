"""What stands in each cell of the sheet on which people sign in at an activity, with lines for those who just come."""

from portal.activities.models import HOLDS_A_PLACE, Activity, ActivityKind, SignUp
from portal.filters import day, masked_phone
from portal.papers import queries
from portal.papers.catalogue import paper

KIND = "sign-in-sheet"
WALK_INS = 8  # lines for them at least
LINES = 20  # as many as stand on the first page


@paper(
    "10", "服务日签到表", kind=KIND, who=queries.sign_in_sheets_seen_by, number="number", ledger=""
)  # fmt: skip
def sign_in_sheet(activity: Activity, full: bool) -> dict:
    """Those who signed up by name, and empty lines; phones are masked, since it lies open on a table.  [二(二)3]"""
    people = sorted(activity.in_state(*HOLDS_A_PLACE), key=lambda each: (each.member.pinyin, each.id))
    counted = activity.kind is ActivityKind.SERVICE
    return {
        "issuer": activity.organiser,
        "heading": "服务日签到表" if activity.service_day else "志愿服务活动签到表",
        "name": activity.title,
        "day": day(activity.day),
        "when": f"{day(activity.day)} {activity.starts:%H:%M}—{activity.ends:%H:%M}",
        "place": activity.place,
        "organiser": activity.organiser + (f" {activity.grid.name}" if activity.grid else ""),
        "kind": f"{activity.kind.label}（{activity.category.label}）",
        "signed_up": f"{len(people)}人",
        "people": [_line(each) for each in people],
        "walk_ins": [str(number) for number in range(len(people) + 1, max(len(people) + WALK_INS, LINES) + 1)],
        "note": "时长按半小时计，不含路途。" if counted else "党性实践，不计时长。",
    }


def _line(sign_up: SignUp) -> tuple[str, ...]:
    """Name, unit, phone."""
    member = sign_up.member
    return member.name, member.unit.name, masked_phone(member.phone)
