"""Every column of tables 6 and 7 in plain SQL, written apart from the rule file: what the numbers mean, said again.

Each text yields lines (unit, supervisor, community, thing, amount); :first and :day are the days of the period, :begin
and :end its moments (the end is not part of it), :year its year. They speak of the state of today.
"""

ON_ROSTER = "m.status = 'active' AND m.lives_in_town AND m.since <= :day"
REPORTED = """EXISTS (SELECT 1 FROM registrations r WHERE r.member_id = m.id AND r.state IN ('accepted', 'filed')
    AND r.community_id = m.community_id)"""
EXEMPT = "EXISTS (SELECT 1 FROM exemptions e WHERE e.member_id = m.id AND e.state = 'agreed')"
MISSING = f"NOT {REPORTED} AND NOT {EXEMPT}"


def people(condition: str) -> str:
    return f"""SELECT m.unit_id, u.supervisor_id, m.community_id, m.id, 1
        FROM members m JOIN units u ON u.id = m.unit_id WHERE {ON_ROSTER} AND {condition}"""


def of_level(level: str) -> str:
    return people(f"{REPORTED} AND u.level = '{level}'")


def on_way(*states: str) -> str:
    named = ", ".join(f"'{state}'" for state in states)
    return f"EXISTS (SELECT 1 FROM registrations w WHERE w.member_id = m.id AND w.state IN ({named}))"


def records(amount: str, community: str = "r.community_id", condition: str = "1 = 1") -> str:
    return f"""SELECT r.unit_id, r.supervisor_id, {community}, r.id, {amount} FROM service_records r
        WHERE r.state = 'confirmed' AND r.day >= :first AND r.day <= :day AND {condition}"""


def at_activities(thing: str, condition: str) -> str:
    return f"""SELECT r.unit_id, r.supervisor_id, COALESCE(a.community_id, r.community_id), {thing}, 1
        FROM service_records r JOIN activities a ON r.source = 'activity' AND a.id = r.source_id
        WHERE r.state = 'confirmed' AND r.day >= :first AND r.day <= :day AND {condition}"""


def households(condition: str = "1 = 1") -> str:
    return f"""SELECT m.unit_id, u.supervisor_id, h.community_id, h.id, 1
        FROM supports s JOIN households h ON h.id = s.household_id JOIN members m ON m.id = s.member_id
        JOIN units u ON u.id = m.unit_id
        WHERE s.since IS NOT NULL AND s.since <= :day AND (s.until IS NULL OR s.until >= :first) AND {condition}"""


def suggestions(condition: str = "1 = 1") -> str:
    return f"""SELECT s.unit_id, u.supervisor_id, s.community_id, s.id, 1
        FROM suggestions s JOIN units u ON u.id = s.unit_id
        WHERE s.state <> 'withdrawn' AND s.submitted_on >= :first AND s.submitted_on <= :day AND {condition}"""


# A claim that was made in the year and not given back by its end.
NOT_GIVEN_BACK = "(c.state IN ('open', 'finished') OR c.ended_at >= :end)"
STANDS = f"c.claimed_at >= :begin AND c.claimed_at < :end AND {NOT_GIVEN_BACK}"
CAME = """service_records r JOIN activity_wishes aw ON r.source = 'activity' AND aw.activity_id = r.source_id
    JOIN claims c ON c.id = aw.claim_id JOIN wishes w ON w.id = c.wish_id"""
CAME_IN_YEAR = "r.state = 'confirmed' AND r.day >= :first AND r.day <= :day"

