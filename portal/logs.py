"""The log: one JSON line a request and one a fault on standard error, with the request's id and no personal data.

A line names the route's pattern and the role; never the address asked for, its query, a name, or where somebody sits.
A fault is told by its type and its places in the source: its message and the values around it may quote what people
typed.
"""

import json
import logging
import os
import time
import traceback

import structlog
from flask import Flask, Response, current_app, g, has_request_context, request
from structlog.typing import EventDict

from portal.audit import request_id

_encode = json.JSONEncoder(default=str).encode


def _add_request_id(_logger, _level: str, line: EventDict) -> EventDict:
    if number := request_id.get():
        line["request"] = number
    return line


log = structlog.wrap_logger(
    structlog.BytesLogger(os.fdopen(2, "wb", closefd=False)),  # the descriptor itself: sys.stderr may be exchanged
    processors=[
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.add_log_level,
        _add_request_id,
        structlog.processors.JSONRenderer(serializer=lambda line, **_how: _encode(line).encode()),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
).bind()  # bound here, or each line would bind it anew


class FromLibraries(logging.Handler):
    """Warnings of libraries as lines of the log: the words of their source, without what they fill in."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line for one record."""
        failure = record.exc_info[1] if record.exc_info else None
        line = {"library": record.name, **(_told(failure) if failure else {})}
        (log.error if record.levelno >= logging.ERROR else log.warning)(str(record.msg), **line)


def fault(event: str, failure: BaseException, **facts) -> None:
    """Log an error that nobody answered."""
    log.error(event, **facts, route=_route(), **_told(failure))


def register(app: Flask) -> None:
    """Log each request of this application (unless LOG_REQUESTS is off) and the faults that Flask itself meets."""
    app.log_exception = lambda raised: fault("fault", raised[1])  # type: ignore[method-assign, assignment]
    root = logging.getLogger()
    if not any(isinstance(handler, FromLibraries) for handler in root.handlers):
        root.addHandler(FromLibraries(logging.WARNING))
    if app.config["LOG_REQUESTS"]:
        app.before_request(_begin)
        app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    # Who is signed in is told where the page asked; asking for the log's sake would cost a query.
    who = g.get("_login_user")
    log.info(
        "request",
        method=request.method,
        route=_route(),
        status=response.status_code,
        ms=round((time.perf_counter() - g.began) * 1000, 1),
        role=who.role.value if who else None,
    )
    return response


def _route() -> str | None:
    rule = request.url_rule if has_request_context() else None
    return rule.rule if rule else None


def _told(failure: BaseException) -> dict:
    told = {"error": type(failure).__name__, "traceback": "".join(traceback.format_tb(failure.__traceback__))}
    # Tests type nobody's data, and want the words.
    return told | ({"words": str(failure)} if current_app and current_app.testing else {})
