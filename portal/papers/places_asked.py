"""Of which unit and community papers are asked for: what the forms of printing in bulk and of packages share."""

from typing import Any

from portal.actors import Actor
from portal.papers import print_queries


def offer_places(form: Any, by: Actor) -> None:
    """Offer the units and communities of which this person may have papers; a field without any is left out."""
    for name, rows in (("unit", print_queries.units_for(by)), ("community", print_queries.communities_for(by))):
        form[name].offer(rows)
        if not rows:
            del form[name]


def titled(form: Any, by: Actor, what: str) -> str:
    """What the file is called: whose, of which year, what."""
    chosen = [choice.label for field in (form.unit, form.community) if field and field.data for choice in field.choices
              if choice.value == str(field.data)]  # fmt: skip
    return f"{''.join(chosen) or by.office or '全县'}{form.year.data}年{what}"
