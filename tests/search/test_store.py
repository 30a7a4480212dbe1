"""Shards that are kept: what is there is not built again, what is broken is, and what fails leaves nothing half."""

import errno
import gzip
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.search import bundle, pagefind, store
from portal.search import shards as dividing
from portal.search.bundle import Job
from portal.search.documents import Document
from portal.search.layout import Layout
from portal.search.pagefind import RUNTIME, SearchFailed
from portal.search.shards import Shard, shards
from portal.search.store import BYTES_A_CHARACTER, MEMORY, SPARE, Store
from portal.search.sums import SUMS, sum_of, write_sums
from search.making import build, document
from search.reading import files

YEARS = (2020, 2023, 2026)


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> list[Shard]:
    """Three shards of two documents each."""
    monkeypatch.setattr(dividing, "WEIGHT", 90)
    found = _divide()
    assert [len(shard.documents) for shard in found] == [2, 2, 2]
    return found


def _divide(extra: str = "") -> list[Shard]:
    made = [document(f"{year}-{name}", "一段正文。" * 4, year=year) for year in YEARS for name in "ab"]
    if extra:
        made[0] = document("2020-a", extra * 4, year=2020)
    return shards(made, "v")


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "cache" / "search")


def _names(kept: Store) -> set[str]:
    """Everything in the folder of shards, folders that were left half-made included."""
    folder = kept.folder / "shards"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _built(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Document, ...]]:
    """Building goes on; what is built is listed."""
    found: list[tuple[Document, ...]] = []

    def build(job: Job) -> Layout:
        found.append(job.documents)
        return bundle.build(job)

    monkeypatch.setattr(store, "build", build)
    return found


