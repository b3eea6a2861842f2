"""Templates: what an activity is that is held again and again, a community's own or the county's for all.  [二(二)3]"""

from dataclasses import fields

from sqlalchemy import Select, select

from portal import audit, clock
from portal.activities import rights
from portal.activities.models import Activity, ActivityTemplate
from portal.activities.workflow import Facts
from portal.actors import Actor
from portal.errors import NotYours
from portal.extensions import db

# What a template keeps of an activity: all but when, where in the community, and what is special that day.
KEPT = tuple(
    field.name for field in fields(Facts) if field.name not in ("day", "grid_id", "sign_up_by", "urgent")
)  # fmt: skip


def offered(by: Actor) -> Select:
    """The templates from which this office may draft: its own, and the county's."""
    own = ActivityTemplate.community_id.is_not_distinct_from(by.community_id)
    rows = select(ActivityTemplate).where(own | ActivityTemplate.community_id.is_(None))
    return rows.order_by(ActivityTemplate.title, ActivityTemplate.id)


def is_own(template: ActivityTemplate, by: Actor) -> bool:
    """Whether a template is this office's to take away."""
    return rights.works_for(template.community_id, by)


def save(activity: Activity, by: Actor) -> ActivityTemplate:
    """The organiser keeps an activity as a template; one of the same name is renewed. Raises NotYours.  [二(二)3]"""
    if not rights.organiser(activity, by):
        raise NotYours(f"模板只能由{rights.organiser.label}保存。")
    same = ActivityTemplate.community_id.is_not_distinct_from(activity.community_id)
    found = select(ActivityTemplate).where(same, ActivityTemplate.title == activity.title).limit(1)
    template = db.session.scalar(found.with_for_update())
    if template is None:
        template = ActivityTemplate(community_id=activity.community_id, version=0)
        db.session.add(template)
    for name in KEPT:
        setattr(template, name, getattr(activity, name))
    template.version += 1
    template.saved_on, template.saved_by = clock.today(), by.name
    db.session.flush()
    audit.write(by, "activity_templates.save", template)
    return template


def remove(template: ActivityTemplate, by: Actor) -> None:
    """An office takes one of its templates away; what was drafted from it stays. Raises NotYours.  [二(二)3]"""
    if not is_own(template, by):
        raise NotYours("这个模板不是本单位保存的，不能删除。")
    audit.write(by, "activity_templates.remove", template)
    db.session.delete(template)


def filled(template: ActivityTemplate) -> dict:
    """What the form of a new activity holds beforehand."""
    return {name: getattr(template, name) for name in KEPT}
