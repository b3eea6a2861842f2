"""Pages for residents without a login: follow one's wish by number and code, and answer."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal import once, vault, web
from portal.actors import Actor, resident_of
from portal.doors import public
from portal.errors import Refused
from portal.extensions import db
from portal.flow import open_moves
from portal.wishes import following, photos, pocket, rights, stories
from portal.wishes.models import Wish, WishPhoto
from portal.wishes.resident_forms import ConfirmForm, FollowForm, ReopenForm, SayForm, WithdrawForm
from portal.wishes.workflow import flow

bp = Blueprint("follow", __name__, url_prefix="/wishes")
FORMS = {"confirm": ConfirmForm, "reopen": ReopenForm, "withdraw": WithdrawForm, "say": SayForm}
DONE = {
    "confirm": "谢谢您！您的话已经转给帮忙的党员和社区。",
    "reopen": "已经告诉社区和认领的党员，会继续为您办理。",
    "withdraw": "心愿已撤回。",
    "say": "已经告诉社区，工作人员会跟您联系。",
}


@bp.after_request
def store_nowhere(answer: Response) -> Response:
    """A resident's page stays in no cache of a computer that others use too."""
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@bp.route("/follow", methods=["GET", "POST"])
@public
def page():
    """Ask for number and code; with both, the resident's page of this wish."""
    if request.method == "GET":
        number = following.normal_number(request.args.get("number", ""))
        wish = _followed()
        if wish is not None and number in ("", wish.number):
            return _wish_page(wish)
        return render_template("wishes/follow.html", form=FollowForm(number=number))
    form = FollowForm()
    if not form.validate():
        return render_template("wishes/follow.html", form=form), 422
    try:
        wish = _opened(form.number.data, form.code.data)
    except Refused as refusal:
        return _refused(form, refusal)
    return web.done(url_for("follow.page"))


@bp.route("/follow/<any(confirm, reopen, say, withdraw):verb>", methods=["GET", "POST"])
@public
def move(verb: str):
    """A resident's answer: GET asks, POST with number and code does."""
    form = FORMS[verb]()
    if request.method == "GET":
        wish, kept = _followed(), pocket.followed()
        if wish is None or kept is None or verb not in open_to(wish, _resident(wish)):
            return redirect(url_for("follow.page"), 303)
        form.number.data, form.code.data = kept
        return _ask(verb, form, wish)
    try:
        wish = _opened(form.number.data or "", form.code.data or "")
    except Refused as refusal:
        return _refused(FollowForm(), refusal)
    if not form.validate():
        return _ask(verb, form, wish), 422
    try:
        _do(verb, wish, form)
    except Refused as refusal:
        db.session.rollback()
        if first := once.first_answer():
            return first
        flash(refusal.sentence, "error")
        return _wish_page(wish), refusal.status
    return web.done(url_for("follow.page"), DONE[verb])


@bp.route("/follow/leave", methods=["POST"])
@public
def leave():
    """Forget the wish that this browser follows."""
    pocket.leave()
    return web.done(url_for("follow.page"))


@bp.route("/<number:number>/photos/<name>")
@public
def photo(number: str, name: str):
    """A photo of a wish done, for those who took part, its clerks, and the resident who showed number and code."""
    named = select(WishPhoto).join(WishPhoto.wish).where(Wish.number == number, WishPhoto.file == name)
    picture = db.session.scalar(named) if photos.is_name(name) else None
    if picture is None or not _may_see(picture.wish):
        abort(404)
    path = photos.path_of(picture.file)
    if not path.is_file():
        abort(404)
    return Response(path.read_bytes(), mimetype="image/jpeg")


def open_to(wish: Wish, by: Actor) -> list[str]:
    """The answers that the resident may give now."""
    moves = [found.verb for found in open_moves(wish, by) if found.verb in FORMS]
    return [*moves, "say"] if following.may_say(wish) else moves


def _do(verb: str, wish: Wish, form) -> None:
    if verb == "say":
        following.say(wish, _resident(wish), form.words.data)
    else:
        flow.moves[verb](wish, _resident(wish), **form.asked())


def _opened(number: str, code: str) -> Wish:
    wish = following.open_wish(number, code, web.me().address)
    pocket.follow(wish.number, following.normal_code(code))
    return wish


def _followed() -> Wish | None:
    """The wish that this browser follows, while its code still holds."""
    kept = pocket.followed()
    return following.find(*kept) if kept else None


def _resident(wish: Wish) -> Actor:
    return resident_of(wish.id, web.me().address)


def _may_see(wish: Wish) -> bool:
    followed = _followed()
    if followed is not None and following.target_of(followed).id == wish.id:
        return True
    return current_user.is_authenticated and (rights.reads_whole(wish, web.me()) or rights.took_part(wish, web.me()))


def _refused(form: FollowForm, refusal: Refused):
    """The sentence and what was typed; the counted try stays."""
    web.keep()
    form.code.errors = [refusal.sentence]
    return render_template("wishes/follow.html", form=form), refusal.status


def _ask(verb: str, form, wish: Wish) -> str:
    return render_template("wishes/answer.html", verb=verb, form=form, wish=wish)


def _wish_page(wish: Wish) -> str:
    target = following.target_of(wish)
    return render_template(
        "wishes/followed.html",
        wish=wish,
        target=target,
        story=stories.story(target),
        steps=stories.steps(target),
        verbs=open_to(wish, _resident(wish)),
        asks_again=following.may_ask_again(wish),
        photos=[picture.file for picture in target.photos if photos.path_of(picture.file).is_file()],
        readable=vault.unseals(),
    )
