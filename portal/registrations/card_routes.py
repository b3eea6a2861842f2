"""The page of the 基本情况信息卡: a member's own, or a liaison's standing in."""

from flask import flash, redirect, render_template, request, url_for

from portal import web
from portal.actors import Role
from portal.choices import row_id
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import cards, queries
from portal.registrations.cards import CardFacts
from portal.registrations.forms import SKILLS, CardForm
from portal.registrations.models import InfoCard
from portal.registrations.routes import bp


@bp.route("/card", methods=["GET", "POST"])
@for_roles(Role.MEMBER)
def own_card():
    """A member fills their card."""
    return _card(db.session.get_one(Member, web.me().member_id), url_for(".mine"))


@bp.route("/members/<row:member>/card", methods=["GET", "POST"])
@for_roles(Role.LIAISON)
def card(member: int):
    """A liaison fills the card of a member of the unit who cannot sign in, in their place."""
    found = web.find(queries.members_of(web.me()), member)
    cards.check_may_fill(found, web.me())
    latest = next(iter(queries.of_member(found.id)), None)
    return _card(found, web.address_of(latest) if latest else url_for(".index"))


@bp.route("/card/check", methods=["POST"])
@for_roles(Role.MEMBER)
def check_own_card():
    """A member says by one click that the card is still right."""
    member = db.session.get_one(Member, web.me().member_id)
    try:
        cards.check(member, web.me(), row_id(request.form.get("version")) or 0)
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.sentence, "error")
        return redirect(url_for(".own_card"), 303)
    return web.done(url_for(".mine"), "谢谢，今年的信息卡已核对。")


def _card(member: Member, back: str):
    card = cards.card_of(member.id)
    form = CardForm(data=_filled(member, card))
    form.estate_id.offer((estate.id, estate.name) for estate in (member.community.estates if member.community else []))
    shown = {"form": form, "member": member, "card": card, "back": back}
    if not form.validate_on_submit():
        return render_template("registrations/card.html", **shown), 422 if form.errors else 200
    facts = CardFacts(
        form.all_skills, form.intentions.data, form.free_times.data, form.estate_id.data, form.phone.data,
        form.address.data,
    )  # fmt: skip
    try:
        cards.fill(member, web.me(), facts, row_id(form.version.data) or 0)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        # What somebody else saved stands beside; sending the form again overwrites it knowingly.
        shown["card"] = card = cards.card_of(member.id)
        form.version.data = str(card.version if card else 0)
        return render_template("registrations/card.html", **shown, clash=True), refusal.status
    return web.done(back, "信息卡已保存。")


def _filled(member: Member, card: InfoCard | None) -> dict:
    skills = [each.skill for each in card.skills] if card else []
    return {
        "phone": member.phone,
        "address": member.address,
        "estate_id": card.estate_id if card else None,
        "skills": [skill for skill in skills if skill in SKILLS],
        "other_skills": "、".join(skill for skill in skills if skill not in SKILLS),
        "intentions": [each.category for each in card.intentions] if card else [],
        "free_times": [each.free_time for each in card.free_times] if card else [],
        "version": str(card.version if card else 0),
    }
