"""The life cycle of an activity: drafted, published, signed up for, held, and settled into service records."""

from portal.activities import queries
from portal.activities.models import Activity
from portal.flow import Flow

flow = Flow(
    Activity, "这次活动", room="activities", noun="activity", visible_to=queries.visible_to,
    named=lambda activity: f"活动“{activity.title}”（{activity.number}）",
)  # fmt: skip
