"""Redirects from addresses that cannot be pages are problems of redirects.yaml, never the end of the build."""

import pytest
from tiny import TinySite

from portal.problems import ProblemsFound


def _build(tiny: TinySite, *old: str, new: str = "/news/") -> None:
    tiny.news("n")
    tiny.write("catalog/redirects.yaml", "".join(f"- 原地址: {each}\n  新地址: {new}\n" for each in old))
    tiny.build()


@pytest.mark.parametrize(
    "old",
    [
        "/feeds/all.rss.xml", "/feeds/all.atom.xml/", "/feeds/portal.opml", "/feeds/all.rss.xml/x/", "/robots.txt", "/robots.txt/a/",
        "/sitemap.xml", "/sitemap-2026.xml", "/data/catalog.json", "/data/x/", "/search/table.json", "/theme/site.css",
        "/search/index.json", "/news/n/index.json", "/x/index.json", "/.portal-site", "/404.html/a/",
    ],
)  # fmt: skip
def test_an_address_that_outputs_own_is_refused(tiny: TinySite, old: str) -> None:
    """Feeds, data, theme, search, site maps and the JSON beside a record cannot be redirected away."""
    with pytest.raises(ProblemsFound) as caught:
        _build(tiny, old)
    (problem,) = caught.value.problems
    assert problem.place.path == "catalog/redirects.yaml"
    assert problem.field == "原地址"
    assert old in problem.what
    assert not tiny.output.exists()


@pytest.mark.parametrize(
    "old",
    [
        "/a/%2e%2e/%2e%2e/x", "/x%00y/", f"/{'x' * 300}/", f"/{'%E5%85%AC' * 90}/", "/" + "abcdefgh/" * 600, "/%ff/", "/a%0ab/",
        "/./a/", "/a/%2e/", "/a%2F%2Fb/",
    ],
)  # fmt: skip
def test_an_address_that_no_file_can_have_is_refused(tiny: TinySite, old: str) -> None:
    """Ways up, control characters, broken encodings and names too long for a file system are problems."""
    with pytest.raises(ProblemsFound) as caught:
        _build(tiny, old)
    assert {(problem.place.path, problem.field) for problem in caught.value.problems} == {
        ("catalog/redirects.yaml", "原地址")
    }
    assert not tiny.output.exists()


def test_two_redirects_of_which_one_is_a_folder_of_the_other(tiny: TinySite) -> None:
    """/old.html cannot be a page and a folder at once."""
    with pytest.raises(ProblemsFound, match="原地址"):
        _build(tiny, "/old.html", "/old.html/a/")


@pytest.mark.parametrize(
    "old", ["/sitemap.html", "/search.html", "/old/a.html", "/feeds/organs/old.atom.xml", "/files/0123456789ab/a.pdf"]
)
def test_old_addresses_that_nobody_owns_are_redirected(tiny: TinySite, old: str) -> None:
    """The feed of a word that is gone, an old attachment and pages of an older site lead on."""
    _build(tiny, old)
    path = tiny.output / old.strip("/")
    page = path if path.is_file() else path / "index.html"
    assert "/news/" in page.read_text(encoding="utf-8")


def test_a_redirect_may_lead_to_a_feed(tiny: TinySite) -> None:
    """The feed of a word that was renamed leads to the new one."""
    _build(tiny, "/feeds/themes/old.atom.xml", new="/feeds/themes/other.atom.xml")
    page = tiny.output / "feeds/themes/old.atom.xml/index.html"
    assert "/feeds/themes/other.atom.xml" in page.read_text(encoding="utf-8")
