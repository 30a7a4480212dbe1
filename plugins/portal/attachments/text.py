"""The words of attachments, so that search can find them: which reader, how much, and where they are kept."""

import hashlib
import json
import logging
import os
import re
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from unicodedata import unidata_version

from portal.attachments.amount import MAX_OF_RECORD, searched
from portal.attachments.faults import is_of_machine
from portal.attachments.files import File, Refusal
from portal.attachments.types import TYPES
from portal.problems import Problem, Severity
from portal.records.repository import FILES
from portal.records.types import Record


def _sources(room: Path) -> str:
    """A hash of the names and contents of the modules in a folder."""
    digest = hashlib.sha256()
    for path in sorted(room.glob("*.py")):
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


READERS_VERSION = _sources(Path(__file__).parent)
"""Part of the cache's key: a changed reader reads again. All of this room counts, so that nobody has to remember it."""

MAX_CHARACTERS = MAX_OF_RECORD
"""Characters of one attachment that are read, seen or not."""

MAX_BLOCKS = 500_000
"""Paragraphs or cells of one attachment that are read, empty ones too."""

MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of an Office file: a small archive can unpack to any size."""

MAX_XML = 100 * 1024 * 1024
"""Bytes of its XML: a parsed tree takes many times as much memory. Twenty times what two million characters need."""

MAX_PARTS = 20_000
"""Parts of an Office file."""

_LIBRARIES: dict[str, tuple[str, ...]] = {
    "pdf": ("pypdf",),
    "docx": ("python-docx", "lxml"),
    "xlsx": ("openpyxl", "lxml"),
    "pptx": ("python-pptx", "lxml"),
    "csv": (),
}
_ARCHIVES = {"docx", "xlsx", "pptx"}
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office puts a file with a password into one of these
_MARKUP = (".xml", ".rels", ".vml")
_HEAD = 100  # bytes that show whether a part is markup
_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte-order marks, white space, the zeros of wide encodings
_DOCTYPE, _ENTITY = (
    tuple(word.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))
    for word in ("<!DOCTYPE", "<!ENTITY")
)
# Control characters, lone surrogates and non-characters; the soft hyphen, spaces without width and marks of direction.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Without U+3000, which is white space: a run of it would be tried from each of its places.
_WIDE = "\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff“”‘’…—"
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

    Pure, and never raises for bad input: whatever the libraries raise is a refusal. What is wrong with the machine or
    the installation is raised (see faults): MemoryError, ImportError, OSError where too many files are open.
    """
    if ending not in _LIBRARIES:
        return Text((), None)
    read = _reader(name, ending)
    try:
        with _quiet():
            return _read(name, ending, data, read)
    except Exception as error:  # the libraries document no closed list of what they raise for a broken file
        if is_of_machine(error):
            raise
        return Text((), _unreadable(name, ending))


_Reader = Callable[[bytes], tuple[Iterable[str], Refusal | None]]


def _reader(name: str, ending: str) -> _Reader:
    """What reads files of a type. Raises ImportError where its library is missing or broken.

    Readers are imported when a file must be read: a build whose cache has all texts needs no library.
    """
    if ending == "pdf":
        from portal.attachments import pdf

        return lambda data: pdf.read(name, data, MAX_CHARACTERS)
    if ending == "docx":
        from portal.attachments import docx

        return lambda data: (docx.blocks(data), None)
    if ending == "xlsx":
        from portal.attachments import xlsx

        return lambda data: (xlsx.blocks(data), None)
    if ending == "pptx":
        from portal.attachments import pptx

        return lambda data: (pptx.blocks(data), None)
    from portal.attachments import csv

    return lambda data: (csv.blocks(data), None)


def _read(name: str, ending: str, data: bytes, read: _Reader) -> Text:
    if ending in _ARCHIVES and (refusal := _look_into(name, ending, data)):
        return Text((), refusal)
    raw, refusal = read(data)
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
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            return _too_large(name)
        markup = [part for part in parts if _is_markup(archive, part)]
        if sum(part.file_size for part in markup) > MAX_XML:
            return _too_large(name)
        for part in markup:
            content = archive.read(part)
            if any(declaration in content for declaration in (_ENTITY if _is_drawing(part) else _DOCTYPE)):
                return _unreadable(name, ending)
    return None


def _is_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part can be parsed as XML. Libraries find parts by relations, whatever their names and folders are."""
    if part.filename.lower().endswith(_MARKUP):
        return True
    if not part.file_size:
        return False
    with archive.open(part) as content:
        head = content.read(_HEAD).lstrip(_BEFORE_MARKUP)
    return not head or head.startswith(b"<")  # white space alone: what follows may be anything


def _is_drawing(part: zipfile.ZipInfo) -> bool:
    """Whether a part is named like an SVG picture, in which a document type is usual; a sheet can be named so, too."""
    return "/media/" in part.filename and part.filename.lower().endswith(".svg")


def _within_limits(raw: Iterable[str]) -> tuple[list[str], bool]:
    """The normal blocks, and whether there are more than the limits allow.

    What is given counts, not what is left of it: a block of invisible characters takes time like any other.
    """
    blocks: list[str] = []
    left = MAX_CHARACTERS
    for number, each in enumerate(raw):
        if number == MAX_BLOCKS:
            return blocks, True
        if text := normal(each[:left]):
            blocks.append(text)
        if len(each) > left:
            return blocks, True
        left -= len(each)
    return blocks, False


def normal(text: str) -> str:
    """One line: no invisible characters, a single space for any white space, none at a line's end between Chinese."""
    return _SPACE.sub(" ", _LINE_END.sub("", _INVISIBLE.sub("", text))).strip()


def _too_large(name: str) -> Refusal:
    what = f"“{name}”解压后太大，没有读，里面的文字搜索不到。"
    return "attachment-too-large", what, "请删去用不到的内容，压缩图片，或者分成几个文件。"


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
        except OSError as error:
            if is_of_machine(error):
                raise
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
    """Which readers made a text: ours, the libraries' versions, and Python's tables of characters."""
    libraries = [f"{library} {version(library)}" for library in _LIBRARIES.get(ending, ())]
    return " ".join([f"{READERS_VERSION} unicode {unidata_version}", *libraries])


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

    def remind(record: Record, number: int, refusal: Refusal) -> None:
        place = record.origin.place("attachments", number, "file")
        problems.append(Problem(place, refusal[0], "附件", refusal[1], refusal[2], Severity.REMIND))

    for record in records:
        known = [(number, files[each.file]) for number, each in enumerate(record.attachments) if each.file in files]
        for number, file in known:
            if file.name not in texts:
                texts[file.name] = cache.text(file, root / FILES / file.name)
            if (refusal := texts[file.name].refusal) is not None:
                remind(record, number, refusal)
        read = [texts[file.name].blocks for _, file in known]
        for (number, file), blocks, kept in zip(known, read, searched(read), strict=True):
            if kept != blocks:
                remind(record, number, _too_much(file.name))
                break
    return texts, problems


def _too_much(name: str) -> Refusal:
    what = f"这条信息的附件文字太多，合计超过 {MAX_OF_RECORD // 10_000} 万字，从“{name}”起只有前面的部分能搜索到。"
    return "attachment-too-large", what, "请分成几条信息发布，或者只放需要公开的附件。"
