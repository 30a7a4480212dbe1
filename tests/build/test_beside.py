"""A build into a folder of its own replaces only what is empty or was built by us."""

from pathlib import Path

import pytest
from tiny import NOW, TinySite

from portal.build.beside import MARKER
from portal.build.releases import ReleaseError


def test_a_foreign_site_is_left_alone(tiny: TinySite, tmp_path: Path) -> None:
    """A folder that holds somebody's robots.txt and pages is no folder of ours: it stays to the byte."""
    tiny.news("n")
    foreign = tmp_path / "www"
    foreign.mkdir()
    for name in ("robots.txt", "index.html"):
        (foreign / name).write_text("theirs")
    with pytest.raises(ReleaseError, match=r"\.portal-site"):
        tiny.build(NOW, OUTPUT_PATH=str(foreign))
    assert {path.name: path.read_text() for path in foreign.iterdir()} == {
        "robots.txt": "theirs",
        "index.html": "theirs",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "www"]


def test_what_stands_beside_is_not_touched(tiny: TinySite, tmp_path: Path) -> None:
    """Folders whose names look like those of a build at work are not ours to remove."""
    tiny.news("n")
    for name in (".mine-new", ".mine-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter").write_text("x")
    for _ in range(2):
        tiny.build(NOW, OUTPUT_PATH=str(tmp_path / "mine"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine-new", ".mine-old", "mine", "site"]
    assert (tmp_path / ".mine-old/letter").read_text() == "x"


def test_the_mark_is_in_releases_too(tiny: TinySite, tmp_path: Path) -> None:
    """The mark is the same bytes in every folder, so that all ways to build give one tree."""
    tiny.news("n")
    tiny.build()
    tiny.build(NOW, OUTPUT_PATH=str(tmp_path / "beside"))
    assert (tiny.output / MARKER).read_bytes() == (tmp_path / "beside" / MARKER).read_bytes()


@pytest.mark.parametrize("name", ["releases", "releases/1", "releases/1/news", "output/news"])
def test_the_published_site_is_no_folder_to_build_into(tiny: TinySite, name: str) -> None:
    """Releases hold the mark as well: a build into one, by whatever command, is refused."""
    tiny.news("n")
    tiny.build()
    before = tiny.tree()
    with pytest.raises(ReleaseError, match="已发布"):
        tiny.build(NOW, OUTPUT_PATH=str(tiny.root / name))
    assert tiny.tree() == before


def test_a_build_that_fails_leaves_the_folder(tiny: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure while writing leaves what was there, and nothing beside it."""
    tiny.news("n")
    tiny.build(NOW, OUTPUT_PATH=str(tmp_path / "out"))
    before = tiny.tree(tmp_path / "out")
    portal = tiny.portal(OUTPUT_PATH=str(tmp_path / "out"))

    def fail(*_: object) -> None:
        raise RuntimeError("power")

    monkeypatch.setattr(portal, "write", fail)
    with pytest.raises(RuntimeError):
        portal.build(NOW)
    assert tiny.tree(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "site"]
