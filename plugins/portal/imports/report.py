"""The closing report of an import: each field by how often it was read, absent or unreadable, then every odd line."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from portal.imports.entries import Entry
from portal.imports.findings import Finding, Kind
from portal.imports.history import Act
from portal.imports.regulations import Basis, Regulation


@dataclass(frozen=True, slots=True)
class Row:
    """One field: in how many texts it was read, is absent, or is there but unreadable; `notes` says where from."""

    field: str
    read: int
    absent: int
    unreadable: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. `written`, `unchanged` and `kept` are files of the site; `kept` ones an editor has changed."""

    files: int
    entries: int
    titles_in_versions: int
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def of(self, *kinds: Kind) -> tuple[Finding, ...]:
        """The findings of these kinds, by file and line."""
        return tuple(f for f in self.findings if f.kind in kinds)


def make_report(
    files: int,
    entries: Sequence[Entry],
    findings: Iterable[Finding],
    written: Sequence[str] = (),
    unchanged: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> Report:
    """Count. `files` is the number of source files, `findings` those beyond the entries' own (unreadable, twice)."""
    regulations = [e.regulation for e in entries]
    versions = Counter(r.title for r in regulations)
    own = [f for r in regulations for f in r.findings]
    return Report(
        files=files,
        entries=len(entries),
        titles_in_versions=sum(n > 1 for n in versions.values()),
        rows=_rows(files, entries),
        findings=tuple(sorted([*own, *findings])),
        written=tuple(written),
        unchanged=tuple(unchanged),
        kept=tuple(kept),
    )


def _rows(files: int, entries: Sequence[Entry]) -> tuple[Row, ...]:
    regulations = [e.regulation for e in entries]
    total = len(regulations)
    basis = Counter(b for r in regulations for b in r.basis)

    def notes(field: str) -> tuple[str, ...]:
        return tuple(f"{b.value.split('：', 1)[1]} {basis[b]}" for b in Basis if b.value.startswith(field) and basis[b])

    def counted(field: str, read: Iterable[bool], *more: str) -> Row:
        n = sum(read)
        return Row(field, n, total - n, 0, more)

    unclear = sum(_unclear_history(r) for r in regulations)
    histories = sum(bool(r.history.lines) for r in regulations)
    orders = sum(r.doc_no is not None for r in regulations)
    effect = sum(r.effective is not None for r in regulations)
    unreadable = basis[Basis.EFFECT_UNREADABLE]
    conflicting = sum(any(f.kind is Kind.CONFLICT and f.line == 1 for f in r.findings) for r in regulations)
    repealing = [n for e in entries for n in e.repeals]
    return (
        Row("标题", total, 0, files - total),
        Row("成文日期（文件名）", total, 0, files - total, (f"与题注矛盾 {conflicting}",) if conflicting else ()),
        counted("文件名日期见于题注", (r.version_in_history for r in regulations)),
        Row("题注", histories - unclear, total - histories, unclear),
        Row("发文字号（令号）", orders, total - orders, 0, notes("令号")),
        counted("公布（发布）日期", (bool(r.history.days(Act.PUBLISHED)) for r in regulations)),
        counted("修订", (bool(r.history.days(Act.AMENDED)) for r in regulations)),
        Row("施行日期", effect, total - effect - unreadable, unreadable, notes("施行日期")),
        counted("发布机构（题注）", (Basis.MAKER_NAMED in r.basis for r in regulations), *notes("发布机构")),
        counted("内容概述（立法目的）", (Basis.SUMMARY_PURPOSE in r.basis for r in regulations), *notes("内容概述")),
        counted("章节标题", (any(p.level for p in r.body.paragraphs) for r in regulations)),
        counted("正文", (bool(r.body.paragraphs) for r in regulations)),
        counted("替代（旧版本）", (bool(e.replaces) for e in entries)),
        counted("废止（本站已有的文件）", (bool(e.repeals) for e in entries), f"被废止的 {len(set(repealing))}"),
    )


def _unclear_history(regulation: Regulation) -> bool:
    """Whether a line of the history was not understood."""
    return any(f.kind is Kind.UNREAD for f in regulation.history.findings)


def print_report(report: Report, console: Console, *, verbose: bool = False) -> None:
    """Show the report: the table, then every line not understood or contradictory by file and line.

    Lines that were only set differently (已规整) are counted, and listed when `verbose`.
    """
    table = Table(
        title=f"导入报告：{report.files} 个文件，{report.entries} 条目录，{report.titles_in_versions} 个标题有多个版本"
    )
    table.add_column("栏目")
    for heading in ("读入", "原文没有", "读不出"):
        table.add_column(heading, justify="right")
    table.add_column("说明")
    for row in report.rows:
        table.add_row(row.field, str(row.read), str(row.absent), str(row.unreadable), Text("\n".join(row.notes)))
    console.print(table)
    console.print(f"写入 {len(report.written)} 个文件，{len(report.unchanged)} 个没有变化。")
    shown = [kind for kind in Kind if verbose or kind is not Kind.CHANGED]
    for kind in Kind:
        found = report.of(kind)
        if not found:
            continue
        if kind not in shown:
            console.print(f"{kind}：{len(found)} 行（加 --verbose 逐行列出）。")
            continue
        console.print(f"{kind}：{len(found)} 行", style="bold")
        for f in found:
            # Text, not markup: brackets in a source line are words, not styles.
            console.print(Text(f"  {f.file}:{f.line}:{f.column} {f.why} 〔{f.text}〕"), soft_wrap=True)
    for path in report.kept:
        console.print(Text(f"编辑改过，没有覆盖：{path}（要重新导入，请先删去该文件）"), soft_wrap=True)
