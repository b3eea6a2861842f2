"""The community's file of in-service members (在职党员信息库), and its export."""

from flask import Response, render_template, request
from sqlalchemy import Select

from portal import audit, clock, paging, web
from portal.actors import Role
from portal.doors import for_roles
from portal.extensions import db
from portal.people.models import Member
from portal.registrations import member_file, offers, queries
from portal.registrations.forms import SKILLS, FileFilter
from portal.registrations.routes import bp
from portal.sheet_writing import XLSX, new_book


@bp.route("/file")
@for_roles(Role.CLERK)
def member_file_page():
    """Who is registered in the community, by skill, intention, free time, grid and name."""
    form = FileFilter()
    form.grid.offer(offers.grids(web.me().community_id))
    rows = _listed(form)
    return render_template(
        "registrations/file.html",
        form=form, shown=paging.page_of(rows, request.args.get("after"), Member.pinyin), total=queries.count(rows),
        skills=SKILLS,
    )  # fmt: skip


@bp.route("/file/export", methods=["POST"])
@for_roles(Role.CLERK)
def export_file():
    """What the file shows, with phones, as .xlsx; each export is audited."""
    rows = _listed(FileFilter()).order_by(Member.pinyin, Member.id)
    lines = [member_file.line(row) for row in db.session.scalars(rows).unique()]
    audit.write(web.me(), "registrations.export", fields=("phone",), reason=f"导出在职党员信息库 {len(lines)} 人")
    web.keep()
    title = f"{web.me().office}在职党员信息库（截至{clock.today():%Y年%-m月%-d日}，{len(lines)}人）"
    book = new_book("在职党员信息库", member_file.HEADS, lines, title)
    answer = Response(book, mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"members-{clock.today():%Y%m%d}.xlsx")
    return answer


def _listed(form: FileFilter) -> Select:
    skill, words = (form.skill.data or "")[:20], (form.q.data or "")[:40]
    wanted = member_file.Wanted(words, skill, form.intention.data, form.free_time.data, form.grid.data)
    return member_file.listed(web.me(), wanted)
