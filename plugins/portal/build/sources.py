"""The sources that were read before: a file that has not changed since is not opened again.

A file is unchanged when its size, times and inode are those that were noted (of the times the change time, too, which no
program can set back), and it was last written before the note (a file written within the same tick of the file system's clock could change again without a trace: git calls such
an entry racy). Otherwise its bytes' SHA-256 decides. The folder `.cache` can be deleted, copied and shared; what is
damaged, of another version or not a database at all is passed over and replaced.
"""

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from portal.build import stored
from portal.build.version import code_version
from portal.build.workers import shared
from portal.problems import Problem
from portal.records.reading import read_file
from portal.records.repository import Read, SourceFile, read_bytes
from portal.records.source import Unreadable, body_of, decode

PATH = ".cache/sources.sqlite"
"""Below the site's folder."""

_RACY = -1
"""Noted as the size of a file whose bytes must be looked at again."""

_NO_FAULT_OF_ITS_OWN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR}
"""Locked, or nothing can be written: what is there is whole."""

_SCHEMA = """
CREATE TABLE version (version TEXT);
CREATE TABLE sources (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, inode INTEGER, sha256 BLOB, data BLOB,
                      checksum INTEGER);
"""


class SourceChanged(Exception):
    """A file of the site's folder no longer holds what was read and checked; its path is the argument."""


class _Row(NamedTuple):
    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: bytes
    data: bytes
    checksum: int

    @property
    def is_whole(self) -> bool:
        try:
            return self.checksum == _checksum(self.path, self.sha256, self.data)
        except (TypeError, AttributeError):  # a flipped bit makes bytes a text, or nothing
            return False


class Sources:
    """Reads the files of a site's folder; a `repository.Reader`. What it read it also remembers, for a server that stays."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._remembered: dict[str, tuple[SourceFile, Read]] = {}

    def read(self, root: Path, files: list[SourceFile]) -> Iterable[Read]:
        """The records of each file, in order, and what is wrong with it."""
        # What a server remembers is what the file holds: it reads the file once.
        known = {} if len(self._remembered) >= len(files) else self._load()
        found: dict[str, tuple[SourceFile, Read]] = {}
        changed: list[SourceFile] = []
        for file in files:
            read = self._recalled(root, file, known.get(file.path))
            if read is None:
                changed.append(file)
            else:
                found[file.path] = file, read
        self._remembered = dict(found)
        if changed:
            for file, read, is_lasting in self._read(root, changed, known):
                found[file.path] = file, read
                if is_lasting:
                    self._remembered[file.path] = file, read
        self._forget([path for path in known if path not in found])
        return [found[file.path][1] for file in files]

    def _recalled(self, root: Path, file: SourceFile, row: _Row | None) -> Read | None:
        """What a file held when it was read, if it has not changed since."""
        remembered = self._remembered.get(file.path)
        if remembered is not None and remembered[0] == file:
            return remembered[1]
        if row is None or row[1:5] != (file.size, file.mtime_ns, file.ctime_ns, file.inode):
            return None
        return _unpacked(root, row)

    def _read(
        self, root: Path, changed: list[SourceFile], known: Mapping[str, _Row]
    ) -> Iterator[tuple[SourceFile, Read, bool]]:
        """Read what changed, note it, and say of each file whether its note will last."""
        now = self._tick()
        by_path = {file.path: file for file in changed}
        hashes = {path: known[path].sha256 for path in by_path if path in known and known[path].is_whole}
        rows: list[_Row] = []
        for path, row, problems in shared(
            changed, lambda mine: _look(root, mine, hashes, now), tuple[str, _Row | None, list[Problem]]
        ):
            if row is None:
                yield by_path[path], ([], problems), False
                continue
            if not row.data:  # it has other times, but the bytes that were noted
                row = _noted(known[path], row)
            read = _unpacked(root, row)
            if read is None:  # noted wrongly, whatever it says of itself
                yield by_path[path], read_file(path, (root / path).read_bytes()), False
            else:
                rows.append(row)
                yield by_path[path], read, row.size != _RACY
        self._save(rows)

    def _load(self) -> dict[str, _Row]:
        if not self._file.is_file():
            return {}
        try:
            with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as database:
                if database.execute("SELECT version FROM version").fetchall() == [(code_version(),)]:
                    columns = ", ".join(_Row._fields)
                    rows = map(_Row._make, database.execute(f"SELECT {columns} FROM sources"))  # noqa: S608 -- ours
                    return {row.path: row for row in rows}
        except (sqlite3.Error, TypeError, ValueError):
            pass
        return {}

    def _tick(self) -> int:
        return tick(self._file.parent)

    def _save(self, rows: Sequence[_Row]) -> None:
        """Note what was read. That it cannot be noted only costs time."""
        with suppress(sqlite3.Error, OSError):
            try:
                self._write(rows, ())
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", None) in _NO_FAULT_OF_ITS_OWN:
                    raise
                # Damaged, foreign, or of other code. Whoever else has it open goes on with a file that has no name.
                self._file.unlink(missing_ok=True)
                self._write(rows, ())

    def _forget(self, gone: Sequence[str]) -> None:
        if gone:
            with suppress(sqlite3.Error, OSError):
                self._write((), gone)

    def _write(self, rows: Sequence[_Row], gone: Sequence[str]) -> None:
        with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous=OFF")  # a power cut may damage it: that is noticed
            database.execute("PRAGMA journal_mode=MEMORY")
            database.execute("BEGIN IMMEDIATE")
            if not database.execute("SELECT name FROM sqlite_master").fetchall():
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    database.execute(statement)
                database.execute("INSERT INTO version VALUES (?)", (code_version(),))
            elif database.execute("SELECT version FROM version").fetchall() != [(code_version(),)]:
                raise sqlite3.DatabaseError("of other code")
            database.executemany("REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            database.executemany("DELETE FROM sources WHERE path = ?", [(path,) for path in gone])
            database.execute("COMMIT")


def tick(folder: Path) -> int:
    """The present as a folder's file system tells it: what is written there from now on bears this time or a later one. 0
    where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / ".tick"
        mark.write_bytes(b"")
        os.utime(mark)
        return mark.stat().st_mtime_ns
    except OSError:
        return 0


