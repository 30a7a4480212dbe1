"""The search page read, heard and touched: announcements, headings, keyboard, a phone."""

from itertools import pairwise
from urllib.parse import quote

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import box, said, search

pytestmark = pytest.mark.browser


def test_results_are_announced_and_the_title_follows(wide: Watched) -> None:
    """One status stands from the beginning and says how many were found, beside that of 显示更多; filters are told apart;
    the title names the query."""
    page = wide.page
    count = search(wide, "经费")
    page.evaluate("window.status0 = document.querySelector('[role=status]')")
    assert said(page, "共找到") == f"“经费”共找到 {count} 条"
    assert page.title().startswith("经费 - 搜索")
    box(page, "公开目录").check()
    said(page, "“经费”在所选条件下共找到")
    assert page.evaluate("document.querySelectorAll('[role=status]').length === 2 && window.status0.isConnected")
    tags = page.locator("main :is(h1, h2, h3):visible").evaluate_all("all => all.map(e => e.tagName)")
    levels = [int(tag[1]) for tag in tags]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_filters_can_be_jumped_over(wide: Watched) -> None:
    """A link before the filters, seen when it has the focus, leads to the results; the search stays as it is."""
    page = wide.page
    words = said(page, "条") if search(wide, "经费") else ""
    page.locator("#search-form button").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳过筛选，看搜索结果")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_be_focused()
    assert said(page, "条") == words
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#results h3 a").first).to_be_focused()


def test_the_box_on_every_page_leads_to_results(narrow: Watched) -> None:
    """On a phone the box in the header of a document searches the site."""
    narrow.page.goto("/entries/2024-keyan-jingfei-banfa/")
    narrow.page.get_by_role("searchbox").fill("经费")
    narrow.page.keyboard.press("Enter")
    narrow.page.wait_for_url("**/search/?q=**")
    said(narrow.page, "共找到")


def test_a_phone(narrow: Watched) -> None:
    """Filters are folded behind a button that says how many are chosen; opened they fit, each as high as a finger needs,
    and a button leads back to the results. Nothing runs out of the page, and no text is small."""
    page = narrow.page
    search(narrow, "经费", "&kind=" + quote("公开目录") + "&theme=" + quote("科技、教育/科研经费管理"))
    assert page.locator("#filter-form").is_hidden()
    page.get_by_text("筛选（已选 2 项）").tap()
    sizes = page.locator(
        "#filter-form label:visible, #filter-form button:visible, .chosen button, .sort label:visible, #results h3 a, "
        "#filters > summary, #filters-done, #search-form button"
    ).evaluate_all("all => all.map(e => [e.innerText, e.getBoundingClientRect().height])")
    assert len(sizes) > 10
    assert [size for size in sizes if size[1] < 44] == []
    small = page.locator("#results p, #results h3, #filter-form label, #status, .chosen button").evaluate_all(
        "all => all.filter(e => parseFloat(getComputedStyle(e).fontSize) < 15).map(e => e.innerText)"
    )
    assert small == []
    box(page, "2026").check()
    said(page, "在所选条件下")
    page.get_by_role("button", name="查看结果").tap()
    assert page.locator("#filter-form").is_hidden()
    expect(page.locator("#status")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
