"""The folder in which a site grows: what is claimed is there, what is not goes, and what is published stays as it is."""

import hashlib
import os
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build.comparing import Told, empty_folders, told_of, tree_of
from portal.build import manifest
from portal.build.manifest import Entry, Manifest
from portal.build.sources import SourceChanged
from portal.build.staging import Damaged, Staging, Sum, staged
from portal.build.workers import shared

BESIDE = f".portal-new{os.getpid()}"
"""What a file of this process is called while it is written; a killed process may have had the same number."""


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch, alone: bool) -> Iterator[None]:
    """A process beside can work, on any machine; after each test it is gone, and no file is left open."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    before = len(os.listdir("/proc/self/fd"))
    yield
    if alone:
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        assert len(os.listdir("/proc/self/fd")) == before


def release_of(folder: Path, files: Mapping[str, bytes]) -> Manifest:
    """A release of these files."""
    staging = Staging(folder)
    for path, data in files.items():
        staging.put(path, data)
    return staging.finish()


def sha256(data: bytes) -> str:
    """As a file of the repository is told from others."""
    return hashlib.sha256(data).hexdigest()


def sums(files: Mapping[str, bytes]) -> dict[str, Sum]:
    """What each file of a folder must be."""
    return {name: (len(data), zlib.crc32(data)) for name, data in files.items()}


def cache_of(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A folder that may be adopted."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


# ── claims ──────────────────────────────────────────────────────────────────


def _claim(staging: Staging, how: str, path: str, top: Path) -> None:
    """Claim a file with the bytes b"2"; or a folder with one file."""
    (top / "source").write_bytes(b"2")
    if how == "put":
        staging.put(path, b"2")
    elif how == "copy":
        staging.copy(path, top / "source", sha256(b"2"))
    elif how == "note":
        staging.note(path, Entry(b"", 1, 0))
    elif how == "check":
        staging.check(path)
    else:
        folder, _, name = path.rpartition("/")
        staging.adopt(folder, cache_of(top / "cache", {name: b"2"}), "f", lambda: sums({name: b"2"}))


@pytest.mark.parametrize("how", ["put", "copy", "note", "check", "adopt"])
@pytest.mark.parametrize("again", [False, True], ids=["new", "held"])
def test_one_address_is_claimed_once(tmp_path: Path, how: str, again: bool) -> None:
    """Two files for one path are an error and no race for the last word: nothing is written, whoever comes second, and
    whether the last site had the file or not."""
    held = release_of(tmp_path / "s", {"a/index.html": b"1"}) if again else None
    staging = Staging(tmp_path / "s", held)
    staging.put("a/index.html", b"1")
    before = told_of(tmp_path / "s")
    with pytest.raises(ValueError, match=r"two pages for one address: a(/index\.html)?$"):
        _claim(staging, how, "a/index.html", tmp_path)
    assert told_of(tmp_path / "s") == before
    assert list(staging) == ["a/index.html"]


def test_a_file_that_is_kept_is_claimed_once(tmp_path: Path) -> None:
    """As one that is written."""
    held = release_of(tmp_path / "s", {"a": b"1"})
    staging = Staging(tmp_path / "s", held)
    assert staging.keep("a", held.files["a"].fingerprint)
    with pytest.raises(ValueError, match="two pages"):
        staging.keep("a", held.files["a"].fingerprint)


@pytest.mark.parametrize("path", ["../a", "a/../../b", "a/../b", "ABSOLUTE/b"])
@pytest.mark.parametrize("how", ["put", "copy", "note", "check", "adopt"])
def test_nothing_is_written_outside(tmp_path: Path, path: str, how: str) -> None:
    """A path that leads out of the folder is refused by every way of claiming one."""
    staging = Staging(tmp_path / "s")
    with pytest.raises(ValueError, match="outside"):
        _claim(staging, how, path.replace("ABSOLUTE", str(tmp_path)), tmp_path)
    assert {each.name for each in tmp_path.iterdir()} <= {"s", "source", "cache"}
    assert list((tmp_path / "s").iterdir()) == []
    assert list(staging) == []


def test_a_staging_tells_what_was_claimed(tmp_path: Path) -> None:
    """By path, in order; what the last site had is not in it until it is claimed."""
    held = release_of(tmp_path / "s", {"b": b"1", "a": b"2", "c": b"3"})
    staging = Staging(tmp_path / "s", held)
    for path in ("b", "a"):
        staging.put(path, b"2")
    assert list(staging) == ["a", "b"]
    assert "a" in staging
    assert "c" not in staging
    assert (staging.folder / "b").read_bytes() == b"2"


def test_a_file_is_kept_if_it_was_made_from_the_same(tmp_path: Path) -> None:
    """And only then is it claimed; it stays the very file that it is."""
    staging = Staging(tmp_path / "s")
    staging.note("a", staging.write("a", b"1", b"old"))
    held = staging.finish()
    before = told_of(tmp_path / "s")
    staging = Staging(tmp_path / "s", held)
    assert not staging.keep("a", b"new")
    assert not staging.keep("other", b"old")
    assert list(staging) == []
    assert staging.keep("a", b"old")
    assert staging.finish() == held
    assert told_of(tmp_path / "s") == before


def test_equal_bytes_are_left_there_under_their_new_fingerprint(tmp_path: Path) -> None:
    """A page that comes out as it was, though from something else, is not written, and next time it is kept."""
    staging = Staging(tmp_path / "s")
    for path in ("same", "other", "longer"):
        staging.note(path, staging.write(path, b"1", b"old"))
    held = staging.finish()
    before = told_of(tmp_path / "s")
    staging = Staging(tmp_path / "s", held)
    for path, data in (("same", b"1"), ("other", b"2"), ("longer", b"1+")):
        staging.note(path, staging.write(path, data, b"new"))
    told = staging.finish()
    after = told_of(tmp_path / "s")
    assert after["same"] == before["same"]
    assert tree_of(tmp_path / "s") == {"same": b"1", "other": b"2", "longer": b"1+"}
    assert after["other"][0] != before["other"][0]
    assert {entry.fingerprint for entry in told.files.values()} == {b"new"}
    assert_noted(told, tmp_path / "s")


def assert_noted(told: Manifest, folder: Path) -> None:
    """A manifest says what lies in a folder, file by file, and nothing else does."""
    there = {path: (len(data), mtime) for path, (_, mtime, data) in told_of(folder).items()}
    assert {path: (entry.size, entry.mtime_ns) for path, entry in told.files.items()} == there
    assert empty_folders(folder) == []


# ── copies of the repository's files ────────────────────────────────────────


def test_a_copied_file_with_other_bytes_is_not_linked(tmp_path: Path) -> None:
    """A file of the repository is copied anew where the previous release's has other bytes, of the same size too."""
    (tmp_path / "source").write_bytes(b"new bytes")
    held = release_of(tmp_path / "old", {"files/a": b"old bytes"})
    new = Staging(tmp_path / "old", held)
    new.copy("files/a", tmp_path / "source", sha256(b"new bytes"))
    assert (new.folder / "files/a").read_bytes() == b"new bytes"
    assert_noted(new.finish(), tmp_path / "old")


