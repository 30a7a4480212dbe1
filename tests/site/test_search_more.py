"""显示更多: further results come once each, whatever else is pressed or fails meanwhile."""

from urllib.parse import urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import addresses, box, broken, delay, said, search, show_all, told_count

pytestmark = pytest.mark.browser


def test_more_results_follow_and_take_the_focus(wide: Watched) -> None:
    """显示更多 adds ten, says how many are left, and the focus goes to the first new one."""
    total = search(wide, "")
    more = wide.page.get_by_role("button", name="显示更多")
    assert f"还有 {total - 10} 条" in more.inner_text()
    more.press("Enter")
    expect(wide.page.locator("#results .result")).to_have_count(20)
    expect(wide.page.locator("#results h3 a").nth(10)).to_be_focused()
    found = addresses(wide.page)
    assert len(set(found)) == 20
    assert f"还有 {total - 20} 条" in more.inner_text()


def test_more_pressed_twice_brings_each_result_once(wide: Watched) -> None:
    """A double click brings the next ten once: no result stands twice, and in the end all are there. While the button
    works it says so and keeps the focus."""
    page = delay(wide)
    total = search(wide, "")
    more = page.locator("#more")
    more.dblclick()
    assert more.get_attribute("aria-disabled") == "true"
    expect(more).to_be_focused()
    expect(page.locator("#results h3 a").nth(10)).to_be_focused()
    page.wait_for_timeout(500)
    assert page.locator("#results .result").count() == 20
    page.evaluate("late = 0")
    found = show_all(page, "dblclick")
    assert len(found) == len(set(found)) == total


def test_a_press_meant_for_the_button_opens_no_result(wide: Watched) -> None:
    """The second press of a double click does not open the result that came to stand under the pointer meanwhile; a
    moment later a press does."""
    page = wide.page
    search(wide, "")
    page.evaluate(
        "new MutationObserver(([{ addedNodes: [item] }]) => item.querySelector('a')"
        ".dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 2 })))"
        ".observe(document.getElementById('results'), { childList: true })"
    )
    page.locator("#more").click()
    expect(page.locator("#results .result")).to_have_count(20)
    page.wait_for_timeout(400)
    assert urlsplit(page.url).path == "/search/"
    link = page.locator("#results h3 a").nth(10)
    address = link.get_attribute("href")
    link.click()
    page.wait_for_url(f"**{address}")


@pytest.mark.parametrize("change", ["order", "filter"])
def test_more_before_another_order_or_filter(change: str, wide: Watched) -> None:
    """Where order or filters are changed before the next ten have come, those are dropped; what is shown then can be
    shown to its end, each result once."""
    page = delay(wide)
    page.set_viewport_size({"width": 1280, "height": 2400})  # so that neither needs scrolling in between
    total = search(wide, "科研")
    assert total > 20
    if change == "filter":
        total = told_count(page, "公开目录")
    page.locator("#more").click()
    if change == "order":
        page.get_by_role("radio", name="按时间").check()
        page.wait_for_url("**sort=date**")
    else:
        box(page, "公开目录").check()
        said(page, f"在所选条件下共找到 {total} 条")
    page.wait_for_timeout(500)
    assert page.locator("#results .result").count() == min(10, total)
    page.evaluate("late = 0")
    found = show_all(page)
    assert len(found) == len(set(found)) == total
    page.reload()
    expect(page.locator("#results .result")).to_have_count(total)
    assert addresses(page) == found


def test_more_while_another_search_is_under_way(wide: Watched) -> None:
    """Pressed between a change of the order and its answer, 显示更多 adds to the new list."""
    page = delay(wide)
    total = search(wide, "科研")
    page.evaluate("document.querySelector('[value=date]').click(); document.getElementById('more').click()")
    expect(page.locator("#results .result")).to_have_count(20)
    page.evaluate("late = 0")
    found = show_all(page)
    assert len(found) == len(set(found)) == total
    dates = page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert dates == sorted(dates, reverse=True)


def test_more_that_fails_keeps_what_was_found(wide: Watched) -> None:
    """When 显示更多 fails, the list stays; beside the button stands that it did not work, and a second press works."""
    page = wide.page
    total = search(wide, "")
    before = addresses(page)
    page.route("**/search/**", lambda route: route.abort())
    page.locator("#more").press("Enter")
    expect(page.locator("#more-status")).to_contain_text("没有加载成功")
    assert page.locator("#more-line").get_by_role("status").count() == 1
    assert addresses(page) == before
    assert (
        f"共 {total} 条" in page.locator("#status").inner_text()
        or f"全部 {total} 条" in page.locator("#status").inner_text()
    )
    expect(page.locator("#more")).to_be_focused()
    expect(page.locator("#more")).to_contain_text(f"还有 {total - 10} 条")
    page.unroute("**/search/**")
    page.locator("#more").press("Enter")
    expect(page.locator("#results h3 a").nth(10)).to_be_focused()
    assert page.locator("#more-status").inner_text() == ""
    assert addresses(page)[:10] == before
    found = show_all(page)
    assert len(found) == len(set(found)) == total
    broken(wide)


def test_more_after_the_site_was_published_again(wide: Watched) -> None:
    """Where the engine has what it found no more, all is asked again, and the focus goes to the first new result."""
    page = wide.page
    search(wide, "")
    page.route("**/search/shards/**", lambda route: route.abort(), times=1)
    page.locator("#more").press("Enter")
    expect(page.locator("#results .result")).to_have_count(20)
    expect(page.locator("#results h3 a").nth(10)).to_be_focused()
    broken(wide)
