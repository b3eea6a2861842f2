"""What stands in each cell of the 服务承诺卡; an empty cell is filled with — when it is composed."""

import datetime as dt

from portal import clock
from portal.filters import NOTHING, day
from portal.papers import queries
from portal.papers.catalogue import paper
from portal.pledges import progress
from portal.pledges.keeping import Kept
from portal.pledges.models import FiveOne, Pledge, PledgeItem, PledgeState
from portal.posts.queries import names_of


@paper("4", "在职党员服务承诺卡", kind="pledge-card", who=queries.pledges_seen_by)
def pledge_card(pledge: Pledge, full: bool) -> dict:
    """The card on which a member pledges the year's services to the community.  [附件4] [三1]"""
    keeping, certificate = progress.of([pledge])[pledge.id], queries.certificate_of(pledge.member_id)
    was_shown = pledge.show_on is not None and pledge.state is not PledgeState.APPROVED
    return {
        "issuer": pledge.unit.name,
        "certificate_number": certificate,
        "year": f"{pledge.year}年",
        "name": pledge.member.name,
        "unit": pledge.unit.name,
        "post": pledge.member.post,
        "community": pledge.community.name,
        "claimed_post": names_of(pledge.member_id, pledge.year, pledge.community_id) or None,
        "promises": [_line(item, kept) for item, kept in zip(pledge.items, keeping.items, strict=True)],
        "five_ones": [(one.label, True) for one in FiveOne],
        "submitted_on": day(pledge.submitted_on),
        "approval": "经审定，同意公开承诺。" if pledge.approved_on else None,
        "approved_by": pledge.approved_by,
        "approved_on": day(pledge.approved_on),
        "remark": "无修改意见，予以公示。" if was_shown else None,
        "shown_on": day(pledge.show_on) if was_shown else None,
        "kept": f"截至{day(min(clock.today(), dt.date(pledge.year, 12, 31)))}，{keeping.words}",
    }


def _line(item: PledgeItem, kept: Kept) -> tuple[str, ...]:
    """Category, what, for whom, how much, by when, how far kept."""
    done = "已兑现" if kept.whole else kept.words
    due_on = f"{item.due_on:%-m月%-d日}"
    return item.category.label, item.what, item.for_whom or NOTHING, item.planned or NOTHING, due_on, done
