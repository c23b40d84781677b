"""Units, years and kinds, with evidence and warnings."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.reports import Metadata, read_report_file
from searchapp.reports.metadata import dates as y
from searchapp.reports.metadata.units import body_of, department_of, unit_in_title

LONG = "各支部按月开展学习，班子成员到联系点讲课，职工代表参加座谈并提出意见，办公室逐条登记并反馈结果。"


def read(*lines: str, file: str = "库/甲.txt") -> tuple[Metadata, list[str]]:
    reading = read_report_file("\n".join(lines).encode(), file)
    return reading.reports[0].meta, [warning.message for warning in reading.warnings]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("2021年市林业局党组落实主体责任情况报告", "市林业局党组"),
        ("市林业局党组2021年落实主体责任情况报告", "市林业局党组"),
        ("关于市林业局2021年度党建工作情况的报告", "市林业局"),
        ("县委2021年全面从严治党主体责任落实情况报告", "县委"),
        ("Y学院党委领导班子2021年履行主体责任报告", "Y学院党委领导班子"),
        ("2021年工作报告", ""),
        ("2021年落实主体责任情况报告", ""),
    ],
)
def test_a_title_names_its_unit(title: str, unit: str) -> None:
    assert unit_in_title(title) == unit


@pytest.mark.parametrize(
    ("unit", "department", "body"),
    [
        ("市林业局党组", "市林业局", "党组"),
        ("某市林业局党组", "市林业局", "党组"),
        ("Y学院党委领导班子", "Y学院", "领导班子"),
        ("县人大常委会机关党组", "县人大常委会机关", "机关党组"),
        ("东街街道党工委", "东街街道", "党工委"),
        ("县委", "县委", "党委"),
        ("市卫生健康委", "市卫生健康委", None),
        ("市委市级机关工委", "市委市级机关工委", None),
        ("党工委", "党工委", "党工委"),
        ("红旗党委", "红旗党委", "党委"),
    ],
)
def test_a_department_is_the_unit_without_its_body(unit: str, department: str, body: str | None) -> None:
    assert department_of(unit) == department
    assert body_of(unit) == body


def test_a_body_alone_in_the_title_takes_its_organ_from_the_text() -> None:
    meta, _ = read("领导班子2021年落实主体责任情况报告", "2021年，市示例工委领导班子读书。" + LONG)
    assert (meta.unit, meta.body) == ("市示例工委", "领导班子")
    assert (meta.evidence["unit"], meta.evidence["body"]) == ("body", "title")


def test_a_work_committee_alone_takes_its_park_from_the_text() -> None:
    meta, _ = read("党工委关于2021年度落实主体责任的报告", "2021年，高新区党工委读书。" + LONG)
    assert (meta.unit, meta.department, meta.evidence["department"]) == ("党工委", "高新区", "body")


def test_a_secretary_reports_in_person() -> None:
    meta, _ = read("2021年党组书记履行“第一责任人”职责报告", "我主持局党组会议，各党组织读书。" + LONG)
    assert (meta.unit, meta.department, meta.body, meta.kind) == ("局党组", "局", "书记个人", "第一责任人报告")


def test_an_untitled_report_takes_its_title_and_years_from_what_it_states() -> None:
    meta, _ = read(
        "市示例工委：", "现将我局2021年党建工作情况和2022年工作安排报告如下：", "××局读书，党组会议三次。" + LONG
    )
    assert meta.title == "2021年党建工作情况和2022年工作安排报告〔拟题〕"
    assert (meta.year, meta.plan_year, meta.unit, meta.body) == (2021, 2022, "××局", "党组")
    assert (meta.addressee, meta.kind) == ("市示例工委", "党建工作报告")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2021年述责述廉报告", "述责述廉报告"),
        ("2021年党建工作总结", "党建工作报告"),
        ("2021年预算执行情况和2022年预算草案的报告", "规划/计划/预决算报告"),
        ("第十届某县人民代表大会关于政府工作报告的决议", "决议"),
        ("2021年某县政府工作报告", "政府工作报告"),
        ("关于读书的通知", "政策文件"),
        ("2021年读书情况报告", "其他"),
    ],
)
def test_the_kind_is_the_first_that_fits(title: str, kind: str) -> None:
    assert read(title, LONG)[0].kind == kind


@pytest.mark.parametrize(
    ("lines", "unit", "evidence"),
    [
        (["政府工作报告", "——2021年1月5日在甲县第三届人民代表大会第一次会议上"], "甲县人民政府", "title"),
        (["2021年政府工作报告", "各位代表：", "我代表甲市乙区人民政府向大会报告工作。"], "甲市乙区人民政府", "body"),
        (["2021年丙省政府工作报告", "各位代表：", "我代表省人民政府向大会报告工作。"], "丙省人民政府", "title"),
        (
            ["政府工作报告", "各位代表：", "我代表市政府向大会报告工作。", "襄阳很好，武汉也好，襄阳更好。"],
            "襄阳市人民政府",
            "frequency",
        ),
        (["政府工作报告", "各位代表：", "我代表国务院向大会报告工作。"], "国务院", "body"),
        (["第九届全国人民代表大会第二次会议关于政府工作报告的决议"], "全国人民代表大会", "title"),
    ],
)
def test_a_government_report_names_its_place(lines: list[str], unit: str, evidence: str) -> None:
    meta, _ = read(*lines, LONG, file="甲.txt")
    assert (meta.unit, meta.department, meta.evidence["unit"]) == (unit, unit, evidence)


@pytest.mark.parametrize(
    ("lines", "year", "evidence"),
    [
        (["2021年甲县政府工作报告"], 2021, "title"),
        (["甲县政府工作报告", LONG, "一、2020年工作回顾"], 2021, "body"),
        (["甲县政府工作报告", LONG, "一、对2020年工作的建议"], None, None),
        (["政府工作报告", "——2021年1月5日在甲县第三届人民代表大会第一次会议上"], 2021, "title"),
        (["甲县政府工作报告", "第一次会议（２０２１年１月５日）"], 2021, "title"),
        (["甲局党组工作报告", "2020年，我们读书。"], 2020, "body"),
        (["甲局党组二〇二〇年工作报告"], 2020, "title"),
        (["甲局党组2016-2020年工作规划"], None, None),
        (["第十四届全国人民代表大会第三次会议关于政府工作报告的决议"], 2025, "title"),
    ],
)
def test_the_year_follows_the_kind(lines: list[str], year: int | None, evidence: str | None) -> None:
    meta, _ = read(*lines, LONG, file="甲.txt")
    assert meta.year == year
    assert meta.evidence.get("year") == evidence


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("第八届全国人民代表大会第一次会议", 1993),
        ("第十三届全国人民代表大会第五次会议", 2022),
        ("第五届全国人民代表大会第一次会议", 1978),
        ("第二届全国人民代表大会第三次会议", None),
    ],
)
def test_congress_sessions_have_their_years(text: str, year: int | None) -> None:
    assert y.congress_year(text) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [("党的第十二次全国代表大会", 1982), ("代表第十九届中央委员会", 2022), ("党的第八次全国代表大会", None)],
)
def test_party_congresses_have_their_years(text: str, year: int | None) -> None:
    assert y.party_congress_year(text) == year


def test_the_text_beats_the_file_name_and_the_conflict_is_a_warning() -> None:
    meta, warnings = read("2021年甲局党组工作报告", LONG, file="库/乙馆/2020.txt")
    assert (meta.year, meta.unit) == (2021, "甲局党组")
    assert len(warnings) == 1
    assert "2020" in warnings[0]
    assert "2021" in warnings[0]


def test_the_file_name_and_the_folder_serve_when_the_text_is_silent() -> None:
    meta, warnings = read("读书情况报告", LONG, file="库/乙馆/2020.txt")
    assert (meta.year, meta.evidence["year"]) == (2020, "file name")
    assert (meta.unit, meta.evidence["unit"]) == ("乙馆", "folder")
    assert warnings == []


def test_an_unknown_unit_stays_unknown_with_a_warning() -> None:
    meta, warnings = read("读书情况报告", LONG, file="甲.txt")
    assert (meta.unit, meta.department, meta.year) == (None, None, None)
    assert "unit" not in meta.evidence
    assert ["单位" in warning for warning in warnings] == [True]


ELEVEN = [
    ("000", 0, "市委市级机关工委", "市委市级机关工委", "领导班子", 2022, "主体责任报告"),
    ("001", 0, "市水务局党组", "市水务局", "党组", 2023, "主体责任报告"),
    ("001", 1, "市档案馆党委", "市档案馆", "党委", 2023, "主体责任报告"),
    ("001", 2, "市妇联党组", "市妇联", "党组", 2023, "主体责任报告"),
    ("001", 3, "某市人大常委会机关党组", "市人大常委会机关", "机关党组", 2023, "主体责任报告"),
    ("001", 4, "某市生态环境局党组", "市生态环境局", "党组", 2023, "主体责任报告"),
    ("001", 5, "X大学党委领导班子", "X大学", "领导班子", 2023, "主体责任报告"),
    ("001", 6, "区委", "区委", "党委", 2023, "主体责任报告"),
    ("002", 0, "党工委", "园区", "党工委", 2022, "主体责任报告"),
    ("003", 0, "**局", "**局", "党组", 2022, "党建工作报告"),
    ("004", 0, "局党组", "局", "书记个人", 2023, "第一责任人报告"),
]


@pytest.mark.parametrize("row", ELEVEN, ids=lambda row: f"{row[0]}.{row[1]}")
def test_the_eleven_reports_are_understood(shared: Path, row: tuple[str, int, str, str, str, int, str]) -> None:
    number, index, unit, department, body, year, kind = row
    (path,) = (shared / "reports").glob(f"{number}_*.txt")
    reading = read_report_file(path.read_bytes(), f"reports/{path.name}")
    assert len(reading.reports) == sum(each[0] == number for each in ELEVEN)
    meta = reading.reports[index].meta
    assert (meta.unit, meta.department, meta.body, meta.year, meta.kind) == (unit, department, body, year, kind)
    assert meta.plan_year == (2023 if number == "003" else None)
    assert meta.title.endswith("〔拟题〕") == (number == "003")
    assert meta.addressee == ("市直机关工委" if number == "003" else None)
    assert reading.warnings == ()


@pytest.mark.parametrize("stem", ["a2019e5", "12019", "20190101"])
def test_digits_inside_a_code_are_no_year(stem: str) -> None:
    assert y.find_year(stem) is None


def test_a_party_organization_is_no_party_group() -> None:
    meta, _ = read("党组2021年工作报告", "县水利局党组织读书。县林业局党组读书。" + LONG, file="甲.txt")
    assert meta.unit == "县林业局党组"


def test_two_witnesses_beat_the_year_of_a_title() -> None:
    head = ["甲县2024年政府工作报告", "——2022年1月5日在甲县第三届人民代表大会第一次会议上"]
    meta, warnings = read(*head, LONG, "一、2021年工作回顾", LONG, file="甲.txt")
    assert (meta.year, len(warnings)) == (2022, 1)
    assert "2024" in warnings[0]


def test_a_review_of_five_years_covers_them() -> None:
    meta, _ = read("2021年甲县政府工作报告", LONG, "一、过去五年工作回顾", LONG)
    assert (meta.review_from, meta.review_to, meta.plan_year) == (2016, 2020, 2021)


def test_a_party_report_reviews_its_own_year() -> None:
    meta, _ = read("2021年甲局党组工作报告", LONG)
    assert (meta.review_from, meta.review_to, meta.plan_year) == (2021, 2021, None)


def test_the_title_that_names_a_year_is_the_reports() -> None:
    assert read("工作报告", "2021年甲县政府工作报告", LONG)[0].title == "2021年甲县政府工作报告"


def test_a_persons_name_is_no_title() -> None:
    meta, _ = read(
        "2021年1月5日在甲县第三届人民代表大会第一次会议上", "甲县县长", "王某某", "各位代表：", LONG, file="读书.txt"
    )
    assert (meta.title, meta.evidence["title"]) == ("读书", "file name")