def _look(
    root: Path, files: Sequence[SourceFile], hashes: Mapping[str, bytes], now: int
) -> Iterator[tuple[str, _Row | None, list[Problem]]]:
    """Read files: for each its path and row, or what keeps it from being read. A row without data has the noted bytes."""
    for file in files:
        data, problems = read_bytes(root, file.path)
        if problems:
            yield file.path, None, problems
            continue
        digest = hashlib.sha256(data).digest()
        # The file may have been written after it was listed: noted with the times of the listing, it is looked at again.
        size = file.size if max(file.mtime_ns, file.ctime_ns) < now else _RACY
        packed = b"" if hashes.get(file.path) == digest else stored.to_bytes(*read_file(file.path, data))
        checksum = _checksum(file.path, digest, packed)
        yield file.path, _Row(file.path, size, file.mtime_ns, file.ctime_ns, file.inode, digest, packed, checksum), []


def _noted(row: _Row, other: _Row) -> _Row:
    return row._replace(size=other.size, mtime_ns=other.mtime_ns, ctime_ns=other.ctime_ns, inode=other.inode)


def _checksum(path: str, sha256: bytes, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(sha256, zlib.crc32(path.encode())))


def _unpacked(root: Path, row: _Row) -> Read | None:
    """The records and problems of a row, or None where it is damaged."""
    if not row.is_whole:
        return None
    path, sha256 = row.path, row.sha256
    try:
        return stored.from_bytes(
            path, row.data, lambda number: _words(root, path, sha256), lambda number: _places(root, path, number)
        )
    except (msgspec.DecodeError, KeyError):
        return None


def _words(root: Path, path: str, sha256: bytes) -> str:
    """The body of a Markdown file. Raises SourceChanged where it is no longer the file that was read."""
    try:
        data = (root / path).read_bytes()
    except OSError:
        raise SourceChanged(path) from None
    if hashlib.sha256(data).digest() != sha256:
        raise SourceChanged(path)
    return body_of(path, decode(path, data))


def _places(root: Path, path: str, number: int) -> Mapping[Any, Any]:
    """Where the fields of a file's n-th record stand now; nothing where it has gone."""
    data, _ = read_bytes(root, path)
    with suppress(Unreadable, IndexError):
        return read_file(path, data)[0][number].origin.places
    return {}
