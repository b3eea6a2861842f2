"""What the rows of a roster mean for the members that are known."""

import pytest

from portal.extensions import db
from portal.people.models import Estate, Member, MemberStatus
from portal.rosters.models import RowResult as R
from tests.rosters.rosters import FIXTURES, HEAD, a_file, examined, person


def results(preview) -> list[tuple]:
    return [(row.line, row.name, row.result) for row in preview.rows]


def only(cast, *rows, head=HEAD):
    (row,) = examined(cast, a_file(*rows, head=head)).rows
    return row


def member1(**more) -> list:
    """The line that just repeats what is known of member1 (欧阳䶮)."""
    return person(**({"name": "欧阳䶮", "phone": "13891701001", "post": ""} | more))


def test_the_untidy_roster_row_by_row(cast):
    assert results(examined(cast, (FIXTURES / "untidy.xlsx").read_bytes())) == [
        (6, "王强", R.NEW),
        (7, "张龑䶮", R.NEW),
        (8, "阿依古丽·买买提", R.NEW),
        (9, "李梅", R.NEW),
        (11, "赵晓梅", R.NEW),
        (12, "孙桂芳", R.NEW),
        (13, "周文", R.BAD),
        (14, "吴敏", R.BAD),
        (15, "郑爽", R.BAD),
        (16, "王强", R.TWICE),
        (17, "李梅", R.BAD),
        (18, "单雪", R.ELSEWHERE),
        (19, "欧阳䶮", R.SAME),
        (20, "钱多", R.BAD),
        (21, "冯远", R.BAD),
    ]


def test_reasons_of_the_untidy_roster(cast):
    rows = {row.line: row for row in examined(cast, (FIXTURES / "untidy.xlsx").read_bytes()).rows}
    assert rows[16].note == "与第6行相同，只算一次。"
    assert rows[17].problems == [("居住社区", "与第9行是同一人，但居住社区不同，请只保留一行。")]
    assert rows[18].note == "已在县医院党总支名册。"
    assert rows[20].problems == [("居住社区", "没有“如林社区”这个社区，是否指儒林社区？")]
    assert rows[21].problems == [
        ("居住社区", "居住在县城的请填写居住社区（不清楚时可只填小区）；不居住县城的请在“是否居住县城”填否。")
    ]


def test_members_that_the_file_does_not_name_are_listed(cast):
    preview = examined(cast, a_file(member1()))
    assert sorted(member.name for member in preview.missing) == ["买买提·吐尔逊", "仇文博"]


def test_a_known_member_is_the_same(cast):
    row = only(cast, member1())
    assert (row.result, row.member_id, row.changes) == (R.SAME, cast.member1_row.id, [])


def test_changed_facts_are_named_with_old_and_new(cast):
    row = only(cast, member1(post="教研组长", home="凤鸣社区"))
    assert row.result == R.CHANGED
    assert row.changes == [("职务", "（空）", "教研组长"), ("居住社区", "儒林社区", "凤鸣社区")] or row.changes == [
        ("居住社区", "儒林社区", "凤鸣社区"),
        ("职务", "（空）", "教研组长"),
    ]


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ({"phone": "13891709999"}, ("手机号", "13891701001", "13891709999")),
        ({"born": "1980-06"}, ("出生年月", "1980-05", "1980-06")),
        ({"name": "欧阳龑"}, ("姓名", "欧阳䶮", "欧阳龑")),
    ],
)
def test_two_of_three_are_the_same_person(cast, line, change):
    row = only(cast, member1(**line))
    assert (row.result, row.member_id, row.changes) == (R.CHANGED, cast.member1_row.id, [change])


def test_only_one_of_three_is_another_person(cast):
    assert only(cast, member1(phone="13891709999", born="1990-01")).result == R.NEW


def test_somebody_like_two_members_is_not_guessed(cast):
    cast.member2_row.name = "欧阳䶮"
    db.session.commit()
    row = only(cast, member1(phone="13891709999"))
    assert row.problems == [("姓名", "与名册中几名党员都相近，请核对姓名、出生年月和手机号。")]


def test_a_couple_with_one_phone_and_one_birth_month_stays_two(cast):
    preview = examined(cast, a_file(member1(), person("李梅", "13891701001", sex="女")))
    assert [row.result for row in preview.rows] == [R.SAME, R.NEW]


