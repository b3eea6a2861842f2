"""A figure as SVG: bars by pygal. Dark to light in one hue, with edges and numbers, so that print without colour reads.

The picture is shown as <img>: it holds no script, and asks for nothing.
"""

import sys

import pygal
from pygal.etree import etree
from pygal.style import Style

from portal.charts import heat
from portal.charts.figures import Figure, Shape

# Its hook for plugins, of which there are none here, is of a kind that Python no longer asks without a warning.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]
SVG = "http://www.w3.org/2000/svg"
FACES = "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', SimHei, sans-serif"
SHADES = ("#7d0a10", "#c5565a", "#e3a9a8", "#f0d3d1", "#f8ebea", "#ffffff")
WIDTH, LETTER, BAR = 620, 14, 26  # pixels: the picture's width, the labels' size, the room of a line
LONGEST = 16  # letters of a label
STYLE = Style(
    background="#ffffff", plot_background="#ffffff", foreground="#1d2126", foreground_strong="#1d2126",
    foreground_subtle="#c9ced4", colors=SHADES, font_family=FACES, label_font_size=LETTER,
    major_label_font_size=LETTER, legend_font_size=LETTER, value_font_size=13, no_data_font_size=18, opacity="1",
    opacity_hover="1", stroke_opacity="1", guide_stroke_dasharray="1,3", major_guide_stroke_dasharray="1,3",
    value_colors=("#ffffff", "#ffffff", "#1d2126", "#1d2126", "#1d2126", "#1d2126"),
)  # fmt: skip


def draw(figure: Figure) -> bytes:
    """The picture of a figure, or of a part of one, as SVG."""
    if figure.shape is Shape.HEAT:
        return heat.draw(figure)
    chart = _chart(figure)
    chart.uuid = figure.key  # its own would be another one each time
    lines = figure.lines if figure.shape is Shape.COLUMNS else figure.lines[::-1]  # lying bars are drawn upwards
    chart.x_labels = [_short(line.name) for line in lines]
    for place in figure.drawn:
        chart.add(figure.heads[place], [line.values[place] for line in lines])
    tree = chart.render_tree()
    for script in tree.findall(".//script") + tree.findall(f".//{{{SVG}}}script"):
        script.getparent().remove(script)
    return etree.tostring(tree)


def _short(name: str) -> str:
    """A label that leaves room for the bars; the table beside has the whole name."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _chart(figure: Figure):
    kinds = {Shape.BARS: pygal.HorizontalBar, Shape.STACK: pygal.HorizontalStackedBar, Shape.COLUMNS: pygal.Bar}
    lying = figure.shape is not Shape.COLUMNS
    longest = max((len(_short(line.name)) for line in figure.lines), default=1)
    several = len(figure.drawn) > 1
    return kinds[figure.shape](
        style=STYLE, js=[], width=WIDTH, explicit_size=True, disable_xml_declaration=True,
        height=80 + 24 * -(-len(figure.drawn) // 3) * several + BAR * len(figure.lines) if lying else 380,
        show_legend=several, legend_at_bottom=True, legend_at_bottom_columns=3, truncate_legend=-1,
        truncate_label=-1, print_values=lying or not several, print_zeroes=False, value_formatter="{:g}".format,
        margin_left=longest * LETTER // 2 if lying else 20, range=(0, 100) if figure.unit == "%" else None,
        show_x_guides=False, show_y_guides=True, spacing=8, include_x_axis=True, order_min=0,
        no_data_text="还没有数据",
    )  # fmt: skip
