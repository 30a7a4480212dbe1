"""Regulations as disclosure entries: names, relations between versions and to what they repeal, fields, text."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from portal.imports.body import squeeze
from portal.imports.findings import Finding, Kind
from portal.imports.frontmatter import Value, record_text
from portal.imports.naming import Key, Name, name_all
from portal.imports.regulations import Regulation

GENRES = {
    "条例": "条例",
    "细则": "细则",
    "办法": "办法",
    "规定": "规定",
    "规则": "规则",
    "方案": "方案",
    "决定": "决定",
    "通知": "通知",
    "命令": "命令（令）",
}
"""The genre by the last two characters of the title (行政法规制定程序条例 art. 5: 条例, 规定, 办法; older texts have more)."""
COLUMN = "行政法规"
THEME = "行政法规汇编"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the office decides about imported regulations, in the words that the public will read."""

    column: str = COLUMN
    theme: str = THEME
    # 立法法 art. 78: the standard text is the one in the Gazette, and a collection found elsewhere is not it.
    source: str = "公开文本汇编（以《中华人民共和国国务院公报》刊登的标准文本为准）"
    late_reason: str = "历史文件集中录入"


@dataclass(frozen=True, slots=True)
class Held:
    """What a site already has of an import: the name and 发布日期 of each version, and the ids of all other records."""

    names: Mapping[Key, Name] = field(default_factory=dict)
    dates: Mapping[Key, str] = field(default_factory=dict)
    other_ids: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A regulation with its place among the others. `date` is the 发布日期, `YYYY-MM-DD HH:MM`."""

    regulation: Regulation
    name: Name
    date: str
    replaces: tuple[str, ...] = ()
    repeals: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The file below the site's folder. The year is the version's."""
        return f"catalog/entries/{self.regulation.version.year}/{self.name.id}.md"


def make_entries(
    regulations: Iterable[Regulation], when: datetime, held: Held | None = None
) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The entries, sorted by version date and title, and a finding for each regulation that came twice.

    `when` is the import's time in Asia/Shanghai: the moment the public first could see the text here. What the site
    holds already keeps its name and date. Versions of one title are linked by 替代, each to the next older one, so
    that the newest alone is in force; what a text says it repeals is linked by 废止 where it is held.
    """
    held = held or Held()
    kept: dict[Key, Regulation] = {}
    findings = []
    for regulation in sorted(regulations, key=lambda r: r.file):
        if (first := kept.setdefault(regulation.key, regulation)) is not regulation:
            why = f"与 {first.file} 是同一标题、同一日期，没有写入。"
            findings.append(
                Finding(regulation.file, 1, 1, Kind.CONFLICT, regulation.title, why, "请比较两个文件，只留一个。")
            )
    names = name_all(kept, held.names, held.other_ids)
    entries = {
        key: Entry(regulation, names[key], held.dates.get(key, f"{when:%Y-%m-%d %H:%M}"))
        for key, regulation in kept.items()
    }
    entries = _relate(entries)
    return tuple(sorted(entries.values(), key=lambda e: (e.regulation.version, e.regulation.title))), tuple(findings)


def _relate(entries: Mapping[Key, Entry]) -> dict[Key, Entry]:
    versions: dict[str, list[Entry]] = {}
    for entry in sorted(entries.values(), key=lambda e: e.regulation.version):
        versions.setdefault(_title_key(entry.regulation.title), []).append(entry)
    related = dict(entries)
    for same in versions.values():
        for older, newer in pairwise(same):
            related[newer.regulation.key] = replace(newer, replaces=(older.name.id,))
    for key, entry in related.items():
        repeals = []
        for title in map(_title_key, entry.regulation.repeals):
            # The clause took effect with the text's first version: what it repeals is older than that. A title that
            # has a later version was not ended by it.
            last = versions[title][-1] if title in versions else entry
            before = min(entry.regulation.repeals_before, entry.regulation.version)
            if title != _title_key(entry.regulation.title) and last.regulation.version < before:
                repeals.append(last.name.id)
        related[key] = replace(entry, repeals=tuple(dict.fromkeys(repeals)))
    return related


def _title_key(title: str) -> str:
    """Texts cite a regulation with or without 中华人民共和国 before its title."""
    return squeeze(title).removeprefix("中华人民共和国")


def genre(title: str) -> str:
    """The genre that the title names, else 其他."""
    return GENRES.get(title[-2:], "其他")


def entry_fields(entry: Entry, settings: Settings | None = None) -> dict[str, Value | None]:
    """The record's fields under their Chinese keys, in the order in which scaffolds have them; None where unknown."""
    settings = settings or Settings()
    regulation = entry.regulation
    fields: dict[str, Value | None] = {
        "编号": entry.name.id,
        "索引号": entry.name.index_no,
        "标题": regulation.title,
        "发文字号": regulation.doc_no,
        "发布机构": regulation.maker,
        "来源": settings.source,
        "体裁分类": genre(regulation.title),
        "主题分类": [settings.theme],
        "栏目": settings.column,
        "成文日期": str(regulation.version),
        "发布日期": entry.date,
        "施行日期": str(regulation.effective) if regulation.effective else None,
        "公开方式": "主动公开",
        "逾期原因": settings.late_reason,
        "内容概述": regulation.summary,
        "替代": entry.replaces,
        "废止": entry.repeals,
        "题注": regulation.history.lines,
        "状态": "已发布",
    }
    return fields


def entry_text(entry: Entry, settings: Settings | None = None) -> str:
    """The record as the text of its file."""
    return record_text(entry_fields(entry, settings), entry.regulation.body.markdown, entry.regulation.file)