def test_an_empty_cell_takes_nothing_away(cast):
    cast.member1_row.post = "教师"
    db.session.commit()
    assert only(cast, member1(home="")).result == R.SAME


def test_people_on_another_roster_are_named_with_the_unit(cast):
    row = only(cast, person("单雪", "13891701003"))
    assert (row.result, row.note, row.after) == (R.ELSEWHERE, "已在县医院党总支名册。", None)


def test_people_who_left_another_roster_are_named_too(cast):
    cast.member3_row.status = MemberStatus.LEFT
    db.session.commit()
    assert only(cast, person("单雪", "13891701003")).note == "已离册，原在县医院党总支名册。"


def test_somebody_who_left_this_roster_comes_back(cast):
    cast.member1_row.status = MemberStatus.LEFT
    db.session.commit()
    row = only(cast, member1())
    assert (row.result, row.changes) == (R.CHANGED, [("状态", "已离册", "在册")])


def test_the_same_line_twice_counts_once(cast):
    preview = examined(cast, a_file(person(), person(), person("王 强")))
    assert [(row.result, row.note) for row in preview.rows] == [
        (R.NEW, ""),
        (R.TWICE, "与第2行相同，只算一次。"),
        (R.TWICE, "与第2行相同，只算一次。"),
    ]


HOME = ["姓名", "性别", "出生年月", "手机号", "居住社区", "小区", "家庭住址", "是否居住县城"]


def home(cast, community="", estate="", address="", lives=""):
    return only(cast, ["王强", "男", "1980-05", "13891702001", community, estate, address, lives], head=HOME)


def test_the_estate_leads_to_the_community(cast):
    row = home(cast, estate="儒林苑", address="3号楼501")
    assert (row.after.community_id, row.after.address) == (cast.community1.id, "儒林苑3号楼501")


def test_an_estate_in_the_address_is_not_doubled(cast):
    assert home(cast, estate="儒林苑", address="东大街儒林苑3号楼").after.address == "东大街儒林苑3号楼"


def test_an_estate_that_lies_in_another_community(cast):
    row = home(cast, "凤鸣社区", "儒林苑")
    assert row.problems == [("小区", "儒林苑属于儒林社区，与居住社区“凤鸣社区”不一致。")]


def test_an_estate_in_two_communities_decides_nothing(cast):
    db.session.add(Estate(name="儒林苑", community=cast.community2))
    db.session.commit()
    assert home(cast, estate="儒林苑").problems[0][0] == "居住社区"
    assert home(cast, "凤鸣社区", "儒林苑").after.community_id == cast.community2.id


@pytest.mark.parametrize(
    "words", ["儒林社区", "儒林", "儒林社区居委会", "城关镇儒林社区", "儒林社区党支部", "儒 林 社 区"]
)
def test_names_of_a_community(cast, words):
    assert home(cast, words).after.community_id == cast.community1.id


def test_whoever_lives_out_of_town_has_no_community(cast):
    row = home(cast, lives="否")
    assert (row.after.lives_in_town, row.after.community_id) == (False, None)
    assert home(cast, "儒林社区", lives="否").problems == [("居住社区", "不居住县城的党员不填居住社区，请核对两栏。")]


def test_joining_before_eighteen(cast):
    row = only(cast, ["王强", "男", "1980-05", "13891702001", "儒林社区", "1998.4"], head=[*HEAD[:5], "入党时间"])
    assert row.problems == [("入党时间", "入党时间 1998-04 早于18周岁（1980-05 出生），请核对两栏。")]
    assert only(
        cast, ["王强", "男", "1980-05", "13891702001", "儒林社区", "1998.5"], head=[*HEAD[:5], "入党时间"]
    ).after


def test_what_is_not_said_of_a_new_member(cast):
    after = only(cast, person(post="")).after
    assert (after.ethnicity, after.probationary, after.leading, after.lives_in_town) == ("汉族", False, False, True)
    assert after.pinyin.startswith("wangqiang wq")


def test_examining_writes_nothing(cast):
    examined(cast, a_file(person()))
    assert db.session.query(Member).filter_by(name="王强").count() == 0
