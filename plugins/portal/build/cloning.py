"""A release as hard links in a new folder, made by a process beside the build: on a second processor it costs no time.

Only what lies there as its manifest says is taken over. What somebody touched, or what cannot be linked, is named, and is
made again.
"""

import multiprocessing
import os
import shutil
import stat
import threading
from contextlib import suppress
from pathlib import Path

import msgspec

from portal.build.manifest import Manifest
from portal.build.releases import DROPPED


def clone(release: Path, manifest: Manifest, folder: Path) -> list[str]:
    """Link the files of a release into a folder; the paths of those that could not be, or are not as they were noted."""
    left: list[str] = []
    mode = stat.S_IFREG | new_mode()
    by_folder: dict[str, list[str]] = {}
    for path in manifest.files:
        above, _, name = path.rpartition("/")
        by_folder.setdefault(above, []).append(name)
    linked: dict[str, bool] = {"": False}

    def is_linked(path: str) -> bool:
        """Whether a folder of the release, or one that it lies in, has become a symbolic link."""
        if path not in linked:
            linked[path] = is_linked(path.rpartition("/")[0]) or (release / path).is_symlink()
        return linked[path]

    for above, names in sorted(by_folder.items()):
        if above:
            (folder / above).mkdir(parents=True, exist_ok=True)
        prefix = f"{above}/" if above else ""
        if is_linked(above):
            left += [prefix + name for name in names]
            continue
        try:
            source = os.open(release / above, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            left += [prefix + name for name in names]
            continue
        target = os.open(folder / above, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in names:
                noted = manifest.files[prefix + name]
                try:
                    found = os.stat(name, dir_fd=source, follow_symlinks=False)
                    if (found.st_size, found.st_mtime_ns, found.st_mode) != (noted.size, noted.mtime_ns, mode):
                        left.append(prefix + name)
                        continue
                    os.link(name, name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
                except OSError:
                    left.append(prefix + name)
        finally:
            os.close(source)
            os.close(target)
    return left


def new_mode() -> int:
    """The mode that a new file gets: one of another mode would not be what a clean build makes, and may be unreadable for the
    web server."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


class Cloning:
    """A clone in the making. `left` waits for its end."""

    def __init__(self, release: Path, manifest: Manifest, folder: Path) -> None:
        self._arguments = release, manifest, folder
        self._left: set[str] | None = None
        self._process = None
        if threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1:  # a fork with threads may never end
            context = multiprocessing.get_context("fork")
            self._pipe, theirs = context.Pipe(duplex=False)
            self._process = context.Process(target=self._run, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()

    def _run(self, pipe: "multiprocessing.connection.Connection") -> None:
        self._pipe.close()  # held here, too, it would keep this process waiting for a parent that was killed
        with suppress(BrokenPipeError):
            pipe.send_bytes(msgspec.msgpack.encode(clone(*self._arguments)))
            self._sweep()
        os._exit(0)

    def _sweep(self) -> None:
        """Take away the releases that are no longer kept."""
        for dropped in self._arguments[0].parent.glob(f"{DROPPED}*"):
            shutil.rmtree(dropped, ignore_errors=True)

    @property
    def left(self) -> set[str]:
        """What is not in the clone; everything, where the process that made it was ended."""
        if self._left is None:
            if self._process is None:
                self._left = set(clone(*self._arguments))
                self._sweep()
            else:
                self._left = self._received()
        return self._left

    def _received(self) -> set[str]:
        assert self._process is not None
        try:
            return set(msgspec.msgpack.decode(self._pipe.recv_bytes(), type=list[str]))
        except (OSError, EOFError, msgspec.DecodeError):  # OSError where it was killed in the middle of its message
            return set(self._arguments[1].files)

    def close(self) -> None:
        """End the process; where it is still cloning, that is given up."""
        if self._process is not None:
            self._pipe.close()
            if self._left is None:
                self._process.terminate()
            self._process.join()
            self._process = None