def test_a_file_that_is_no_longer_what_was_read_is_not_copied(tmp_path: Path) -> None:
    """A source saved anew or removed since it was hashed is refused, nothing of it is left, and what the last site had is
    not harmed; once it is back it is copied."""
    source = tmp_path / "source"
    source.write_bytes(b"other")
    held = release_of(tmp_path / "s", {"files/a": b"old"})
    before = told_of(tmp_path / "s")
    staging = Staging(tmp_path / "s", held)
    with pytest.raises(SourceChanged, match="source"):
        staging.copy("files/a", source, sha256(b"checked"))
    source.unlink()
    with pytest.raises(FileNotFoundError):
        staging.copy("files/a", source, sha256(b"checked"))
    assert told_of(tmp_path / "s") == before
    assert list(staging) == []
    source.write_bytes(b"checked")
    staging.copy("files/a", source, sha256(b"checked"))
    assert tree_of(tmp_path / "s") == {"files/a": b"checked"}


def test_a_copied_file_is_copied_once(tmp_path: Path) -> None:
    """A large one whole; the next site keeps it without looking at the source, and the source is never linked."""
    data = random.Random(1).randbytes((1 << 20) + 1)
    (tmp_path / "source").write_bytes(data)
    staging = Staging(tmp_path / "s")
    staging.copy("files/a", tmp_path / "source", sha256(data))
    assert (staging.folder / "files/a").read_bytes() == data
    assert (tmp_path / "source").stat().st_nlink == 1
    held = staging.finish()
    (tmp_path / "source").unlink()
    staging = Staging(tmp_path / "s", held)
    staging.copy("files/a", tmp_path / "source", sha256(data))
    assert staging.finish() == held


