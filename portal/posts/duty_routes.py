"""Pages on which a duty done is written down: by who holds the post, or by a clerk for several at once."""

from flask import render_template, url_for

from portal import bulk, clock, web
from portal.actors import Role
from portal.bulk import BulkAct
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.posts import offers, queries, serving
from portal.posts.forms import RollForm, ServeForm
from portal.posts.routes import bp
from portal.posts.serving import Done

OWN = "哪一天、多长时间就够了。社区另一人确认后计入服务时长。"
OF_MANY = "一天一次登记，几个人一起勾选。由另一位专干、网格管理员或镇党委确认后计入。"
NAMES = ("day", "half_hours", "starts", "what", "for_whom", "note")


@bp.route("/<number:post>/serve", methods=["GET", "POST"])
@for_roles(Role.MEMBER)
def serve(post: str):
    """A member writes down a duty done on a post they hold or held."""
    by = web.me()
    found = web.find(queries.visible_to(by), post)
    form = ServeForm(data={"day": clock.today()})
    shown = {"post": found, "form": form, "lead": OWN}
    if not form.validate_on_submit():
        return render_template("posts/serve.html", **shown), 422 if form.errors else 200
    try:
        serving.serve(found, by.member_id or 0, by, _done(form))
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("posts/serve.html", **shown), refusal.status
    return web.done(web.address_of(found), "已登记，由社区另一人确认后计入服务时长。")


@bp.route("/<number:post>/roll", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def roll(post: str):
    """A clerk writes down who was on duty on a day; another person confirms each."""
    by = web.me()
    found = web.find(queries.visible_to(by), post)
    form = RollForm(data={"day": clock.today()})
    form.people.offer(offers.on_duty(found, by))
    if not form.validate_on_submit():
        return render_template("posts/serve.html", post=found, form=form, lead=OF_MANY), 422 if form.errors else 200
    done, names = _done(form), {choice.value: choice.label for choice in form.people.choices}
    ticked = sorted(form.people.data)  # each holds a claim: two clerks at once don't wait in a ring
    made = bulk.run(
        by, "登记值岗", ticked, lambda member_id: serving.serve(found, member_id, by, done),
        lambda member_id: (names[str(member_id)], None),
    )  # fmt: skip
    if not made.refused:
        return web.done(web.address_of(found), f"{made.summary}由另一人确认后计入服务时长。")
    return web.done(url_for(".result", act=made.id), made.summary, "warning")


@bp.route("/results/<row:act>")
@for_roles(Role.CLERK)
def result(act: int):
    """What came of one's own roll, person by person."""
    mine = db.select(BulkAct).where(BulkAct.by_user_id == web.me().user_id)
    return render_template("result.html", act=web.find(mine, act), back=("服务岗位", url_for(".index")))


def _done(form: ServeForm) -> Done:
    return Done(**{name: form[name].data for name in NAMES})
