"""The list of promises: reading, writing, keeping, and what a broken one tells the editor."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_model.making import WITHDRAWN
from tiny import NOW, TinySite

from portal import clock
from portal.build import ledger
from portal.build.engine import Portal, Prepared
from portal.build.ledger import HEADER, Promise
from portal.pages.chrome import FIXED
from portal.problems import ProblemsFound

WORD = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs", "Cs")), min_size=1, max_size=8
)
PROMISES = st.builds(Promise, WORD.map("/".__add__), WORD, st.sampled_from(["2026-01-01", "2026-02-01"]), WORD)


@given(st.lists(PROMISES, max_size=6, unique_by=lambda promise: promise.url))
def test_what_is_written_is_read(promises: list[Promise]) -> None:
    """render and parse are inverse; the text is sorted by address and begins with its header."""
    text = ledger.render(promises)
    assert ledger.parse(text) == ({promise.url: promise for promise in promises}, [])
    lines = text.splitlines()
    assert lines[0] == HEADER
    assert lines[1:] == sorted(lines[1:], key=lambda line: line.split("\t")[0])


def test_a_merge_keeps_the_older_of_two_lines() -> None:
    """Two branches that published one address leave two lines in any order: the earlier first publication counts."""
    lines = ["/a/\tnews/a\t2026-02-01\tx", "/b/\tnews/b\t2026-01-01\ty", "/a/\tnews/a\t2026-01-01\tz"]
    for order in (lines, lines[::-1]):
        found, problems = ledger.parse("\n".join([HEADER, *order, ""]))
        assert not problems
        assert found["/a/"].first_published == "2026-01-01"


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "/a/\tnews/a", "a\tb\tc\td", "/a/\tb\tc\td\te"])
def test_a_line_that_cannot_be_read_is_a_problem_with_its_number(line: str) -> None:
    """A conflict mark or a cut line is told with its line, never passed over."""
    found, (problem,) = ledger.parse(f"{HEADER}\n/b/\tnews/b\t2026-01-01\ty\n{line}\n")
    assert set(found) == {"/b/"}
    assert (problem.place.path, problem.place.line) == ("catalog/published.tsv", 3)
    assert "portal publish" in problem.remedy


def test_update_keeps_what_was_and_when_it_first_was() -> None:
    """After a release the list holds the old addresses too; hash and owner are new, the first publication is not."""
    old = {"/a/": Promise("/a/", "news/a", "2026-01-01", "x"), "/gone/": Promise("/gone/", "news/g", "2026-01-01", "y")}
    new = [Promise("/a/", "news/a", "2026-03-01", "z"), Promise("/b/", "news/b", "2026-03-01", "w")]
    assert ledger.update(old, new) == [
        Promise("/a/", "news/a", "2026-01-01", "z"),
        Promise("/b/", "news/b", "2026-03-01", "w"),
        Promise("/gone/", "news/g", "2026-01-01", "y"),
    ]


@pytest.mark.parametrize(
    ("url", "owner", "withdrawn", "unpublished", "word"),
    [
        ("/news/a/", "news/a", (), (), "恢复文件"),
        ("/news/a/", "news/a", (), ("news/a",), "已撤回"),
        ("/files/0123/a.pdf", "news/a", (), (), "恢复该附件"),
        ("/feeds/all.atom.xml", "-", (), (), "redirects.yaml"),
    ],
)
def test_a_broken_promise_tells_what_to_do(
    url: str, owner: str, withdrawn: tuple[str, ...], unpublished: tuple[str, ...], word: str
) -> None:
    """An address that disappears is a problem whose remedy fits: restore, redirect, or withdraw instead of drafting."""
    (problem,) = ledger.broken({url: Promise(url, owner, "2026-01-01", "-")}, {"/"}, withdrawn, unpublished)
    assert url in problem.what
    assert word in problem.remedy


def test_what_is_served_or_was_an_attachment_of_what_is_withdrawn_is_kept() -> None:
    """Addresses that are served, and attachments of withdrawn records, break nothing; the record's own address does."""
    promises = {url: Promise(url, "news/a", "2026-01-01", "-") for url in ("/news/a/", "/news/b/", "/files/0123/a.pdf")}
    found = ledger.broken(promises, {"/news/b/"}, {"news/a"}, ())
    assert [problem.what.split(" ")[1] for problem in found] == ["/news/a/"]


# The same on real sites. `_publish` is what `portal publish` does, without git.


def _portal(tiny: TinySite) -> Portal:
    # publishconf.py imports pelicanconf.py by name: another site's must not be taken from the cache.
    path = list(sys.path)
    sys.modules.pop("pelicanconf", None)
    sys.path.insert(0, str(tiny.root))
    try:
        return tiny.portal(production=True)
    finally:
        sys.path[:] = path
        sys.modules.pop("pelicanconf", None)


