"""The photos of a story: shown to everybody while it is published, added and removed while it is written."""

from flask import Blueprint, Response, abort, render_template, url_for

from portal import uploads, web
from portal.doors import for_roles, public, takes_uploads
from portal.errors import Refused
from portal.extensions import db
from portal.publicity import photos, stories, story_queries, story_writing
from portal.publicity.models import Story
from portal.publicity.offices import WRITERS
from portal.publicity.story_forms import PhotosForm

bp = Blueprint("story_photos", __name__, url_prefix="/stories")


@bp.route("/<number:story>/photos/<file>")
@public
def show(story: str, file: str):
    """A photo: everybody's while its story is published, else for the offices whose case it is."""
    if (opened := photos.open_photo(story, file)) is not None:
        answer = Response(opened, mimetype="image/jpeg")
        answer.headers["Cache-Control"] = f"private, max-age={photos.KEPT}, immutable"
        return answer
    found = db.session.scalar(story_queries.visible_to(web.me()).where(Story.number == story))
    return uploads.answer(found, file) if found is not None else abort(404)


@bp.route("/<number:story>/photos", methods=["GET", "POST"])
@takes_uploads
@for_roles(*WRITERS)
def add(story: str):
    """The office adds photos to a story that it is writing."""
    found, by, form = web.find(story_queries.visible_to(web.me()), story), web.me(), PhotosForm()
    shown = {"story": found, "form": form}
    stories.check_edit(found, by)  # also before a file is read
    if not form.validate_on_submit():
        return render_template("stories/photos.html", **shown), 422 if form.errors else 200
    try:
        story_writing.add_photos(found, by, form.photos.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("stories/photos.html", **shown), refusal.status
    return web.done(web.address_of(found), "照片已加上。")


@bp.route("/<number:story>/photos/<file>/remove", methods=["POST"])
@for_roles(*WRITERS)
def remove(story: str, file: str):
    """The office removes a photo from a story that it is writing."""
    found = web.find(story_queries.visible_to(web.me()), story)
    story_writing.remove_photo(found, web.me(), file)
    return web.done(url_for("stories.page", story=found.number), "照片已删去。")
