"""Releases and the swap: hard links, three kept, one rename, and back again."""

import os
import threading
from pathlib import Path

import pytest
from tiny import NOW, TinySite

from portal.build.manifest import Manifest, read, to_bytes
from portal.build.releases import KEEP, ReleaseError, Releases
from portal.build.staging import Staging, staged
from portal.problems import ProblemsFound


def _release(releases: Releases, **files: bytes) -> Path:
    based_on = releases.current()
    with releases.staging() as folder, staged(folder, based_on, read(based_on) if based_on else Manifest()) as staging:
        for name, data in files.items():
            staging.put(name, data)
        return releases.publish(folder, based_on, to_bytes(staging.finish()))


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    """No release yet."""
    return Releases(tmp_path / "releases", tmp_path / "output")


def test_output_is_a_relative_link_to_the_newest_release(releases: Releases) -> None:
    """output is a symbolic link, relative so that the site's folder can be moved."""
    assert releases.current() is None
    _release(releases, a=b"1")
    assert os.readlink(releases.output) == "releases/1"
    _release(releases, a=b"2")
    assert os.readlink(releases.output) == "releases/2"
    assert (releases.output / "a").read_bytes() == b"2"


def test_three_releases_are_kept(releases: Releases) -> None:
    """Of many releases the last three stay, the published one among them."""
    for number in range(6):
        _release(releases, a=str(number).encode())
    assert KEEP == 3
    assert releases.numbers() == [4, 5, 6]


def test_unchanged_files_are_hard_links(releases: Releases) -> None:
    """A file with the same bytes is the same inode in the next release; a changed one is not."""
    first = _release(releases, same=b"1", other=b"1")
    second = _release(releases, same=b"1", other=b"2", new=b"3")
    assert (first / "same").stat().st_ino == (second / "same").stat().st_ino
    assert (first / "other").stat().st_ino != (second / "other").stat().st_ino
    assert (first / "other").read_bytes() == b"1"


def test_the_swap_is_one_rename(releases: Releases) -> None:
    """While releases follow each other, output is a link to a whole release at every moment."""
    _release(releases, a=b"0", b=b"0")
    wrong: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            if not releases.output.is_symlink():
                wrong.append("no link")
                continue
            target = releases.output.parent / os.readlink(releases.output)
            try:
                if (target / "a").read_bytes() != (target / "b").read_bytes():
                    wrong.append("a mixture")
            except FileNotFoundError:
                pass  # three releases later the folder that we were reading is gone

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(60):
            _release(releases, a=str(number).encode(), b=str(number).encode())
    finally:
        done.set()
        reader.join()
    assert wrong == []


def test_rollback_goes_back_one_and_one_more(releases: Releases) -> None:
    """Rolling back publishes the release before; twice, the one before that; then there is none left."""
    for number in (1, 2, 3):
        _release(releases, a=str(number).encode())
    assert releases.rollback().name == "2"
    assert (releases.output / "a").read_bytes() == b"2"
    assert releases.rollback().name == "1"
    with pytest.raises(ReleaseError, match="没有更早的版本"):
        releases.rollback()
    assert (releases.output / "a").read_bytes() == b"1"


def test_after_a_rollback_the_next_release_is_newer_than_all(releases: Releases) -> None:
    """A release after a rollback gets a new number and is the published one; three are kept."""
    for number in (1, 2, 3):
        _release(releases, a=str(number).encode())
    releases.rollback()
    releases.rollback()
    assert _release(releases, a=b"4").name == "4"
    assert (releases.output / "a").read_bytes() == b"4"
    assert releases.numbers() == [2, 3, 4]


def test_a_folder_that_is_not_ours_is_left_alone(releases: Releases) -> None:
    """Where output is a real folder, publishing refuses and the folder stays as it is."""
    releases.output.mkdir()
    (releases.output / "mine").write_text("x")
    with pytest.raises(ReleaseError, match="已经存在"):
        _release(releases, a=b"1")
    assert (releases.output / "mine").read_text() == "x"
    assert releases.numbers() == []


def test_a_build_that_fails_leaves_nothing(releases: Releases) -> None:
    """An error while staging removes what was staged; the published release stays."""
    _release(releases, a=b"1")

    def fail() -> None:
        with releases.staging() as folder:
            Staging(folder).put("a", b"2")
            raise RuntimeError("power")

    with pytest.raises(RuntimeError):
        fail()
    assert sorted(path.name for path in releases.folder.iterdir()) == [".lock", "1", "1.manifest"]
    assert (releases.output / "a").read_bytes() == b"1"


def test_what_a_killed_build_left_is_swept(releases: Releases) -> None:
    """A staging folder found while the lock is held belongs to nobody, whatever process ids say: it is removed."""
    for name in (".staging", ".staging-1", ".staging-999999999"):
        (releases.folder / name).mkdir(parents=True)
        (releases.folder / name / "half").write_bytes(b"x")
    _release(releases, a=b"1")
    assert sorted(path.name for path in releases.folder.iterdir()) == [".lock", "1", "1.manifest"]
    assert [path.name for path in (releases.folder / "1").iterdir()] == ["a"]


def test_a_link_that_is_not_ours_is_no_release(releases: Releases, tmp_path: Path) -> None:
    """Where output was pointed elsewhere by hand, nothing there is taken for a release."""
    (tmp_path / "elsewhere").mkdir()
    releases.output.symlink_to("elsewhere")
    assert releases.current() is None
    with pytest.raises(ReleaseError, match="没有更早的版本"):
        releases.rollback()


def test_an_attachment_saved_during_the_build_stops_it(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that nobody has checked are not published under the address of others: a problem with the file's place."""
    path = tiny.file("a.pdf")
    tiny.entry("a", 附件=[{"文件": "a.pdf", "标题": "附件"}])
    portal = tiny.portal()
    prepared = portal.prepare(NOW)
    path.write_bytes(b"%PDF-1.4 unchecked")
    monkeypatch.setattr(portal, "prepare", lambda *_, **__: prepared)
    with pytest.raises(ProblemsFound) as caught:
        portal.build(NOW)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.path) == ("file-changed", "content/files/a.pdf")
    assert not tiny.output.exists()
    assert [each.name for each in (tiny.root / "releases").iterdir()] == [".lock"]


def test_a_rebuild_links_everything(tiny: TinySite) -> None:
    """Two builds of the same content are two releases of the very same files, search index and attachments included."""
    tiny.file("a.pdf")
    tiny.entry("a", 附件=[{"文件": "a.pdf", "标题": "附件"}])
    tiny.build()
    one = tiny.output.resolve()
    tiny.build()
    two = tiny.output.resolve()
    assert one != two
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert len(files) > 80
    apart = [path.as_posix() for path in files if (one / path).stat().st_ino != (two / path).stat().st_ino]
    assert apart == []


def test_one_new_record_rewrites_few_files(tiny: TinySite) -> None:
    """After one new press release the other records' pages and JSON are still the same inodes."""
    tiny.entry("a")
    tiny.entry("b")
    tiny.build()
    one = tiny.output.resolve()
    tiny.news("n")
    tiny.build()
    two = tiny.output.resolve()
    for path in ("entries/a/index.html", "entries/a/index.json", "genres/notice/index.html", "sitemap/index.html"):
        assert (one / path).stat().st_ino == (two / path).stat().st_ino, path
