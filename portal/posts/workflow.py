"""The life cycle of a post: opened by the community, claimed and given up by members, until it is closed."""

from portal.flow import Flow
from portal.posts import queries
from portal.posts.models import Post

flow = Flow(
    Post, "这个岗位", room="posts", noun="post", visible_to=queries.visible_to,
    named=lambda post: f"服务岗位“{post.title}”（{post.number}）",
)  # fmt: skip
