"""A cache that was damaged: whatever happens to its files, what is published is what a clean build publishes."""

import os
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tiny import NOW, TinySite

from portal.build.manifest import Manifest
from portal.build.staging import Staging
from portal.outputs import search
from portal.search import bundle, edit
from portal.search.bundle import FILES, Job
from portal.search.pagefind import SearchFailed
from portal.search.shards import Shard
from portal.search.store import Kept, Store
from portal.search.sums import Sums
from portal.site.model import Site
from search.reading import files

KINDS = {
    "layout": "shards/*/layout.json",
    "table": "shards/*/meta",
    "contents": "shards/*/contents",
    "sums": "shards/*/sums",
    "index": f"shards/*/{FILES}/index/*",
    "fragment": f"shards/*/{FILES}/fragment/*",
    "engine": f"runtime/*/{FILES}/*",
    "sums of the engine": "runtime/*/sums",
    "packed": "packed-*",
}
"""Every kind of file of the cache."""


class Stage:
    """Search of a site, built in a folder again and again."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.cache = folder / search.CACHE
        self._held = Manifest()
        self._builds = 0

    def write(self, site: Site, *, clean: bool = False) -> dict[str, bytes]:
        """What is published; where not `clean`, what the last build published is there already."""
        self._builds += 1
        target = self.root / f"site{self._builds}"
        if not clean and self._held.files:
            shutil.copytree(self.root / f"site{self._builds - 1}", target)
        staging = Staging(target, Manifest() if clean else self._held)
        build: Any = SimpleNamespace(root=self.root, settings={}, timings=SimpleNamespace(stage=lambda _: _Nothing()))
        search._write(build, site=site, staging=staging)
        self._held = staging.finish()
        assert sorted(files(target)) == sorted(self._held.files)
        return files(target)


class _Nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Site]:
    """A site of one shard, of which some records are edited once, twice."""
    monkeypatch.setattr(edit, "PLACES_A_FILE", 30)
    found = []
    for edited in ("", "改。", "改二。"):
        tiny = TinySite(tmp_path / f"tiny{len(found)}")  # texts are read from their files when they are indexed
        for number in range(9):
            tiny.news(f"n{number}", "甲乙丙丁戊。" * 9 + (edited if number == 4 else ""))
        found.append(tiny.portal().prepare(NOW).site)
    return found


def _clean(sites: Sequence[Site], folder: Path) -> list[dict[str, bytes]]:
    return [Stage(folder / f"clean{number}").write(site) for number, site in enumerate(sites)]


def _flip(path: Path, place: int, bit: int) -> None:
    """One bit, in place: a file that is linked is damaged wherever it is."""
    with path.open("r+b") as file:
        file.seek(place)
        (old,) = file.read(1)
        file.seek(place)
        file.write(bytes((old ^ 1 << bit,)))


def _places(chance: random.Random, size: int) -> list[int]:
    """The first byte, the last, those of gzip's head that say nothing, and some more."""
    return sorted({0, size - 1, *(each for each in (4, 9) if each < size), *(chance.randrange(size) for _ in range(3))})


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_is_not_published(sites: list[Site], tmp_path: Path, kind: str) -> None:
    """Wherever it is: not when all is published anew, and not after an edit in the same shard; nor does it stop the build."""
    chance = random.Random(kind)
    clean = _clean(sites[:2], tmp_path)
    stage = Stage(tmp_path / "stage")
    assert stage.write(sites[0]) == clean[0]
    kept = shutil.copytree(stage.cache, tmp_path / "kept")
    for name in sorted(path.relative_to(kept) for path in kept.glob(KINDS[kind])):
        for place in _places(chance, (kept / name).stat().st_size)[:: 1 if kind not in {"index", "fragment"} else 4]:
            for after in (False, True):
                other = Stage(tmp_path / "other")
                shutil.copytree(kept, other.cache)
                if after:
                    other.write(sites[0])
                _flip(other.cache / name, place, chance.randrange(8))
                assert other.write(sites[after], clean=not after) == clean[after], (name, place)
                assert other.write(sites[0], clean=True) == clean[0], (name, place)
                shutil.rmtree(other.root)


def test_files_of_every_kind_are_damaged_here(sites: list[Site], tmp_path: Path) -> None:
    """The list of kinds is whole."""
    stage = Stage(tmp_path)
    stage.write(sites[0])
    stage.write(sites[1])
    there = {path for path in stage.cache.rglob("*") if path.is_file()}
    assert there == {path for form in KINDS.values() for path in stage.cache.glob(form)}


