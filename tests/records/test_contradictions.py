"""What one record says against itself."""

from typing import Any

import pytest
from tiny import TinySite

from portal.records.repository import read_repository
from portal.records.types import KINDS, DisclosureEntry, Interpretation, PressRelease, Record, StandingPage
from records.written import problems, read, record

CLOSED = {"公开方式": "不予公开", "公开依据": "条例第十六条：内部事务信息"}
ATTACHED = [{"文件": "a.pdf", "标题": "甲"}]


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_record_says_nothing_against_itself(kind: type[Record]) -> None:
    """The fewest fields that a kind needs are accepted."""
    assert record(kind).title == "甲的标题"


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_needs_a_time_of_publication(kind: type[Record]) -> None:
    """Neither 发布日期 nor 定时发布 is one problem, and the remedy names both."""
    _, (problem,) = read(kind, 发布日期=None)
    assert (problem.code, problem.field) == ("missing", "发布日期")
    assert "定时发布" in problem.remedy


@pytest.mark.parametrize(
    ("moment", "right"),
    [("1949-10-01 00:00", True), ("1949-09-30 23:59", False), ("1900-01-01 00:00", False), ("0001-01-01 00:00", False)],
)
@pytest.mark.parametrize("field", ["发布日期", "定时发布"])
def test_nothing_was_published_before_there_were_offices(field: str, moment: str, right: bool) -> None:
    """A time before 1949-10-01 is a slip of the hand, and before 1901 no feed can write it."""
    times = {"发布日期": None} | {field: moment}
    expected = [] if right else [("too-early", field)]
    assert [(problem.code, problem.field) for problem in read(PressRelease, **times)[1]] == expected


def test_a_document_may_be_older_than_its_publication() -> None:
    """成文日期 alone may be earlier: an archive publishes what others made."""
    assert record(DisclosureEntry, 成文日期="1936-05-05").formed.year == 1936


def test_a_record_has_one_time_of_publication() -> None:
    """发布日期 and 定时发布 together are a contradiction."""
    assert problems(PressRelease, 定时发布="2026-04-01 09:00") == [("contradiction", "定时发布")]
    assert record(PressRelease, 定时发布="2026-04-01 09:00", 发布日期=None).date is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"撤回原因": "甲"}, ["撤回日期"]),
        ({"撤回日期": "2026-04-01 09:00"}, ["撤回原因"]),
        ({}, ["撤回日期", "撤回原因"]),
    ],
)
def test_a_withdrawal_needs_its_day_and_its_reason(changes: dict[str, Any], fields: list[str]) -> None:
    """What a withdrawn record lacks for its tombstone is reported, all of it at once."""
    assert problems(PressRelease, 状态="已撤回", **changes) == [("missing", field) for field in fields]


@pytest.mark.parametrize("status", ["草稿", "已发布"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"撤回日期": "2026-04-01 09:00"}, "撤回日期"),
        ({"撤回原因": "甲"}, "撤回原因"),
        ({"撤回日期": "2026-04-01 09:00", "撤回原因": "甲"}, "撤回日期"),
    ],
)
def test_only_a_withdrawn_record_says_why(status: str, changes: dict[str, Any], field: str) -> None:
    """A day or reason of withdrawal contradicts another status."""
    assert problems(PressRelease, 状态=status, **changes) == [("contradiction", field)]


@pytest.mark.parametrize(
    ("day", "right"), [("2026-03-05 09:29", False), ("2026-03-05", False), ("2026-03-05 09:30", True)]
)
def test_a_withdrawal_does_not_precede_publication(day: str, right: bool) -> None:
    """The day of publication without its minute counts as before it."""
    changes = {"状态": "已撤回", "撤回日期": day, "撤回原因": "甲"}
    assert [problem.field for problem in read(PressRelease, **changes)[1]] == ([] if right else ["撤回日期"])


def test_a_scheduled_record_may_be_withdrawn_before_it_is_due() -> None:
    """Withdrawn before it ever was public is no contradiction."""
    changes = {"状态": "已撤回", "撤回日期": "2026-03-01 09:00", "撤回原因": "甲"}
    assert record(PressRelease, 发布日期=None, 定时发布="2026-04-01 09:00", **changes).withdrawn_on is not None


def test_a_correction_does_not_precede_publication() -> None:
    """The correction at fault is reported at its own line, and the others are not."""
    corrections = [
        {"日期": "2026-03-05 09:30", "说明": "甲"},
        {"日期": "2026-03-05 09:29", "说明": "乙"},
        {"日期": "2026-03-05", "说明": "丙"},
        {"日期": "2026-03-06", "说明": "丁"},
    ]
    _, found = read(PressRelease, 更正说明=corrections)
    assert [(problem.code, problem.field) for problem in found] == [("contradiction", "更正说明")] * 2
    assert [problem.place.line for problem in found] == [10, 12]


