"""unit_type, place, level, who delivered a report and when."""

from __future__ import annotations

import pytest

from searchapp.reports import Metadata, read_report_file
from searchapp.reports.metadata.dates import find_date
from searchapp.reports.metadata.metadata import find_delivered_by, find_delivery_date, unit_type_of
from searchapp.reports.metadata.places import Placing, frequent_place, place_of

LONG = "各支部按月开展学习，班子成员到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果。"


def read(*lines: str) -> Metadata:
    return read_report_file("\n".join([*lines, LONG]).encode(), "甲.txt").reports[0].meta


@pytest.mark.parametrize(
    ("unit", "department", "unit_type"),
    [
        ("某县人民政府", None, "政府"),
        ("国务院", None, "政府"),
        ("市林业局党组", "市林业局", "政府部门"),
        ("市卫生健康委", "市卫生健康委", "政府部门"),
        ("县委", "县委", "党委"),
        ("中共中央", None, "党委"),
        ("市委组织部", "市委组织部", "党委部门"),
        ("市委市级机关工委", "市委市级机关工委", "党委部门"),
        ("市人大常委会机关党组", "市人大常委会机关", "人大"),
        ("全国人民代表大会", None, "人大"),
        ("县政协党组", "县政协", "政协"),
        ("县人民法院党组", "县人民法院", "法检"),
        ("市妇联党组", "市妇联", "群团"),
        ("Y学院党委", "Y学院", "高校"),
        ("省科学院", "省科学院", "政府部门"),
        ("某某集团党委", "某某集团", "国企"),
        ("党工委", "高新区", "园区"),
        ("东街街道党工委", "东街街道", "街镇"),
        ("领导小组", None, None),
    ],
)
def test_a_unit_has_a_type(unit: str, department: str | None, unit_type: str | None) -> None:
    assert unit_type_of(unit, department) == unit_type


@pytest.mark.parametrize(
    ("unit", "place", "level"),
    [
        ("国务院", "全国", "国家"),
        ("河北省人民政府", "河北省", "省级"),
        ("内蒙古自治区人民政府", "内蒙古自治区", "省级"),
        ("上海市人民政府", "上海市", "省级"),
        ("盐城市人民政府", "盐城市", "市级"),
        ("保定市满城区人民政府", "保定市满城区", "县级"),
        ("安国市人民政府", "安国市", "县级"),
        ("临溪区委", "临溪区", "县级"),
        ("市水利局", None, "市级"),
        ("区委", None, "县级"),
        ("某市林业局", None, "市级"),
        ("**局", None, None),
        ("云湖科技园区", None, None),
        ("甲县经济开发区", "甲县", "县级"),
        ("东街街道党工委", None, "乡级"),
        ("Y学院", None, None),
    ],
)
def test_a_units_name_tells_its_place_and_level(unit: str, place: str | None, level: str | None) -> None:
    assert place_of(unit, is_government=True) == Placing(place, level)


def test_a_department_of_a_county_level_city_is_a_countys() -> None:
    assert place_of("安国市财政局", is_government=False) == Placing("安国市", "县级")


@pytest.mark.parametrize(
    ("unit", "placing"),
    [
        ("澄川市交通运输局", Placing("澄川市", "市级", is_inferred=True)),
        ("云川省水利厅", Placing("云川省", "省级", is_inferred=True)),
        ("临溪区住房和城乡建设局", Placing("临溪区", "县级")),
        ("保定市水利局", Placing("保定市", "市级")),
    ],
)
def test_the_form_of_a_name_tells_the_level(unit: str, placing: Placing) -> None:
    assert place_of(unit, is_government=False) == placing


def test_a_level_told_by_the_form_alone_says_so() -> None:
    text = "澄川市水利局党组2022年落实全面从严治党主体责任情况报告\n" + "各支部按月开展学习。" * 40
    meta = read_report_file(text.encode(), "甲.txt").reports[0].meta
    assert (meta.level, meta.evidence["level"], meta.evidence["place"]) == ("市级", "name", "title")


@pytest.mark.parametrize(
    ("level", "text", "place"),
    [
        ("市", "襄阳很好，武汉也好，襄阳更好。", "襄阳市"),
        ("省", "湖北好，湖北大，河南近。", "湖北省"),
        ("区", "建设黄山区。黄山区很好，爱黄山区，全区园区老城区。", "黄山区"),
        ("县", "强县大县全县我县。", None),
        ("市", "没有地名。", None),
    ],
)
def test_the_place_named_most_stands_for_a_report_without_one(level: str, text: str, place: str | None) -> None:
    assert frequent_place(level, text) == place


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["国务院总理　某大大"], "国务院总理 某大大"),
        (["甲县人民政府县长&nbsp; 王某某"], "甲县人民政府县长 王某某"),
        (["甲县代县长", "王某某"], "甲县代县长 王某某"),
        (["——2021年1月5日在甲县第三届人民代表大会第一次会议上", "县长 王某"], "县长 王某"),
        (["自治区主席 某某·某某某"], "自治区主席 某某·某某某"),
        (["副市长兼财政局长某某"], "副市长兼财政局长 某某"),
        (["甲县县长"], None),
        (["2021年甲县政府工作报告"], None),
    ],
)
def test_the_head_names_who_delivered_the_report(lines: list[str], found: str | None) -> None:
    assert find_delivered_by(lines) == found


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("——２０２１年１月５日在会上", "2021-01-05"),
        ("二〇二三年十二月二十一日", "2023-12-21"),
        ("2023年5月", "2023-05"),
        ("2023年13月", None),
        ("2023年", None),
    ],
)
def test_a_date_is_iso(text: str, date: str | None) -> None:
    assert find_date(text) == date


def test_a_signature_dates_a_report_without_a_dated_head() -> None:
    assert find_delivery_date(["甲"], ["甲局党组", "2023年1月5日"]) == ("2023-01-05", "signature")


def test_every_known_value_has_its_evidence() -> None:
    meta = read("政府工作报告", "——2021年1月5日在甲县第三届人民代表大会第一次会议上", "甲县县长 王某", "各位代表：")
    assert (meta.unit_type, meta.place, meta.level) == ("政府", "甲县", "县级")
    assert (meta.delivered_by, meta.date, meta.addressee) == ("甲县县长 王某", "2021-01-05", "各位代表")
    named = {"unit_type", "place", "level", "delivered_by", "date", "addressee"}
    assert {name: meta.evidence[name] for name in named} == dict.fromkeys(named - {"addressee"}, "title") | {
        "addressee": "body"
    }