def test_shards_are_built_once(kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time nothing is built, and the layouts, in the order asked for, are those of the first time."""
    layouts = kept.shards(three)
    assert _names(kept) == {shard.fingerprint for shard in three}
    before = files(kept.folder)

    def fail(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(store, "build", fail)
    monkeypatch.setattr(store, "build_all", fail)
    assert kept.shards(three) == layouts
    assert kept.shards(three[::-1]) == layouts[::-1]
    assert Store(kept.folder).shards(three) == layouts
    assert files(kept.folder) == before


def test_only_the_changed_shard_is_built(kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch) -> None:
    """After an edit in one year the shards of the others are left alone, to the inode."""
    kept.shards(three)
    places = {path: path.stat().st_ino for path in kept.folder.rglob("*")}
    built = _built(monkeypatch)
    edited = _divide("改过的文。")
    layouts = kept.shards(edited)
    (changed,) = [shard for shard in edited if shard not in three]
    assert built == [changed.documents]
    assert len(layouts) == 3
    assert {path: path.stat().st_ino for path in places} == places


def test_a_stored_shard_is_what_a_build_gives(kept: Store, three: list[Shard], tmp_path: Path) -> None:
    """What bears a fingerprint holds exactly what Pagefind and we make of its documents, readable by others."""
    for shard, found in zip(three, kept.shards(three), strict=True):
        assert build(shard.documents, tmp_path / shard.fingerprint) == found.layout
        stored = files(kept.path(shard))
        assert stored == files(tmp_path / shard.fingerprint)
        assert stored.pop("meta") == found.meta
        noted = kept.sums(kept.files(shard))
        assert {f"{bundle.FILES}/{name}" for name in noted} == {
            name for name in stored if name.startswith(bundle.FILES)
        }
        assert noted == {name: sum_of(data) for name, data in files(kept.files(shard)).items()}
        assert kept.files(shard) == kept.path(shard) / bundle.FILES
        assert kept.path(shard).stat().st_mode & 0o777 == 0o755


def _without(name: str) -> Callable[[Path], None]:
    def break_(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return break_


def _cut(folder: Path) -> None:
    (folder / "layout.json").write_bytes((folder / "layout.json").read_bytes()[:-1])


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_without("layout.json"), id="no layout"),
        pytest.param(_cut, id="layout cut off"),
        pytest.param(_emptied, id="empty folder"),
        pytest.param(_without("meta"), id="no table"),
        pytest.param(_without("sums"), id="no sums"),
    ],
)
def test_a_broken_shard_is_replaced(kept: Store, three: list[Shard], damage: Callable[[Path], None]) -> None:
    """What is not whole (a part of the cache can be deleted at any time) is built anew, as it was. What is published of it
    is looked at where it is published: tests/search/test_damage.py."""
    kept.shards(three[:1])
    whole = files(kept.folder)
    damage(kept.path(three[0]))
    kept.shards(three[:1])
    assert files(kept.folder) == whole


def test_a_shard_that_cannot_be_kept_fails_the_build(kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What was just built cannot be read: said in a sentence."""

    def emptied(job: Job) -> Layout:
        found = bundle.build(job)
        (job.target / "meta").write_bytes(b"")
        return found

    monkeypatch.setattr(store, "build", emptied)
    with pytest.raises(SearchFailed, match="没有发布"):
        kept.shards(three)


def test_again_nothing_is_taken_over(kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard that is built anew is made of its documents alone, whatever else is kept."""
    kept.shards(three)
    whole = files(kept.folder)
    jobs: list[Job] = []
    monkeypatch.setattr(store, "build", lambda job: jobs.append(job) or bundle.build(job))
    kept.again(three[:2])
    assert [job.before for job in jobs] == [None, None]
    assert files(kept.folder) == whole


def test_two_at_once_make_the_same(kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that was quicker has made the same: its folder stays, ours is given up."""
    other = Store(kept.folder)

    def slower(job: Job) -> Layout:
        monkeypatch.setattr(store, "build", bundle.build)
        other.shards(three[:1])
        return bundle.build(job)

    monkeypatch.setattr(store, "build", slower)
    assert kept.shards(three[:1]) == other.shards(three[:1])
    assert _names(kept) == {three[0].fingerprint}


def test_a_cache_that_cannot_be_written_is_used(
    kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a read-only file system the times of what is used cannot be set: it is right all the same, and stays."""
    layouts = kept.shards(three)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(os, "utime", refused)
    monkeypatch.setattr(store, "_remove", refused)
    built = _built(monkeypatch)
    assert kept.shards(three) == layouts
    assert built == []


def test_pruning_keeps_what_is_used(kept: Store, three: list[Shard]) -> None:
    """The shards of this build stay, however old, and of others twice as many, the last used."""
    folder = kept.folder / "shards"
    for number in range(9):
        (folder / f"{number:016x}" / "index").mkdir(parents=True)
        os.utime(folder / f"{number:016x}", (3600 * (1000 + number),) * 2)
    used = three[:2]
    for shard in used:
        kept.path(shard).mkdir()
        os.utime(kept.path(shard), (1, 1))
    kept.prune(used)
    assert SPARE == 2
    assert _names(kept) == {shard.fingerprint for shard in used} | {f"{number:016x}" for number in (5, 6, 7, 8)}
    kept.prune(used[:1])
    assert _names(kept) == {used[0].fingerprint, f"{8:016x}", f"{7:016x}"}


def test_pruning_leaves_alone_what_another_build_may_be_using(kept: Store, three: list[Shard]) -> None:
    """Of what was used within an hour of the last use nothing is removed, however much there is."""
    folder = kept.folder / "shards"
    for number in range(9):
        (folder / f"{number:016x}").mkdir(parents=True)
        os.utime(folder / f"{number:016x}", (5000 + number, 5000 + number))
    kept.prune([])
    assert len(_names(kept)) == 9


def test_a_damaged_runtime_is_made_again(kept: Store) -> None:
    """So is what browsers need of Pagefind itself, when nobody knows what it was, or when it is asked for."""
    folder = kept.runtime("1")
    before = files(folder)
    (folder / RUNTIME[0]).write_bytes(b"")
    (folder / RUNTIME[1]).unlink()
    assert files(kept.runtime_again("1")) == before
    (folder / RUNTIME[0]).write_bytes(b"")
    (folder.parent / SUMS).unlink()
    assert files(kept.runtime("1")) == before


def test_what_was_packed_is_not_packed_again(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same data is compressed once, other data anew."""
    packed = kept.packed(b"one")
    assert gzip.decompress(packed) == b"one"
    assert gzip.decompress(kept.packed(b"two")) == b"two"
    assert kept.packed(b"one") == packed
    monkeypatch.setattr(store.gzip, "compress", lambda *_, **__: pytest.fail("packed again"))
    assert kept.packed(b"one") == packed


def test_a_runtime_laid_out_otherwise_is_made_again(kept: Store) -> None:
    """What another version of this program left there, whole in its own way, is not taken for the engine."""
    folder = kept.runtime("1")
    before = files(folder)
    write_sums(folder.parent, {f"{bundle.FILES}/other": sum_of(b"other")})
    (folder / "other").write_bytes(b"other")
    assert files(kept.runtime("1")) == before


def test_the_runtime_is_made_once(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pagefind's own files are made at the first build with a version, and kept; a failure leaves none."""
    monkeypatch.setattr(pagefind, "RUNTIME", ("nothing",))
    with pytest.raises(SearchFailed):
        kept.runtime("1")
    assert list((kept.folder / "runtime").iterdir()) == []
    monkeypatch.setattr(pagefind, "RUNTIME", RUNTIME)
    assert set(files(kept.runtime("1"))) == set(RUNTIME)
    monkeypatch.setattr(store, "copy_runtime", lambda _: pytest.fail("made again"))
    assert kept.runtime("1") == kept.folder / "runtime" / "1" / bundle.FILES
    assert [path.name for path in (kept.folder / "runtime").iterdir()] == ["1"]


def _heavy(*weights: int, new: int | None = None) -> list[Job]:
    """Jobs of so many characters, of which so many are new: all, unless told."""
    return [
        Job((document(str(number), "重" * weight),), "v", Path(str(number)), None, weight if new is None else new)
        for number, weight in enumerate(weights)
    ]


def test_workers_obey_processors_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many shards at a time as there are processors and as memory holds of the heaviest; for little work none extra,
    nor where only edits are to be made."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4)))
    usual = _heavy(*[600_000] * 8)
    assert Store(tmp_path, 10**5).workers(usual) == 4
    assert Store(tmp_path, 10**5).workers(_heavy(*[600_000] * 8, new=1000)) == 1
    assert Store(tmp_path, 10**5).workers(_heavy(*[600_000] * 8, new=100_000)) == 2
    assert Store(tmp_path, 10**5).workers(_heavy(*[600_000] * 3)) == 3
    assert Store(tmp_path).workers(_heavy(600_000)) == 1
    assert Store(tmp_path).workers(_heavy(*[100] * 50)) == 1
    assert Store(tmp_path).workers([]) == 1
    assert Store(tmp_path).workers(usual) == min(4, int(MEMORY * 2**20 / (600_000 * BYTES_A_CHARACTER))) > 1
    assert Store(tmp_path, 10).workers(usual) == 1
    assert Store(tmp_path).workers(_heavy(*[100_000] * 3, 6_000_000)) == 1
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    assert Store(tmp_path, 10**6).workers(usual) == 1


@pytest.fixture
def parallel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worker processes, whatever there is to do."""
    monkeypatch.setattr(Store, "workers", lambda *_: 2)


@pytest.mark.usefixtures("parallel")
def test_in_parallel_the_result_is_the_same(kept: Store, three: list[Shard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Shards that worker processes built are those that were built one after another, byte for byte."""
    monkeypatch.setattr(store, "build", lambda *_: pytest.fail("not in parallel"))
    layouts = kept.shards(three)
    monkeypatch.undo()
    serial = Store(tmp_path / "serial")
    assert serial.shards(three) == layouts
    assert files(kept.folder) == files(serial.folder)


def _worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Worker processes run this code instead of their own module, with its arguments."""
    script = tmp_path / "worker.py"
    script.write_text(f"#!{sys.executable}\nimport sys; del sys.argv[1:3]\n{code}", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))


DEATHS = [
    pytest.param("", id="ends at once"),
    pytest.param("import sys, os; sys.stdin.buffer.read(20); os.kill(os.getpid(), 9)", id="killed while reading"),
    pytest.param("import sys, os; sys.stdout.buffer.write(b'\\x80\\x05'); os.kill(os.getpid(), 9)", id="killed while answering"),
    pytest.param("import sys; print('no pickle'); sys.stdout.flush(); sys.stdin.buffer.read()", id="answers something else"),
]  # fmt: skip


@pytest.mark.usefixtures("parallel", "three")
@pytest.mark.parametrize("heavy", [False, True], ids=["little", "much"])
@pytest.mark.parametrize("code", DEATHS)
def test_a_worker_that_dies_fails_the_build(kept: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, heavy: bool) -> None:  # fmt: skip
    """A process that ends before it answered is SearchFailed, however much of its job it took; no folder is left."""
    _worker(monkeypatch, tmp_path, code)
    wanted = shards(
        [document(f"{year}-{n}", "重" * (100_000 if heavy else 90), year=year) for year in YEARS for n in "ab"], "v"
    )
    with pytest.raises(SearchFailed, match="没有发布"):
        kept.shards(wanted)
    assert _names(kept) == set()


FAILING = """
import time
from portal.search import bundle, pagefind, workers
real = bundle.build
def build(job):
    if job.documents[0].year == 2023:
        raise {error}
    {others}
    return real(job)
workers.build = build
workers.main()
"""


@pytest.mark.usefixtures("parallel")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param("pagefind.SearchFailed('坏了，没有发布')", "坏了，没有发布", id="Pagefind"),
        pytest.param("OSError(28, 'No space left', '/x/y')", "/x/y", id="disk"),
        pytest.param("MemoryError()", "内存不足", id="memory"),
    ],
)
def test_one_failing_shard_leaves_no_half_ones(kept: Store, three: list[Shard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, said: str) -> None:  # fmt: skip
    """The others' folders are whole or not there, and why it failed is said, whatever the reason."""
    with monkeypatch.context() as patch:
        _worker(patch, tmp_path, FAILING.format(error=error, others="pass"))
        with pytest.raises(SearchFailed, match=said):
            kept.shards(three)
    assert _names(kept) <= {shard.fingerprint for shard in three if shard.documents[0].year != 2023}
    for shard in three:
        if kept.path(shard).exists():
            build(shard.documents, tmp_path / shard.fingerprint)
            assert files(kept.path(shard)) == files(tmp_path / shard.fingerprint)


def test_a_failing_shard_leaves_nothing_when_built_alone(kept: Store, three: list[Shard], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Without workers, too: after a failure no folder is left half-made."""

    def fail(job: Job) -> Layout:
        (job.target / "index").mkdir()
        raise SearchFailed("坏了")

    monkeypatch.setattr(store, "build", fail)
    with pytest.raises(SearchFailed):
        kept.shards(three)
    assert _names(kept) == set()
