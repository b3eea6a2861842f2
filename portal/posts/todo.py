"""What posts ask of the desks (待办): posts that nobody holds, and members who hold none where one is free."""

from portal.actors import Actor, Role
from portal.posts import queries
from portal.posts.models import Post
from portal.posts.queries import Filters
from portal.registrations.queries import is_received
from portal.todo import Waiting


def items(by: Actor) -> list[Waiting]:
    """For a clerk the posts that nobody holds; for a registered member without a post those that are free."""
    if by.is_in(Role.CLERK):
        rows = queries.filtered(by, Filters(unheld=True))
        return [Waiting(rows, "服务岗位还没有人认领", "posts.index", {"unheld": 1})]
    if not by.is_in(Role.MEMBER):
        return []
    holds_none = ~queries.holds_post(by.member_id)
    rows = queries.filtered(by, Filters(vacant=True)).where(is_received(by.member_id, Post.community_id), holds_none)
    return [Waiting(rows, "您还没有认领服务岗位，本社区有岗可认", "posts.index", {"vacant": 1}, note="认领一个就行")]