# ── folders that are taken over ─────────────────────────────────────────────

CACHE = {"a/one": b"1", "a/two": bytes(9), "three": b"3"}


@pytest.mark.parametrize("name", ["a/two", "three"])
@pytest.mark.parametrize("damage", ["other", "shorter", "longer", "missing", "folder"])
def test_a_damaged_folder_is_not_adopted(tmp_path: Path, name: str, damage: str) -> None:
    """Nothing is claimed, nothing is left, and what the last site had there stands until it is whole again."""
    source = cache_of(tmp_path / "cache", CACHE)
    held = release_of(tmp_path / "s", {"x/f/old": b"old"})
    before = told_of(tmp_path / "s")
    data = CACHE[name]
    (source / name).unlink()
    if damage == "folder":
        (source / name).mkdir()
    elif damage != "missing":
        damaged = {"other": bytes([data[0] ^ 1]) + data[1:], "shorter": data[:-1], "longer": data + b"+"}
        (source / name).write_bytes(damaged[damage])
    staging = Staging(tmp_path / "s", held)
    with pytest.raises(Damaged) as caught:
        staging.adopt("x/f", source, "f", lambda: sums(CACHE))
    assert caught.value.name == name
    assert list(staging) == []
    assert told_of(tmp_path / "s") == before
    assert sorted(path.name for path in (tmp_path / "s/x").iterdir()) == ["f"]
    if damage == "folder":
        (source / name).rmdir()
    cache_of(source, CACHE)
    staging.adopt("x/f", source, "f", lambda: sums(CACHE))
    assert_noted(staging.finish(), tmp_path / "s")
    assert tree_of(tmp_path / "s") == {f"x/f/{path}": data for path, data in CACHE.items()}


def test_a_cut_file_with_the_checksum_of_the_whole_is_damaged(tmp_path: Path) -> None:
    """A file may have the CRC-32 of its own beginning: its length is held against what it must be, too."""
    whole = b"\x9d\x0a\xd9\x6d"
    assert zlib.crc32(whole) == zlib.crc32(b"")
    with pytest.raises(Damaged):
        Staging(tmp_path / "s").adopt("x", cache_of(tmp_path / "cache", {"a": b""}), "f", lambda: sums({"a": whole}))


def test_a_folder_without_files_is_not_adopted(tmp_path: Path) -> None:
    """A folder that is to be taken over whole and is not there, or empty, stops the build instead of being left out."""
    (tmp_path / "empty").mkdir()
    for name in ("empty", "gone"):
        with pytest.raises(FileNotFoundError, match=name):
            Staging(tmp_path / "s").adopt("search/x", tmp_path / name, "1")


def test_a_folder_of_another_fingerprint_is_adopted_anew(tmp_path: Path) -> None:
    """And with it goes what it had; under the same fingerprint nobody asks what belongs to it."""
    source = cache_of(tmp_path / "cache", CACHE)
    staging = Staging(tmp_path / "s")
    staging.adopt("x", source, "f", lambda: sums(CACHE))
    held = staging.finish()
    before = told_of(tmp_path / "s")
    staging = Staging(tmp_path / "s", held)
    staging.adopt("x", tmp_path / "none", "f", lambda: pytest.fail("asked"))
    assert staging.finish() == held
    assert told_of(tmp_path / "s") == before
    (source / "three").write_bytes(b"4")
    staging = Staging(tmp_path / "s", held)
    staging.adopt("x", source, "g", lambda: sums({"three": b"4"}))
    told = staging.finish()
    assert (told.folders["x"].fingerprint, told.folders["x"].names) == (b"g", ["three"])
    assert tree_of(tmp_path / "s") == {"x/three": b"4"}
    assert_noted(told, tmp_path / "s")


