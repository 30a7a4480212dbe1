"""The words of attachments, so that search can find them: which reader, how much, and where they are kept."""

import hashlib
import json
import logging
import os
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from portal.attachments.files import File, Refusal
from portal.attachments.types import TYPES
from portal.problems import Problem, Severity
from portal.records.repository import FILES
from portal.records.types import Record

READERS_VERSION = 1
"""Part of the cache's key: a changed reader reads again."""

MAX_CHARACTERS = 2_000_000
"""Characters of one attachment that are searched: a book of two thousand pages."""

MAX_BLOCKS = 500_000
"""Paragraphs or cells of one attachment that are searched."""

MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of an Office file: a small archive can unpack to any size."""

MAX_XML = 100 * 1024 * 1024
"""Bytes of its XML: a parsed tree takes many times as much memory. Twenty times what two million characters need."""

MAX_PARTS = 20_000
"""Parts of an Office file."""

_LIBRARIES = {"pdf": "pypdf", "docx": "python-docx", "xlsx": "openpyxl", "pptx": "python-pptx"}
_ARCHIVES = {"docx", "xlsx", "pptx"}
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office puts a file with a password into one of these
_DECLARATIONS = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
# Control characters, lone surrogates and non-characters; the soft hyphen, spaces without width and marks of direction.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff“”‘’…—"
_LINE_END = re.compile(rf"(?<=[{_WIDE}])[^\S\n]*\n\s*(?=[{_WIDE}])")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an attachment.

    `blocks`: one normal string a paragraph, heading, list item, table cell, slide paragraph or CSV cell, in reading
    order, published characters kept, no empty ones. `refusal`: why there are none or only a part; a type that has no
    words (a picture) has neither.
    """

    blocks: tuple[str, ...]
    refusal: Refusal | None


def read_text(name: str, ending: str, data: bytes) -> Text:
    """The words in an attachment's bytes; `name` is what the refusal calls it, `ending` its type (see types.TYPES).

    Pure, and never raises for bad input: whatever the libraries raise is a refusal. It can end in MemoryError where
    the machine has none left.
    """
    if ending not in _LIBRARIES and ending != "csv":
        return Text((), None)
    try:
        with _quiet():
            return _read(name, ending, data)
    except MemoryError:
        raise
    except Exception:  # the libraries document no closed list of what they raise for a broken file
        return Text((), _unreadable(name, ending))


def _read(name: str, ending: str, data: bytes) -> Text:
    if ending in _ARCHIVES and (refusal := _look_into(name, ending, data)):
        return Text((), refusal)
    # The readers are imported when a file must be read: a build whose cache has all texts needs no library.
    refusal = None
    raw: Iterable[str]
    if ending == "pdf":
        from portal.attachments import pdf

        raw, refusal = pdf.read(name, data, MAX_CHARACTERS)
    elif ending == "docx":
        from portal.attachments import docx

        raw = docx.blocks(data)
    elif ending == "xlsx":
        from portal.attachments import xlsx

        raw = xlsx.blocks(data)
    elif ending == "pptx":
        from portal.attachments import pptx

        raw = pptx.blocks(data)
    else:
        from portal.attachments import csv

        raw = csv.blocks(data)
    blocks, is_cut = _within_limits(raw)
    if is_cut:
        what = f"“{name}”的文字太多，只有前面的部分能搜索到。"
        return Text(tuple(blocks), ("attachment-too-large", what, "请分成几个文件，每个写明标题。"))
    if not blocks and refusal is None:
        refusal = _without_text(name, ending, data)
    return Text(tuple(blocks), refusal)


@contextmanager
def _quiet() -> Iterator[None]:
    """What libraries say of a file is for their authors; the editor gets one sentence."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _look_into(name: str, ending: str, data: bytes) -> Refusal | None:
    """Why an Office file is not given to its library. The sizes are those that the archive states; more than these
    zipfile does not unpack. A document type declaration (forbidden by ECMA-376 part 2) is the way to entities that
    grow."""
    if data.startswith(_OLD_CONTAINER):
        return _locked(name)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            return _locked(name)
        markup = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
        sizes = sum(part.file_size for part in parts), sum(part.file_size for part in markup)
        if len(parts) > MAX_PARTS or sizes[0] > MAX_UNPACKED or sizes[1] > MAX_XML:
            what = f"“{name}”解压后太大，没有读，里面的文字搜索不到。"
            return "attachment-too-large", what, "请删去用不到的内容，压缩图片，或者分成几个文件。"
        for part in markup:
            content = archive.read(part)
            if any(declaration in content for declaration in _DECLARATIONS):
                return _unreadable(name, ending)
    return None


def _within_limits(raw: Iterable[str]) -> tuple[list[str], bool]:
    """The normal blocks, and whether there are more than the limits allow."""
    blocks: list[str] = []
    left = MAX_CHARACTERS
    for each in raw:
        if text := normal(each):
            if len(text) > left or len(blocks) == MAX_BLOCKS:
                start = text[:left].rstrip() if len(blocks) < MAX_BLOCKS else ""
                return blocks + [start] * bool(start), True
            blocks.append(text)
            left -= len(text)
    return blocks, False


def normal(text: str) -> str:
    """One line: no invisible characters, a single space for any white space, none at a line's end between Chinese."""
    return _SPACE.sub(" ", _LINE_END.sub("", _INVISIBLE.sub("", text))).strip()


