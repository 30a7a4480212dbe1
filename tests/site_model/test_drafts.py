"""A draft changes nothing of what the public sees, and stops nobody."""

import pytest
from tiny import NOW, TinySite

from portal.problems import blocking

DRAFT = {"状态": "草稿"}


@pytest.fixture
def published(tiny: TinySite) -> TinySite:
    """A site of two documents and an interpretation, all public and right."""
    tiny.entry("a", 发文字号="试验发〔2026〕1号", 索引号="TEST/2026-00001")
    tiny.entry("b", "按照试验发〔2026〕1号办理。", 废止=["a"], 索引号="TEST/2026-00002")
    tiny.interpretation("c", "试验发〔2026〕1号")
    return tiny


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (
            "same number, made later",
            {"发文字号": "试验发〔2026〕1号", "成文日期": "2026-03-04", "索引号": "TEST/2026-00009"},
        ),
        (
            "same 索引号, made earlier",
            {"索引号": "TEST/2026-00001", "发布日期": "2020-01-02 09:00", "成文日期": "2020-01-01"},
        ),
        ("closes a circle", {"索引号": "TEST/2026-00009", "废止": ["b"], "修改": ["a"]}),
        ("names what is not there", {"索引号": "TEST/2026-00009", "废止": ["没有"], "主题分类": ["没有"]}),
        ("an act before its object", {"索引号": "TEST/2026-00009", "成文日期": "2001-01-01", "废止": ["a"]}),
    ],
)
def test_a_draft_beside_finished_records_changes_nothing(
    published: TinySite, name: str, fields: dict[str, object]
) -> None:
    """Whatever a draft claims, the public records resolve as before and nothing blocks."""
    before = published.resolve()
    published.entry("draft", **DRAFT, **fields)
    after = published.resolve()
    assert not blocking(after.problems), name
    assert after.site.items == before.site.items, name
    assert after.site.groups == before.site.groups, name


def test_a_draft_under_the_id_of_a_public_record_is_told(published: TinySite) -> None:
    """Two files of one id: the draft is asked to change its name, the public record keeps its address."""
    published.record(
        "catalog/entries/2025/a.md",
        {"标题": "甲", **DRAFT, "发布日期": "2020-01-02 09:00"} | _rest("TEST/2026-00009"),
        "乙。",
    )
    found = published.resolve(NOW)
    assert not blocking(found.problems)
    (told,) = [problem for problem in found.problems if problem.code == "duplicate-id"]
    assert told.place.path == "catalog/entries/2025/a.md"
    assert found.site.items["entry", "a"].record.title == "关于a的通知"


def _rest(number: str) -> dict[str, object]:
    return {
        "发布机构": "试验厅",
        "索引号": number,
        "体裁分类": "通知",
        "栏目": "行政规范性文件",
        "成文日期": "2020-01-01",
        "公开方式": "主动公开",
        "主题分类": ["科技"],
        "内容概述": "概述。",
    }
