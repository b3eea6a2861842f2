"""The headers of every answer, errors included, and the request's id."""

import uuid

from flask import Flask, Response, request
from flask_login import current_user

from portal import audit

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would break the CSRF check over HTTPS.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
A_YEAR = "public, max-age=31536000, immutable"


def add_headers(response: Response) -> Response:
    """The response with the house's headers; pages of signed-in people are stored nowhere."""
    for name, value in ALWAYS.items():
        response.headers[name] = value
    if request.endpoint == "static":
        response.headers["Cache-Control"] = A_YEAR if "v" in request.args else "public, max-age=3600"
    elif request.method == "POST" or current_user.is_authenticated or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store, private"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache, private"
    response.headers["X-Request-ID"] = audit.request_id.get()
    return response


def register(app: Flask) -> None:
    """Number each request first of all, and add the headers last."""

    @app.before_request
    def number_request() -> None:
        audit.request_id.set(uuid.uuid4().hex)

    app.after_request(add_headers)