def _publish(tiny: TinySite, now: datetime = NOW) -> Prepared:
    portal = _portal(tiny)
    prepared = portal.build(now, strict=True)
    text = ledger.render(ledger.update(prepared.promises, portal.promised(prepared, now)))
    tiny.write(ledger.PATH, text)
    return prepared


def _promises(tiny: TinySite) -> dict[str, Promise]:
    return ledger.parse((tiny.root / ledger.PATH).read_text(encoding="utf-8"))[0]


def _refused(tiny: TinySite) -> list[str]:
    before = tiny.output.resolve()
    with pytest.raises(ProblemsFound) as caught:
        _portal(tiny).build(NOW, strict=True)
    assert tiny.output.resolve() == before, "the published site must stay"
    return [f"{problem.what} {problem.remedy}" for problem in caught.value.problems]


ATTACHED = {"附件": [{"文件": "a.pdf", "标题": "附件"}]}


def test_every_lasting_address_is_promised(tiny: TinySite) -> None:
    """The list holds records, attachments, feeds and fixed pages; each is served; lists and facets are not in it."""
    tiny.file("a.pdf")
    tiny.entry("a", **ATTACHED)
    tiny.news("n")
    _publish(tiny)
    promises = _promises(tiny)
    assert {
        "/entries/a/",
        "/news/n/",
        "/feeds/all.rss.xml",
        "/feeds/all.atom.xml",
        "/feeds/themes/other.atom.xml",
    } <= set(promises)
    assert {link.url for link in FIXED} <= set(promises)
    (file,) = [url for url in promises if url.startswith("/files/")]
    assert promises[file].id == "entry/a"
    assert {promise.first_published for promise in promises.values()} == {"2026-06-15T12:00+08:00"}
    passing = ("/themes/", "/years/", "/numbers/", "/theme/", "/data/catalog", "/search/shards")
    assert {url for url in promises if url.startswith(passing)} == {"/themes/", "/numbers/"}  # the indexes alone
    for url in promises:
        path = tiny.output / url.lstrip("/")
        assert (path / "index.html").is_file() or path.is_file(), url


def test_the_hash_follows_the_record(tiny: TinySite) -> None:
    """A corrected record has another hash in the list and the same first publication."""
    tiny.news("n", "一")
    _publish(tiny)
    before = _promises(tiny)["/news/n/"]
    tiny.news("n", "二")
    _publish(tiny)
    after = _promises(tiny)["/news/n/"]
    assert before.sha256 != after.sha256
    assert before.first_published == after.first_published


def test_what_others_say_of_a_record_is_not_its_content(tiny: TinySite) -> None:
    """A record that another comes to interpret keeps its line: only what it says itself is hashed."""
    tiny.entry("a")
    _publish(tiny)
    before = _promises(tiny)["/entries/a/"]
    tiny.interpretation("i", "a")
    _publish(tiny)
    assert "i解读" in tiny.html("/entries/a/")
    assert _promises(tiny)["/entries/a/"] == before


def test_the_first_publication_is_the_clocks_not_the_editors(tiny: TinySite) -> None:
    """A record dated back, added later, was first published later; what the list holds already stays."""
    tiny.news("early", 发布日期="2026-03-06 10:00")
    _publish(tiny)
    tiny.news("late", 发布日期="2020-01-01 10:00")
    _publish(tiny, clock.parse_minute("2026-06-16 08:00"))
    promises = _promises(tiny)
    assert promises["/news/early/"].first_published == "2026-06-15T12:00+08:00"
    assert promises["/news/late/"].first_published == "2026-06-16T08:00+08:00"


def test_the_list_is_read_from_bytes() -> None:
    """A byte-order mark and CRLF are no fault; another encoding is a problem with its line."""
    text = f"{HEADER}\r\n/a/\tnews/a\t2026\t-\r\n"
    assert ledger.read(b"\xef\xbb\xbf" + text.encode()) == ({"/a/": Promise("/a/", "news/a", "2026", "-")}, [])
    found, (problem,) = ledger.read(text.encode() + "/附/".encode("gbk"))
    assert found == {}
    assert (problem.place.path, problem.place.line) == (ledger.PATH, 3)


def test_publishing_again_changes_no_line(tiny: TinySite) -> None:
    """The same content published twice leaves the list as it is."""
    tiny.news("n")
    _publish(tiny)
    before = (tiny.root / ledger.PATH).read_bytes()
    _publish(tiny)
    assert (tiny.root / ledger.PATH).read_bytes() == before


