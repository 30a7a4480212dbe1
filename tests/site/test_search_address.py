"""Query, filters and order in the address and in the history: shared, reloaded, gone back to."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import Browser, expect
from searching import FIELD, ask, box, said, search, titles, told_count

pytestmark = pytest.mark.browser


def test_a_shared_address_gives_the_same_results(wide: Watched, browser: Browser, address: str) -> None:
    """Query, filters and order stand in the address; another browser that opens it shows the same. What an address names
    and the site has not is ignored; the status says so, and it is gone from the address."""
    search(wide, "经费")
    for name in ("公开目录", "2026"):
        count = told_count(wide.page, name)
        box(wide.page, name).check()
        words = said(wide.page, f"所选条件下共找到 {count} 条")
    wide.page.get_by_role("radio", name="按时间").check()
    wide.page.wait_for_url("**sort=date**")
    assert parse_qs(urlsplit(wide.page.url).query) == {
        "q": ["经费"], "sort": ["date"], "kind": ["公开目录"], "year": ["2026"],
    }  # fmt: skip
    context = browser.new_context(base_url=address)
    other = context.new_page()
    other.goto(wide.page.url + "&kind=" + quote("没有这种") + "&organ=x&foo=1")
    assert said(other, "条") == f"{words}（已忽略无效的筛选条件）"
    assert parse_qs(urlsplit(other.url).query) == parse_qs(urlsplit(wide.page.url).query)
    expect(wide.page.locator("#results h3 a")).to_have_text(titles(other))
    assert other.get_by_role("radio", name="按时间").is_checked()
    assert box(other, "2026").is_checked()
    assert other.get_by_role("group", name="已选条件").get_by_role("button").count() == 3  # two, and 全部取消
    box(other, "2026").uncheck()
    other.wait_for_url(lambda url: "2026" not in url)
    expect(other.locator("#status")).not_to_contain_text("已忽略")
    context.close()


def test_back_and_forward(wide: Watched) -> None:
    """Each query and filter is a step: back and forward bring field, filters and results."""
    page = wide.page
    before = search(wide, "科研")
    ask(page, "经费")
    box(page, "政策解读").check()
    filtered = said(page, "所选条件")
    page.go_back()
    said(page, "“经费”共找到")
    assert not box(page, "政策解读").is_checked()
    page.go_back()
    said(page, f"“科研”共找到 {before} 条")
    assert page.locator(FIELD).input_value() == "科研"
    assert page.title().startswith("科研 - 搜索")
    page.go_forward()
    page.go_forward()
    assert said(page, "所选条件") == filtered
    assert box(page, "政策解读").is_checked()
    assert page.locator(FIELD).input_value() == "经费"


def test_coming_back_from_a_result(wide: Watched) -> None:
    """Who comes back from a page finds as many results as there were, and the place where it was."""
    page = wide.page
    search(wide, "")
    page.locator("#more").click()
    link = page.locator("#results h3 a").nth(17)
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(400)  # the place is noted when scrolling rests
    there = page.evaluate("scrollY")
    assert there > 500
    link.click()
    page.get_by_role("heading", level=1).wait_for()
    page.go_back()
    expect(page.locator("#results .result")).to_have_count(20)
    expect(page.locator("#results h3 a").nth(17)).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - there) < 200
