"""Attachments that were read before: a file that has not changed since is neither read nor hashed again.

By the same rule as sources (`build/sources.py`): its size, times and inode are those that were noted, and it was written before
the note. Noted is only what was found right, with a checksum; a note that is missing, damaged or of other code means that the
files are read.
"""

import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from portal.attachments.files import File
from portal.attachments.refusals import Refusal
from portal.build.sources import tick
from portal.build.version import code_version

PATH = ".cache/files"
"""Below the site's folder."""


class Note(msgspec.Struct, array_like=True, frozen=True):
    """A file as it lay there, and what was found in it."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    file: File


_decoder = msgspec.msgpack.Decoder(tuple[str, dict[str, Note]])


class Unchanged:
    """The notes of a site's attachments; a server keeps its own from build to build."""

    def __init__(self, root: Path) -> None:
        """`root` is the site's folder."""
        self._root = root
        self._file = root / PATH
        self._notes: dict[str, Note] | None = None
        self._used: dict[str, Note] = {}
        self._now = 0

    def read(self, path: Path, read: Callable[[], File | Refusal]) -> File | Refusal:
        """What was found in a file, by `read` where it may have changed."""
        if self._notes is None:
            self._notes = self._load()
        self._now = self._now or tick(self._file.parent)
        name = os.path.relpath(path, self._root)
        before = _look(path)
        known = self._notes.get(name)
        if known is not None and before == (known.size, known.mtime_ns, known.ctime_ns, known.inode):
            self._used[name] = known
            return known.file
        found = read()
        # Written in this tick, or while it was read, it could be another already.
        if isinstance(found, File) and before is not None and before == _look(path) and max(before[1:3]) < self._now:
            self._used[name] = Note(*before, found)
        return found

    def save(self) -> None:
        """Note what this build used. That it cannot be noted only costs time."""
        notes, self._notes, self._used, self._now = self._notes, self._used, {}, 0
        if notes != self._notes:
            data = msgspec.msgpack.encode((code_version(), self._notes))
            with suppress(OSError):
                new = self._file.with_name(f".{self._file.name}-{os.getpid()}")
                new.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)
                os.replace(new, self._file)

    def _load(self) -> dict[str, Note]:
        with suppress(OSError, msgspec.DecodeError):
            found = self._file.read_bytes()
            if zlib.crc32(found[4:]).to_bytes(4, "big") == found[:4]:
                version, notes = _decoder.decode(found[4:])
                if version == code_version():
                    return notes
        return {}


def _look(path: Path) -> tuple[int, int, int, int] | None:
    with suppress(OSError, ValueError):
        found = path.stat()
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
    return None
