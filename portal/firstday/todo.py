"""What imports of the running scheme ask of the county's desk (待办)."""

from portal.actors import Actor, Role
from portal.firstday import queries
from portal.firstday.models import FirstdayImport, FirstdayState
from portal.todo import Waiting


def items(by: Actor) -> list[Waiting]:
    """The imports that wait for the uploader's word, and those that wait for a second person."""
    if not by.is_in(Role.COUNTY):
        return []
    own = queries.visible_to(by).where(
        FirstdayImport.state == FirstdayState.PREVIEWED, FirstdayImport.by_user_id == by.user_id
    )
    return [
        Waiting(own, "期初导入，待提交", "firstday.index"),
        Waiting(queries.to_check(by), "期初导入，待您核对写入", "firstday.index"),
    ]
