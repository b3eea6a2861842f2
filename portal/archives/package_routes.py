"""Pages of packages: asking for one, its progress, the file."""

from flask import abort, render_template, send_file, url_for

from portal import clock, web
from portal.actors import Role
from portal.archives import asking, building, queries
from portal.archives.forms import PackageForm
from portal.archives.models import ArchivePackage
from portal.archives.routes import OFFICES, bp
from portal.archives.scope import kinds_for
from portal.doors import for_roles
from portal.errors import Refused
from portal.extensions import db
from portal.papers.catalogue import PAPERS
from portal.papers.models import JobState
from portal.papers.places_asked import offer_places, titled


@bp.route("/packages", methods=["GET", "POST"])
@for_roles(*OFFICES)
def packages():
    """Ask for a package, and find again what was asked for."""
    form, by = _form(), web.me()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    unit_id, community_id = (field.data if field else None for field in (form.unit, form.community))
    try:
        scope = asking.scope_for(by, form.year.data, unit_id, community_id)
        package = asking.ask(by, scope, titled(form, by, "归档表册"), form.reason.data if form.reason else "")
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _page(form), refusal.status
    return web.done(url_for(".package", package=package.id), "已提交，可以离开本页，稍后回来下载。")


@bp.route("/packages/<row:package>")
@for_roles(*OFFICES)
def package(package: int):
    """How far a package has come."""
    found = web.find(queries.packages_of(web.me()), package)
    return render_template("archives/package.html", package=found, left=_minutes_left(found))


@bp.route("/packages/<row:package>.zip")
@for_roles(*OFFICES)
def package_file(package: int):
    """The finished package as one file."""
    found = web.find(queries.packages_of(web.me()), package)
    path, name = building.folder_of(found) / building.WHOLE, found.file
    if found.state is not JobState.DONE or not name or not path.is_file():
        abort(404)
    web.note(web.me(), "archive_packages.download", found)
    return send_file(path, "application/zip", as_attachment=True, download_name=name)


@bp.route("/packages/<row:package>/cancel", methods=["POST"])
@for_roles(*OFFICES)
def cancel_package(package: int):
    """Stop a package."""
    asking.cancel(web.find(queries.packages_of(web.me()), package), web.me())
    return web.done(url_for(".packages"), "已取消。")


def _form() -> PackageForm:
    form, by = PackageForm(), web.me()
    offer_places(form, by)
    if not by.is_in(Role.COUNTY) and not any(PAPERS[kind].each_noted for kind in kinds_for(by, scoped=True)):
        del form.reason
    return form


def _page(form: PackageForm) -> str:
    rows = db.session.scalars(queries.packages_of(web.me()).limit(20)).all()
    return render_template("archives/packages.html", form=form, packages=rows)


def _minutes_left(package: ArchivePackage) -> int | None:
    """How many minutes it will still take by the pace so far; None while nothing can be said."""
    if not package.begun_at or not package.done or package.is_over:
        return None
    spent = (clock.now() - package.begun_at).total_seconds()
    return int(spent / package.done * (package.total - package.done) / 60) + 1
