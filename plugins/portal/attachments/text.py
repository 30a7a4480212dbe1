"""The words of the attachments that records name, so that search can find them: read once and kept in a folder."""

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from unicodedata import unidata_version

from portal.attachments.amount import MAX_OF_RECORD, searched
from portal.attachments.faults import is_of_machine
from portal.attachments.files import File
from portal.attachments.reading import LIBRARIES, Text
from portal.attachments.refusals import Refusal
from portal.problems import Place, Problem, ProblemsFound, Severity
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


class TextCache:
    """Texts by content hash in a folder.

    Files are written beside and renamed, so that two builds can share the folder; files that are unreadable, foreign,
    or of other readers are ignored and replaced. A folder that cannot be written only costs time.
    """

    def __init__(self, folder: Path, read: Callable[[str, str, bytes], Text]) -> None:
        """`read` is asked for what is not stored: reading.read_text, or apart.Reader.read within limits."""
        self._folder = folder
        self._read = read

    def text(self, file: File, source: Path) -> Text:
        """The words of a file whose bytes are at `source`: from the folder, or read and, where it is lasting, stored.

        Bytes that no longer have the file's hash are refused and not read. Raises ProblemsFound where a library of
        the readers is missing or broken, and what else is wrong with the machine (see faults).
        """
        try:
            return self._text(file, source)
        except ImportError as error:
            raise ProblemsFound([_broken_installation(file, error)]) from error

    def _text(self, file: File, source: Path) -> Text:
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
            return Text(
                (), ("attachment-unreadable", what, "请确认没有人正在替换这个文件，再运行一次。"), lasting=False
            )
        # The same bytes may be published under two names: what is stored calls them by a mark that no text can hold.
        anonymous = self._read(_NAME, file.ending, data)
        if anonymous.lasting:
            with suppress(OSError):
                _store(path, anonymous, file)
        return _named(anonymous, file.name)


_NAME = "\0"


def _broken_installation(file: File, error: ImportError) -> Problem:
    """Nothing of it is wrong with the file, but whoever runs the command must learn at what it stopped."""
    what = f"读取“{file.name}”的文字所用的程序库没有装好（{error}）；不是这个文件的问题。"
    # Alone, `make setup` takes a .venv that is there for whole.
    remedy = "请删去程序文件夹里的 .venv，再运行 make setup 重新安装，然后重新运行这条命令。"
    return Problem(Place(f"{FILES}/{file.name}"), "installation", "附件", what, remedy)


@cache
def _readers(ending: str) -> str:
    """Which readers made a text: ours, the libraries' versions, and Python's tables of characters."""
    libraries = [f"{library} {version(library)}" for library in LIBRARIES.get(ending, ())]
    return " ".join([f"{READERS_VERSION} unicode {unidata_version}", *libraries])


def _named(text: Text, name: str) -> Text:
    if text.refusal is None:
        return text
    code, what, remedy = text.refusal
    return replace(text, refusal=(code, what.replace(_NAME, name), remedy))


def _store(path: Path, text: Text, file: File) -> None:
    content: dict[str, object] = {"readers": _readers(file.ending), "blocks": text.blocks, "refusal": text.refusal}
    content["checksum"] = _checksum(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False) as beside:
        try:
            json.dump(content, beside, ensure_ascii=False)
            beside.close()
            os.replace(beside.name, path)
        except BaseException:
            os.unlink(beside.name)
            raise


def _checksum(content: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(content, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass"))


def _load(path: Path, file: File) -> Text | None:
    """What is stored, if it is whole and of these readers."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if set(content) != {"readers", "blocks", "refusal", "checksum"} or content["readers"] != _readers(file.ending):
            return None
        if content.pop("checksum") != _checksum(content):
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
