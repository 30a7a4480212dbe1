"""Page families in a real browser: reflow, large type, no JavaScript, print, forced colours, leaving the site."""

import pytest
from demo_site import FAMILIES, Watched, visit, watch
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_pages_reflow_at_320(browser: Browser, address: str) -> None:
    """No page scrolls sideways at 320 CSS pixels (WCAG 1.4.10), a wide table scrolls within itself."""
    width = 320
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=address)
    watched = watch(context, address)
    for family in FAMILIES:
        visit(watched, family)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, family
    context.close()


def test_large_type_is_larger_and_still_reflows(narrow: Watched) -> None:
    """The large mode enlarges the text by at least a quarter and keeps it within a phone's width."""
    size = "parseFloat(getComputedStyle(document.querySelector('.prose p, main p')).fontSize)"
    narrow.page.goto(FAMILIES["document"])
    before = narrow.page.evaluate(size)
    narrow.page.locator("[data-mode=large]").click()
    assert narrow.page.evaluate(size) >= before * 1.2
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_but_search_works_without_javascript(browser: Browser, address: str) -> None:
    """Without script the reader finds a document by facets, opens its attachment, and search says where to go."""
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/browse/")
    page.get_by_role("link", name="行政规范性文件").first.click()
    page.get_by_role("link", name="示例省省级财政科研项目经费管理办法", exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("示例省省级财政科研项目经费管理办法")
    page.goto("/search/?q=经费")
    assert page.get_by_text("搜索需要浏览器启用 JavaScript").is_visible()
    assert page.locator("[data-mode]").first.is_hidden()
    context.close()


def test_a_printed_document_is_the_document(wide: Watched) -> None:
    """In print the navigation is gone and the text is there."""
    wide.page.goto(FAMILIES["document"])
    wide.page.emulate_media(media="print")
    assert wide.page.locator(".site-nav").is_hidden()
    assert wide.page.get_by_role("heading", level=1).is_visible()
    assert wide.page.get_by_text("第一条").first.is_visible()


def test_forced_colours_keep_states_readable(browser: Browser, address: str) -> None:
    """With forced colours the validity stands in words, and the focused link has an outline."""
    context = browser.new_context(forced_colors="active", base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(FAMILIES["repealed"])
    assert page.get_by_text("已有新版本").first.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    context.close()


def test_the_mode_is_applied_before_the_first_paint(browser: Browser, address: str) -> None:
    """The saved mode is on the root element before the body exists, so that nothing jumps."""
    context = browser.new_context(base_url=address)
    watched = watch(context, address)
    watched.page.goto("/")
    watched.page.locator("[data-mode=large]").click()
    watched.page.add_init_script(
        "new MutationObserver(() => { if (document.body && !window.seen) "
        "window.seen = document.documentElement.outerHTML.slice(0, 200) })"
        ".observe(document, { childList: true, subtree: true })"
    )
    watched.page.goto("/news/")
    assert "large" in watched.page.evaluate("window.seen")
    context.close()


def test_leaving_the_site_is_announced(wide: Watched) -> None:
    """A link to another site opens a notice first (国办发〔2017〕47号); staying is the way back to the page."""
    wide.page.goto(FAMILIES["reprint"])
    wide.page.locator("a.external").first.click()
    notice = wide.page.get_by_role("dialog")
    assert "即将离开" in notice.inner_text()
    wide.page.keyboard.press("Escape")
    assert notice.is_hidden()
    assert wide.page.url.endswith(FAMILIES["reprint"])


@pytest.mark.parametrize("family", ["data", "document", "home", "search results"])
def test_large_type_reflows_at_320(family: str, browser: Browser, address: str) -> None:
    """Even with large type nothing scrolls sideways at 320 CSS pixels."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, base_url=address)
    watched = watch(context, address)
    watched.page.goto("/")
    watched.page.locator("[data-mode=large]").click()
    visit(watched, family)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
