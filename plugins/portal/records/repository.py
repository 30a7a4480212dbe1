"""The edge of reading: the files of a site's folder, as records and vocabulary, with everything wrong collected.

Nothing that lies among the records is passed over in silence: an editor believes that what is there will be published.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.problems import Place, Problem, nearest
from portal.records.catalogs import OPTIONAL, REQUIRED, read_vocabulary
from portal.records.holidays import FOLDER as WORKDAYS
from portal.records.reading import read_file
from portal.records.types import DisclosureEntry, Record
from portal.records.vocabulary import Vocabulary
from portal.value import Value

FILES = "content/files"
"""Where attachments lie; below it nothing is a record."""

_ELSEWHERE = {FILES, WORKDAYS}
_VOCABULARIES = (*REQUIRED, *OPTIONAL)
_KNOWN_CATALOG = {*_VOCABULARIES, "published.tsv"}
_ENDINGS = (".md", ".yaml", ".yml")
_LEFTOVERS = ("~", ".swp", ".orig", "#")  # what editors put beside a file while it is open, and after
_DROPPINGS = {"Thumbs.db", "desktop.ini"}  # Windows' own, hidden there
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Repository:
    """Everything that editors wrote, read but not yet resolved."""

    root: Path
    vocabulary: Vocabulary | None
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


class SourceFile(Value, frozen=True):
    """A record file as it lies in the site's folder: its path there, and what the file system says of it."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


Read = tuple[list[Record], list[Problem]]
"""The records of a file, and what is wrong with it."""

Reader = Callable[[Path, list[SourceFile]], Iterable[Read]]
"""Reads the files of a site's folder, in the order given."""


def read_each(root: Path, files: Iterable[SourceFile]) -> Iterator[Read]:
    """Read every file, one after another: the plain way. A build has one that reads only what changed."""
    for file in files:
        data, found = read_bytes(root, file.path)
        yield ([], found) if found else read_file(file.path, data)


def read_repository(root: Path, read: Reader = read_each) -> Repository:
    """Read a site's folder. Problems are collected in the result; an empty site is one of them."""
    sources, problems = _list(root)
    vocabulary, found = _vocabulary(root)
    problems += found
    records: list[Record] = []
    for read_here, found in read(root, sources):
        records += read_here
        problems += found
    if not sources:
        remedy = "请确认是在站点文件夹中运行（或用 portal -C 站点文件夹），并且 content/ 与 catalog/entries/ 里有记录。"
        problems.append(Problem(Place("content"), "empty-site", "", "没有一条记录，不生成空网站。", remedy))
    return Repository(root, vocabulary, tuple(records), tuple(problems))


def _vocabulary(root: Path) -> tuple[Vocabulary | None, list[Problem]]:
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name in _VOCABULARIES:
        if os.path.lexists(root / "catalog" / name):  # a link that leads nowhere is there, and is not what is missing
            files[name], found = read_bytes(root, f"catalog/{name}")
            problems += found
    with suppress(FileNotFoundError, NotADirectoryError):
        for name in sorted(os.listdir(root / WORKDAYS)):
            if not _ignored(WORKDAYS, name):
                files[f"workdays/{name}"], found = read_bytes(root, f"{WORKDAYS}/{name}")
                problems += found
    return (None, problems) if problems else read_vocabulary(files)


def index_numbers(root: Path) -> list[str]:
    """Every 索引号 written anywhere, in drafts that cannot be read yet, too: a number once given is not given again."""
    found: list[str] = []
    for path in source_files(root):
        if path.startswith(DisclosureEntry.folder):
            text = read_bytes(root, path)[0].decode("utf-8", "replace")
            found += re.findall(r"(?:索引号|index_no)[\"']?\s*:\s*[\"']?([^\s\"',}]+)", text)
    return found


def source_files(root: Path) -> Iterator[str]:
    """Paths of all record files, sorted, relative to the site's folder and with forward slashes."""
    return (file.path for file in _list(root)[0])


