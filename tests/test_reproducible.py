"""The same input at the same clock gives the same bytes: in two runs, two folders, any order of files."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from site_model.making import rich
from tiny import NOW, TinySite

from portal.build.staging import Staging

Tree = dict[str, bytes]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Tree]:
    """The rich site and its tree, as built the first time."""
    tiny = rich(TinySite(tmp_path_factory.mktemp("one") / "site"))
    tiny.build(NOW)
    return tiny, tiny.tree()


def _same(one: Tree, other: Tree) -> None:
    assert sorted(one) == sorted(other)
    assert [path for path in one if one[path] != other[path]] == []


def test_the_tree_is_worth_comparing(first: tuple[TinySite, Tree]) -> None:
    """The site compared below has pages, feeds, exports, a search index and attachments."""
    for part in (
        "index.html",
        "entries/guiding/index.html",
        "feeds/all.atom.xml",
        "data/catalog-2026.jsonld",
        "search/index.json",
    ):
        assert part in first[1]
    for start in ("search/shards/", "search/head.", "search/pagefind.", "files/", "theme/"):
        assert any(path.startswith(start) for path in first[1])
    assert len(first[1]) > 250


def test_two_folders_give_the_same_bytes(first: tuple[TinySite, Tree], tmp_path: Path) -> None:
    """The same records in another folder, longer of name, are the same site to the last byte."""
    other = rich(TinySite(tmp_path / "another folder" / "网站"))
    other.build(NOW)
    _same(first[1], other.tree())


def test_another_process_gives_the_same_bytes(first: tuple[TinySite, Tree], tmp_path: Path) -> None:
    """Hash seed, time zone, language, mask and working folder of the process do not matter."""
    code = (
        "import os, sys; from pathlib import Path; os.umask(0o077)\n"
        "from tiny import NOW, TinySite; from site_model.making import rich\n"
        "rich(TinySite(Path(sys.argv[1]))).build(NOW)\n"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "4711", "TZ": "America/Los_Angeles", "LC_ALL": "C",
        "PYTHONPATH": str(Path(__file__).parent),
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "site")], check=True, env=environment, cwd=tmp_path)
    output = tmp_path / "site" / "output"
    _same(first[1], {p.relative_to(output).as_posix(): p.read_bytes() for p in output.rglob("*") if p.is_file()})


def test_a_rebuild_over_the_last_release_gives_the_same_bytes(first: tuple[TinySite, Tree], tmp_path: Path) -> None:
    """A build over an earlier release of other content is byte-identical to a build from nothing."""
    tiny = rich(TinySite(tmp_path / "site"))
    added = tiny.news("extra", "另一篇。")
    tiny.news("n05", "改过的。")
    tiny.build(NOW)
    added.unlink()
    tiny.news("n05", "第5条。", 发布日期="2026-04-06 08:30")
    tiny.build(NOW)
    _same(first[1], tiny.tree())


def test_the_order_in_which_files_were_made_does_not_matter(first: tuple[TinySite, Tree], tmp_path: Path) -> None:
    """A checkout that wrote the files in another order, with other times and modes, is the same site."""
    source = first[0].root
    paths = [p for top in ("content", "catalog") for p in sorted((source / top).rglob("*")) if p.is_file()]
    paths += [source / "pelicanconf.py", source / "publishconf.py"]
    random.Random(7).shuffle(paths)
    for number, path in enumerate(paths):
        target = tmp_path / "site" / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        os.utime(target, (1_000_000 * number, 1_000_000 * number))
    copy = object.__new__(TinySite)
    copy.root = tmp_path / "site"
    copy.build(NOW)
    _same(first[1], copy.tree())


def test_the_order_of_the_file_system_does_not_matter(
    first: tuple[TinySite, Tree], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders listed backwards give the same site: what reads them sorts."""
    walk, scandir, iterdir = os.walk, os.scandir, Path.iterdir

    def backwards(top: Any, *args: Any, **options: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        for folder, names, files in walk(top, *args, **options):
            names.sort(reverse=True)
            files.sort(reverse=True)
            yield folder, names, files

    class Entries:
        def __init__(self, entries: list[Any]) -> None:
            self._entries = iter(entries)

        def __iter__(self) -> "Entries":
            return self

        def __next__(self) -> Any:
            return next(self._entries)

        def __enter__(self) -> "Entries":
            return self

        def __exit__(self, *error: object) -> None:
            return

        def close(self) -> None:
            return

    def listed(path: Any = ".") -> Entries:
        with scandir(path) as entries:
            return Entries(sorted(entries, key=lambda entry: str(entry.name), reverse=True))

    tiny = rich(TinySite(tmp_path / "site"))
    monkeypatch.setattr(os, "walk", backwards)
    monkeypatch.setattr(os, "scandir", listed)
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(sorted(iterdir(self), reverse=True)))
    tiny.build(NOW)
    monkeypatch.undo()
    _same(first[1], tiny.tree())


def test_the_order_of_writing_does_not_matter(first: tuple[TinySite, Tree], tmp_path: Path) -> None:
    """Pages written in the opposite order, as parallel workers may, give the same files and the same search index."""
    portal = first[0].portal()
    prepared = portal.prepare(NOW)
    prepared.pages.reverse()
    portal.write(prepared, Staging(tmp_path / "out"))
    _same(first[1], first[0].tree(tmp_path / "out"))


def test_a_build_beside_is_the_same_site(first: tuple[TinySite, Tree], tmp_path: Path) -> None:
    """`--output DIR` holds the very files that would have been published."""
    tiny, tree = first
    tiny.build(NOW, OUTPUT_PATH=str(tmp_path / "beside"))
    _same(tree, tiny.tree(tmp_path / "beside"))