def _locked(name: str) -> Refusal:
    what = f"“{name}”加了密码，读不出文字，公众也打不开。"
    return "attachment-unreadable", what, "请去掉密码，另存后换上新文件。"


def _unreadable(name: str, ending: str) -> Refusal:
    label = TYPES[ending].label if ending in TYPES else ""
    what = f"“{name}”读不出来（文件已经损坏，或者不是规范的 {label} 文件），里面的文字搜索不到，公众也可能打不开。"
    return "attachment-unreadable", what, f"请用原来的软件打开检查，重新另存为 {ending} 后换上。"


def _without_text(name: str, ending: str, data: bytes) -> Refusal:
    if ending in _ARCHIVES:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any("/media/" in part for part in archive.namelist()):
                what = f"“{name}”里只有图片，没有文字，搜索不到，读屏软件也读不出（GB/T 37668-2019 要求非文本内容有文本替代）。"
                return "attachment-scanned", what, "请发布文字版；只有纸质件的，请先做文字识别（OCR）。"
    what = f"“{name}”里没有文字，搜索不到。"
    return "attachment-without-text", what, "请检查是不是放错了文件，换上正确的。"


class TextCache:
    """Texts by content hash in a folder.

    Files are written beside and renamed, so that two builds can share the folder; files that are unreadable, foreign,
    or of other readers are ignored and replaced. A folder that cannot be written only costs time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def text(self, file: File, source: Path) -> Text:
        """The words of a file whose bytes are at `source`: from the folder, or read and stored.

        Bytes that no longer have the file's hash are refused and not stored.
        """
        path = self._folder / f"{file.sha256}.{file.ending}.json"
        if (stored := _load(path, file)) is not None:
            return stored
        try:
            data = source.read_bytes()
        except OSError:
            data = b""
        if hashlib.sha256(data).hexdigest() != file.sha256:
            what = f"“{file.name}”在读取的时候变了，文字没有读出来。"
            return Text((), ("attachment-unreadable", what, "请确认没有人正在替换这个文件，再运行一次。"))
        # The same bytes may be published under two names: what is stored calls them by a mark that no text can hold.
        anonymous = read_text(_NAME, file.ending, data)
        with suppress(OSError):
            _store(path, anonymous, file)
        return _named(anonymous, file.name)


_NAME = "\0"


@cache
def _readers(ending: str) -> str:
    """Which readers made a text: ours and the library's version."""
    library = _LIBRARIES.get(ending)
    return f"{READERS_VERSION} {library} {version(library)}" if library else f"{READERS_VERSION}"


def _named(text: Text, name: str) -> Text:
    if text.refusal is None:
        return text
    code, what, remedy = text.refusal
    return Text(text.blocks, (code, what.replace(_NAME, name), remedy))


def _store(path: Path, text: Text, file: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"readers": _readers(file.ending), "blocks": text.blocks, "refusal": text.refusal}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False) as beside:
        try:
            json.dump(content, beside, ensure_ascii=False)
            beside.close()
            os.replace(beside.name, path)
        except BaseException:
            os.unlink(beside.name)
            raise


def _load(path: Path, file: File) -> Text | None:
    """What is stored, if it is whole and of these readers."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if set(content) != {"readers", "blocks", "refusal"} or content["readers"] != _readers(file.ending):
            return None
        blocks, refusal = content["blocks"], content["refusal"]
        if not isinstance(blocks, list) or not all(isinstance(block, str) for block in blocks):
            return None
        if refusal is None:
            return Text(tuple(blocks), None)
        code, what, remedy = refusal
        if not isinstance(refusal, list) or not all(isinstance(each, str) for each in refusal):
            return None
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return _named(Text(tuple(blocks), (code, what, remedy)), file.name)


def text_problems(
    records: Iterable[Record], files: Mapping[str, File], root: Path, cache: TextCache
) -> tuple[dict[str, Text], list[Problem]]:
    """For every file that a record names as an attachment its words, and reminders at the places that name it.

    Pictures and links in bodies do not count; a name that is not in `files` has its own problem already.
    """
    texts: dict[str, Text] = {}
    problems: list[Problem] = []
    for record in records:
        for number, attachment in enumerate(record.attachments):
            file = files.get(attachment.file)
            if file is None:
                continue
            if file.name not in texts:
                texts[file.name] = cache.text(file, root / FILES / file.name)
            if (refusal := texts[file.name].refusal) is not None:
                place = record.origin.place("attachments", number, "file")
                problems.append(Problem(place, refusal[0], "附件", refusal[1], refusal[2], Severity.REMIND))
    return texts, problems
