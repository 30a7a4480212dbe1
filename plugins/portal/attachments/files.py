"""The files that records name: read, checked and hashed, each with the address that never changes."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from portal.attachments.refusals import Refusal
from portal.attachments.types import OLD_TYPES, TYPES, matches, type_of
from portal.problems import Hints, Place, Problem, soften
from portal.records.repository import FILES
from portal.records.types import PressRelease, Record, Status
from portal.value import Value

MAX_BYTES = 100 * 1024 * 1024
"""Larger files do not belong in git."""


class File(Value, frozen=True):
    """A publishable file: its name below content/files/, size in bytes, SHA-256 in hex, and type."""

    name: str
    size: int
    sha256: str
    ending: str

    @property
    def base_name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.name).name

    @property
    def path(self) -> str:
        """Where the file stands in the site, relative to its root."""
        return f"files/{self.sha256[:12]}/{self.base_name}"

    @property
    def url(self) -> str:
        """The site path, percent-encoded: other bytes, another address; the same bytes, the same for ever."""
        return "/" + quote(self.path)

    @property
    def media_type(self) -> str:
        """The type as HTTP names it."""
        return TYPES[self.ending].media_type

    @property
    def label(self) -> str:
        """The type as people name it."""
        return TYPES[self.ending].label


def named_files(record: Record) -> list[tuple[str, str, Callable[[], Place]]]:
    """The files that a record names: name, Chinese field, and what tells the place, from its attachments, image and body."""
    found: list[tuple[str, str, Callable[[], Place]]] = []
    origin = record.origin
    for number, attachment in enumerate(record.attachments):
        found.append((attachment.file, "附件", partial(origin.place, "attachments", number, "file")))
    if isinstance(record, PressRelease) and record.image:
        found.append((record.image.file, "题图", partial(origin.place, "image", "file")))
    for link in record.body.marks.links:
        if link.file:
            found.append((link.file, "正文", partial(origin.in_body, link.line, link.column)))
    return found


Remember = Callable[[Path, Callable[[], File | Refusal]], File | Refusal]
"""What is in a file: by the function that reads it, or as it was read before."""


def read_files(
    root: Path, records: Iterable[Record], remember: Remember = lambda _, read: read()
) -> tuple[dict[str, File], list[Problem]]:
    """Read every file that any record names; problems stand at the place that names the file."""
    files: dict[str, File] = {}
    refused: dict[str, Refusal] = {}
    addresses: dict[str, File] = {}
    hints = Hints(lambda: _names(root / FILES))
    problems: list[Problem] = []
    for record in records:
        for name, field, place in named_files(record):
            if name not in files and name not in refused:
                read = _read(root / FILES, name, hints, remember)
                if isinstance(read, File):
                    first = addresses.setdefault(read.path, read)
                    read = read if first.sha256 == read.sha256 else _same_address(first, read)
                if isinstance(read, File):
                    files[name] = read
                else:
                    refused[name] = read
            if name in refused:
                code, what, remedy = refused[name]
                found = [Problem(place(), code, field, what, remedy)]
                problems += soften(found) if record.status is Status.DRAFT else found
    return files, problems


def _names(folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]


def _same_address(first: File, second: File) -> Refusal:
    """Twelve digits of a hash can be made equal on purpose; then one file would be served in place of the other."""
    what = f"“{second.name}”和“{first.name}”内容不同，网址却相同（文件名和校验值的前 12 位都一样）。"
    return "file-address", what, "请把其中一个文件改名，并查明它的来源：这样的文件不会碰巧出现。"


def _read(folder: Path, name: str, hints: Hints, remember: Remember) -> File | Refusal:
    path = folder / name
    try:
        # The real path keeps `..` and symbolic links from reaching outside the folder.
        present = os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep) and path.is_file()
    except (ValueError, OSError):  # a NUL in the name, or a name longer than the file system takes
        present = False
    if not present:
        what = f"找不到文件 {FILES}/{name}{hints.hint(name)}。"
        return "missing-file", what, "请把文件放到该处，或改正路径（大小写也要一致）。"
    return remember(path, lambda: _content(path, name))


def _content(path: Path, name: str) -> File | Refusal:
    kind = type_of(name)
    if kind is None:
        ending = name.rsplit(".", 1)[-1].lower()
        remedy = f"可以发布的类型：{'、'.join(sorted(set(TYPES) - {'jpeg'}))}。"
        if ending in OLD_TYPES:
            remedy = f"请用办公软件打开，另存为 {OLD_TYPES[ending]}，再换上新文件。"
        return "file-type", f"“{name}”这类文件不能发布。", remedy
    if path.stat().st_size > MAX_BYTES:
        return "file-size", f"“{name}”超过 {MAX_BYTES // 1024 // 1024} MB。", "请压缩或分成几个文件。"
    data = path.read_bytes()
    if not data:
        return "file-empty", f"“{name}”是空文件。", "请换上正确的文件。"
    if not matches(kind, data[:4096]):
        return (
            "file-content",
            f"“{name}”的内容不是 {kind.label} 文件。",
            "请用原来的软件另存为正确的类型，不要只改文件名。",
        )
    return File(name, len(data), hashlib.sha256(data).hexdigest(), kind.ending)


def by_name(files: Mapping[str, File], names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """For a body: each named file with its address."""
    return tuple((name, files[name].url) for name in dict.fromkeys(names) if name in files)
