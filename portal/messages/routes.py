"""Messages as their reader sees them: newest first, read by a button, and what to be told of."""

from flask import Blueprint, render_template, request, url_for

from portal import web
from portal.doors import signed_in
from portal.faces import here
from portal.messages import queries, workflow
from portal.messages.forms import TopicsForm
from portal.messages.models import Message
from portal.paging import page_of
from portal.telling import Topic

bp = Blueprint("messages", __name__, url_prefix="/messages")
ROWS = 30


@bp.route("")
@signed_in
def index():
    """One's own messages, the newest first; of one topic, or those not read yet."""
    topic, only_unread = Topic.of(request.args.get("topic")), request.args.get("unread") == "1"
    rows = queries.visible_to(web.me())
    if topic:
        rows = rows.where(Message.topic == topic)
    if only_unread:
        rows = rows.where(Message.read_at.is_(None))
    shown = page_of(rows, request.args.get("after"), newest_first=True, size=ROWS)
    return render_template(
        "messages/index.html",
        shown=shown,
        cases=queries.cases_of(shown.rows, web.me()),
        topic=topic,
        topics=Topic,
        only_unread=only_unread,
        elsewhere=[(held, count) for held, count in queries.unread_elsewhere(web.me()) if here().admits(held.role)],
    )


@bp.route("/<row:message>/read", methods=["POST"])
@signed_in
def read(message: int):
    """Mark a message as read and lead on to its case, as far as that may still be seen."""
    found = web.find(queries.visible_to(web.me()), message)
    case = queries.cases_of([found], web.me()).get(found.id)
    workflow.read(found)
    return web.done(web.address_of(case) if case else url_for("messages.index"))


@bp.route("/read", methods=["POST"])
@signed_in
def read_all():
    """Mark all of them as read."""
    count = workflow.read_all(web.me())
    return web.done(url_for("messages.index"), f"已把 {count} 条消息标为已读。" if count else "没有未读的消息。")


@bp.route("/settings", methods=["GET", "POST"])
@signed_in
def settings():
    """Choose the topics of which one wants to be told."""
    muted = queries.muted_by(web.me())
    form = TopicsForm(data={"topics": [topic for topic in Topic if topic not in muted]})
    if not form.validate_on_submit():
        return render_template("messages/settings.html", form=form), 422 if form.errors else 200
    workflow.choose(web.me(), form.topics.data)
    return web.done(url_for("messages.index"), "已保存。")
