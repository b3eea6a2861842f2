"""What the list of logins shows: filters in the address, offices and lockouts beside each name."""

from sqlalchemy import Select, func, or_, select

from portal.accounts import queries, rights
from portal.accounts.forms import LoginMark, LoginsFilter
from portal.accounts.models import Appointment, AppointmentState, LoginTries, User, UserState
from portal.actors import Actor, Role
from portal.extensions import db
from portal.people.queries import named


def filters(by: Actor) -> LoginsFilter:
    """The filters that this person is offered."""
    form = LoginsFilter()
    gives = rights.GIVES[by.role]
    if len(gives) == 1:
        del form["role"]
    else:
        form["role"].choices = [choice for choice in form["role"].choices if _offered(choice.value, gives)]
    return form


def rows(by: Actor, form: LoginsFilter) -> Select:
    """The logins of this person's scope that the filters leave."""
    found = queries.visible_to(by)
    if q := form.q.data:
        found = found.where(or_(named(User, q), User.username.startswith(q.lower(), autoescape=True)))
    if "role" in form and (role := form["role"].data):
        held = (Appointment.role == role, Appointment.state != AppointmentState.ENDED)
        found = found.where(User.id.in_(select(Appointment.user_id).where(*held)))
    return found.where(_marked(form.mark.data)) if form.mark.data else found


def locked_out(users: list[User]) -> set[int]:
    """The ids of those of these logins that are locked out at some address just now."""
    return set(db.session.scalars(queries.locked().where(LoginTries.user_id.in_([user.id for user in users]))))


def without_login(by: Actor) -> int:
    """How many members of a liaison's unit have no login yet; 0 for everybody else."""
    if by.role is not Role.LIAISON:
        return 0
    members = queries.members_without_login(by.unit_id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(members)) or 0


def _marked(mark: LoginMark):
    match mark:
        case LoginMark.LOCKED_OUT:
            return User.id.in_(queries.locked())
        case LoginMark.PROPOSED:
            return User.id.in_(select(Appointment.user_id).where(Appointment.state == AppointmentState.PROPOSED))
        case _:
            return User.state == UserState(mark.value)  # type: ignore[call-arg]


def _offered(value: str, gives: tuple[Role, ...]) -> bool:
    return not value or Role(value) in gives  # type: ignore[call-arg]
