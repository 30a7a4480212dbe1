"""Filters and their numbers, what is chosen, and the lists that can be followed."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import ask, box, number, said, search, told_count

pytestmark = pytest.mark.browser


def test_filters_narrow_and_their_counts_are_true(wide: Watched) -> None:
    """Choosing a value leaves as many results as its number said, in every facet, and each value then alone."""
    page = wide.page
    total = search(wide, "科研")
    for name in ("公开目录", "政策解读", "2024", "有效", "科研经费管理", "办法", "有附件"):
        count = told_count(page, name)
        assert 0 < count < total
        box(page, name).check()
        assert number(said(page, f"在所选条件下共找到 {count} 条")) == count
        assert told_count(page, name) == count
        box(page, name).uncheck()
        said(page, f"“科研”共找到 {total} 条")


def test_values_of_one_facet_add_and_facets_narrow(wide: Watched) -> None:
    """Two values of a facet give what either gives; a value of another facet narrows that."""
    page = wide.page
    search(wide, "科研")
    either = told_count(page, "政策解读") + told_count(page, "新闻发布")
    box(page, "政策解读").check()
    box(page, "新闻发布").check()
    said(page, f"共找到 {either} 条")
    count = told_count(page, "2024")
    assert 0 < count < either
    box(page, "2024").check()
    said(page, f"共找到 {count} 条")
    for result in page.locator("#results .result").all():
        assert re.search("政策解读|新闻发布", result.inner_text())
        assert result.locator("time").inner_text().startswith("2024")


def test_a_theme_means_all_below_it(wide: Watched) -> None:
    """An address that names a theme with others below it finds what is filed under any of them, and the filter says how
    many; one of those beside it adds nothing. Its list can be followed."""
    page = wide.page
    theme = "科技、教育"
    total = search(wide, "", "&theme=" + quote(theme))
    assert "已忽略" not in said(page, "条")
    assert parse_qs(urlsplit(page.url).query)["theme"] == [theme]
    lines = page.locator("#filter-form label").filter(has=page.locator("[name=theme]"))
    below = lines.filter(has=page.locator(".under", has_text=theme))
    numbers = [int(text) for text in below.locator(".count").all_text_contents()]
    assert len(numbers) > 3
    assert max(numbers) < total <= sum(numbers)
    own = page.locator(f"#filter-form input[value='{theme}']")
    assert own.is_checked()
    assert own.locator("xpath=..").locator(".count").inner_text() == str(total)
    assert page.get_by_role("link", name=f"打开“{theme}”列表").get_attribute("href") == "/themes/keji-jiaoyu/"
    box(page, "科研经费管理").check()
    page.wait_for_url("**theme=**theme=**")
    assert said(page, "条").startswith(f"所选条件下共 {total} 条")


def test_numbers_that_are_not_known_are_not_told(wide: Watched) -> None:
    """Where the filters ruled parts of the index out, the other values of a facet stand without a number, and can still
    be chosen."""
    wide.page.add_init_script(
        "const listen = Worker.prototype.addEventListener;"
        "Worker.prototype.addEventListener = function (type, hear) {"
        "  return listen.call(this, type, (event) => {"
        "    if (event.data?.result?.counts) Object.assign(event.data.result, { whole: false });"
        "    if (event.data?.result?.counts) event.data.result.counts.year = { 2026: 1 };"
        "    return hear(event)"
        "  })"
        "}"
    )
    page = wide.page
    search(wide, "科研", "&year=2026")
    numbers = page.get_by_role("group", name="年份").locator("label:visible").all_inner_texts()
    assert [text.split() for text in numbers] == [["2026", "1"], ["2025"], ["2024"], ["2021"], ["2020"], ["2019"]]
    assert told_count(page, "公开目录") > 0
    box(page, "2025").check()
    page.wait_for_url("**year=2025**")


def test_chosen_filters_stand_above_and_can_be_taken_away(wide: Watched) -> None:
    """Each filter is a button that removes it, by keyboard too: the focus goes on to the next, in the end to the status."""
    page = wide.page
    search(wide, "经费", "&year=2026&year=2024&kind=" + quote("公开目录"))
    chips = page.get_by_role("group", name="已选条件").get_by_role("button")
    assert chips.all_text_contents() == ["取消筛选：公开目录", "取消筛选：2026", "取消筛选：2024", "全部取消"]
    chips.nth(1).press("Enter")
    page.wait_for_url(lambda url: "2026" not in url)
    expect(chips.nth(1)).to_be_focused()
    assert not box(page, "2026").is_checked()
    chips.last.press("Enter")
    said(page, "“经费”共找到")
    expect(page.locator("#status")).to_be_focused()
    assert chips.count() == 0
    assert parse_qs(urlsplit(page.url).query) == {"q": ["经费"]}


def test_a_list_can_be_followed(wide: Watched) -> None:
    """With one theme, organ or kind chosen its feed and its list are offered; with two, or none of them, no feed fits;
    without query and filters the whole site can be followed."""
    page = wide.page
    search(wide, "")
    assert page.get_by_role("link", name="订阅“全部信息”的更新").get_attribute("href") == "/feeds/all.atom.xml"
    box(page, "科研经费管理").check()
    said(page, "所选条件")
    feed = page.get_by_role("link", name="订阅“科技、教育/科研经费管理”的更新")
    assert feed.get_attribute("href") == "/feeds/themes/keyanjingfeiguanli.atom.xml"
    assert page.request.get(f"{page.url.split('/search')[0]}/feeds/themes/keyanjingfeiguanli.atom.xml").ok
    own = page.get_by_role("link", name="打开“科技、教育/科研经费管理”列表")
    assert own.get_attribute("href") == "/themes/keyanjingfeiguanli/"
    box(page, "公开目录").check()
    page.wait_for_url("**kind=**")
    expect(page.locator("#follow")).to_be_hidden()
    page.get_by_role("button", name="全部取消").click()
    expect(page.locator("#follow")).to_be_visible()
    ask(page, "经费")
    expect(page.locator("#follow")).to_be_hidden()
