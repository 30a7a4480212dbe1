"""The shards that were built before, by fingerprint, and building what is missing: in parallel, within a memory bound.

The folder is a cache: what is in it can be deleted at any time. A shard is built beside it and renamed, so what bears
a fingerprint was whole once. Whether it still is, is seen where it is used: what is read here is held against its sums,
and so is what is published (`Staging.adopt`); what fails is given up (`forget`) and built anew.
"""

import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from portal.search.bundle import DAMAGED, FILES, Before, Job, build
from portal.search.documents import weigh
from portal.search.edit import Contents
from portal.search.layout import Layout
from portal.search.pagefind import RUNTIME, SearchFailed, copy_runtime
from portal.search.shards import Shard
from portal.search.sums import Sums, read_checked, read_sums, seal, sum_of, unseal, write_sums
from portal.search.workers import build_all

MEMORY = 400
"""MiB that all processes that build shards together may take, unless PORTAL_SEARCH_MEMORY says otherwise."""

BYTES_A_CHARACTER = 250
"""What building a shard takes, measured (docs/performance.md)."""

LEFT_ALONE = 3600.0
"""Seconds: what was used so shortly before the last use of another shard is not pruned."""

SPARE = 2
"""How many times as many shards as the last build used are kept, for a preview or another clock beside it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a shard beside what is published of it as it is: its layout, and Pagefind's table."""

    layout: Layout
    meta: bytes


