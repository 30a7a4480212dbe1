"""The edge of reading: the files of a site's folder, as records and vocabulary, with everything wrong collected."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.problems import Place, Problem
from portal.records.catalogs import OPTIONAL, REQUIRED, read_vocabulary
from portal.records.reading import read_file
from portal.records.types import DisclosureEntry, Record
from portal.records.vocabulary import Vocabulary

FILES = "content/files"
"""Where attachments lie; below it nothing is a record."""

_KNOWN_CATALOG = {*REQUIRED, *OPTIONAL, "published.tsv"}


@dataclass(frozen=True)
class Repository:
    """Everything that editors wrote, read but not yet resolved."""

    root: Path
    vocabulary: Vocabulary | None
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


def read_repository(root: Path) -> Repository:
    """Read a site's folder. Problems are collected in the result; an empty site is one of them."""
    problems: list[Problem] = []
    catalog = {name: (root / "catalog" / name).read_bytes() for name in (*REQUIRED, *OPTIONAL) if _is(root, name)}
    vocabulary, found = read_vocabulary(catalog)
    problems += found
    records: list[Record] = []
    sources = list(source_files(root))
    for path in sources:
        read, found = read_file(path, (root / path).read_bytes())
        records += read
        problems += found
    if not sources:
        remedy = "请确认是在站点文件夹中运行（或用 portal -C 站点文件夹），并且 content/ 与 catalog/entries/ 里有记录。"
        problems.append(Problem(Place("content"), "empty-site", "", "没有一条记录，不生成空网站。", remedy))
    return Repository(root, vocabulary, tuple(records), tuple(problems))


def index_numbers(root: Path) -> list[str]:
    """Every 索引号 written anywhere, in drafts that cannot be read yet, too: a number once given is not given again."""
    found: list[str] = []
    for path in source_files(root):
        if path.startswith(DisclosureEntry.folder):
            text = (root / path).read_text(encoding="utf-8", errors="replace")
            found += re.findall(r"(?:索引号|index_no)[\"']?\s*:\s*[\"']?([^\s\"',}]+)", text)
    return found


def source_files(root: Path) -> Iterator[str]:
    """Paths of all record files, sorted, relative to the site's folder and with forward slashes."""
    found: list[str] = []
    for top in ("content", "catalog"):
        for folder, names, files in os.walk(root / top):
            names[:] = sorted(name for name in names if not name.startswith("."))
            relative = Path(folder).relative_to(root).as_posix()
            if relative == FILES or relative.startswith(FILES + "/"):
                names.clear()
                continue
            found += [f"{relative}/{name}" for name in files if _is_record(relative, name)]
    return iter(sorted(found))


def _is(root: Path, name: str) -> bool:
    return (root / "catalog" / name).is_file()


def _is_record(folder: str, name: str) -> bool:
    if name.startswith(".") or name.endswith(("~", ".swp", ".orig")):
        return False
    if folder == "catalog":
        return name not in _KNOWN_CATALOG
    if folder.startswith("catalog/") and not folder.startswith("catalog/entries"):
        return False  # workdays/ and what later issues keep there
    return name.endswith((".md", ".yaml", ".yml")) or not name.lower().endswith((".txt", ".csv"))
