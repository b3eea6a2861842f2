"""History lines of the demonstration's cases, as the moves would have written them."""

import datetime as dt

from portal.actors import Role
from portal.demo.writing import write
from portal.extensions import Base
from portal.history import HistoryLine
from portal.labels import Labelled


class Telling:
    """Collects history lines in the order of time and writes them at the end."""

    def __init__(self):
        """Nothing told yet."""
        self._lines: list[dict] = []

    def tell(
        self,
        model: type[Base],
        row_id: int,
        at: dt.datetime,
        verb: str,
        label: str,
        states: tuple[Labelled | None, Labelled],
        who: str,
        role: Role,
        reason: str | None = None,
        stand_in: bool = False,
    ) -> None:
        """One line of one case; `states` are before and after."""
        before, after = states
        self._lines.append(
            {
                "kind": model.__tablename__, "row_id": row_id, "at": at, "verb": verb, "label": label,
                "from_state": before and before.value, "to_state": after.value, "reason": reason, "by_user_id": None,
                "by_appointment_id": None, "by_role": role.value, "by_name": who, "stand_in": stand_in,
            }
        )  # fmt: skip

    def write(self) -> None:
        """Write what was told, oldest first."""
        write(HistoryLine, sorted(self._lines, key=lambda line: line["at"]))
        self._lines.clear()
