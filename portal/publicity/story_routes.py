"""Pages of stories: the public shelf and one story, an office's list, writing one, its moves, the sheet for a board."""

from flask import Blueprint, render_template, request, url_for

from portal import clock, paging, uploads, web
from portal.actors import Actor
from portal.doors import for_roles, inside, public, signed_in
from portal.edits import edit
from portal.errors import Refused
from portal.extensions import db
from portal.publicity import linking, photos, shelf, stories, story_checks, story_queries, story_writing
from portal.publicity.models import Story, StoryState
from portal.publicity.offices import WRITERS
from portal.publicity.story_forms import AppearForm, CasesFilter, ShelfFilter, StoryForm, StrikeForm
from portal.publicity.story_writing import Draft

bp = Blueprint("stories", __name__, url_prefix="/stories")


@bp.route("")
@public
def index():
    """The stories that everybody reads, the newest first."""
    form = ShelfFilter()
    shown = shelf.page(form.kind.data, request.args.get("after"))
    covers = photos.covers(card.id for card in shown.cards)
    return render_template("stories/index.html", form=form, shown=shown, covers=covers)


@bp.route("/cases")
@for_roles(*WRITERS)
def cases():
    """The stories that this office wrote or is to publish, the newest first."""
    by, form = web.me(), CasesFilter()
    rows = story_queries.listed(by, form.state.data, form.own.data)
    shown = paging.page_of(rows, request.args.get("after"), newest_first=True)
    return render_template("stories/cases.html", form=form, shown=shown, total=story_queries.count(rows))


@bp.route("/new", methods=["GET", "POST"])
@for_roles(*WRITERS)
def new():
    """An office drafts a story, about a wish or an activity where the address names one."""
    by = web.me()
    form = _form(by, {f"{name}_number": request.args.get(name, "")[:16] for name in ("wish", "activity")})
    shown = {"title": "写一篇", "crumbs": _crumbs(), "row": None, "back": url_for(".cases"), "submit": "存为草稿"}
    if not form.validate_on_submit():
        return render_template("stories/edit.html", form=form, differences=[], **shown), 422 if form.errors else 200
    try:
        story = story_writing.write(by, _draft(by, form.asked()))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("stories/edit.html", form=form, differences=[], **shown), refusal.status
    return web.done(web.address_of(story), "已存为草稿，看一遍再提交审核。")


@bp.route("/<number:story>")
@public
def page(story: str):
    """One story: as everybody reads it, or with its history and moves for the offices whose case it is."""
    found = db.session.scalar(story_queries.visible_to(web.me()).where(Story.number == story))
    if found is None:
        article = shelf.one(story)
        return render_template("stories/page.html", story=article, files=photos.open_files(article.id))
    return render_template(
        "stories/case.html", story=found, edits=stories.may_edit(found, web.me()), photos=uploads.of(found),
        faults=story_checks.faults(found) if found.state in (*stories.EDITED, StoryState.SUBMITTED) else [],
    )  # fmt: skip


@bp.route("/<number:story>/edit", methods=["GET", "POST"])
@for_roles(*WRITERS)
def change(story: str):
    """The office writes its story anew."""
    by, found = web.me(), web.find(story_queries.visible_to(web.me()), story)
    if request.method == "GET":
        stories.check_edit(found, by)
    return edit(
        found, _form(by, None, found), lambda **asked: story_writing.change(found, by, _draft(by, asked)),
        web.address_of(found), "stories/edit.html", title="修改稿件",
        crumbs=[*_crumbs(), (found.title, web.address_of(found))],
    )  # fmt: skip


@bp.route("/<number:story>/sheet")
@inside
@signed_in
def sheet(story: str):
    """A story on one sheet for a notice board, to print."""
    found = web.find(story_queries.visible_to(web.me()), story)
    return render_template(
        "stories/sheet.html", story=found, qr=shelf.qr_of(found.number), photos=uploads.of(found)[:2]
    )


@bp.route("/<number:story>/<verb>", methods=["GET", "POST"])
@inside
@signed_in
def move(story: str, verb: str):
    """Any move of a story: GET asks, POST does."""
    return web.do_move(web.find(story_queries.visible_to(web.me()), story), verb, ASKS.get(verb))


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("事迹稿件", url_for(".cases"))]


def _form(by: Actor, linked: dict | None, story: Story | None = None) -> StoryForm:
    form = StoryForm(obj=story, data=linked)
    offered = linking.people(by)
    if story is not None and story.about is not None and story.about_id not in dict(offered):
        offered.append((story.about.id, story.about.name))
    form.about_id.offer(offered)
    if not offered:
        del form.about_id
    return form


def _draft(by: Actor, asked: dict) -> Draft:
    """What the form says, with the wish and the activity of the numbers typed; RuleBroken where there are none."""
    wish, activity = asked.pop("wish_number"), asked.pop("activity_number")
    links = {"wish_id": linking.wish_id(by, wish or ""), "activity_id": linking.activity_id(by, activity or "")}
    return Draft(**asked | links)


def _appear_form(_story: Story) -> AppearForm:
    return AppearForm(data={"day": clock.today()})


def _strike_form(story: Story) -> StrikeForm:
    form = StrikeForm()
    form.appearance_id.offer((each.id, f"{each.medium.label} {each.name}，{each.day}") for each in story.appearances)
    return form


ASKS = {"appear": _appear_form, "strike": _strike_form}
