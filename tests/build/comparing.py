"""An incremental build held against a clean one: of the same sources, at the same clock, byte for byte.

What must be true of each build beside that is looked at, too: releases that were published stay as they are, to the inode;
nothing else lies among them; the manifest tells exactly what is there.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jinja2 import Environment
from tiny import NOW, TinySite

from portal.build import manifest
from portal.build.engine import TEXTS
from portal.problems import ProblemsFound, render

Tree = dict[str, bytes]
Told = dict[str, tuple[int, int, bytes]]

DERIVED = (".cache", "releases", "output", "__pycache__")
"""What a build leaves in a site's folder; everything else there is its source."""

_BELONGS = re.compile(r"\.lock|\d+|\d+\.manifest|\.dropped-\d+")


def tree_of(folder: Path) -> Tree:
    """Every file below a folder: path and bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told_of(folder: Path) -> Told:
    """Every file below a folder with its inode, modification time and bytes."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            status = path.stat()
            found[path.relative_to(folder).as_posix()] = (status.st_ino, status.st_mtime_ns, path.read_bytes())
    return found


def difference(one: Tree, other: Tree) -> list[str]:
    """The paths that are not the same in both, each with how it differs."""
    found = [f"only incremental: {path}" for path in sorted(one.keys() - other.keys())]
    found += [f"only clean: {path}" for path in sorted(other.keys() - one.keys())]
    return found + [f"other bytes: {path}" for path in sorted(one.keys() & other.keys()) if one[path] != other[path]]


def empty_folders(folder: Path) -> list[str]:
    """The folders below a folder that have nothing in them."""
    return [
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir() and not any(path.iterdir())
    ]


def strangers(releases: Path) -> list[str]:
    """What lies among the releases and does not belong there."""
    return sorted(path.name for path in releases.iterdir() if not _BELONGS.fullmatch(path.name))


def copy_sources(site: Path, target: Path) -> TinySite:
    """The sources of a site in another folder: a checkout on which nothing was ever built."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target, symlinks=True, ignore=lambda folder, names: DERIVED if Path(folder) == site else ())
    copy = object.__new__(TinySite)
    copy.root = target
    return copy


@contextmanager
def compiled_once() -> Iterator[None]:
    """Templates are compiled once for all builds within, which is most of what a build of a tiny site takes. By their
    source and the filters, for constants are filtered while a template is compiled."""
    done: dict[Any, Any] = {}
    compiled = Environment.compile

    def once(self: Environment, source: Any, name: Any = None, filename: Any = None, *more: Any) -> Any:
        filters = {each: getattr(value, "__code__", type(value)) for each, value in self.filters.items()}
        key = source, name, filename, more, tuple(filters.items())
        if key not in done:
            done[key] = compiled(self, source, name, filename, *more)
        return done[key]

    with patch.object(Environment, "compile", once):
        yield


@contextmanager
def no_bytecode() -> Iterator[None]:
    """Settings that are edited twice a second: Python would tell them apart by whole seconds."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


class Pair:
    """A site that is built again and again, and a clean copy of it that is built each time from nothing."""

    def __init__(self, folder: Path, *, keep_texts: bool = False) -> None:
        """With `keep_texts` the clean copy has the words of attachments, which take a process to read."""
        self.folder = folder
        self.keep_texts = keep_texts
        self.site = TinySite(folder / "site")
        self.releases = self.site.root / "releases"
        self._published: dict[str, Told] = {}

    def incremental(self, now: datetime = NOW) -> tuple[str, bool]:
        """Build into the releases: what was wrong, and whether it was published."""
        with no_bytecode():
            try:
                return render(self.site.build(now).problems, "text"), True
            except ProblemsFound as error:
                return str(error), False

    def clean(self, now: datetime = NOW) -> tuple[str, Tree | None]:
        """Build a copy of the sources from nothing: what was wrong, and the site, where there is one."""
        copy = copy_sources(self.site.root, self.folder / "clean")
        texts = self.site.root / TEXTS
        if self.keep_texts and texts.is_dir():
            shutil.copytree(texts, copy.root / TEXTS)
        with no_bytecode():
            try:
                return render(copy.build(now).problems, "text"), copy.tree()
            except ProblemsFound as error:
                return str(error), None

    def touched(self) -> None:
        """Somebody has changed published releases by hand: they are from now on as they are."""
        self._published = {name: told_of(self.releases / name) for name in self._numbers()}

    def compare(self, now: datetime = NOW) -> bool:
        """Build both ways and hold everything of one against the other; whether it was published."""
        output = self.site.output
        before = output.resolve() if output.exists() else None
        problems, done = self.incremental(now)
        clean_problems, tree = self.clean(now)
        assert problems == clean_problems
        assert done == (tree is not None)
        for name in self._numbers():  # a release is never written to, through whatever link
            if name in self._published:
                assert told_of(self.releases / name) == self._published[name], f"release {name} was changed"
        assert strangers(self.releases) == []
        if tree is None:
            assert (output.resolve() if output.exists() else None) == before
            return False
        release = output.resolve()
        assert release != before
        there = told_of(release)
        assert difference({path: data for path, (_, _, data) in there.items()}, tree) == []
        assert empty_folders(release) == []
        noted = manifest.read(release).files
        assert {path: (entry.size, entry.mtime_ns) for path, entry in noted.items()} == {
            path: (len(data), mtime) for path, (_, mtime, data) in there.items()
        }
        self._published = {name: told for name, told in self._published.items() if name in set(self._numbers())}
        self._published[release.name] = there
        return True

    def _numbers(self) -> list[str]:
        return sorted(path.name for path in self.releases.iterdir() if path.name.isdigit())
