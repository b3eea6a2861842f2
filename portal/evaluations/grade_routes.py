"""The table of grades, which the county edits: no grade is deleted, one that is used no more is put out of use."""

from flask import render_template, url_for

from portal import audit, web
from portal.actors import Role
from portal.doors import for_roles
from portal.edits import edit
from portal.errors import RuleBroken
from portal.evaluations import grades
from portal.evaluations.forms import GradeRowForm
from portal.evaluations.models import Grade
from portal.evaluations.routes import bp
from portal.extensions import db


@bp.route("/grades")
@for_roles(Role.COUNTY)
def grade_table():
    """The grades by their order."""
    return render_template("evaluations/grades.html", grades=grades.every(), crumbs=_crumbs()[:-1])


@bp.route("/grades/new", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def new_grade():
    """One more grade."""
    form = GradeRowForm(data={"active": True, "sort": len(grades.every()) + 1})
    del form.version
    shown = {"title": "新增等次", "crumbs": _crumbs(), "row": None, "form": form, "back": url_for(".grade_table")}
    if not form.validate_on_submit():
        return render_template("edit.html", differences=[], **shown), 422 if form.errors else 200
    try:
        _save(Grade(**form.asked()))
    except RuleBroken as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return render_template("edit.html", differences=[], **shown), refusal.status
    return web.done(url_for(".grade_table"), f"已新增等次“{form.label.data}”。")


@bp.route("/grades/<row:grade>", methods=["GET", "POST"])
@for_roles(Role.COUNTY)
def edit_grade(grade: int):
    """Change a grade; one that stands on a card that was sent keeps its name."""
    found = web.find(db.select(Grade), grade)

    def save(**asked) -> None:
        if asked["label"] != found.label and grades.is_on_a_card(found):
            raise RuleBroken(f"已发出的反馈卡上写着“{found.label}”，不能改名；请停用它，再新增一个等次。")
        for name, value in asked.items():
            setattr(found, name, value)
        _save(found)

    return edit(found, GradeRowForm(obj=found), save, url_for(".grade_table"), title="修改等次", crumbs=_crumbs())


def _save(grade: Grade) -> None:
    with db.session.no_autoflush:
        others = [each for each in grades.every() if each is not grade]
    if any(each.label == grade.label for each in others):
        raise RuleBroken(f"已有等次“{grade.label}”。")
    if not grade.active and not any(each.active for each in others):
        raise RuleBroken("至少要有一个正在使用的等次。")
    db.session.add(grade)
    db.session.flush()
    audit.write(web.me(), "evaluation_grades.save", grade, fields=("label", "sort", "needs_text", "in_bulk", "active"))


def _crumbs() -> list[tuple[str, str]]:
    return [("工作台", "/desk"), ("现实表现评议", url_for(".index")), ("评议等次", url_for(".grade_table"))]
