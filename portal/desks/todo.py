"""What waits on the desk of each role (待办): what is urgent first, then late things, then the oldest."""

import datetime as dt

from portal.accounts import todo as accounts
from portal.activities import todo as activities
from portal.actors import Actor
from portal.archives import todo as archives
from portal.closing import todo as closing
from portal.doubles import todo as doubles
from portal.evaluations import todo as evaluations
from portal.exemplars import todo as exemplars
from portal.feedback import todo as feedback
from portal.firstday import todo as firstday
from portal.households import todo as households
from portal.inspections import todo as inspections
from portal.menu import todo as menu
from portal.pairings import todo as pairings
from portal.pledges import todo as pledges
from portal.posts import todo as posts
from portal.publicity import todo as publicity
from portal.records import todo as records
from portal.registrations import todo as registrations
from portal.remarks import todo as remarks
from portal.reports import todo as reports
from portal.rosters import todo as rosters
from portal.scheme import todo as scheme
from portal.suggestions import todo as suggestions
from portal.teams import todo as teams
from portal.todo import ToDo, counted
from portal.wishes import todo as wishes


def todos(by: Actor, today: dt.date) -> list[ToDo]:
    """What waits for this person's office."""
    items = [
        *registrations.items(by),
        *pledges.items(by, today),
        *pairings.items(by, today),
        *rosters.items(by),
        *wishes.items(by, today),
        *menu.items(by, today),
        *records.items(by),
        *remarks.items(by),
        *households.items(by, today),
        *activities.items(by, today),
        *suggestions.items(by, today),
        *publicity.items(by, today),
        *evaluations.items(by, today),
        *feedback.items(by, today),
        *exemplars.items(by, today),
        *reports.items(by, today),
        *teams.items(by),
        *posts.items(by),
        *inspections.items(by, today),
        *doubles.items(by),
        *accounts.items(by),
        *scheme.items(by, today),
        *closing.items(by, today),
        *firstday.items(by),
        *archives.items(by),
    ]
    return sorted(counted(items), key=lambda line: (not line.first, -line.overdue, line.since or dt.date.max))
