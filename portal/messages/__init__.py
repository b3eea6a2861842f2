"""The room `messages`: what was decided that concerns somebody, told once and within the portal only."""

from flask import Flask


def register(app: Flask) -> None:
    """Add this room's pages, deliver what moves tell, and let the top bar know how much is unread."""
    from portal import changes, queue, telling, undo
    from portal.accounts import signed_in
    from portal.messages import delivery, queries, routes, sweeps
    from portal.messages.models import Message

    app.register_blueprint(routes.bp)
    telling.delivered_by(delivery.deliver)
    undo.instead_of_deleting(Message, delivery.recall)
    changes.leave_alone(Message, "read_at")
    signed_in.looks_up(unread=queries.unread_of_session())
    queue.sweep(sweeps.forget_old_messages)
