"""Releases: folders `releases/<n>`, and `output` a symbolic link to the one that the public sees.

Publishing is one rename of that link: a reader sees the old site or the new one, never a mixture. Three are kept.
One process at a time works on them: whoever means to publish holds the lock from before it reads the repository until
after the swap, or an older reading could replace a newer one and bring back what was withdrawn between the two.
"""

import fcntl
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.build.manifest import path_of
from portal.problems import Stopped

KEEP = 3
"""How many releases stay, the published one among them."""

DROPPED = ".dropped-"
"""At the beginning of the name of a release that is no longer kept, until the next build takes it away."""

_STAGING = ".staging"
_LOCK = ".lock"


class ReleaseError(Stopped):
    """A release cannot be made or found; the message is Chinese, for the operator."""


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


class Releases:
    """The releases of a site: the folder that holds them and the link that the web server follows.

    `say` tells the operator why nothing happens while another process holds the lock.
    """

    def __init__(self, folder: Path, output: Path, say: Callable[[str], None] = _say) -> None:
        self.folder = folder
        self.output = output
        self._say = say
        self._held = 0

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
        ours = target.parent == self.folder.resolve() and re.fullmatch(r"\d+", target.name)
        return target if ours and target.is_dir() else None

    def holds(self, path: Path) -> bool:
        """Whether a path is the published link, the folder of releases, or something inside either."""
        roots = {self.output.absolute(), self.output.resolve(), self.folder.resolve()}
        return any(root == each or root in each.parents for each in (path.absolute(), path.resolve()) for root in roots)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the releases alone, waiting with a sentence while another process does. May be nested."""
        if self._held:
            yield
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._say("另一个 portal 正在生成或发布这个网站，等它结束后继续……")
                fcntl.flock(lock, fcntl.LOCK_EX)
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder to build in, removed on the way out unless it has become a release."""
        with self.locked():
            # We hold the lock, so a staging folder found here is one that a killed build left behind.
            for left in self.folder.glob(f"{_STAGING}*"):
                shutil.rmtree(left, ignore_errors=True)
            folder = self.folder / _STAGING
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staging: Path, based_on: Path | None, manifest: bytes = b"") -> Path:
        """Make a staged folder the next release and the published one; drop releases beyond those kept.

        `manifest` tells what it consists of, for the next build; it is there before the release is. `based_on` is what `current()` was when the build began to read. Raises ReleaseError when it is that no longer
        (the link was changed by hand, or the file system has no locks), and when `output` is not ours.
        """
        if self.output.exists() and not self.output.is_symlink():
            raise ReleaseError(f"{self.output} 已经存在而且不是本程序建立的链接；请移走它，或用 --output 指定别处。")
        with self.locked():
            if self.current() != based_on:
                raise ReleaseError(
                    f"生成期间 {self.output} 已换成另一个版本，这一次读到的内容可能较旧，没有发布。请重新运行一次。"
                )
            release = self.folder / str(max([*self.numbers(), 0]) + 1)
            _replace(path_of(release), manifest)
            os.rename(staging, release)
            self._point(release)
            self._drop(release)
        return release

    def before(self) -> Path:
        """The release before the current one. Raises ReleaseError when there is none."""
        current = self.current()
        older = [number for number in self.numbers() if current is None or number < int(current.name)]
        if not older:
            raise ReleaseError("没有更早的版本可以退回。")
        return self.folder / str(older[-1])

    def rollback(self) -> Path:
        """Publish the release before the current one again. Raises ReleaseError when there is none."""
        self.before()  # where nothing was ever published there is no folder to lock either
        with self.locked():
            release = self.before()
            self._point(release)
        return release

    def _point(self, release: Path) -> None:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        link = self.output.with_name(f".{self.output.name}-new")
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(release, self.output.parent), target_is_directory=True)
        os.replace(link, self.output)

    def _drop(self, current: Path) -> None:
        # A release newer than the current one was rolled back from; it counts among those kept.
        for number in self.numbers()[:-KEEP]:
            if self.folder / str(number) != current:
                path_of(self.folder / str(number)).unlink(missing_ok=True)
                # Taking ten thousand files away takes time, which the next build has a process for.
                dropped = self.folder / f"{DROPPED}{number}"
                shutil.rmtree(dropped, ignore_errors=True)
                os.rename(self.folder / str(number), dropped)


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    new = path.with_name(f".{path.name}-new")
    new.write_bytes(data)
    os.replace(new, path)
