"""The edge: reads source folders and a site's files, writes records. All decisions are made by the pure modules."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from portal.imports.article import Article, ArticleSettings, article_text, read_article
from portal.imports.entries import Entry, Held, Settings, entry_text, make_entries
from portal.imports.findings import Finding, Kind, Unreadable, excerpt
from portal.imports.frontmatter import imported, read_fields, untouched
from portal.imports.naming import PREFIX, Name
from portal.imports.regulations import Regulation, read_regulation
from portal.imports.report import Report, make_report

Progress = Callable[[int, int], None]
"""Called with (done, all) after each file."""


@dataclass(frozen=True, slots=True)
class RegulationImport:
    """The entries of an import and its report."""

    entries: tuple[Entry, ...]
    report: Report


def read_source(path: Path) -> str:
    """The text of a source file. Raises Unreadable when it cannot be read or is not UTF-8."""
    name = shown_name(path)
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        why = f"文件读不出来（{error.strerror}）。"
        remedy = "请看它是不是文件、是不是断了的链接、有没有读取的权限。"
        raise Unreadable(Finding(name, 1, 1, Kind.UNREAD, "", why, remedy)) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        finding = Finding(name, line, 1, Kind.UNREAD, "", "文件不是 UTF-8 编码。", "请另存为 UTF-8 编码后再导入。")
        raise Unreadable(finding) from error


def shown_name(path: Path) -> str:
    """The file's name as it can be printed and written into the record: bytes that are not UTF-8 as \\xff, on one line."""
    return excerpt(os.fsencode(path.name).decode("utf-8", "backslashreplace"), 255)


def read_regulations(
    folder: Path, progress: Progress | None = None
) -> tuple[int, tuple[Regulation, ...], tuple[Finding, ...]]:
    """All `.md` files of a folder: how many, what was read, and why the rest was not."""
    regulations, findings = [], []
    paths = sorted(folder.glob("*.md"))
    for number, path in enumerate(paths, 1):
        try:
            regulations.append(read_regulation(shown_name(path), read_source(path)))
        except Unreadable as error:
            findings.append(error.finding)
        if progress:
            progress(number, len(paths))
    return len(paths), tuple(regulations), tuple(findings)


def held_by(site: Path) -> Held:
    """What the site's catalog/entries holds: the names and dates of imported versions, the ids of everything else."""
    names, dates, others = {}, {}, set()
    for path in _records(site):
        text = _text(path)
        fields = read_fields(text)
        id_ = fields.get("编号") or fields.get("id") or path.stem
        index_no = fields.get("索引号") or fields.get("index_no") or ""
        title, formed = fields.get("标题") or fields.get("title"), fields.get("成文日期") or fields.get("formed")
        if imported(text) and index_no.startswith(f"{PREFIX}/") and title and formed:
            with suppress(ValueError):
                key = (title, date.fromisoformat(formed))
                names[key] = Name(id_, index_no)
                if published := fields.get("发布日期") or fields.get("date"):
                    dates[key] = published
                continue
        others.add(id_)
    return Held(names, dates, others)


def import_regulations(
    source: Path,
    site: Path,
    when: datetime,
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> RegulationImport:
    """Import a folder of regulations into a site: writes catalog/entries/<year>/<id>.md.

    `when` is the time of the import in Asia/Shanghai. A file that an editor changed since an earlier import is left as
    it is and reported; running twice writes nothing the second time. The vocabulary files are the caller's to extend
    (vocabulary.vocabulary_additions). Raises OSError.
    """
    files, regulations, unread = read_regulations(source, progress)
    entries, twice = make_entries(regulations, when, held_by(site))
    done: dict[str, list[str]] = {"written": [], "unchanged": [], "kept": []}
    for entry in entries:
        done[_write(site / entry.path, entry_text(entry, settings))].append(entry.path)
    return RegulationImport(entries, make_report(files, entries, [*unread, *twice], **done))


def import_article(source: Path, site: Path, when: datetime, settings: ArticleSettings) -> tuple[Article, str, str]:
    """Import one pasted article into a site: writes content/news/<id>.md.

    Answers the article with its findings, the path below the site's folder, and what was done: `written`, `unchanged`,
    or `kept` when the file is there and not as an import wrote it. Raises Unreadable, and OSError when writing fails.
    """
    article = read_article(shown_name(source), read_source(source))
    path = f"content/news/{settings.id or article.id}.md"
    present = read_fields(_text(site / path)) if (site / path).exists() else {}
    published = present.get("发布日期") or f"{when:%Y-%m-%d %H:%M}"
    return article, path, _write(site / path, article_text(article, published, settings))


def _write(path: Path, text: str) -> str:
    if path.is_symlink():  # writing would change what it leads to, inside the site or outside
        return "kept"
    if path.exists():
        present = _text(path)
        if present == text:
            return "unchanged"
        if not untouched(present):
            return "kept"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return "written"


def _records(site: Path) -> Iterator[Path]:
    return (path for path in sorted((site / "catalog" / "entries").glob("**/*.md")) if path.is_file())


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
