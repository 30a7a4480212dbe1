"""The shards that were built before, by fingerprint, and building what is missing: in parallel, within a memory bound.

The folder is a cache: what is in it can be deleted at any time. A shard is built beside it and renamed, so what bears
a fingerprint is whole.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import starmap
from pathlib import Path

from portal.search.bundle import build
from portal.search.documents import weigh
from portal.search.layout import Layout
from portal.search.pagefind import copy_runtime
from portal.search.shards import Shard
from portal.search.workers import build_all

MEMORY = 400
"""MiB that all runs of Pagefind together may take. They are about half of the work, so that on two processors one run
at a time keeps both busy; set PORTAL_SEARCH_MEMORY for more at once."""

BYTES_A_CHARACTER = 540
"""What a run of Pagefind takes, measured (docs/performance.md)."""

SIZES = "sizes.json"
"""Beside the files of a folder: how large each is."""

LEFT_ALONE = 3600.0
"""Seconds: what was used so shortly before the last use of another shard is not pruned."""

SPARE = 2
"""How many times as many shards as the last build used are kept, for a preview or another clock beside it."""


class Store:
    """Shards by fingerprint in a folder."""

    def __init__(self, folder: Path, memory: int = MEMORY) -> None:
        self.folder = folder
        self.memory = memory

    def shards(self, wanted: Sequence[Shard]) -> list[Layout]:
        """Build what is missing; the layouts, in order. Raises SearchFailed."""
        (self.folder / "shards").mkdir(parents=True, exist_ok=True)
        found = {shard.fingerprint: layout for shard in wanted if (layout := self._read(shard))}
        found |= self._build([shard for shard in wanted if shard.fingerprint not in found])
        return [found[shard.fingerprint] for shard in wanted]

    def path(self, shard: Shard) -> Path:
        """The folder of a shard."""
        return self.folder / "shards" / shard.fingerprint

    def runtime(self, version: str) -> Path:
        """The folder with what browsers need of Pagefind itself. Raises SearchFailed."""
        target = self.folder / "runtime" / version
        if not _whole(target):
            _remove(target)
            with _beside(target) as folder:
                copy_runtime(folder)
        return target

    def prune(self, used: Iterable[Shard]) -> None:
        """Remove shards that no recent build used, the longest unused first, but none that another build may be using."""
        names = {shard.fingerprint for shard in used}
        others = []
        for path in (self.folder / "shards").iterdir():
            with suppress(OSError):  # another build has pruned it
                if path.name not in names:
                    others.append((path.stat().st_mtime, path))
        others.sort(reverse=True)
        newest = max((moment for moment, _ in others), default=0.0)
        for moment, path in others[SPARE * len(names) :]:
            if moment < newest - LEFT_ALONE:
                _remove(path)

    def _read(self, shard: Shard) -> Layout | None:
        """The layout of a shard that is there whole; of one that is not nothing is left."""
        folder = self.path(shard)
        with suppress(OSError, ValueError, KeyError, TypeError):
            if _whole(folder):
                layout = Layout.from_json((folder / "layout.json").read_bytes())
                os.utime(folder)  # another build that prunes leaves it alone
                return layout
        _remove(folder)
        return None

    def _build(self, missing: Sequence[Shard]) -> dict[str, Layout]:
        workers = self.workers(missing)
        heaviest = sorted(missing, key=lambda shard: weigh(shard.documents), reverse=True)
        with ExitStack() as stack:
            folders = [stack.enter_context(_beside(self.path(shard))) for shard in heaviest]
            jobs = [(shard.documents, folder) for shard, folder in zip(heaviest, folders, strict=True)]
            if workers > 1:
                locks = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-search-")))
                turns = [locks / str(number % self.turns(missing)) for number in range(workers)]
                layouts = list(build_all(jobs, turns))
            else:
                layouts = list(starmap(build, jobs))
        return {shard.fingerprint: layout for shard, layout in zip(heaviest, layouts, strict=True)}

    def workers(self, missing: Sequence[Shard]) -> int:
        """How many shards to build at a time: as many as there are processors; a small shard is not worth a process."""
        worthwhile = sum(weigh(shard.documents) for shard in missing) // 400_000
        return max(1, min(len(os.sched_getaffinity(0)), len(missing), worthwhile))

    def turns(self, missing: Sequence[Shard]) -> int:
        """How many runs of Pagefind the memory bound holds at a time: one at least."""
        heaviest = max(weigh(shard.documents) for shard in missing) * BYTES_A_CHARACTER / 2**20
        return max(1, int(self.memory / max(heaviest, 1)))


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder beside the target, renamed once it is filled; another process that was quicker has made the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        yield folder
        folder.chmod(0o755)
        (folder / SIZES).write_text(json.dumps(_sizes(folder)), encoding="utf-8")
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sizes(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != SIZES)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(files)}


def _whole(folder: Path) -> bool:
    """Whether every file is there in the size in which it was written: a power cut leaves empty ones."""
    try:
        return bool(json.loads((folder / SIZES).read_bytes()) == _sizes(folder))
    except (OSError, ValueError):
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
