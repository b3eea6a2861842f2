"""Which staff moves can be undone, by hand; and of those that can't, why not."""

from portal.flow import FLOWS

YES = "can be undone"
MEMBER = "a member's own act, which has 放弃, 撤回 or 还没办好"
TIME = "time's own act"
REVERSE = "has a reverse move that leaves its own trace"
IMPORT = "the import as a whole has 撤销导入"
PAPER = "the next version of a paper is out; cancel it, or issue it anew"
OWN = "撤销合并 and 重新核对 put back what was merged or dismissed, for 30 days"
OUT_OF_SIGHT = "the case is the addressee's again, who may forward it once more"
URGED = "it is on their desks already, and happens once"
TOLD = "somebody has been urged, and may have read it"
NEXT = "what was written is written anew the same way"
SIGNED_IN = "somebody may have signed in and acted by it already; it is ended instead"

FOR_GOOD = "a closed year stays closed; a wrong record is corrected by itself"
RECORD = "the record itself has moves that can be undone"

TABLE = {
    "wishes": {
        "publish": YES, "correct": YES, "pass_on": YES, "reject": YES, "merge": YES, "claim": MEMBER,
        "claim_for_unit": YES, "finish": YES, "start": YES, "release": YES, "extend": YES, "revoke": YES,
        "confirm": YES, "lapse": TIME, "reopen": YES, "call_back": YES, "close": YES, "withdraw": YES,
        "archive": YES, "solve": YES, "escalate": YES, "hand_back": YES, "claim_for_team": MEMBER, "propose": YES,
        "accept": MEMBER, "decline": MEMBER, "recall": YES, "expire": TIME,
    },
    "registrations": {
        "present": YES, "accept": YES, "file": YES, "reissue": PAPER, "send_back": YES, "cancel": YES,
        "relocate": YES, "end": YES,
    },
    "exemptions": {"agree": YES, "decline": YES, "end": YES},
    "deferments": {"agree": YES, "decline": YES, "end": YES},
    "transfer_requests": {"release": YES, "decline": YES, "withdraw": YES},
    "pledges": {
        "submit": REVERSE, "withdraw": REVERSE, "approve": YES, "send_back": YES, "show": TIME, "end": TIME,
    },
    "service_proofs": {"cancel": PAPER},
    "seal_entries": {
        "mark_printed": YES, "sign": YES, "stamp": YES, "archive": YES, "step_back": YES, "rebox": YES,
    },
    "service_records": {"confirm": YES, "reject": YES, "void": YES, "object": MEMBER},
    "objections": {"uphold": YES, "dismiss": YES},
    "firstday_imports": dict.fromkeys(
        ("preview", "submit", "submit_right", "write", "send_back", "drop", "undo"), IMPORT
    ),
    "roster_imports": {"preview": IMPORT, "write": IMPORT, "write_right": IMPORT, "drop": IMPORT, "undo": IMPORT},
    "users": {"lock": REVERSE, "unlock": REVERSE},
    "teams": {
        "join": MEMBER, "recommend": YES, "appoint": YES, "leave": MEMBER, "remove": YES, "end": YES,
    },
    "posts": {
        "claim": MEMBER, "sign_up": YES, "give_up": MEMBER, "end_claim": YES, "close": YES, "reopen": YES,
    },
    "pairings": {
        "agree": YES, "decline": YES, "withdraw": YES, "add_need": YES, "add_resource": YES, "strike": YES, "end": YES,
    },
    "pairing_projects": {"start": YES, "finish": YES, "postpone": YES, "drop": YES},
    "joint_actions": {"confirm": YES, "reject": YES, "withdraw": YES},
    "households": {"activate": YES, "close": YES, "reopen": YES},
    "supports": {
        "accept": YES, "decline": YES, "withdraw": YES, "lead": YES, "end": YES, "replace": YES,
    },
    "visits": {"confirm": YES, "reject": YES, "withdraw": YES},
    "remarks": {"thank": YES, "put": YES, "answer": MEMBER, "settle": YES, "decline": YES},
    "inspections": {"start": YES, "issue": YES, "close": YES, "cancel": YES},
    "findings": {"answer": YES, "accept": YES, "send_back": YES, "extend": YES, "withdraw": YES},
    "result_notices": {"publish": YES},
    "suggestions": {
        "accept": YES, "forward": YES, "hand_back": OUT_OF_SIGHT, "recall": YES, "answer": YES, "withdraw": MEMBER,
    },
    "stories": {
        "submit": REVERSE, "recall": REVERSE, "publish": YES, "send_back": YES, "take_down": YES, "drop": YES,
        "revise": YES, "appear": YES, "strike": YES,
    },
    "notices": {"urge": URGED, "withdraw": YES},
    "reports": {"submit": REVERSE, "withdraw": REVERSE, "accept": YES, "send_back": YES, "urge": TOLD},
    "report_parts": {"confirm": YES, "confirm_for": YES, "urge": TOLD},
    "exemplars": {"amend": NEXT, "withdraw": YES, "confirm": YES, "send_back": YES, "revoke": YES},
    "bulletins": {"remark": NEXT, "send": YES, "acknowledge": YES},
    "contacts": {"amend": NEXT, "correct": NEXT},
    "difficulties": {"answer": YES, "hand_on": OUT_OF_SIGHT, "reopen": MEMBER, "withdraw": MEMBER},
    "own_work": {"cancel": YES},
    "closings": {"confirm": FOR_GOOD, "withdraw": REVERSE, "stop": TIME, "resume": FOR_GOOD, "close": TIME},
    "corrections": {"finish": RECORD, "withdraw": REVERSE},
    "doubles": {"merge": OWN, "dismiss": OWN, "reverse": OWN, "recheck": OWN},
    "activities": {
        "publish": YES, "postpone": YES, "cancel": YES, "hold": TIME, "sign_up": MEMBER, "sign_up_for": YES,
        "withdraw": MEMBER, "take_off": YES, "renew": MEMBER, "renew_for": YES, "let_go": TIME, "mark": YES,
        "walk_in": YES, "set_hours": YES, "settle": YES, "take_up": YES, "drop_wish": YES, "invite_team": YES,
        "sign_up_team": MEMBER, "ask_member": YES, "free_held": TIME,
    },
    "evaluations": {
        "grade": YES, "assess": MEMBER, "send": YES, "reply": MEMBER, "answer": YES, "acknowledge": YES,
        "withdraw": YES, "drop": YES, "resume": REVERSE,
    },
    "evaluation_notes": {"reply": MEMBER, "acknowledge": YES, "withdraw": YES},
    "contact_points": {"agree": YES, "decline": YES, "withdraw": YES, "end": YES},
    "appointments": {"approve": SIGNED_IN, "end": YES},
}  # fmt: skip


def test_the_table_is_true(app):
    found = {flow.name: {verb: move.undo for verb, move in flow.moves.items()} for flow in FLOWS.values()}
    assert found == {name: {verb: why == YES for verb, why in moves.items()} for name, moves in TABLE.items()}