def test_an_attachment_with_a_chinese_name_keeps_its_promise(tiny: TinySite) -> None:
    """A second release of a record whose attachment has a Chinese name or a space breaks no promise."""
    tiny.file("附件 一.pdf")
    tiny.entry("a", 附件=[{"文件": "附件 一.pdf", "标题": "附件"}])
    _publish(tiny)
    _publish(tiny)
    assert (tiny.output / "entries/a/index.html").is_file()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda tiny: (tiny.root / "catalog/entries/2026/a.md").unlink(), "恢复文件"),
        (lambda tiny: tiny.entry("a", 状态="草稿", **ATTACHED), "不能改回草稿"),
        (lambda tiny: tiny.entry("a", 发布日期=None, 定时发布="2026-07-01 08:00", **ATTACHED), "推迟"),
    ],
    ids=["removed", "made a draft", "put off"],
)
def test_a_published_record_cannot_disappear(tiny: TinySite, change: Any, word: str) -> None:
    """Removing, drafting or putting off a published record is refused with the remedy that fits, and nothing is published."""
    tiny.file("a.pdf")
    tiny.news("n")
    tiny.entry("a", **ATTACHED)
    _publish(tiny)
    change(tiny)
    told = _refused(tiny)
    assert any("/entries/a/" in text and word in text for text in told)


def test_withdrawing_takes_the_attachment_and_keeps_the_address(tiny: TinySite) -> None:
    """A withdrawn record keeps its address by a tombstone; its attachment may go."""
    tiny.file("a.pdf")
    tiny.news("n")
    tiny.entry("a", **ATTACHED)
    _publish(tiny)
    tiny.entry("a", **ATTACHED, **WITHDRAWN)
    _publish(tiny)
    assert "该信息已撤回" in tiny.html("/entries/a/")
    assert not (tiny.output / "files").exists()


def test_an_attachment_cannot_just_go(tiny: TinySite) -> None:
    """Dropping a published attachment is refused; a redirect from its address to the new one mends it."""
    tiny.file("a.pdf")
    tiny.entry("a", **ATTACHED)
    _publish(tiny)
    (file,) = [url for url in _promises(tiny) if url.startswith("/files/")]
    tiny.entry("a")
    assert any(file in text and "恢复该附件" in text for text in _refused(tiny))
    tiny.write("catalog/redirects.yaml", f"- 原地址: {file}\n  新地址: /entries/a/\n")
    _publish(tiny)


def test_a_renamed_record_needs_a_redirect(tiny: TinySite) -> None:
    """A record under another id is refused until redirects.yaml leads from the old address, as the remedy says."""
    tiny.news("old")
    _publish(tiny)
    (tiny.root / "content/news/old.md").rename(tiny.root / "content/news/new.md")
    told = _refused(tiny)
    assert any("原地址: /news/old/" in text for text in told)
    tiny.write("catalog/redirects.yaml", "- 原地址: /news/old/\n  新地址: /news/new/\n")
    _publish(tiny)
    assert "/news/new/" in tiny.html("/news/old/")
    assert {"/news/old/", "/news/new/"} <= set(_promises(tiny))


def test_a_list_that_cannot_be_read_stops_the_build(tiny: TinySite) -> None:
    """A conflict mark in published.tsv is a problem of every build."""
    tiny.news("n")
    tiny.write(ledger.PATH, f"{HEADER}\n=======\n")
    with pytest.raises(ProblemsFound) as caught:
        tiny.build()
    assert caught.value.problems[0].place.path == ledger.PATH


def test_production_refuses_a_missing_list(tiny: TinySite) -> None:
    """With publishconf.py a missing published.tsv stops the build: without it no promise could be checked."""
    tiny.news("n")
    (tiny.root / ledger.PATH).unlink()
    with pytest.raises(ProblemsFound):
        _portal(tiny).build(NOW, strict=True)


def test_production_refuses_broken_links(tiny: TinySite) -> None:
    """With publishconf.py a body's link that leads nowhere within the site stops the build, naming page and link."""
    tiny.news("n")
    _publish(tiny)
    tiny.news("n", "见[此处](/news/nowhere/)。")
    told = _refused(tiny)
    assert any("/news/nowhere/" in text for text in told)


def test_feeds_are_promised_for_every_word_of_the_vocabulary(tiny: TinySite) -> None:
    """A feed of a theme whose only record is withdrawn stays where it was."""
    tiny.news("keep")
    tiny.news("n", 主题分类=["其他"])
    _publish(tiny)
    tiny.news("n", 主题分类=["其他"], **WITHDRAWN)
    _publish(tiny)
    assert (tiny.output / "feeds/themes/other.atom.xml").is_file()


def test_strict_builds_publish_nothing_half_done(tiny: TinySite) -> None:
    """A refused build leaves no staging folder and no new release."""
    tiny.news("n")
    _publish(tiny)
    (tiny.root / "content/news/n.md").unlink()
    tiny.news("m")
    _refused(tiny)
    left = sorted(path.name for path in Path(tiny.root / "releases").iterdir() if path.name != ".lock")
    assert left == ["1", "1.manifest"]
