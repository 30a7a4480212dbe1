"""The folder in which a site grows before it is published: files equal to the last release's are hard links to it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path


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
        old = self.previous / path if self.previous else None
        if old is not None and _same(old, data):
            os.link(old, target)
        else:
            target.write_bytes(data)

    def copy(self, path: str, source: Path) -> None:
        """Copy a file of the repository, or link it from the previous release; its path holds its hash already."""
        target = self._claim(path)
        old = self.previous / path if self.previous else None
        if old is not None and old.is_file() and old.stat().st_size == source.stat().st_size:
            os.link(old, target)
        else:
            shutil.copyfile(source, target)

    def adopt(self, below: str) -> None:
        """Take up files that another program wrote below a folder of the site, linking what has not changed."""
        for file in sorted((self.folder / below).rglob("*")):
            if not file.is_file():
                continue
            path = file.relative_to(self.folder).as_posix()
            self._paths.add(path)
            old = self.previous / path if self.previous else None
            if old is not None and _same(old, file.read_bytes()):
                file.unlink()
                os.link(old, file)

    def read(self, path: str) -> bytes:
        """A file already written."""
        return (self.folder / path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._paths))

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def _claim(self, path: str) -> Path:
        if path in self._paths:
            raise ValueError(f"two pages for one address: {path}")
        target = self.folder / path
        if ".." in Path(path).parts or Path(path).is_absolute():
            raise ValueError(f"outside the site: {path}")
        self._paths.add(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
