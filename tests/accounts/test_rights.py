"""Whose own card, records and evaluation one may read: the same as whose page one may see."""

import pytest

from portal.accounts.rights import may_read_member, same
from portal.extensions import db
from portal.people.queries import visible_to

READS = {
    "member1_row": {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "member1"},
    "member2_row": {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "member2"},
    "member3_row": {"county", "county_b", "dept2", "chengguan", "liaison2", "clerk2", "member3"},
    "dual_row": {"county", "county_b", "dept1", "chengguan", "liaison1", "clerk1", "clerk1b", "dual"},
}


@pytest.mark.parametrize("member", READS)
def test_who_reads_which_member(cast, member):
    row = getattr(cast, member)
    assert {name for name in cast.users if may_read_member(row, cast.by(name))} == READS[member]
    assert {n for n in cast.users if row in db.session.scalars(visible_to(cast.by(n))).unique()} == READS[member]


def test_nobody_is_never_the_same_as_nobody():
    assert not same(None, None)
    assert same(1, 1) and not same(1, 2)
