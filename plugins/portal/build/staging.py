"""The folder in which a site grows before it is published: files equal to the last release's are hard links to it."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from portal.build.sources import SourceChanged


class Staging:
    """Writes files below a folder; `previous` is the release to link unchanged files from, if any."""

    def __init__(self, folder: Path, previous: Path | None = None) -> None:
        self.folder = folder
        self.previous = previous
        self._paths: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, path: str, data: bytes) -> None:
        """Write a file, or link it when the previous release has the same bytes. Raises ValueError for a path twice."""
        target = self._claim(path)
        old = self._old(path)
        if old is None or not _same(old, data) or not _link(old, target):
            target.write_bytes(data)

    def copy(self, path: str, source: Path, sha256: str) -> None:
        """Copy a file of the repository, or link it from the previous release.

        Raises SourceChanged when it is not the file that was hashed (somebody saved it meanwhile): its address would
        promise other bytes than it has, and nobody has checked the new ones.
        """
        target = self._claim(path)
        old = self._old(path)
        if old is not None and _has_hash(old, sha256) and _link(old, target):
            return
        digest = hashlib.sha256()
        with source.open("rb") as reader, target.open("wb") as writer:
            while piece := reader.read(1 << 20):
                digest.update(piece)
                writer.write(piece)
        if digest.hexdigest() != sha256:
            target.unlink()
            raise SourceChanged(str(source))

    def link(self, path: str, source: Path) -> None:
        """Take up a file that is never changed in place, as a hard link where that can be."""
        target = self._claim(path)
        if not _link(source, target):
            target.write_bytes(source.read_bytes())

    def read(self, path: str) -> bytes:
        """A file already written."""
        return (self.folder / path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._paths))

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def _old(self, path: str) -> Path | None:
        return self.previous / path if self.previous else None

    def _claim(self, path: str) -> Path:
        if path in self._paths:
            raise ValueError(f"two pages for one address: {path}")
        target = self.folder / path
        if ".." in Path(path).parts or Path(path).is_absolute():
            raise ValueError(f"outside the site: {path}")
        self._paths.add(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def _link(old: Path, target: Path) -> bool:
    """Link, or say that it cannot be: too many links, a file system without them, a release removed by hand."""
    try:
        os.link(old, target)
    except OSError:
        return False
    return True


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _has_hash(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