def _gone(path: Path) -> None:
    path.unlink()


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [_gone, _emptied, _longer, _folder])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happened_to_a_file_is_made_good(sites: list[Site], tmp_path: Path, kind: str, damage: Callable[[Path], None]) -> None:  # fmt: skip
    """A power cut leaves files of no length; somebody deletes a part: what is published is right."""
    clean = _clean(sites[:2], tmp_path)
    for number in (0, 1):
        stage = Stage(tmp_path / f"stage{number}")
        stage.write(sites[0])
        damage(min(stage.cache.glob(KINDS[kind])))
        assert stage.write(sites[number], clean=number == 0) == clean[number]
        assert stage.write(sites[number], clean=True) == clean[number]


@pytest.mark.parametrize("links", [True, False])
def test_damage_that_edits_took_over_is_seen(sites: list[Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:  # fmt: skip
    """A fragment that no edit reads is taken over from one shard to the next; damaged, it is noticed when it is published,
    and nothing that shares it is left."""
    if not links:
        monkeypatch.setattr(bundle.os, "link", lambda *_: (_ for _ in ()).throw(OSError(31, "Too many links")))
    clean = _clean(sites, tmp_path)
    stage = Stage(tmp_path / "stage")
    assert [stage.write(site) for site in sites[:2]] == clean[:2]
    shards = stage.cache / "shards"
    before = set(shards.iterdir())
    assert len(before) == 2
    for path in before:
        target = path / FILES / "fragment/0.pf_fragment"
        if not links or path == min(before):
            _flip(target, 30, 3)
    assert stage.write(sites[2]) == clean[2]
    if links:
        assert not before & set(shards.iterdir())
    assert [stage.write(site, clean=True) for site in sites] == clean


def test_what_is_published_is_no_link_to_the_cache(sites: list[Site], tmp_path: Path) -> None:
    """What somebody writes into a published file stays out of the cache. The files can be read by whom the umask lets."""
    stage = Stage(tmp_path)
    before = os.umask(0o027)
    try:
        stage.write(sites[0])
    finally:
        os.umask(before)
    kept = {path.stat().st_ino for path in stage.cache.rglob("*") if path.is_file()}
    published = [path for path in (tmp_path / "site1").rglob("*") if path.is_file()]
    assert [path for path in published if path.stat().st_ino in kept] == []
    assert {path.stat().st_mode & 0o777 for path in published} == {0o640}


def test_what_is_published_already_is_not_read(
    sites: list[Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that the last site has is claimed as it is; after an edit the one that changed is copied."""
    stage = Stage(tmp_path)
    stage.write(sites[0])
    asked: list[Path] = []
    real = Staging._copied
    monkeypatch.setattr(
        Staging, "_copied", lambda self, prefix, *rest: asked.append(prefix) or real(self, prefix, *rest)
    )
    stage.write(sites[0])
    assert asked == []
    stage.write(sites[1])
    assert len(asked) == 1


def test_many_damaged_shards_are_built_together(
    sites: list[Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are built as at the first time: at once, and of nothing that was there."""
    stage = Stage(tmp_path)
    stage.write(sites[0])
    stage.write(sites[1])
    for path in stage.cache.glob(KINDS["index"]):
        path.write_bytes(b"")
    jobs: list[Job] = []
    real = bundle.build
    monkeypatch.setattr("portal.search.store.build", lambda job: jobs.append(job) or real(job))
    stage.write(sites[1], clean=True)
    assert [job.before for job in jobs] == [None]


def test_a_shard_that_goes_meanwhile_is_built_again(sites: list[Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Somebody empties the cache while it is used: after it was looked at, before it is published."""
    (clean,) = _clean(sites[:1], tmp_path)
    stage = Stage(tmp_path / "stage")
    stage.write(sites[0])
    real = Store.shards

    def then_gone(self: Store, wanted: Sequence[Shard]) -> list[Kept]:
        found = real(self, wanted)
        shutil.rmtree(stage.cache)
        return found

    monkeypatch.setattr(Store, "shards", then_gone)
    assert stage.write(sites[0], clean=True) == clean


def test_a_disk_that_keeps_nothing_stops_the_build(sites: list[Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What was just built anew is damaged again: said in a sentence, and nothing is published."""
    real = Store.sums

    def other(self: Store, folder: Path) -> Sums:
        return {name: (size, checksum ^ 1) for name, (size, checksum) in real(self, folder).items()}

    monkeypatch.setattr(Store, "sums", other)
    with pytest.raises(SearchFailed, match="没有发布"):
        Stage(tmp_path).write(sites[0])
