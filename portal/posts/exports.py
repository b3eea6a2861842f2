"""The list of posts as a spreadsheet."""

from portal import web
from portal.list_sheets import ListSheet, offer
from portal.posts import offers
from portal.posts.models import Post
from portal.posts.routes import narrowed


def _holders(post: Post) -> str:
    return "、".join(offers.names_in_list(post, web.me()))


COLUMNS = (
    ("编号", 12, "number"), ("岗位", 20, "title"), ("类别", 10, "category"), ("社区", 14, "community.name"),
    ("网格", 12, "grid.name"), ("地点", 18, "place"), ("时间", 18, "times"), ("设岗人数", 9, "capacity"),
    ("在岗人数", 9, lambda post: len(post.active_claims)), ("在岗的党员", 36, _holders), ("开设日期", 12, "opened_on"),
    ("状态", 10, "state"),
)  # fmt: skip

offer(ListSheet("posts", "服务岗位", "posts.index", narrowed, COLUMNS, (Post.title,)))