def _list(root: Path) -> tuple[list[SourceFile], list[Problem]]:
    """The record files, sorted, and a problem for each other thing among them."""
    sources: list[SourceFile] = []
    problems: list[Problem] = []
    folders = ["content", "catalog"]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(root / folder))
        except FileNotFoundError:  # without content/ the site is empty, and that is said
            continue
        except OSError as error:
            problems.append(_unreadable(folder, "文件夹", error))
            continue
        for entry in entries:
            name = entry.name
            path = f"{folder}/{name}"
            if _is_folder(entry):
                if name.startswith(".") or path in _ELSEWHERE:
                    continue
                if entry.is_symlink():
                    problems.append(_linked(path))
                else:
                    folders.append(path)
            elif not _ignored(folder, name):
                problem = _stray(folder, name)
                if problem is None:
                    sources.append(_source_file(path, entry))
                else:
                    problems.append(problem)
    return sorted(sources, key=lambda file: file.path), sorted(problems)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _source_file(path: str, entry: "os.DirEntry[str]") -> SourceFile:
    """A file that is no file, or gone, has no inode: reading it will say so."""
    try:
        found = entry.stat()
    except OSError:
        return SourceFile(path, 0, 0, 0, 0)
    inode = found.st_ino if stat.S_ISREG(found.st_mode) else 0
    return SourceFile(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, inode)


def read_bytes(root: Path, path: str) -> tuple[bytes, list[Problem]]:
    """The bytes of a file, or the problem that it cannot be read."""
    try:
        if not (root / path).is_file():  # a link that leads nowhere or round in circles; a pipe would never end
            raise FileNotFoundError
        return (root / path).read_bytes(), []
    except OSError as error:
        return b"", [_unreadable(path, "文件", error)]


def _ignored(folder: str, name: str) -> bool:
    """Whether nobody believes that this will be published: hidden, left over, a vocabulary."""
    if name.startswith((".", "~$")) or name.endswith(_LEFTOVERS) or name in _DROPPINGS:
        return True
    return folder == "catalog" and name in _KNOWN_CATALOG


def _stray(folder: str, name: str) -> Problem | None:
    """What is wrong with a file's name or type where records lie, or None."""
    path = f"{folder}/{name}"
    if not (path.isascii() and path.isprintable()) and (shown := _printable(path)) != path:
        what = "文件名（或文件夹名）不是 UTF-8 编码，或含有控制字符，文件没有读取。"
        remedy = "请改名，只用小写英文字母、数字和连字符；名字常在 Windows 上压缩、在别处解压时损坏。"
        return Problem(Place(shown), "file-name", "", what, remedy)
    if folder == "catalog":
        what = f"catalog/ 下没有“{name}”这种词表{nearest(name, _VOCABULARIES)}。"
        remedy = f"词表只有：{'、'.join(_VOCABULARIES)}；目录条目请放到 catalog/entries/。"
        return Problem(Place(path), "unknown-file", "", what, remedy)
    if name.endswith(_ENDINGS):
        return None
    what = f"“{name}”不是 .md 或 .yaml 文件，没有读取，不会公开。"
    remedy = "正文请存为 .md 文件；附件请移到 content/files/，并写进记录的“附件”一栏；没有用的请删去。"
    if name.lower().endswith(_ENDINGS):
        remedy = f"请把文件名改为小写：{name.lower()}。"
    return Problem(Place(path), "file-type", "", what, remedy)


def _linked(path: str) -> Problem:
    what = "这个文件夹是一个链接，里面的内容没有读取，不会公开。"
    remedy = "请把文件夹本身放在这里，不要用链接；附件放到 content/files/。"
    return Problem(Place(_printable(path)), "linked-folder", "", what, remedy)


def _unreadable(path: str, thing: str, error: OSError) -> Problem:
    match error:
        case FileNotFoundError():
            why, remedy = "它不是普通文件，或是一个链接而所指的文件不存在", "请换上文件本身，或删去它。"
        case PermissionError():
            why, remedy = "没有读取的权限", "请改正权限（如 chmod u+rX），或请维护人员处理。"
        case _:
            why, remedy = f"系统报告：{error.strerror}", "请检查磁盘和权限，或请维护人员处理。"
    return Problem(Place(_printable(path)), "unreadable", "", f"{thing}读不出来：{why}。", remedy)


def _printable(path: str) -> str:
    """A path that can be shown and written as UTF-8: bytes that are none as \\xff, control characters as \\x0a."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
