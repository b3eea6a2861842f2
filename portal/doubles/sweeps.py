"""What time does to mergings: what they changed is forgotten once they can't be reversed any more.  [二(三)2]"""

import datetime as dt

from sqlalchemy import update

from portal.doubles.models import REVERSIBLE_FOR, Double
from portal.extensions import db


def forget_ledgers(now: dt.datetime) -> None:
    """The ledgers of mergings that are older than thirty days are deleted; that they were made stays in the history."""
    old = (Double.merged_at <= now - REVERSIBLE_FOR, Double.ledger_sealed.is_not(None))
    db.session.execute(update(Double).where(*old).values(ledger_sealed=None))
