"""Where a member lives: the community and the address that a roster's words lead to."""

import difflib
import re
from dataclasses import dataclass, field

from portal.people.models import Member

_TITLES = re.compile(r"社区|居民委员会|居委会|党工委|党委|党总支|党支部|党组织")
UNKNOWN_HOME = "居住在县城的请填写居住社区（不清楚时可只填小区）；不居住县城的请在“是否居住县城”填否。"


@dataclass
class Homes:
    """The county's communities and estates as a roster may name them."""

    names: dict[int, str] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)
    by_estate: dict[str, set[int]] = field(default_factory=dict)

    def add(self, community_id: int, name: str, town: str, estates: list[str]) -> None:
        """Know one community, with or without its town in front and its titles behind."""
        self.names[community_id] = name
        for words in (_bare(name), _bare(town) + _bare(name)):
            self.by_name.setdefault(words, set()).add(community_id)
        for estate in estates:
            self.by_estate.setdefault(estate, set()).add(community_id)

    def community(self, words: str) -> tuple[int | None, str]:
        """The community of this name, or None and the reason why none is meant."""
        found = self.by_name.get(_bare(words), set())
        if len(found) == 1:
            return next(iter(found)), ""
        if found:
            return None, f"“{words}”有几个，请写全社区名称。"
        near = difflib.get_close_matches(words, self.names.values(), 1, 0.5)
        return None, f"没有“{words[:20]}”这个社区" + (f"，是否指{near[0]}？" if near else "，请从下拉列表中选择。")


def _bare(name: str) -> str:
    return _TITLES.sub("", re.sub(r"\s", "", name))


def settle_home(facts: dict, member: Member | None, homes: Homes) -> tuple[dict, list[tuple[str, str]]]:
    """(facts with the home as members keep it, problems): the words for community and estate are resolved."""
    facts = dict(facts)
    named, estate = facts.pop("community", None), facts.pop("estate", None)
    problems: list[tuple[str, str]] = []
    community_id, reason = homes.community(named) if named else (None, "")
    if reason:
        problems.append(("居住社区", reason))
    by_estate = homes.by_estate.get(estate, set()) if estate else set()
    if community_id and by_estate and community_id not in by_estate:
        where = "、".join(homes.names[one] for one in sorted(by_estate))
        problems.append(("小区", f"{estate}属于{where}，与居住社区“{named}”不一致。"))
    if community_id is None and not named and len(by_estate) == 1:
        community_id = next(iter(by_estate))
    lives = facts.get("lives_in_town", member.lives_in_town if member else True)
    if not lives and named and "lives_in_town" in facts:
        problems.append(("居住社区", "不居住县城的党员不填居住社区，请核对两栏。"))
    elif lives or named:
        facts["lives_in_town"] = True
        if community_id:
            facts["community_id"] = community_id
        elif not named and (member is None or member.community_id is None):
            problems.append(("居住社区", UNKNOWN_HOME))
    facts |= _address(estate, facts.get("address"), member)
    return facts, problems


def _address(estate: str | None, typed: str | None, member: Member | None) -> dict[str, str]:
    """The address with the estate in front, unless it stands in it already."""
    known = typed or (member.address if member else None) or ""
    if not estate or estate in known:
        return {}
    return {"address": estate + (typed or "")}
