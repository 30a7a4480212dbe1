"""How much of a record's attachments is searched."""

from pathlib import Path

import pytest
from tiny import TinySite

from portal.attachments import amount
from portal.attachments.amount import searched
from portal.attachments.files import read_files
from portal.attachments.reading import read_text
from portal.attachments.text import TextCache, text_problems
from portal.problems import Severity


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ([], []),
        ([("一二三", "四"), ("五六",)], [("一二三", "四"), ("五六",)]),
        ([("一二三",), ("四五六七", "八"), ("九",)], [("一二三",), (), ()]),
        ([("一二三", "四五六", "七")], [("一二三", "四五六")]),
        ([("一" * 7,), ("二",)], [(), ()]),
    ],
)
def test_whole_blocks_from_the_beginning(
    monkeypatch: pytest.MonkeyPatch, texts: list[tuple[str, ...]], kept: list[tuple[str, ...]]
) -> None:
    """All within the limit are kept; beyond it nothing is, not even what is short enough to fit."""
    monkeypatch.setattr(amount, "MAX_OF_RECORD", 6)
    assert searched(texts) == kept


def test_the_editor_is_told_from_which_attachment_on(
    tiny: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the attachments of one record are too many the first that is cut is named, once, at its place; the same files
    in two records are no matter."""
    monkeypatch.setattr(amount, "MAX_OF_RECORD", 6)
    for name in "abc":
        tiny.file(f"{name}.csv", f"{name}一,二三\n".encode())
    tiny.news("x", 附件=[{"文件": f"{name}.csv", "标题": name} for name in "abc"])
    tiny.news("y", 附件=[{"文件": "b.csv", "标题": "乙"}])
    records = list(tiny.read().values())
    files, _ = read_files(tiny.root, records)
    texts, problems = text_problems(records, files, tiny.root, TextCache(tmp_path / "cache", read_text))
    assert texts["b.csv"].blocks == ("b一", "二三")
    ((place, code, severity, what),) = [(str(p.place), p.code, p.severity, p.what) for p in problems]
    assert place.startswith("content/news/x.md:")
    assert (code, severity) == ("attachment-too-large", Severity.REMIND)
    assert "“b.csv”" in what
