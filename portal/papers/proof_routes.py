"""Pages of the 志愿服务记录证明: the list, one proof with what it attests, and issuing one on request."""

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select, false

from portal import clock, paging, sought, web
from portal.actors import Role
from portal.doors import for_roles, signed_in
from portal.errors import Refused
from portal.extensions import db
from portal.papers import attesting, queries
from portal.papers.forms import ProofForm
from portal.papers.models import ServiceProof
from portal.people.models import Member
from portal.people.queries import named

bp = Blueprint("proofs", __name__, url_prefix="/proofs")
READERS = (Role.MEMBER, Role.CLERK, Role.LIAISON, Role.TOWN, Role.DEPARTMENT, Role.COMMITTEE, Role.COUNTY)


@bp.route("")
@for_roles(*READERS)
def index():
    """The proofs of one's scope, the latest first."""
    by = web.me()
    shown = paging.page_of(attesting.visible_to(by), request.args.get("after"), newest_first=True)
    return render_template("papers/proofs.html", shown=shown, issues=by.is_in(Role.CLERK))


@bp.route("/<number:proof>")
@signed_in
def page(proof: str):
    """One proof: what it attests, and whether the records still say the same."""
    row = web.find(attesting.visible_to(web.me()), proof)
    now = attesting.counted(row.member_id, row.first, row.last)
    same = now == [(line.category, line.times, line.half_hours) for line in row.lines]
    return render_template("papers/proof.html", proof=row, now=None if same else attesting.total(now))


@bp.route("/<number:proof>/<verb>", methods=["GET", "POST"])
@signed_in
def move(proof: str, verb: str):
    """Any move of a proof: GET asks, POST does."""
    return web.do_move(web.find(attesting.visible_to(web.me()), proof), verb)


@bp.route("/new")
@for_roles(Role.CLERK)
def choose():
    """A clerk looks up the member who asks for a proof, among those of the own community."""
    q = sought.words()
    rows = _members().where(named(Member, q) if q else false()).order_by(Member.pinyin, Member.id)
    found = db.session.scalars(rows.limit(30)).all()
    return render_template("papers/proof_choose.html", q=q, registrations=found)


@bp.route("/new/<number:registration>", methods=["GET", "POST"])
@for_roles(Role.CLERK)
def new(registration: str):
    """A clerk issues a proof to a member for a period."""
    row, today = web.find(_members(), registration), clock.today()
    form = ProofForm(first=today.replace(month=1, day=1), last=today)
    shown = {
        "title": "开具服务证明", "lead": f"{row.member.name}（{row.unit.name}），{row.certificate_number}", "row": None,
        "form": form, "differences": [], "submit": "开具", "back": url_for(".index"),
        "crumbs": [("工作台", "/desk"), ("志愿服务记录证明", url_for(".index"))],
    }  # fmt: skip
    if not form.validate_on_submit():
        return render_template("edit.html", **shown), 422 if form.errors else 200
    try:
        proof = attesting.issue(row, web.me(), form.first.data, form.last.data)
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", **shown), refusal.status
    return web.done(web.address_of(proof), _told(proof))


def _members() -> Select:
    """The registrations of those whom the community may give a proof: who serves there this year."""
    return queries.record_cards_seen_by(web.me(), clock.today().year)


def _told(proof: ServiceProof) -> str:
    return f"已开具：{proof.times} 次，{proof.half_hours / 2:g} 小时。打印后填身份证号、盖章。"
