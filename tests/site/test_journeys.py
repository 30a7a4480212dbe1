"""Whole journeys by keyboard alone: find a document, filter, open an attachment, subscribe."""

import pytest
from demo_site import Watched

pytestmark = pytest.mark.browser


def tab_to(watched: Watched, what: str, limit: int = 120) -> None:
    """Press Tab until the focused element's text, label or href holds the words."""
    seen = []
    for _ in range(limit):
        watched.page.keyboard.press("Tab")
        name = watched.page.evaluate(
            "(() => { const e = document.activeElement; return [e.innerText, e.getAttribute('aria-label'), "
            "e.labels?.[0]?.innerText, e.getAttribute('href'), e.id].filter(Boolean).join(' | ') })()"
        )
        seen.append(name)
        if what in name:
            box = watched.page.evaluate(
                "(() => { const r = document.activeElement.getBoundingClientRect(); return [r.width, r.height] })()"
            )
            assert min(box) > 0, "focus went to something invisible"
            return
    raise AssertionError(f"no stop named {what!r}: {seen}")


def test_the_skip_link_leads_to_the_text(wide: Watched) -> None:
    """The first stop of every page jumps over the navigation, that at the side, too."""
    for path in ("/changes/", "/entries/2024-keyan-jingfei-banfa/"):
        wide.page.goto(path)
        wide.page.keyboard.press("Tab")
        assert wide.page.evaluate("document.activeElement.className") == "skip"
        wide.page.keyboard.press("Enter")
        assert wide.page.evaluate("document.activeElement.id") in {"main", "text"}
    tab_to(wide, "关于修改", limit=2)


def test_find_filter_and_open_an_attachment(wide: Watched) -> None:
    """From the home page: search, filter by kind, open the document, reach its attachment."""
    page = wide.page
    page.goto("/")
    tab_to(wide, "查找")
    page.keyboard.type("统计公报")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=**")
    page.get_by_role("status").filter(has_text="共找到").wait_for()
    tab_to(wide, "公开目录")
    page.keyboard.press("Space")
    page.wait_for_url("**kind=**")
    tab_to(wide, "/entries/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entries/**")
    assert "公报" in page.get_by_role("heading", level=1).inner_text()
    tab_to(wide, "/files/")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")


def test_subscribe(wide: Watched) -> None:
    """From a list the reader reaches its feed, and from the foot of any page the list of all feeds."""
    page = wide.page
    page.goto("/news/")
    assert page.locator("link[type='application/atom+xml'][href='/feeds/kinds/news.atom.xml']").count() == 1
    tab_to(wide, "/feeds/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/feeds/**")
    if page.url.endswith(".xml"):
        page.go_back()
        page.goto("/feeds/")
    tab_to(wide, "/feeds/portal.opml", limit=300)
