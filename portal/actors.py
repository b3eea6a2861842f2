"""Who acts: a person in one of their appointments, a resident with a code, or the system."""

from dataclasses import dataclass, replace

from portal.labels import Labelled


class Role(Labelled):
    """The roles of the portal; an appointment gives a login one of them, with its scope."""

    MEMBER = "member", "在职党员"
    GRID_WORKER = "grid_worker", "网格管理员"
    CLERK = "clerk", "社区专干"
    LIAISON = "liaison", "单位联络员"
    TOWN = "town", "镇党委"
    DEPARTMENT = "department", "主管部门党组（党委）"
    COMMITTEE = "committee", "县直机关工委"
    INSPECTOR = "inspector", "督查员"
    COUNTY = "county", "县委组织部"
    ADMIN = "admin", "系统管理员"
    RESIDENT = "resident", "居民"
    SYSTEM = "system", "系统"


@dataclass(frozen=True)
class Actor:
    """One person in one appointment: what rules and history lines need to know, and nothing else.

    `member_id` is set only while acting as a member; `self_member_id` is the member that this person
    is in whatever role, so that nobody acts on themselves through another appointment.
    """

    role: Role
    name: str
    user_id: int | None = None
    appointment_id: int | None = None
    office: str = ""
    supervisor_id: int | None = None
    unit_id: int | None = None
    community_id: int | None = None
    grid_id: int | None = None
    member_id: int | None = None
    self_member_id: int | None = None
    leads_county_town: bool = False
    wish_id: int | None = None
    address: str = ""

    @property
    def shown(self) -> str:
        """The office and name for a history line, e.g. 儒林社区 王秀兰."""
        return f"{self.office} {self.name}".strip()

    def is_in(self, *roles: Role) -> bool:
        """Whether this person acts in one of these roles."""
        return self.role in roles

    def is_self(self, member_id: int | None) -> bool:
        """Whether this member is the acting person; never true of nobody."""
        return member_id is not None and self.self_member_id == member_id


SYSTEM = Actor(role=Role.SYSTEM, name="系统")


def resident_of(wish_id: int, address: str = "") -> Actor:
    """The resident who showed number and code of this wish."""
    return Actor(role=Role.RESIDENT, name="居民", wish_id=wish_id, address=address)


def at_address(actor: Actor, address: str) -> Actor:
    """The same person, with the network address for the audit trail."""
    return replace(actor, address=address)
