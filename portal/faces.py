"""Faces: which pages a process serves at all, and who may sign in there.

Each route's door says on which faces it stands; what a face does not serve is not there (see `doors`).
"""

from flask import current_app

from portal.actors import Role
from portal.labels import Labelled


class Face(Labelled):
    """One of several processes on one database: for residents, for members, for offices; or all in one."""

    PUBLIC = "public", "公众面"
    MEMBER = "member", "党员面"
    INTERNAL = "internal", "办公面"
    ALL = "all", "合一"

    def admits(self, role: Role) -> bool:
        """Whether people may sign in and act in this role here; on the public face nobody signs in at all."""
        if self is Face.MEMBER:
            return role is Role.MEMBER
        return self is not Face.PUBLIC

    @property
    def is_inside(self) -> bool:
        """Whether this face is for offices: full names, lists, bulk acts, the worker."""
        return self in (Face.INTERNAL, Face.ALL)


EVERYWHERE = (Face.PUBLIC, Face.MEMBER, Face.INTERNAL)
WITH_LOGIN = (Face.MEMBER, Face.INTERNAL)
INSIDE = (Face.INTERNAL,)


def here() -> Face:
    """The face of this process."""
    return Face(current_app.config["FACE"])
