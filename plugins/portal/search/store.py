"""The shards that were built before, by fingerprint, and building what is missing: in parallel, within a memory bound.

The folder is a cache: what is in it can be deleted at any time. A shard is built beside it and renamed, so what bears
a fingerprint is whole.
"""

import gzip
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec

from portal.search.bundle import FILES, Before, Job, build
from portal.search.documents import weigh
from portal.search.edit import Contents
from portal.search.layout import Layout
from portal.search.pagefind import RUNTIME, copy_runtime
from portal.search.shards import Shard
from portal.search.workers import build_all

MEMORY = 400
"""MiB that all processes that build shards together may take, unless PORTAL_SEARCH_MEMORY says otherwise."""

BYTES_A_CHARACTER = 250
"""What building a shard takes, measured (docs/performance.md)."""

SIZES = "sizes.json"
"""Beside the files of a folder: how large each is."""

STAMP = "stamp.json"
"""Beside them: when the folder was last found whole, see `_intact`."""

BOOT = Path("/proc/sys/kernel/random/boot_id")

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
        if missing := [shard for shard in wanted if shard.fingerprint not in found]:
            found |= self._build(missing)
        return [found[shard.fingerprint] for shard in wanted]

    def files(self, shard: Shard) -> Path:
        """The folder of what is published of a shard."""
        return self.path(shard) / FILES

    def path(self, shard: Shard) -> Path:
        """The folder of a shard."""
        return self.folder / "shards" / shard.fingerprint

    def runtime(self, version: str) -> Path:
        """The folder with what browsers need of Pagefind itself. Raises SearchFailed."""
        target = self.folder / "runtime" / version
        # Intact it may be, and yet laid out by another version of this program.
        if not (_intact(target) and all((target / FILES / name).is_file() for name in RUNTIME)):
            _remove(target)
            with _beside(target) as folder:
                copy_runtime(folder / FILES)
        return target / FILES

    def packed(self, data: bytes) -> bytes:
        """The data compressed as well as gzip can: kept, since that takes longer than all else when nothing has changed."""
        target = self.folder / f"packed-{zlib.ZLIB_RUNTIME_VERSION}"
        with suppress(OSError, EOFError, zlib.error):
            if gzip.decompress(found := target.read_bytes()) == data:
                return found
        found = gzip.compress(data, 9, mtime=0)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
            file.write(found)
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

    def _read(self, shard: Shard) -> Layout | None:
        """The layout of a shard that is there whole; of one that is not nothing is left."""
        folder = self.path(shard)
        with suppress(OSError, ValueError, KeyError, TypeError):
            if _intact(folder):
                layout = Layout.from_json((folder / "layout.json").read_bytes())
                os.utime(folder)  # another build that prunes leaves it alone
                return layout
        _remove(folder)
        return None

    def _build(self, missing: Sequence[Shard]) -> dict[str, Layout]:
        heaviest = sorted(missing, key=lambda shard: weigh(shard.documents), reverse=True)
        known = self._contents()
        with ExitStack() as stack:
            targets = [stack.enter_context(_beside(self.path(shard))) for shard in heaviest]
            jobs = [self._job(shard, target, known) for shard, target in zip(heaviest, targets, strict=True)]
            workers = self.workers(jobs)
            layouts = list(build_all(jobs, workers) if workers > 1 else map(build, jobs))
        return {shard.fingerprint: layout for shard, layout in zip(heaviest, layouts, strict=True)}

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
        """What each stored shard is made of."""
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
            with suppress(OSError, ValueError):
                if _whole(best):  # of a damaged one nothing is taken over
                    return Before(best, Layout.from_json((best / "layout.json").read_bytes()), known[best])
        return None


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder beside the target, renamed once it is filled; another process that was quicker has made the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        yield folder
        folder.chmod(0o755)
        (folder / SIZES).write_text(json.dumps(_sizes(folder)), encoding="utf-8")
        (folder / STAMP).write_bytes(_stamp(folder))
        try:
            folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _intact(folder: Path) -> bool:
    """Whether a folder is whole, cheaply: what was found whole since the machine was started is whole while the times of
    its folders say that no file came or went. What a power cut did to it is looked for after the next start."""
    stamp = _stamp(folder)
    with suppress(OSError):
        if stamp and (folder / STAMP).read_bytes() == stamp:
            return True
    if not _whole(folder):
        return False
    with suppress(OSError):  # then it is looked at again the next time
        (folder / STAMP).write_bytes(stamp)
    return True


def _stamp(folder: Path) -> bytes:
    """Size and time of what stands in a folder and in that of its published files, and which start of the machine this is;
    nothing where that is not told."""
    told = []
    try:
        boot = BOOT.read_text(encoding="ascii")
        for below in (folder, folder / FILES):
            with os.scandir(below) as entries:
                for each in sorted(entries, key=lambda entry: entry.name):
                    stat = each.stat()
                    told.append((each.name, each.is_file() and stat.st_size, stat.st_mtime_ns))
    except OSError:
        return b""
    return msgspec.json.encode([boot, [each for each in told if each[0] != STAMP]])


def _sizes(folder: Path) -> dict[str, int]:
    """The files of a folder: how large each is."""
    found = {}
    waiting = [("", folder)]
    while waiting:
        prefix, below = waiting.pop()
        with os.scandir(below) as entries:
            for each in entries:
                if each.is_dir():
                    waiting.append((f"{prefix}{each.name}/", Path(each.path)))
                else:
                    found[prefix + each.name] = each.stat().st_size
    return {name: size for name, size in sorted(found.items()) if name not in {SIZES, STAMP}}


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
