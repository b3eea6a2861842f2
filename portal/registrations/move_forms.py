"""What each move of a registration asks, with what is on offer for this one."""

from wtforms import SelectChoice

from portal import web
from portal.actors import Role
from portal.registrations import leaving, modes, offers, posting
from portal.registrations.forms import AcceptForm, EndForm, PresentForm, ReissueForm, RelocateForm, SendBackForm
from portal.registrations.models import EndKind, Registration, RegistrationState
from portal.registrations.workflow import BY_HAND, KNOWN_TO_COMMUNITY


def _present_form(row: Registration) -> PresentForm:
    form = PresentForm(data={"mode": modes.usual(row, web.me())})
    form.mode.choices = [SelectChoice(mode.value, mode.label) for mode in modes.possible(row, web.me())]
    return form


def _accept_form(row: Registration) -> AcceptForm:
    at_home = row.member.grid is not None and row.member.grid.community_id == row.community_id
    form = AcceptForm(data={"grid_id": row.member.grid_id if at_home else None, "mode": modes.usual(row, web.me())})
    if row.state is RegistrationState.ISSUED:  # came with the paper: how is not said yet
        open_ones = [SelectChoice(mode.value, mode.label) for mode in modes.possible(row, web.me())]
        form.mode.choices = [form.mode.choices[0], *open_ones]
    else:
        del form.mode
    form.grid_id.offer(offers.grids(row.community_id))
    form.team_id.offer(offers.teams(row.community_id))
    if free := posting.offered(row.community_id):
        form.post_id.offer(free)
    else:
        del form.post_id
    return form


def _send_back_form(row: Registration) -> SendBackForm:
    form = SendBackForm()
    form.community_id.offer(offers.communities(but=row.community_id))
    return form


def _reissue_form(row: Registration) -> ReissueForm:
    form = ReissueForm(data={"community_id": row.right_community_id})
    form.community_id.offer(offers.communities())
    return form


def _relocate_form(row: Registration) -> RelocateForm:
    form = RelocateForm()
    form.community_id.offer(offers.communities(but=row.member.community_id))
    return form


def _end_form(row: Registration) -> EndForm:
    form = EndForm()
    form.follows = leaving.preview(row.member)
    offered = KNOWN_TO_COMMUNITY if web.me().is_in(Role.CLERK, Role.TOWN) else BY_HAND
    form.kind.choices = [SelectChoice(kind.value, kind.label) for kind in EndKind if kind in offered]
    return form


ASKS = {
    "present": _present_form,
    "accept": _accept_form,
    "send_back": _send_back_form,
    "reissue": _reissue_form,
    "relocate": _relocate_form,
    "end": _end_form,
}
