"""Releases: folders `releases/<n>`, and `output` a symbolic link to the one that the public sees.

Publishing is one rename of that link: a reader sees the old site or the new one, never a mixture. Three are kept.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEEP = 3
"""How many releases stay, the published one among them."""


class ReleaseError(Exception):
    """A release cannot be made or found; the message is Chinese, for the operator."""

    exitcode = 1


class Releases:
    """The releases of a site: the folder that holds them and the link that the web server follows."""

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder = folder
        self.output = output

    def numbers(self) -> list[int]:
        """The releases present, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if re.fullmatch(r"\d+", path.name))

    def current(self) -> Path | None:
        """The published release, or None before the first."""
        if not self.output.is_symlink():
            return None
        target = self.output.resolve()
        return target if target.is_dir() else None

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder to build in, removed on the way out unless it has become a release."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        folder = self.folder / f".staging-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staging: Path) -> Path:
        """Make a staged folder the next release and the published one; drop releases beyond those kept."""
        if self.output.exists() and not self.output.is_symlink():
            raise ReleaseError(f"{self.output} 已经存在而且不是本程序建立的链接；请移走它，或用 --output 指定别处。")
        with self._lock():
            number = max([*self.numbers(), 0]) + 1
            release = self.folder / str(number)
            os.rename(staging, release)
            self._point(release)
            self._drop(release)
        return release

    def rollback(self) -> Path:
        """Publish the release before the current one again. Raises ReleaseError when there is none."""
        with self._lock():
            current = self.current()
            older = [n for n in self.numbers() if current is None or n < int(current.name)]
            if not older:
                raise ReleaseError("没有更早的版本可以退回。")
            release = self.folder / str(older[-1])
            self._point(release)
        return release

    def _point(self, release: Path) -> None:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        link = self.output.with_name(f".{self.output.name}-{os.getpid()}")
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(release, self.output.parent), target_is_directory=True)
        os.replace(link, self.output)

    def _drop(self, current: Path) -> None:
        # A release newer than the current one was rolled back from; it counts among those kept.
        for number in self.numbers()[:-KEEP]:
            if self.folder / str(number) != current:
                shutil.rmtree(self.folder / str(number), ignore_errors=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _sweep(self) -> None:
        """Remove what a killed build left behind; a living one is left alone."""
        for path in self.folder.glob(".staging-*"):
            pid = path.name.removeprefix(".staging-")
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                shutil.rmtree(path, ignore_errors=True)
