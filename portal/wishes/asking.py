"""The form of each move of a wish, filled in beforehand with what is known."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from portal import clock, web, wording
from portal.actors import Actor, Role
from portal.extensions import db
from portal.forms import ChineseForm
from portal.people.models import Grid
from portal.scheme import queries as scheme
from portal.wishes import candidates, duplicates, forms, group_asking, places, wall
from portal.wishes.models import Claim, Wish, WishState

MERGES_INTO = (WishState.SUBMITTED, WishState.PUBLISHED, WishState.CLAIMED, WishState.DONE)
TITLE = 30
LONE = re.compile("独居|孤寡|空巢|一个人(?:住|生活|在家)|独自(?:居住|生活|一人)")
OFFERED = 20  # members whom a wish fits, as many as one reads through


@dataclass(frozen=True)
class Review:
    """A wish to be reviewed: its form, the resident's words in parts with whether each must go, whether it
    comes from a lone elder, wishes like it.
    """

    wish: Wish
    form: forms.PublishForm
    told: list[tuple[str, bool]]
    lone_elder: bool
    alike: list[duplicates.Alike]


def form_of(verb: str):
    """The form class, or the function of the wish that builds the form, of what a move asks; None when nothing."""
    return _FORMS.get(verb)


def leads_to(verb: str, by: Actor) -> str:
    """Where a move leads on when the wish leaves one's desk by it; '' for its own page."""
    if verb == "pass_on" or (by.is_in(Role.GRID_WORKER) and verb in ("publish", "reject", "escalate")):
        return url_for("wishes.review")
    if verb == "decline":
        return url_for("wishes.mine")
    if verb == "hand_back":
        return url_for("wishes.cases")
    return url_for("wishes.unit") if by.is_in(Role.LIAISON) and verb == "release" else ""


def review_of(wish: Wish, by: Actor) -> Review:
    """A wish with its review form; the fields' ids name the wish, so that several forms may stand on one page."""
    form = publish_form(wish, by)
    for field in form:
        field.id = f"{field.id}-{wish.id}"
    told = wording.marked(wish.told or "", wish.name or "")
    return Review(wish, form, told, speaks_of_lone_elder(wish), duplicates.alike(wish, by))


def publish_form(wish: Wish, by: Actor | None = None) -> forms.PublishForm:
    """The review form: title and wording from the resident's own words, two helpers where nobody should be alone."""
    form = forms.PublishForm(
        data={
            "title": wish.title or first_words(wish.told or ""),
            "category": wish.category,
            "detail": wish.detail or wish.told,
            "helpers_needed": max(wish.helpers_needed, 2 if wish.minor or speaks_of_lone_elder(wish) else 1),
            "grid_id": wish.grid_id,
            "on_wall": wish.on_wall,
        }
    )
    form.grid_id.offer(_grids(wish, by or web.me()))
    if not wish.minor or wish.guardian_consent:
        del form.guardian_consent
    return form


def speaks_of_lone_elder(wish: Wish) -> bool:
    """Whether the wish comes from the home of a lone elder, as ticked or as its words say."""
    return wish.lone_elder or LONE.search(wish.told or "") is not None


def first_words(told: str) -> str:
    """The resident's first sentence as a title of at most 30 characters, which a clerk may change."""
    sentence = re.split(r"[。！？!?；;\n]", told.strip(), maxsplit=1)[0].strip()
    if len(sentence) <= TITLE:
        return sentence
    clauses = re.split(r"(?<=[，,、])", sentence)
    kept = ""
    for clause in clauses:
        if len(kept + clause) > TITLE + 1:
            break
        kept += clause
    return (kept or sentence[:TITLE]).rstrip("，,、")


def _grids(wish: Wish, by: Actor) -> list[tuple[int, str]]:
    rows = select(Grid.id, Grid.name).where(Grid.community_id == (wish.community_id or by.community_id))
    if by.is_in(Role.GRID_WORKER):
        rows = rows.where(Grid.id == by.grid_id)
    return [(key, name) for key, name in db.session.execute(rows.order_by(Grid.code))]


def _correct(wish: Wish) -> forms.WordsForm:
    return forms.WordsForm(obj=wish)


def _pass_on(wish: Wish) -> forms.PassOnForm:
    form = forms.PassOnForm()
    form.community_id.offer((key, name) for key, name in wall.communities() if key != wish.community_id)
    return form


def _merge(wish: Wish) -> forms.MergeForm:
    form = forms.MergeForm()
    rows = (
        select(Wish.id, Wish.number, Wish.title, Wish.state)
        .where(Wish.community_id == wish.community_id, Wish.state.in_(MERGES_INTO), Wish.id != wish.id)
        .order_by(Wish.id.desc())
        .limit(200)
    )
    form.into_id.offer(
        (row.id, f"{row.number} {row.title or '（待审核）'}（{row.state.label}）") for row in db.session.execute(rows)
    )
    return form


def _finish(wish: Wish) -> ChineseForm:
    helpers = [helper for claim in wish.open_claims for helper in _counted(claim)]
    today = clock.today()
    return forms.finish_form(helpers, today) if helpers else forms.ReportForm(data={"day": today})


def _counted(claim: Claim) -> list[tuple[str, str]]:
    """(field, name) of each member whose hours the leader gives."""
    own = [(f"hours_{claim.id}", claim.member.name)] if claim.member else []
    return [*own, *((f"person_{person.id}", person.member.name) for person in claim.people)]


def _propose(wish: Wish) -> forms.ProposeForm:
    """Those whom the wish fits as ticks, and all the others by name to pick one from."""
    form, found = forms.ProposeForm(), candidates.who_may_be_asked(wish, web.me())
    first = [one for one in found if one.fits][:OFFERED]
    form.people.offer((one.id, f"{one.name}（{one.unit}）：{one.why}") for one in first)
    rest = sorted((one for one in found if one not in first), key=lambda one: one.name_order)
    form.other.offer((one.id, f"{one.name}（{one.unit}）{one.why and '：' + one.why}") for one in rest)
    free, hours = places.free(wish), scheme.year_of(clock.today()).wish_proposal_hours
    form.people.description = (
        f"还空着 {free} 个名额，最多选 {free} 位，为他们保留 {hours} 小时。条件符合得多的在前，不看服务时长和次数。"
        if first else "没有特长、服务意向或网格正好合适的人，请从下面选。"
    )  # fmt: skip
    return form


def _recall(wish: Wish) -> forms.RecallForm:
    form = forms.RecallForm()
    form.people.offer((one.member_id, one.member.name) for one in wish.invitations)
    return form


_FORMS: dict[str, Callable] = {
    "publish": publish_form,
    "correct": _correct,
    "pass_on": _pass_on,
    "merge": _merge,
    "finish": _finish,
    "claim_for_unit": group_asking.for_unit,
    "claim_for_team": group_asking.for_team,
    "propose": _propose,
    "recall": _recall,
    "decline": forms.DeclineForm,
    "solve": forms.SolveForm,
    "escalate": forms.EscalateForm,
    "hand_back": forms.HandBackForm,
    "reject": forms.RejectForm,
    "close": forms.CloseForm,
    "extend": forms.ExtendForm,
    "revoke": forms.RevokeForm,
    "reopen": forms.ReopenForm,
    "confirm": forms.ConfirmForm,
    "call_back": forms.CallBackForm,
}
