"""Names: written, found and shown as a county office would."""

import pytest

from portal.people.names import pinyin_of, shown_name, surname_of, tidy_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("王　兰", "王兰"),
        (" 欧阳 䶮 ", "欧阳䶮"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("Anna Wang", "Anna Wang"),
    ],
)
def test_a_name_is_stored_one_way(typed, stored):
    assert tidy_name(typed) == stored


@pytest.mark.parametrize(
    ("name", "surname", "shown"),
    [
        ("王秀兰", "王", "王某某"),
        ("王兰", "王", "王某某"),
        ("欧阳䶮", "欧阳", "欧阳某某"),
        ("欧阳", "欧", "欧某某"),
        ("司马光", "司马", "司马某某"),
        ("司马相如", "司马", "司马某某"),
        ("爱新觉罗启星", "爱新觉罗", "爱新觉罗某某"),
        ("买买提·吐尔逊", "买买提", "买买提·某某"),
        ("阿卜杜热合曼江·库尔班", "阿卜杜热合曼江", "阿卜杜热合曼江·某某"),
        ("", "", "某某"),
    ],
)
def test_the_public_reads_the_family_name_at_most(name, surname, shown):
    assert surname_of(name) == surname
    assert shown_name(name) == shown


def test_nobody_is_shown_as_nobody():
    assert shown_name(None) == "某某"


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("单雪", {"shanxue", "sx", "danxue", "dx"}),
        ("仇文博", {"qiuwenbo", "qwb", "chouwenbo", "cwb"}),
        ("解晓东", {"xiexiaodong", "xxd", "jiexiaodong", "jxd"}),
        ("欧阳䶮", {"ouyangyan", "oyy"}),
        ("曾重阳", {"zengchongyang", "zcy", "cengchongyang", "zengzhongyang", "zzy"}),
        ("尉迟恭", {"yuchigong", "ycg", "weichigong"}),
        ("吕绿", {"lvlv", "ll"}),
        ("买买提·吐尔逊", {"maimaitituerxun", "mmttex", "tuerxun", "tex"}),
    ],
)
def test_a_name_is_found_by_each_reading_and_by_initials(name, found_by):
    assert found_by <= set(pinyin_of(name).split())


@pytest.mark.parametrize(("name", "first"), [("单雪", "shanxue"), ("仇文博", "qiuwenbo"), ("解放", "xiefang")])
def test_the_reading_as_a_surname_sorts_the_name(name, first):
    assert pinyin_of(name).split()[0] == first


@pytest.mark.parametrize("name", ["", "Anna Wang", "𬬭", "阿卜杜热合曼江·" + "单仇解曾乐盖查区朴" * 3, "王" * 40])
def test_any_name_fits_its_column(name):
    assert len(pinyin_of(name)) <= 200
