"""The menu (志愿者活动菜单): the board, what is mine of it, and the calendar."""

from flask import Blueprint, make_response, render_template, request, session
from flask_login import current_user

from portal import web
from portal.doors import public
from portal.menu import shelves
from portal.wishes import wall_cache

bp = Blueprint("menu", __name__, url_prefix="/menu")


@bp.route("")
@public
def board():
    """Posts, activities and open wishes by category and date; members find first what suits them.  [二(二)2]"""
    if current_user.is_authenticated or session.get("_flashes"):
        return _board()
    body, mark = wall_cache.recent(shelves.page_key(), lambda: wall_cache.fingerprinted(_board()))
    answer = make_response(body)
    answer.set_etag(mark)
    return answer.make_conditional(request)


def _board() -> str:
    return render_template("menu/board.html", **shelves.of(web.me()))
