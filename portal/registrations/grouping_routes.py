"""The page on which a clerk looks through a proposed grouping of those who are in no team, adjusts and accepts it."""

from collections.abc import Collection

from flask import flash, render_template, request, url_for

from portal import web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.registrations import arranging, grouping
from portal.registrations.arranging import Arrangement
from portal.registrations.grouping import Free
from portal.registrations.routes import bp
from portal.teams.grouping import suggested_leaders

STALE = "人已经编队或不再在本社区报到，已从草案中去掉："
NAMED = 20  # by name in one sentence


@bp.route("/grouping", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def group():
    """The proposal as a whole: GET proposes anew, POST moves the ticked members or accepts; the form holds it all."""
    by = web.me()
    if request.method == "GET":
        free = grouping.free_members(by)
        return _page(grouping.proposed(by, free, grouping.serving(by.community_id)), free)
    arrangement = arranging.read(request.form)
    if request.form.get("act") == "accept":
        return _accept(arrangement)
    ticked = [key for key in map(row_id, request.form.getlist("row")) if key]
    to = request.form.get("to", "")
    if not ticked or not arrangement.move(ticked, to):
        return _page(arrangement, mistakes=["请先勾选党员，再选移到哪一组。"]), 422
    return _page(arrangement, opened={"out" if to == "out" else row_id(to) or len(arrangement.groups)})


def _accept(arrangement: Arrangement):
    if mistakes := arrangement.mistakes():
        return _page(arrangement, mistakes=mistakes, opened=arrangement.mistaken()), 422
    as_sent = arranging.read(request.form)
    try:
        made = grouping.accept(arrangement, web.me(), web.address_of)
    except Refused as refusal:
        db.session.rollback()
        return _page(as_sent, mistakes=[refusal.sentence]), refusal.status
    kind = "warning" if made.refused or not made.lines else "success"
    return web.done(url_for(".result", act=made.id), made.summary, kind)


def _page(
    arrangement: Arrangement, free: dict[int, Free] | None = None, mistakes: list[str] | None = None,
    opened: Collection[int | str] = (),
) -> str:  # fmt: skip
    """The arrangement as it stands, held against who is free now; the groups of these places are shown unfolded."""
    by = web.me()
    free = grouping.free_members(by) if free is None else free
    if gone := grouping.named(arrangement.keep(free), by):
        more = f"等 {len(gone)} 人" if len(gone) > NAMED else ""
        flash(f"{len(gone)} {STALE}{'、'.join(gone[:NAMED])}{more}。", "warning")
    there = {team.id: team for team in grouping.serving(by.community_id)}
    return render_template(
        "registrations/grouping.html", arrangement=arrangement, free=free, there=there, mistakes=mistakes or [],
        opened=opened,
        suggested={place: suggested_leaders([free[one].person for one in each.people])
                   for place, each in enumerate(arrangement.groups, 1) if each.is_new},
        sizes=grouping.sizes(by.community_id),
    )  # fmt: skip
