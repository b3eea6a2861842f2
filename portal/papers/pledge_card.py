"""What stands in each cell of the 服务承诺卡; an empty cell is filled with — when it is composed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal import clock, numbers
from portal.actors import Actor
from portal.filters import NOTHING, day
from portal.papers import queries
from portal.papers.catalogue import Gathered, paper
from portal.pledges import progress
from portal.pledges.keeping import Keeping, Kept
from portal.pledges.models import FiveOne, Pledge, PledgeItem, PledgeState
from portal.pledges.workflow import CARD
from portal.posts.queries import titles_of


@dataclass(frozen=True, kw_only=True)
class Promised(Gathered):
    """A pledge with how far it is kept, the number of its member's certificate, and the posts held where it is made."""

    row: Pledge
    keeping: Keeping
    certificate: str | None
    posts: str | None


def gather(rows: Sequence[Pledge], _year: int, _by: Actor) -> list[Promised]:
    """What stands on the cards of these pledges, fetched at once for those of a year (the posts: of a community)."""
    of_year, at_home = defaultdict(list), defaultdict(list)
    for row in rows:
        of_year[row.year].append(row)
        at_home[row.year, row.community_id].append(row.member_id)
    certificates = queries.certificates_of([row.member_id for row in rows])
    kept, papers, posts = {}, {}, {}
    for year, these in of_year.items():
        kept |= progress.of(these)
        papers |= numbers.versions_of_year(CARD, year, [row.id for row in these])
    for (year, community_id), members in at_home.items():
        held = titles_of(members, year, community_id)
        posts |= {(year, member_id): titles for member_id, titles in held.items()}
    return [
        Promised(
            row=row, year=row.year, issued=papers[row.id][-1] if row.approved_on and row.id in papers else None,
            keeping=kept[row.id], certificate=certificates.get(row.member_id),
            posts=posts.get((row.year, row.member_id)),
        )
        for row in rows
    ]  # fmt: skip


@paper("4", "在职党员服务承诺卡", kind=CARD, who=queries.pledges_seen_by, gather=gather, yearly=False)
def pledge_card(promised: Promised, full: bool) -> dict:
    """The card on which a member pledges the year's services to the community; a draft anew once it is opened again.

    [附件4] [三1]
    """
    pledge, keeping = promised.row, promised.keeping
    was_shown = pledge.show_on is not None and pledge.state is not PledgeState.APPROVED
    return {
        "issuer": pledge.unit.name,
        "certificate_number": promised.certificate,
        "year": f"{pledge.year}年",
        "name": pledge.member.name,
        "unit": pledge.unit.name,
        "post": pledge.member.post,
        "community": pledge.community.name,
        "claimed_post": promised.posts,
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
