"""The menu (志愿者活动菜单): the board, what is mine of it, the calendar and its files."""

from collections.abc import Callable

from flask import Blueprint, abort, make_response, render_template, request, session
from flask_login import current_user

from portal import clock, web
from portal.actors import Role
from portal.doors import for_roles, public
from portal.extensions import db
from portal.menu import calendar_files, calendar_shelves, own, shelves
from portal.people.models import Community
from portal.wishes import wall_cache

bp = Blueprint("menu", __name__, url_prefix="/menu")


@bp.route("")
@public
def board():
    """Posts, activities and open wishes by category and date; members find first what suits them.  [二(二)2]"""
    return _for_all(shelves.page_key(), lambda: render_template("menu/board.html", **shelves.of(web.me())))


@bp.route("/calendar")
@public
def calendar():
    """A month with its service days and activities, and what is due of a member's own.  [二(二)3]"""
    key = calendar_shelves.page_key()
    return _for_all(key, lambda: render_template("menu/calendar.html", **calendar_shelves.of(web.me())))


@bp.route("/mine")
@for_roles(Role.MEMBER)
def mine():
    """What a member has taken on and not yet done, what is due in the next seven days on top."""
    lines, today = own.of(web.me(), clock.today()), clock.today()
    due = [line for line in lines if line.is_soon(today)]
    return render_template("menu/mine.html", due=due, rest=[line for line in lines if line not in due])


@bp.route("/mine.ics")
@for_roles(Role.MEMBER)
def my_calendar():
    """A member's activities and due days for the calendar of a phone."""
    today = clock.today()
    events = calendar_files.of_member(web.me().member_id, own.of(web.me(), today), today)
    return web.calendar_download("我的志愿服务", events, "我的志愿服务.ics")


@bp.route("/activities/<number:number>.ics")
@public
def activity_file(number: str):
    """One activity for the calendar of a phone."""
    events = calendar_files.of_activity(number) or abort(404)
    return web.calendar_download(events[0].title, events, f"活动{number}.ics")


@bp.route("/communities/<row:community>.ics")
@public
def community_file(community: int):
    """A community's activities, with those of the whole county, for the calendar of a phone."""
    place = db.session.get(Community, community) or abort(404)
    events = calendar_files.of_community(place.id, clock.today())
    return web.calendar_download(f"{place.name}志愿服务活动", events, f"{place.name}志愿服务活动.ics")


def _for_all(key: tuple, draw: Callable[[], str]):
    """The page, to visitors as it was a moment ago."""
    if current_user.is_authenticated or session.get("_flashes"):
        return draw()
    body, mark = wall_cache.recent(key, lambda: wall_cache.fingerprinted(draw()))
    answer = make_response(body)
    answer.set_etag(mark)
    return answer.make_conditional(request)