@pytest.mark.parametrize(
    ("kind", "required"),
    [
        (DisclosureEntry, {"发布机构", "主题分类", "内容概述"}),
        (PressRelease, {"发布机构"}),
        (Interpretation, {"发布机构", "主题分类"}),
        (StandingPage, set()),
    ],
)
def test_what_each_kind_requires(kind: type[Record], required: set[str]) -> None:
    """机构, 主题 and 概述 are asked of the kinds that need them, and of no other."""
    left_out = {"发布机构": None, "主题分类": None, "内容概述": None}
    _, found = read(kind, **left_out)
    assert {problem.field for problem in found} == required
    assert {problem.code for problem in found} <= {"missing"}


@pytest.mark.parametrize("kind", [PressRelease, Interpretation, StandingPage])
def test_a_page_of_nothing_is_refused(kind: type[Record]) -> None:
    """Every kind but the entry must have a body."""
    assert problems(kind, " ") == [("missing", "")]


def test_an_entry_may_be_metadata_alone() -> None:
    """An entry without a body is a line in the catalogue."""
    assert not record(DisclosureEntry, " ").body


@pytest.mark.parametrize(("formed", "right"), [("2026-03-04", True), ("2026-03-05", True), ("2026-03-06", False)])
def test_a_document_is_made_before_it_is_published(formed: str, right: bool) -> None:
    """成文日期 may be the day of publication but not a later one."""
    assert [p.field for p in read(DisclosureEntry, 成文日期=formed)[1]] == ([] if right else ["成文日期"])
    scheduled = read(DisclosureEntry, 成文日期=formed, 发布日期=None, 定时发布="2026-03-05 00:00")
    assert [p.field for p in scheduled[1]] == ([] if right else ["成文日期"])


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({"失效日期": "2026-03-01"}, True),
        ({"失效日期": "2026-02-28"}, False),
        ({"施行日期": "2026-04-01", "失效日期": "2026-04-01"}, True),
        ({"施行日期": "2026-04-01", "失效日期": "2026-03-31"}, False),
        ({"施行日期": "2026-02-01", "失效日期": "2026-03-01"}, True),
    ],
)
def test_a_document_expires_after_it_was_made_and_in_force(changes: dict[str, str], right: bool) -> None:
    """失效日期 may be the day of 成文 or 施行, as it is the last day in force, but no earlier one."""
    found = read(DisclosureEntry, **changes)[1]
    assert [(p.code, p.field) for p in found] == ([] if right else [("contradiction", "失效日期")])


def test_a_document_may_hold_to_the_last_day_of_the_calendar() -> None:
    """9999-12-31, which editors write for 长期有效, is a day like any other."""
    assert str(record(DisclosureEntry, 失效日期="9999-12-31").expires) == "9999-12-31"


@pytest.mark.parametrize("access", ["依申请公开", "不予公开"])
def test_what_is_not_open_needs_its_reason(access: str) -> None:
    """An entry that is not open names the article, and an open one need not."""
    assert problems(DisclosureEntry, "", 公开方式=access) == [("missing", "公开依据")]
    assert record(DisclosureEntry, "", 公开方式=access, 公开依据="条例第十六条").access == access
    assert record(DisclosureEntry, 附件=ATTACHED).access_basis is None


@pytest.mark.parametrize("access", ["依申请公开", "不予公开"])
def test_what_is_not_open_has_no_body_and_no_attachments(access: str) -> None:
    """A body or an attachment of an entry that is not open is refused, each on its own, naming the body's line."""
    closed = {"公开方式": access, "公开依据": "条例第十六条"}
    _, found = read(DisclosureEntry, **closed, 附件=ATTACHED)
    assert [(p.code, p.field) for p in found] == [("closed-body", "公开方式"), ("closed-body", "附件")]
    assert (
        "第 20 行起" in found[0].what
    )  # after a fence, 13 lines of fields, 3 of the attachment, a fence, a blank line


def test_a_contradiction_stands_at_the_field_that_is_wrong() -> None:
    """The place is that of the value, the severity stops the build."""
    _, (problem,) = read(DisclosureEntry, 成文日期="2027-01-01")
    assert (problem.place.path, problem.place.line, problem.place.column) == ("catalog/entries/2026/jia.md", 9, 7)
    assert problem.severity == "阻断"


def test_all_contradictions_are_collected() -> None:
    """Several contradictions in one record are reported together."""
    found = problems(DisclosureEntry, **CLOSED, 成文日期="2027-01-01", 失效日期="2026-01-01", 内容概述=None)
    assert [field for _, field in found] == ["内容概述", "成文日期", "失效日期", "公开方式"]


def test_a_scheduled_record_withdrawn_on_its_day_says_when(tiny: TinySite) -> None:
    """A bare day would be before the hour of 定时发布: the record was read, and must leave a tombstone."""
    fields = {"发布日期": None, "定时发布": "2026-03-05 09:30", "状态": "已撤回", "撤回原因": "错"}
    tiny.news("bare", 撤回日期="2026-03-05", **fields)
    problems = read_repository(tiny.root).problems
    assert [(problem.code, problem.field) for problem in problems] == [("contradiction", "撤回日期")]
    tiny.news("bare", 撤回日期="2026-03-05 15:00", **fields)
    tiny.news("never", 撤回日期="2026-03-04", **fields)
    site = tiny.resolve().site
    assert [stone.id for stone in site.tombstones] == ["bare"]