class Store:
    """Shards by fingerprint in a folder."""

    def __init__(self, folder: Path, memory: int = MEMORY) -> None:
        self.folder = folder
        self.memory = memory

    def shards(self, wanted: Sequence[Shard]) -> list[Kept]:
        """Build what is missing; what is kept of them, in order. Raises SearchFailed."""
        (self.folder / "shards").mkdir(parents=True, exist_ok=True)
        found = {shard.fingerprint: kept for shard in wanted if (kept := self._read(shard))}
        if missing := [shard for shard in wanted if shard.fingerprint not in found]:
            self._build(missing, self._contents())
            found |= {shard.fingerprint: self._built(shard) for shard in missing}
        return [found[shard.fingerprint] for shard in wanted]

    def again(self, damaged: Sequence[Shard]) -> None:
        """Build shards anew of which something published was damaged, of nothing that was there before."""
        for shard in damaged:
            _remove(self.path(shard))
        self._build(damaged, {})

    def forget(self, name: str, files: Path) -> None:
        """Remove the shards that share a damaged file with the one that has these: an edited shard links to what it keeps."""
        with suppress(OSError):
            damaged = (files / name).stat()
            for path in (self.folder / "shards").iterdir():
                with suppress(OSError):
                    if os.path.samestat((path / FILES / name).stat(), damaged):
                        _remove(path)

    def files(self, shard: Shard) -> Path:
        """The folder of what is published of a shard."""
        return self.path(shard) / FILES

    def path(self, shard: Shard) -> Path:
        """The folder of a shard."""
        return self.folder / "shards" / shard.fingerprint

    def sums(self, files: Path) -> Sums:
        """What the files of such a folder are; none where that cannot be told."""
        with suppress(OSError, ValueError):
            known = read_sums(files.parent)
            return {name.removeprefix(f"{FILES}/"): known[name] for name in known if name.startswith(f"{FILES}/")}
        return {}

    def runtime(self, version: str) -> Path:
        """The folder with what browsers need of Pagefind itself. Raises SearchFailed."""
        target = self.folder / "runtime" / version
        # Intact it may be, and yet laid out by another version of this program.
        if self.sums(target / FILES).keys() != set(RUNTIME):
            return self.runtime_again(version)
        return target / FILES

    def runtime_again(self, version: str) -> Path:
        """The same, made anew."""
        target = self.folder / "runtime" / version
        _remove(target)
        with _beside(target) as folder:
            copy_runtime(folder / FILES)
            write_sums(folder, {f"{FILES}/{name}": sum_of((folder / FILES / name).read_bytes()) for name in RUNTIME})
        return target / FILES

    def packed(self, data: bytes) -> bytes:
        """The data compressed as well as gzip can: kept, since that takes longer than all else when nothing has changed."""
        target = self.folder / f"packed-{zlib.ZLIB_RUNTIME_VERSION}"
        with suppress(OSError, EOFError, ValueError, zlib.error):
            if gzip.decompress(found := unseal(target.read_bytes())) == data:
                return found
        found = gzip.compress(data, 9, mtime=0)
        _remove(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            file.write(seal(found))
        Path(file.name).replace(target)
        return found

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

    def _read(self, shard: Shard) -> Kept | None:
        """What is kept of a shard that is there; of one that is damaged nothing is left. What is published of it nobody
        looks at before it is copied."""
        folder = self.path(shard)
        with suppress(*DAMAGED):
            known = read_sums(folder)
            layout = Layout.from_json(read_checked(folder, "layout.json", known))
            kept = Kept(layout, read_checked(folder, "meta", known))
            with suppress(OSError):  # the cache may be read-only, and is right all the same
                os.utime(folder)  # another build that prunes leaves it alone
            return kept
        _remove(folder)
        return None

    def _built(self, shard: Shard) -> Kept:
        kept = self._read(shard)
        if kept is None:
            raise SearchFailed(f"搜索索引没有生成，网站没有发布：刚写好的 {self.path(shard)} 读出来不对。请检查磁盘。")
        return kept

    def _build(self, missing: Sequence[Shard], known: Mapping[Path, Contents]) -> None:
        heaviest = sorted(missing, key=lambda shard: weigh(shard.documents), reverse=True)
        with ExitStack() as stack:
            targets = [stack.enter_context(_beside(self.path(shard))) for shard in heaviest]
            jobs = [self._job(shard, target, known) for shard, target in zip(heaviest, targets, strict=True)]
            workers = self.workers(jobs)
            for _ in build_all(jobs, workers) if workers > 1 else map(build, jobs):
                pass

    def workers(self, jobs: Sequence[Job]) -> int:
        """How many shards to build at a time: as many as there are processors, and as memory holds of the heaviest. Little
        that is new is not worth a process."""
        heaviest = max((weigh(job.documents) for job in jobs), default=0) * BYTES_A_CHARACTER
        worthwhile = sum(job.new for job in jobs) // 400_000
        return max(1, min(len(os.sched_getaffinity(0)), len(jobs), worthwhile, self.memory * 2**20 // max(heaviest, 1)))

    def _job(self, shard: Shard, target: Path, known: Mapping[Path, Contents]) -> Job:
        before = self._before(shard, known)
        there = set(before.contents.digests) if before else set()
        new = weigh([document for document in shard.documents if document.digest() not in there])
        return Job(shard.documents, shard.version, target, before, new)

    def _contents(self) -> dict[Path, Contents]:
        """What each stored shard is made of; so far nobody has looked whether that is what was written."""
        found = {}
        for path in (self.folder / "shards").iterdir():
            with suppress(OSError, ValueError):
                found[path] = msgspec.msgpack.decode((path / "contents").read_bytes(), type=Contents)
        return found

    def _before(self, shard: Shard, known: Mapping[Path, Contents]) -> Before | None:
        """The stored shard that has most of the documents of one that is to be built, the last used of several."""
        digests = {document.digest() for document in shard.documents}
        found = []
        for path, contents in known.items():
            shared = len(digests.intersection(contents.digests)) if contents.version == shard.version else 0
            with suppress(OSError):
                if shared:
                    found.append((shared, path.stat().st_mtime_ns, path))
        if found:
            *_, best = max(found)
            with suppress(*DAMAGED):  # of a damaged one nothing is taken over
                return self._as_written(best)
        return None

    def _as_written(self, folder: Path) -> Before:
        known = read_sums(folder)
        layout = Layout.from_json(read_checked(folder, "layout.json", known))
        contents = msgspec.msgpack.decode(read_checked(folder, "contents", known), type=Contents)
        return Before(folder, layout, contents, known)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder beside the target, renamed once it is filled; another process that was quicker has made the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        yield folder
        folder.chmod(0o755)
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
