"""How posts are found: by number, or by the words of the title."""

from flask import url_for
from sqlalchemy import Select, or_

from portal.actors import Actor
from portal.finding import Kind, Line, Sought, joined
from portal.people.models import Community
from portal.posts import queries
from portal.posts.models import Post
from portal.search import contains


def _posts(by: Actor, sought: Sought) -> Select | None:
    if not (sought.is_text or sought.numbers_of()):
        return None
    numbered = Post.number.in_(sought.numbers_of())
    fits = or_(numbered, contains(Post.title, sought.words)) if sought.is_text else numbered
    return queries.visible_to(by).join(Post.community).where(fits)


def _line(_key, number, title, community, state) -> Line:
    return Line(title, url_for("posts.page", post=number), joined(number, community), state)


POSTS = Kind("posts", "服务岗位", "posts.page", _posts, (Post.number, Post.title, Community.name, Post.state), _line,
             newest_first=True)  # fmt: skip
