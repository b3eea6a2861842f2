"""A member's facts and what follows from them."""

import pytest

from portal.people.members import FACTS, identity_index, keep_phone, phone_index, phone_tail_index, set_member_facts
from portal.people.models import Member


def test_every_fact_is_a_column_or_a_sealed_field():
    for name in FACTS:
        assert hasattr(Member, name)


def test_facts_that_do_not_change_are_not_named(cast):
    assert set_member_facts(cast.member1_row, name="欧阳䶮", born="1980-05", post=None, phone="138 9170 1001") == ()


def test_a_changed_name_is_found_by_its_new_pinyin_and_identity(cast):
    before = cast.member3_row.identity_index
    assert set_member_facts(cast.member3_row, name="单　雪儿") == ("name",)
    assert cast.member3_row.name == "单雪儿"
    assert cast.member3_row.pinyin.startswith("shanxueer sxe ")
    assert cast.member3_row.identity_index not in (before, None)


def test_the_same_person_has_the_same_identity_however_it_is_typed(cast):
    assert identity_index(" 欧阳 䶮", "1980-05", "１３８-9170-1001") == cast.member1_row.identity_index
    assert identity_index("欧阳䶮", "1980-06", "13891701001") != cast.member1_row.identity_index


def test_a_phone_is_found_whole_and_by_its_last_four(cast):
    keep_phone(cast.member1_row, "+86 139 0000 4321")
    assert cast.member1_row.phone == "13900004321"
    assert cast.member1_row.phone_index == phone_index("13900004321")
    assert cast.member1_row.phone_tail_index == phone_tail_index("4321")


def test_no_phone_leaves_no_fingerprint(cast):
    keep_phone(cast.member1_row, "")
    assert (cast.member1_row.phone, cast.member1_row.phone_index) == (None, None)
    assert cast.member1_row.phone_tail_index is None


def test_a_new_home_leaves_the_old_grid(cast):
    set_member_facts(cast.member1_row, grid_id=cast.grid1.id)
    assert set_member_facts(cast.member1_row, community_id=cast.community2.id) == ("community_id", "grid_id")
    assert cast.member1_row.grid_id is None


def test_living_out_of_town_leaves_no_community(cast):
    changed = set_member_facts(cast.member1_row, lives_in_town=False, community_id=cast.community1.id)
    assert set(changed) == {"lives_in_town", "community_id"}
    assert cast.member1_row.community_id is None


def test_an_unknown_fact_is_a_programming_error(cast):
    with pytest.raises(TypeError):
        set_member_facts(cast.member1_row, unit_id=1)
