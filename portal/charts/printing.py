"""The figures of a page as a file to print: each picture with its table, numbered pages of A4."""

from base64 import b64encode

from flask import current_app, render_template

from portal.charts import drawing
from portal.charts.asked import Asked
from portal.charts.figures import Figure
from portal.papers.render import print_room


def page(figures: list[Figure], asked: Asked) -> str:
    """The page that goes to the printing process; its pictures stand in it, since it asks for nothing."""
    return render_template("charts/print.html", figures=figures, asked=asked, inline=_inline)


def draw(page: str) -> bytes:
    """The page as PDF; PaperFailed if it can't be printed. While no transaction is open."""
    return print_room(current_app.config["INSTANCE_DIR"]).print_one(page)


def _inline(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + b64encode(drawing.draw(figure)).decode()
