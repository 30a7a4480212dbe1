"""The closing report."""

import io
from datetime import datetime

from rich.console import Console

from portal.imports.entries import make_entries
from portal.imports.findings import Finding, Kind
from portal.imports.regulations import read_regulation
from portal.imports.report import make_report, print_report

TEXT = "# 护士条例\n\n{}\n\n<!-- INFO END -->\n\n第一条 为了甲，制定本条例。\n\n第二条 本条例自2008年5月12日起施行。\n"
REGULATIONS = [
    read_regulation("护士条例(2008-01-31).md", TEXT.format("2008年1月31日 中华人民共和国国务院令第517号公布）")),
    read_regulation("护士条例(2020-03-27).md", TEXT.format("")),
    read_regulation("甲[b]办法(2001-01-01).md", "# 甲[b]办法\n2001年1月1日 \n<!-- INFO END -->\n第一条 乙。\n\u200b\n"),
]
ENTRIES, _ = make_entries(REGULATIONS, datetime(2026, 3, 1, 9, 30))  # noqa: DTZ001
LOST = Finding("丙.md", 1, 1, Kind.UNREAD, "丙.md", "文件名末尾没有可用的日期。", "请改名。")


def test_every_row_counts_every_text() -> None:
    """Read, absent and unreadable add up; unreadable files count where a file is counted."""
    report = make_report(4, ENTRIES, [LOST])
    assert {r.read + r.absent + r.unreadable for r in report.rows} == {3, 4}
    rows = {r.field: (r.read, r.absent, r.unreadable) for r in report.rows}
    assert rows["标题"] == (3, 0, 1)
    assert rows["题注"] == (1, 1, 1)
    assert rows["发文字号（令号）"] == (1, 2, 0)
    assert rows["施行日期"] == (1, 2, 0)
    assert rows["替代（旧版本）"] == (1, 2, 0)
    assert report.titles_in_versions == 1


def test_every_line_not_understood_is_shown_by_file_and_line() -> None:
    """Brackets in a source line are words; what was only set differently is counted, and listed on demand."""
    out = io.StringIO()
    report = make_report(4, ENTRIES, [LOST], written=["a"], kept=["catalog/entries/2020/x.md"])
    print_report(report, Console(file=out, width=200))
    text = out.getvalue()
    assert "甲[b]办法(2001-01-01).md:2:1" in text
    assert "甲[b]办法(2001-01-01).md:5:1" in text
    assert "丙.md:1:1" in text
    assert "没有覆盖：catalog/entries/2020/x.md" in text
    assert "护士条例(2008-01-31).md:3:1" not in text
    out = io.StringIO()
    print_report(report, Console(file=out, width=200), verbose=True)
    assert "护士条例(2008-01-31).md:3:1" in out.getvalue()
