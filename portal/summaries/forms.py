"""The form of a yearly summary: the words of each section."""

from portal.edits import EditForm
from portal.forms import LinesField
from portal.summaries.models import SECTION_LETTERS, Section


class SummaryForm(EditForm):
    """The words of each section, with the names of figures in them."""

    basics = LinesField(f"一、{Section.BASICS.label}", SECTION_LETTERS, render_kw={"rows": 6})
    practices = LinesField(f"二、{Section.PRACTICES.label}", SECTION_LETTERS, render_kw={"rows": 8})
    results = LinesField(f"三、{Section.RESULTS.label}", SECTION_LETTERS, render_kw={"rows": 8})
    problems = LinesField(f"四、{Section.PROBLEMS.label}", SECTION_LETTERS, render_kw={"rows": 5})
    plans = LinesField(f"五、{Section.PLANS.label}", SECTION_LETTERS, render_kw={"rows": 5})
