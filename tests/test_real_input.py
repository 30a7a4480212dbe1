"""The 683 regulations and the two articles become a site, by the commands that an operator would type."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.inspection.links import broken_links

pytestmark = pytest.mark.corpus

WHEN = "2026-11-01 09:00"


def portal(*words: str) -> Result:
    """Run `portal …` in this process."""
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.fixture(scope="module")
def real(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Result]]]:
    """A new site with everything imported and built, and what each command said."""
    folder = tmp_path_factory.mktemp("real") / "site"
    before = os.getcwd()
    articles = corpus / "articles"
    said = {
        "init": portal("init", str(folder)),
        "regulations": portal("-C", str(folder), "import", "regulations", str(corpus / "regulations"), "--date", WHEN),
        "again": portal("-C", str(folder), "import", "regulations", str(corpus / "regulations"), "--date", WHEN),
        "first": portal("-C", str(folder), "import", "article", str(articles / "miit-general-office-2013.txt")),
        "second": portal(
            "-C", str(folder), "import", "article", str(articles / "shandong-science-department-2015.txt")
        ),
        "check": portal("-C", str(folder), "check"),
        "build": portal("-C", str(folder), "build"),
    }
    yield folder, said
    os.chdir(before)


def test_every_command_succeeds(real: tuple[Path, dict[str, Result]]) -> None:
    """From an empty folder to a built portal without a problem."""
    for name, result in real[1].items():
        assert result.exit_code == 0, (name, result.output[-3000:])
    assert "阻断 0，" in real[1]["check"].output
    assert real[1]["check"].output.count("还是新站的样例") + 1 == real[1]["check"].output.count(
        " 提醒 "
    )  # and the guide


def test_all_683_are_there(real: tuple[Path, dict[str, Result]]) -> None:
    """Each regulation has its page and its JSON; a second import writes nothing."""
    folder, said = real
    assert len(list((folder / "output" / "entries").glob("*/index.html"))) == 683
    assert len(list((folder / "output" / "entries").glob("*/index.json"))) == 683
    assert "683" in said["again"].output


def test_only_the_newest_version_is_in_force(real: tuple[Path, dict[str, Result]]) -> None:
    """Of a regulation in several versions the older ones say that they were replaced, and lead to the newest."""
    folder, _ = real
    old = (folder / "output" / "validity" / "repealed" / "index.html").read_text(encoding="utf-8")
    assert "已被替代" in old
    column = (folder / "output" / "columns" / "xingzhengfagui" / "index.html").read_text(encoding="utf-8")
    assert "/columns/xingzhengfagui/ended/" in column


def test_no_link_is_broken(real: tuple[Path, dict[str, Result]]) -> None:
    """Chapters, citations, versions and lists of a thousand pages all resolve."""
    assert broken_links(real[0] / "output", "https://www.example.org") == []


def test_the_damaged_article_is_told_and_not_published(real: tuple[Path, dict[str, Result]]) -> None:
    """Pinyin, doubled characters, lost bytes and the body pasted twice are each named; the site has none of it."""
    folder, said = real
    words = said["second"].output
    for damage in ("拼音", "两遍", "草稿"):
        assert damage in words
    assert not (folder / "output" / "news" / "shandong-science-department-2015").exists()
    for path in (folder / "output").rglob("*.html"):
        assert "統(tǒng)" not in path.read_text(encoding="utf-8")
    assert (folder / "output" / "news" / "miit-general-office-2013" / "index.html").is_file()
