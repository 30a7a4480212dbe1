"""Every internal link, anchor and attachment of the built site leads somewhere; what does not is found."""

import subprocess
import sys
from pathlib import Path

import pytest
from site_model.making import rich
from tiny import TinySite

from portal.inspection.links import Seen, broken_links, look

BASE = "https://www.test.example"


def test_a_site_with_everything_has_no_broken_link(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On the built site with every page family all internal links resolve, anchors and attachments included."""
    tiny = rich(TinySite(tmp_path_factory.mktemp("links") / "site"))
    tiny.build()
    assert broken_links(tiny.output.resolve(), BASE) == []


def test_the_smallest_site_has_no_broken_link(tiny: TinySite) -> None:
    """A site of one press release, without standing pages, has no link that leads nowhere."""
    tiny.news("n")
    tiny.build()
    assert broken_links(tiny.output.resolve(), BASE) == []


def _folder(folder: Path, body: str) -> Path:
    for path, text in {
        "index.html": body,
        "a/index.html": "<h2 id='here'>a</h2><h2 id='第一'>b</h2>",
        "files/附件 一.pdf": "%PDF-",
        "data.json": "{}",
    }.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{text}" if path.endswith("html") else text)
    return folder


@pytest.mark.parametrize(
    "link",
    [
        "/", "/a/", "a/", "./a/#here", "/a/#%E7%AC%AC%E4%B8%80", "/files/%E9%99%84%E4%BB%B6%20%E4%B8%80.pdf", "/data.json",
        "/a/?q=1", f"{BASE}/a/", BASE, "https://other.example/x", "//other.example/x", "mailto:a@b.example", "tel:1",
    ],
)  # fmt: skip
def test_right_links_are_right(tmp_path: Path, link: str) -> None:
    """Absolute, relative, encoded and external links that lead somewhere are no problem."""
    assert broken_links(_folder(tmp_path, f"<a href='{link}'>x</a>"), BASE) == []


@pytest.mark.parametrize(
    ("link", "word"),
    [
        ("/b/", "没有对应"),
        ("/a/#there", "#there"),
        ("/a", "斜线"),
        (f"{BASE}/b/", "没有对应"),
        ("/files/附件.pdf", "没有对应"),
        ("../../b", "没有对应"),
        ("#nowhere", "#nowhere"),
    ],
)
def test_wrong_links_are_told_with_their_page(tmp_path: Path, link: str, word: str) -> None:
    """A link to nothing, to a missing anchor or without its slash is told with the page that holds it."""
    (problem,) = broken_links(_folder(tmp_path, f"<a href='{link}'>x</a>"), BASE)
    assert problem.place.path == "index.html"
    assert word in problem.what


@pytest.mark.parametrize(
    "tag",
    ["<img src='/b.png' alt=''>", "<script src='/b.js'></script>", "<link rel='stylesheet' href='/b.css'>",
     "<form action='/b/'></form>"],
)  # fmt: skip
def test_every_kind_of_link_is_looked_at(tmp_path: Path, tag: str) -> None:
    """Images, scripts, style sheets and the targets of forms are links, too."""
    assert len(broken_links(_folder(tmp_path, tag), BASE)) == 1


def test_the_top_of_a_page_is_always_there(tmp_path: Path) -> None:
    """#top and # need no anchor (HTML, 7.4.6.4)."""
    assert broken_links(_folder(tmp_path, "<a href='#top'>x</a><a href='#'>y</a>"), BASE) == []


def test_of_a_page_only_its_words_are_kept(tmp_path: Path) -> None:
    """What is kept of a page are plain strings: one of lxml's own would hold the whole page in memory."""
    seen = look(
        _folder(tmp_path, "<h2 id='a'>x</h2><a href='/a/'>y</a><a href='/a/'>z</a><img src='/b.png' alt=''>")
        / "index.html"
    )
    assert seen == Seen(frozenset({"a"}), ("/a/", "/b.png"))
    assert {type(each) for each in (*seen.ids, *seen.targets)} == {str}


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """Two hundred long pages need hardly more memory than their links."""
    page = "<!DOCTYPE html><meta charset='utf-8'><a href='/'>x</a>" + "<p id='p'><b>甲</b><i>乙</i></p>" * 3000
    for number in range(200):
        (tmp_path / f"{number}.html").write_text(page)
    (tmp_path / "index.html").write_text("<!DOCTYPE html><p>x</p>")
    code = (
        "import resource, sys; from pathlib import Path; from portal.inspection.links import broken_links\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); assert broken_links(Path(sys.argv[1]), 'https://x.example') == []; print(peak() - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True, text=True)
    assert int(done.stdout) < 50_000  # kilobytes; with every page's tree it is some 300 MB