def test_an_adopted_folder_that_somebody_touched_is_adopted_anew(tmp_path: Path) -> None:
    """One file in the last release that is not as it was noted is enough."""
    source = cache_of(tmp_path / "cache", CACHE)
    staging = Staging(tmp_path / "1")
    staging.adopt("x", source, "f", lambda: sums(CACHE))
    held = staging.finish()
    (tmp_path / "1/x/a/one").write_bytes(b"?")
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        staging.adopt("x", source, "f", lambda: sums(CACHE))
        assert_noted(staging.finish(), tmp_path / "2")
    assert tree_of(tmp_path / "2") == {f"x/{path}": data for path, data in CACHE.items()}


@pytest.mark.parametrize("processors", [{0}, {0, 1}], ids=["here", "beside"])
@pytest.mark.parametrize("there", ["x", "x/three/deep", "x/a"])
def test_a_folder_is_adopted_where_the_clone_puts_something_else(
    tmp_path: Path, there: str, processors: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is the first that is claimed: files where the last site had folders, or folders where it had files."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: processors)
    held = release_of(tmp_path / "1", {there: b"1", **{f"a/{number}": b"1" for number in range(200)}})
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        staging.adopt("x", cache_of(tmp_path / "cache", CACHE), "f", lambda: sums(CACHE))
        assert_noted(staging.finish(), tmp_path / "2")
    assert tree_of(tmp_path / "2") == {f"x/{path}": data for path, data in CACHE.items()}


def test_a_file_of_ours_does_not_fall_with_a_folder(tmp_path: Path) -> None:
    """A folder is not put where a file that is claimed lies, nor a file where a folder with such a one stands."""
    held = release_of(tmp_path / "s", {"x/old": b"old", "y/old": b"old", "z": b"old"})
    staging = Staging(tmp_path / "s", held)
    staging.put("x/mine", b"mine")
    with pytest.raises(ValueError, match="two pages"):
        staging.adopt("x", cache_of(tmp_path / "cache", CACHE), "f", lambda: sums(CACHE))
    staging.put("y/mine", b"mine")
    with pytest.raises(ValueError, match="two pages"):
        staging.put("y", b"1")
    staging.put("z", b"mine")
    with pytest.raises(ValueError, match="two pages"):
        staging.put("z/below", b"1")
    assert [(staging.folder / path).read_bytes() for path in staging] == [b"mine"] * 3


# ── what is published stays ─────────────────────────────────────────────────

TREES = st.dictionaries(
    st.sampled_from(["a", "a/a", "a/a/a", "a/a/b", "a/b", "b", "b/a", "c/d/e", "c/d"]),
    st.sampled_from([b"", b"1", b"2", b"33"]),
    max_size=6,
).filter(lambda tree: not any(other.startswith(f"{path}/") for path in tree for other in tree))


def _staging(folder: Path, before: Path | None, held: Manifest) -> AbstractContextManager[Staging]:
    return staged(folder, before, held) if folder != before else nullcontext(Staging(folder, held))


@pytest.mark.parametrize("in_place", [False, True], ids=["releases", "preview"])
@settings(deadline=None, max_examples=40)
@given(st.lists(TREES, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_any_site_may_follow_any_other(
    tmp_path_factory: pytest.TempPathFactory, in_place: bool, trees: list[dict[str, bytes]], order: random.Random
) -> None:
    """Files become folders, and folders files; what nobody claims goes, with folders that are empty then. Nothing that is
    published changes, to the inode, and the manifest says what is there."""
    top = tmp_path_factory.mktemp("sites")
    told, before = Manifest(), None
    published: dict[Path, Told] = {}
    for number, tree in enumerate(trees):
        folder = top / ("0" if in_place else str(number))
        with _staging(folder, before, told) as staging:
            staging.put(".mark", b"")  # as a build begins, which waits for the clone
            for path in order.sample(sorted(tree), len(tree)):
                staging.put(path, tree[path])
            told = staging.finish()
        assert tree_of(folder) == tree | {".mark": b""}
        assert_noted(told, folder)
        for each, was in published.items():
            assert told_of(each) == was
        if not in_place:
            published[folder] = told_of(folder)
        before = folder


def test_no_way_of_writing_changes_what_is_linked(tmp_path: Path) -> None:
    """The new site has other bytes under each path; the old one is what it was, in the very same files."""
    old = {"put": b"1", "write": b"1", "copy": b"1", "x/adopt": b"1"}
    held = release_of(tmp_path / "1", old)
    before = told_of(tmp_path / "1")
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        for how in ("put", "copy", "adopt"):
            _claim(staging, how, "x/adopt" if how == "adopt" else how, tmp_path)
        assert os.path.samefile(tmp_path / "1/write", tmp_path / "2/write")
        staging.note("write", staging.write("write", b"2", b"f"))
        assert_noted(staging.finish(), tmp_path / "2")
    assert tree_of(tmp_path / "2") == dict.fromkeys(old, b"2")
    assert told_of(tmp_path / "1") == before


def test_what_is_the_same_is_linked_and_what_was_touched_is_made_anew(tmp_path: Path) -> None:
    """Nobody who wrote into a published file gets it published again."""
    files = {f"{number}": b"1" for number in range(5)}
    held = release_of(tmp_path / "1", files)
    (tmp_path / "1/3").write_bytes(b"?")
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        assert [staging.keep(path, held.files[path].fingerprint) for path in files] == [True] * 3 + [False, True]
        staging.put("3", b"1")
        assert_noted(staging.finish(), tmp_path / "2")
    assert tree_of(tmp_path / "2") == files
    assert [os.path.samefile(tmp_path / "1" / path, tmp_path / "2" / path) for path in files].count(True) == 4


def test_nothing_appears_after_the_end(tmp_path: Path) -> None:
    """A site that has nothing of the last one is finished when the clone is: else files would come back."""
    held = release_of(tmp_path / "1", {f"{number % 7}/{number}": b"1" for number in range(400)})
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        assert staging.finish() == Manifest()
    assert list((tmp_path / "2").iterdir()) == []


def test_what_is_not_ours_is_not_swept(tmp_path: Path) -> None:
    """Only what the manifest told of is taken away, and only folders that are empty then."""
    held = release_of(tmp_path / "s", {"a/b/ours": b"1", "c/d/ours": b"1"})
    (tmp_path / "s/a/strange").write_bytes(b"2")
    (tmp_path / "s/c/d/ours").unlink()  # somebody was faster
    Staging(tmp_path / "s", held).finish()
    assert tree_of(tmp_path / "s") == {"a/strange": b"2"}
    assert [path.name for path in (tmp_path / "s").rglob("*")] == ["a", "strange"]


def test_where_no_link_can_be_made_the_bytes_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release removed between look and link, or too many links: the file is written, and the build goes on."""
    (tmp_path / "source").write_bytes(b"3")
    held = release_of(tmp_path / "1", {"a": b"3", "files/b": b"3"})

    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError("dropped")

    monkeypatch.setattr(os, "link", gone)
    with staged(tmp_path / "new", tmp_path / "1", held) as new:
        new.put("a", b"3")
        new.copy("files/b", tmp_path / "source", sha256(b"3"))
        assert list(new) == ["a", "files/b"]
        assert [(new.folder / path).read_bytes() for path in new] == [b"3"] * 2


def test_without_a_release_or_its_manifest_a_site_begins_empty(tmp_path: Path) -> None:
    """What lies in a release of which nothing is known is not taken over."""
    release_of(tmp_path / "1", {"a": b"1"})
    for number, before in enumerate((None, tmp_path / "1")):
        with staged(tmp_path / f"new{number}", before, manifest.read(tmp_path / "1")) as staging:
            assert not staging.keep("a", b"")
            assert (list(staging.folder.iterdir()), staging.finish()) == ([], Manifest())


def test_a_build_that_fails_ends_the_clone(tmp_path: Path) -> None:
    """That no process is left is looked at after each test."""
    held = release_of(tmp_path / "1", {"a": b"1"})
    with pytest.raises(RuntimeError), staged(tmp_path / "2", tmp_path / "1", held):
        raise RuntimeError("stop")


# ── names, and who writes ───────────────────────────────────────────────────


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    """Of a file that is new, of one that is replaced or copied, and of a folder."""
    long = "a" * 255
    held = release_of(tmp_path / "s", {f"put/{long}": b"1"})
    staging = Staging(tmp_path / "s", held)
    for how, path in (("put", f"put/{long}"), ("copy", f"copy/{long}"), ("adopt", f"adopt/{long}/{long}")):
        _claim(staging, how, path, tmp_path)
    assert set(tree_of(tmp_path / "s").values()) == {b"2"}
    assert_noted(staging.finish(), tmp_path / "s")


def test_what_a_killed_process_was_writing_is_no_hindrance(tmp_path: Path) -> None:
    """A file or folder under the name that this process uses, too, is overwritten, and nothing of it is taken over."""
    held = release_of(tmp_path / "s", {"a/put": b"1", "b/copy": b"1", "c/x/adopt": b"1"})
    (tmp_path / "s/a" / BESIDE).write_bytes(b"half, and longer")
    (tmp_path / "s/b" / BESIDE).write_bytes(b"half, and longer")
    cache_of(tmp_path / "s/c" / f"{BESIDE}.d", {"half": b"half"})
    staging = Staging(tmp_path / "s", held)
    for how, path in (("put", "a/put"), ("copy", "b/copy"), ("adopt", "c/x/adopt")):
        _claim(staging, how, path, tmp_path)
    assert_noted(staging.finish(), tmp_path / "s")
    assert tree_of(tmp_path / "s") == {"a/put": b"2", "b/copy": b"2", "c/x/adopt": b"2"}


def test_workers_write_into_one_folder(tmp_path: Path) -> None:
    """At once, files that are new and files that the last site had, none of which gets another's bytes."""
    paths = [f"a/{number}" for number in range(600)]
    held = release_of(tmp_path / "s", dict.fromkeys(paths[::2], b"old"))
    staging = Staging(tmp_path / "s", held)

    def work(jobs: Sequence[str]) -> Iterator[tuple[str, Entry]]:
        for path in jobs:
            yield path, staging.write(path, path.encode() * 1000, b"f")

    jobs = [*paths[::2], *paths[1::2]]
    for path, entry in shared(jobs, work, tuple[str, Entry], least=1):
        staging.note(path, entry)
    assert_noted(staging.finish(), tmp_path / "s")
    assert tree_of(tmp_path / "s") == {path: path.encode() * 1000 for path in paths}


@pytest.mark.parametrize("processors", [{0}, {0, 1}], ids=["one processor", "two"])
def test_a_file_is_put_where_the_clone_makes_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processors: set[int]
) -> None:
    """A new file with the name of what was a folder waits for the clone, and then takes its place."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: processors)
    held = release_of(tmp_path / "1", {"a/b": b"1"})
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        staging.put("a", b"2")
        staging.finish()
    assert tree_of(tmp_path / "2") == {"a": b"2"}


@pytest.mark.parametrize("first", ["a", "a/b", "a/b/c"])
@pytest.mark.parametrize("second", ["a", "a/b", "a/b/c"])
def test_what_is_a_file_is_no_folder(tmp_path: Path, first: str, second: str) -> None:
    """A path below a file that is claimed, or above one, is an address taken twice, kept or not; nothing is left beside."""
    for number, files in enumerate(({}, {first: b"1"}, {second: b"1"})):
        folder = tmp_path / str(number)
        staging = Staging(folder, release_of(folder, files))
        staging.put(first, b"1")
        with pytest.raises(ValueError, match="two pages"):
            staging.put(second, b"1")
        assert tree_of(folder)[first] == b"1"
        assert not list(folder.rglob(".portal-new*"))