SQL: dict[str, str] = {
    "should": people(f"({REPORTED} OR NOT {EXEMPT})"),
    "reported": people(REPORTED),
    "missing": people(MISSING),
    "waiting": people(f"{MISSING} AND {on_way('presented')}"),
    "certified": people(f"{MISSING} AND {on_way('issued', 'returned')}"),
    "uncertified": people(f"{MISSING} AND NOT {on_way('issued', 'presented', 'returned')}"),
    "exempt": people(f"NOT {REPORTED} AND {EXEMPT}"),
    "in_teams": people(f"""{REPORTED} AND EXISTS (SELECT 1 FROM team_members tm JOIN teams t ON t.id = tm.team_id
        WHERE tm.member_id = m.id AND t.community_id = m.community_id AND tm.since <= :day
        AND (tm.until IS NULL OR tm.until > :day))"""),
    "level_city": of_level("city"),
    "level_county": of_level("county"),
    "level_town": of_level("town"),
    "level_enterprise": of_level("enterprise"),
    "teams": """SELECT m.unit_id, u.supervisor_id, t.community_id, t.id, 1
        FROM teams t JOIN team_members tm ON tm.team_id = t.id JOIN members m ON m.id = tm.member_id
        JOIN units u ON u.id = m.unit_id
        WHERE tm.since <= :day AND (tm.until IS NULL OR tm.until > :day)
        AND (t.ended_on IS NULL OR t.ended_on > :day)""",
    "posts": """SELECT m.unit_id, u.supervisor_id, p.community_id, m.id, 1
        FROM post_claims c JOIN posts p ON p.id = c.post_id JOIN members m ON m.id = c.member_id
        JOIN units u ON u.id = m.unit_id
        WHERE c.since <= :day AND (c.until IS NULL OR c.until > :day OR (c.until >= :first AND (c.with_post
        OR EXISTS (SELECT 1 FROM registrations r WHERE r.member_id = c.member_id AND r.ended_on = c.until)
        OR EXISTS (SELECT 1 FROM service_records s WHERE s.source = 'post' AND s.source_id = c.id
            AND s.state = 'confirmed' AND s.day >= :first AND s.day <= :day))))""",
    "services": records("1", condition="r.half_hours >= 1"),
    "hours": records("r.half_hours"),
    "away": records("1", condition="r.half_hours >= 1 AND r.place_id <> r.community_id"),
    "away_hours": records("r.half_hours", condition="r.place_id <> r.community_id"),
    "guests": records("1", "r.place_id", "r.half_hours >= 1 AND r.place_id <> r.community_id"),
    "guest_hours": records("r.half_hours", "r.place_id", "r.place_id <> r.community_id"),
    "suggestions": suggestions(),
    "adopted": suggestions("s.adopted AND s.answered_on <= :day"),
    "activities": at_activities("a.id", "a.benefit <> 'none'"),
    "service_days": at_activities("a.id", "a.service_day"),
    "service_day_people": at_activities("r.id", "a.service_day"),
    "households": households(),
    **{f"households_{kind}": households(f"h.kind = '{kind}'")
       for kind in ("poor", "comrade", "disabled", "student", "elder")},
    "visits": """SELECT r.unit_id, r.supervisor_id, h.community_id, v.id, 1
        FROM visits v JOIN households h ON h.id = v.household_id
        JOIN service_records r ON r.source = 'visit' AND r.source_id = v.id
        WHERE r.state = 'confirmed' AND r.day >= :first AND r.day <= :day""",
    "wishes": """SELECT NULL, NULL, w.community_id, w.id, 1 FROM wishes w
        WHERE w.submitted_at >= :begin AND w.submitted_at < :end AND w.merged_into_id IS NULL
        AND (w.published_at IS NOT NULL OR w.state = 'submitted')""",
    "claimed": f"""SELECT m.unit_id, u.supervisor_id, w.community_id, w.id, 1
        FROM claims c JOIN wishes w ON w.id = c.wish_id JOIN members m ON m.id = c.member_id
        JOIN units u ON u.id = m.unit_id WHERE {STANDS}
        UNION ALL
        SELECT m.unit_id, u.supervisor_id, w.community_id, w.id, 1
        FROM claims c JOIN wishes w ON w.id = c.wish_id JOIN claim_people p ON p.claim_id = c.id
        JOIN members m ON m.id = p.member_id JOIN units u ON u.id = m.unit_id
        WHERE c.team_id IS NOT NULL AND {STANDS}
        UNION ALL
        SELECT c.unit_id, u.supervisor_id, w.community_id, w.id, 1
        FROM claims c JOIN wishes w ON w.id = c.wish_id JOIN units u ON u.id = c.unit_id WHERE {STANDS}
        UNION ALL
        SELECT r.unit_id, u.supervisor_id, w.community_id, w.id, 1 FROM {CAME} JOIN units u ON u.id = r.unit_id
        WHERE {CAME_IN_YEAR} AND {NOT_GIVEN_BACK}""",
    "fulfilled": f"""SELECT r.unit_id, r.supervisor_id, w.community_id, w.id, 1
        FROM service_records r JOIN wishes w ON r.source = 'wish' AND w.id = r.source_id
        WHERE r.state = 'confirmed' AND r.day >= :first AND r.day <= :day
        UNION ALL
        SELECT r.unit_id, r.supervisor_id, w.community_id, w.id, 1 FROM {CAME}
        WHERE {CAME_IN_YEAR} AND c.state = 'finished' AND w.confirmed_at IS NOT NULL""",
    "exemplars": """SELECT e.unit_id, e.supervisor_id, e.community_id, e.id, 1 FROM exemplars e
        WHERE e.year = :year AND e.state = 'confirmed'""",
}  # fmt: skip
GRADE = """SELECT e.unit_id, e.supervisor_id, e.community_id, e.id, 1 FROM evaluations e
    WHERE e.year = :year AND e.state IN ('sent', 'acknowledged') AND e.grade_id = {grade}"""
# Things that several rows may share; all others belong to one row each.
DISTINCT = {
    "teams", "posts", "activities", "service_days", "households", "visits", "wishes", "claimed", "fulfilled",
    *(key for key in SQL if key.startswith("households_")),
}  # fmt: skip
HOURS = {"hours", "away_hours", "guest_hours"}
COMMUNITIES_ONLY = {"away", "away_hours", "guests", "guest_hours"}
