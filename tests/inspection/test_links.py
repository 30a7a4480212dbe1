"""Every internal link, anchor and attachment of the built site leads somewhere; what does not is found."""

import subprocess
import sys
from pathlib import Path

import pytest
from site_model.making import rich
from tiny import NOW, TinySite

from portal.build.checked import Checked
from portal.build.manifest import Entry
from portal.inspection import links
from portal.inspection.links import Seen, broken_links, look
from portal.problems import ProblemsFound

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


def _two(tmp_path: Path, old: dict[str, str], new: dict[str, str]) -> tuple[Path, Checked]:
    """A release that was checked and the site that follows it; pages with equal text are kept."""
    for name, pages in (("old", old), ("new", new)):
        for path, text in pages.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{text}", encoding="utf-8")
    before, after = ({path: Entry(text.encode(), 1, 1) for path, text in pages.items()} for pages in (old, new))
    return tmp_path / "new", Checked(tmp_path / "old", before, after)


@pytest.mark.parametrize(
    ("link", "gone"),
    [
        ("/a/", {"a/index.html": None}),
        ("/a/#here", {"a/index.html": "<p>no anchor</p>"}),
        ("/files/%E7%94%B2.pdf", {"files/甲.pdf": None}),
        ("/files/x.pdf", {"files/x.pdf": None}),
        (f"{BASE}/a/", {"a/index.html": None}),
        ("/a&amp;b/", {"a&b/index.html": None}),
        ("/", {"index.html": None}),
    ],
)
def test_a_kept_page_whose_target_went_is_found(tmp_path: Path, link: str, gone: dict[str, str | None]) -> None:
    """A page that is as it was when all was checked is looked at where it names what is no longer there."""
    old = {
        "kept/index.html": f"<a href='{link}'>x</a>",
        "other/index.html": "<a href='/kept/'>x</a>",
        **dict.fromkeys(gone, "<h2 id='here'>a</h2>"),
    }
    folder, checked = _two(
        tmp_path, old, {path: each for path, text in (old | gone).items() if (each := text) is not None}
    )
    (problem,) = broken_links(folder, BASE, checked)
    assert problem.place.path == "kept/index.html"
    assert problem == broken_links(folder, BASE)[0]


def test_what_was_checked_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand kept pages only the changed one is parsed, and what it links to by an anchor."""
    old = {f"p{n}/index.html": f"<h2 id='s'>{n}</h2><a href='/p{n - 1 if n else 0}/#s'>x</a>" for n in range(30)}
    folder, checked = _two(
        tmp_path, old, old | {"p7/index.html": "<h2 id='s'>7</h2><a href='/p3/#s'>x</a><a href='/no/'>x</a>"}
    )
    looked: list[str] = []
    real = links.look
    monkeypatch.setattr(links, "look", lambda path: (looked.append(path.parts[-2]), real(path))[1])
    (problem,) = broken_links(folder, BASE, checked)
    assert problem.place.path == "p7/index.html"
    assert sorted(set(looked)) == ["p3", "p7"]


def test_publishing_checks_what_changed_and_finds_what_went(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a publication only changed pages are parsed; after a plain build, which checks nothing, all are again."""
    tiny.entry("a", "## 一\n\n甲")
    tiny.news("n", "见[一](/entries/a/#section-1)。")
    tiny.portal(production=True).build(NOW, strict=True)
    looked: list[str] = []
    real = links.look
    monkeypatch.setattr(links, "look", lambda path: (looked.append(path.as_posix()), real(path))[1])
    tiny.news("n", "见[一](/entries/a/#section-1)，改。")
    tiny.portal(production=True).build(NOW, strict=True)
    assert 0 < len(set(looked)) < 20
    tiny.entry("a", "甲", 索引号="TEST/2026-00001")
    with pytest.raises(ProblemsFound, match="section-1"):
        tiny.portal(production=True).build(NOW, strict=True)
    tiny.build(NOW)
    with pytest.raises(ProblemsFound, match="section-1"):
        tiny.portal(production=True).build(NOW, strict=True)
