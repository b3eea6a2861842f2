"""What an evaluation is told from: values of one member and one year in one community, live or as they were sent."""

import datetime as dt
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Voice:
    """What a resident said of a service, whether it was a concern, what the member answered, what was found."""

    words: str
    concern: bool = False
    reply: str = ""
    finding: str = ""


@dataclass(frozen=True)
class Facts:
    """The year's evidence from `first` to `last`; hours in half-hour steps, `five_ones` as (which, how it stands).

    `deferred` are the months in which the member was asked for nothing (暂缓).
    """

    first: dt.date
    last: dt.date
    times: int = 0
    half_hours: int = 0
    visits: int = 0
    activities: int = 0
    service_days: int = 0
    wishes_claimed: int = 0
    wishes_done: int = 0
    suggestions: int = 0
    adopted: int = 0
    promises: int = 0
    promises_kept: int = 0
    five_ones: tuple[tuple[str, str], ...] = ()
    voices: tuple[Voice, ...] = ()
    deferred: tuple[int, ...] = ()

    @property
    def promises_words(self) -> str:
        """How far the year's pledge was kept, in words."""
        return f"{self.promises} 项中已兑现 {self.promises_kept} 项" if self.promises else "没有承诺"

    @property
    def deferred_words(self) -> str:
        """The months out, in words; '' where there are none."""
        return "、".join(f"{month}月" for month in self.deferred)

    def written(self) -> str:
        """As text, to be kept with what was sent."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str)


def read(text: str) -> Facts:
    """What `written` wrote."""
    kept = json.loads(text)
    first, last = (dt.date.fromisoformat(kept.pop(name)) for name in ("first", "last"))
    voices = tuple(Voice(**voice) for voice in kept.pop("voices"))
    five_ones = tuple((one, stands) for one, stands in kept.pop("five_ones"))
    return Facts(first, last, voices=voices, five_ones=five_ones, deferred=tuple(kept.pop("deferred")), **kept)
