"""Records as editors write them, for tests of the reader: right in every field but for what a test changes."""

from typing import Any

import yaml

from portal.problems import Problem
from portal.records.reading import read_file
from portal.records.types import DisclosureEntry, Interpretation, PressRelease, Record, StandingPage

_COMMON = {"标题": "甲的标题", "状态": "已发布", "发布日期": "2026-03-05 09:30"}

RIGHT: dict[type[Record], dict[str, Any]] = {
    DisclosureEntry: {
        **_COMMON, "发布机构": "试验厅", "索引号": "TEST/2026-00001", "体裁分类": "通知", "栏目": "规范性文件",
        "成文日期": "2026-03-01", "公开方式": "主动公开", "主题分类": ["科技"], "内容概述": "概述。",
    },
    PressRelease: {**_COMMON, "发布机构": "试验厅", "频道": "工作动态"},
    Interpretation: {**_COMMON, "发布机构": "试验厅", "解读对象": ["甲"], "解读形式": "文字", "主题分类": ["科技"]},
    StandingPage: {**_COMMON, "位置": "网站声明"},
}  # fmt: skip
"""The fewest fields with which each kind is accepted."""

PATHS: dict[type[Record], str] = {
    DisclosureEntry: "catalog/entries/2026/jia.md",
    PressRelease: "content/news/jia.md",
    Interpretation: "content/interpretations/jia.md",
    StandingPage: "content/pages/jia.md",
}


class _Dumper(yaml.SafeDumper):
    """Writes a value twice rather than a reference, as editors do."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dump(value: Any) -> str:
    """YAML in the order given, with Chinese as it is."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def markdown(fields: dict[str, Any], body: str = "正文。") -> bytes:
    """A Markdown file with front matter."""
    return f"---\n{dump(fields)}---\n\n{body}\n".encode()


def read(kind: type[Record], body: str = "正文。", **changes: Any) -> tuple[list[Record], list[Problem]]:
    """Read a right record with changes; None leaves a field out."""
    fields = {name: value for name, value in {**RIGHT[kind], **changes}.items() if value is not None}
    return read_file(PATHS[kind], markdown(fields, body))


def record(kind: type[Record], body: str = "正文。", **changes: Any) -> Any:
    """The record, in which there must be no problem."""
    records, problems = read(kind, body, **changes)
    assert problems == []
    assert len(records) == 1
    return records[0]


def problems(kind: type[Record], body: str = "正文。", **changes: Any) -> list[tuple[str, str]]:
    """Code and field of each problem; the record must be refused."""
    records, found = read(kind, body, **changes)
    assert records == []
    return [(problem.code, problem.field) for problem in found]
