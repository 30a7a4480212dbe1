"""A release as hard links in a new folder: what is as it was noted, and nothing else."""

import multiprocessing
import os
import shutil
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build.comparing import told_of
from portal.build.cloning import Cloning, clone, new_mode
from portal.build.manifest import Entry, Manifest

FILES = {"index.html": b"index", "a/one": b"1", "a/two": b"22", "a/b/three": b"333", "c/文件": b""}


def release_of(folder: Path, files: dict[str, bytes]) -> Manifest:
    """Files in a folder, as they were noted when they were published some time ago."""
    noted = {}
    for number, (path, data) in enumerate(files.items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        os.utime(folder / path, ns=(0, 10**18 + number))
        noted[path] = Entry(b"", len(data), 10**18 + number)
    return Manifest(noted)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with `FILES`, one among other releases."""
    return tmp_path / "releases" / "4"


@pytest.fixture
def manifest(release: Path) -> Manifest:
    """What is noted of it."""
    return release_of(release, FILES)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The folder that becomes a clone."""
    folder = tmp_path / "new"
    folder.mkdir()
    return folder


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


@contextmanager
def another_thread() -> Iterator[None]:
    """This process has a thread more, as the preview's has."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def test_what_is_as_it_was_noted_is_linked(release: Path, manifest: Manifest, new: Path) -> None:
    """Each file is the same inode in the clone; what is not noted is not cloned, nor an empty folder."""
    (release / "a/stranger").write_bytes(b"?")
    (release / "empty").mkdir()
    before = told_of(release)
    assert clone(release, manifest, new) == []
    assert told_of(new) == {path: before[path] for path in FILES}
    assert not (new / "empty").exists()
    assert told_of(release) == before


def _longer(path: Path) -> None:
    status = path.stat()
    with path.open("ab") as file:
        file.write(b"+")
    os.utime(path, ns=(0, status.st_mtime_ns))


def _later(path: Path) -> None:
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))


def _earlier(path: Path) -> None:
    os.utime(path, ns=(0, path.stat().st_mtime_ns - 1))


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


TOUCHES: dict[str, Callable[[Path], object]] = {
    "longer": _longer,
    "later": _later,
    "earlier": _earlier,
    "unreadable": lambda path: path.chmod(0),
    "executable": lambda path: path.chmod(0o755),
    "set user id": lambda path: path.chmod(0o4644),
    "missing": lambda path: path.unlink(),
    "symbolic link": _link,
    "folder": _folder,
}
"""What may have happened to a published file."""


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_somebody_touched_is_left(release: Path, manifest: Manifest, new: Path, touch: str) -> None:
    """It is named and is not in the clone; all others are."""
    TOUCHES[touch](release / "a/two")
    assert clone(release, manifest, new) == ["a/two"]
    assert told_of(new).keys() == FILES.keys() - {"a/two"}
    assert not (new / "a/two").is_symlink()


TREES = st.dictionaries(
    st.sampled_from(["a", "b/a", "b/c/a", "b/c/b", "b/d", "e/f/g/h"]), st.sampled_from(["", *TOUCHES]), max_size=6
)


@settings(deadline=None, max_examples=50)
@given(TREES)
def test_what_is_linked_and_what_is_left_is_all_there_was(
    tmp_path_factory: pytest.TempPathFactory, touched: dict[str, str]
) -> None:
    """Of any release in whatever state, each file is either named once or the same inode."""
    top = tmp_path_factory.mktemp("tree")
    manifest = release_of(top / "1", dict.fromkeys(touched, b"x"))
    for path, touch in touched.items():
        if touch:
            TOUCHES[touch](top / "1" / path)
    (top / "2").mkdir()
    left = clone(top / "1", manifest, top / "2")
    assert sorted(left) == sorted(path for path, touch in touched.items() if touch)
    whole = {path: (top / "1" / path).stat().st_ino for path, touch in touched.items() if not touch}
    assert {path: inode for path, (inode, _, _) in told_of(top / "2").items()} == whole
    shutil.rmtree(top)


def test_a_folder_that_is_a_link_is_not_followed(release: Path, manifest: Manifest, new: Path) -> None:
    """What somebody put elsewhere is no more a part of the release, though the files are the same."""
    (release / "a/b").rename(release.parent / "moved")
    (release / "a/b").symlink_to(release.parent / "moved")
    assert clone(release, manifest, new) == ["a/b/three"]
    assert not (new / "a/b/three").exists()
    (release / "c").rename(release / "d")
    assert sorted(clone(release, Manifest({path: manifest.files[path] for path in ("a/b/three", "c/文件")}), new)) == [
        "a/b/three",
        "c/文件",
    ]


def test_what_is_in_the_way_stays(release: Path, manifest: Manifest, new: Path) -> None:
    """A file that stands in the new folder already is not replaced; it is named, for it is not what was published."""
    (new / "a").mkdir()
    (new / "a/one").write_bytes(b"mine")
    assert clone(release, manifest, new) == ["a/one"]
    assert (new / "a/one").read_bytes() == b"mine"


def test_a_release_that_is_gone_is_left_whole(release: Path, manifest: Manifest, new: Path) -> None:
    """Every file is named."""
    shutil.rmtree(release)
    assert sorted(clone(release, manifest, new)) == sorted(FILES)
    assert told_of(new) == {}


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0])
def test_a_file_of_another_mode_than_new_ones_is_left(release: Path, manifest: Manifest, new: Path, mask: int) -> None:
    """After the operator has changed the umask all files are made anew, as a clean build would make them."""
    for path in FILES:
        (release / path).chmod(0o644)
    before = os.umask(mask)
    try:
        left = clone(release, manifest, new)
        (new / "made").write_bytes(b"")
        assert stat.S_IMODE((new / "made").stat().st_mode) == new_mode()
    finally:
        assert os.umask(before) == mask, "asking for the mode has changed it"
    assert sorted(left) == ([] if mask == 0o022 else sorted(FILES))


# ── beside the build ────────────────────────────────────────────────────────


def test_a_process_beside_makes_the_clone(release: Path, manifest: Manifest, new: Path) -> None:
    """It is at work before anybody asks; what it left is told by the end. What is closed holds no pipe open."""
    (release / "a/two").unlink()
    before = told_of(release)
    open_files = os.listdir("/proc/self/fd")
    cloning = Cloning(release, manifest, new)
    assert len(multiprocessing.active_children()) == 1
    end = time.monotonic() + 30
    while told_of(new) != before:
        assert time.monotonic() < end
    assert cloning.left == {"a/two"}
    assert cloning.left == {"a/two"}
    cloning.close()
    assert os.listdir("/proc/self/fd") == open_files
    assert told_of(new) == before


@pytest.mark.parametrize("why", ["thread", "processor"])
def test_where_no_process_can_work_this_one_does(
    release: Path, manifest: Manifest, new: Path, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fork beside a thread may never end, and on one processor it costs what it saves: the clone is made when somebody
    asks, and once."""
    (release / "a/two").unlink()
    if why == "processor":
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    with another_thread() if why == "thread" else nullcontext():
        cloning = Cloning(release, manifest, new)
        assert multiprocessing.active_children() == []
        assert told_of(new) == {}
        assert cloning.left == {"a/two"}
        (new / "a/one").unlink()
        assert cloning.left == {"a/two"}
        cloning.close()
    assert told_of(new).keys() == FILES.keys() - {"a/one", "a/two"}


@pytest.mark.parametrize("links", range(len(FILES)))
def test_of_a_process_that_was_killed_everything_is_left(
    release: Path, manifest: Manifest, new: Path, links: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After however many links: nobody knows what it has done, so that everything is made again."""
    parent, link = os.getpid(), os.link

    def killed(source: str, target: str, **more: int) -> None:
        if os.getpid() != parent and sum(path.is_file() for path in new.rglob("*")) == links:
            os.kill(os.getpid(), signal.SIGKILL)
        link(source, target, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "link", killed)
    cloning = Cloning(release, manifest, new)
    assert cloning.left == set(FILES)
    cloning.close()
    assert len(told_of(new)) == links


def test_a_clone_that_nobody_asks_for_is_given_up(tmp_path: Path, new: Path) -> None:
    """The process is ended, also where it waits to say more than a pipe holds; to close twice is to close."""
    manifest = Manifest({f"{number:0200}": Entry(b"", 0, 0) for number in range(2000)})
    cloning = Cloning(tmp_path / "none", manifest, new)
    assert len(multiprocessing.active_children()) == 1
    cloning.close()
    assert multiprocessing.active_children() == []
    cloning.close()


def test_more_is_left_than_a_pipe_holds(tmp_path: Path, new: Path) -> None:
    """All of it is told."""
    manifest = Manifest({f"{number:0200}": Entry(b"", 0, 0) for number in range(2000)})
    cloning = Cloning(tmp_path / "none", manifest, new)
    assert cloning.left == manifest.files.keys()
    cloning.close()


@pytest.mark.parametrize("threads", [False, True])
def test_releases_that_are_no_longer_kept_are_swept(
    release: Path, manifest: Manifest, new: Path, threads: bool
) -> None:
    """With all that is in them, by whoever makes the clone, and nothing else that lies there."""
    for name in (".dropped-1", ".dropped-2", "3", ".staging"):
        release_of(release.parent / name, FILES)
    with another_thread() if threads else nullcontext():
        cloning = Cloning(release, manifest, new)
        assert cloning.left == set()
        cloning.close()
    assert sorted(path.name for path in release.parent.iterdir()) == [".staging", "3", "4"]
    assert told_of(release.parent / "3").keys() == FILES.keys()


def test_what_is_left_is_told_before_anything_is_swept(release: Path, new: Path) -> None:
    """The build waits for the clone and not for the sweeping: who cannot tell yet, for a pipe is full, does not sweep."""
    manifest = Manifest({f"{number:0200}": Entry(b"", 0, 0) for number in range(2000)})
    dropped = release.with_name(".dropped-1")
    release_of(dropped, FILES)
    cloning = Cloning(release, manifest, new)
    time.sleep(0.2)
    assert told_of(dropped).keys() == FILES.keys()
    assert cloning.left == manifest.files.keys()
    cloning.close()
    assert not dropped.exists()


def test_nothing_of_the_parents_happens_twice(
    release: Path, manifest: Manifest, new: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What this process has begun to write is not written by the clone's, too."""
    with (release.parent / "begun").open("w") as file:
        file.write("begun")
        cloning = Cloning(release, manifest, new)
        assert cloning.left == set()
        cloning.close()
    assert (release.parent / "begun").read_text() == "begun"
    assert capfd.readouterr() == ("", "")


def test_of_a_process_that_was_killed_while_it_told_everything_is_left(tmp_path: Path, new: Path) -> None:
    """In the middle of a message that is longer than a pipe holds."""
    manifest = Manifest({f"{number:0200}": Entry(b"", 0, 0) for number in range(2000)})
    cloning = Cloning(tmp_path / "none", manifest, new)
    time.sleep(0.3)  # the pipe is full
    assert cloning._process is not None
    assert cloning._process.pid is not None
    os.kill(cloning._process.pid, signal.SIGKILL)
    assert cloning.left == manifest.files.keys()
    cloning.close()


def test_a_folder_below_a_link_is_not_followed(tmp_path: Path, new: Path) -> None:
    """A link further up leads elsewhere, too."""
    manifest = release_of(tmp_path / "4", {"a/b/c": b""})
    (tmp_path / "4/a").rename(tmp_path / "moved")
    (tmp_path / "4/a").symlink_to(tmp_path / "moved")
    assert clone(tmp_path / "4", manifest, new) == ["a/b/c"]
