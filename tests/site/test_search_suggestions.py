"""Suggestions while typing: by keyboard, pointer and touch, and with an input method."""

from urllib.parse import urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import FIELD, MEASURE, ask, asked, said, search, spy

pytestmark = pytest.mark.browser


def test_suggestions_by_keyboard(wide: Watched) -> None:
    """While typing, titles and themes are offered and their number is told; arrows go through them and round, Escape
    closes, Enter opens the one chosen. No search runs meanwhile, and for one character nothing is offered."""
    page = spy(wide)
    search(wide, "")
    field = page.get_by_role("combobox", name="查找文件、新闻和解读")
    field.focus()
    page.keyboard.type("诚")
    page.wait_for_timeout(350)
    assert "suggest" not in asked(page)
    page.keyboard.type("信管理")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert f"有 {options.count()} 个建议" in page.locator("[aria-live=polite]").inner_text()
    assert "诚信管理" in options.first.locator("mark").inner_text()
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert page.get_by_role("option", selected=True).count() == 1
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert options.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert options.count() == 0
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "诚信管理"
    assert asked(page).count("search") == 1
    page.keyboard.press("ArrowDown")
    options.first.wait_for()
    page.keyboard.press("ArrowDown")
    address = options.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_suggestions_by_pointer(wide: Watched) -> None:
    """A theme that is clicked opens its list; a number that is typed offers its document; leaving the field closes."""
    page = wide.page
    search(wide, "")
    page.locator(FIELD).press_sequentially("示科规〔2024〕1")
    expect(page.get_by_role("group", name="文件和新闻").get_by_role("option").first).to_contain_text(MEASURE)
    page.keyboard.press("Tab")
    assert page.get_by_role("option").count() == 0
    page.locator(FIELD).fill("")
    page.locator(FIELD).press_sequentially("科研经费")
    page.get_by_role("group", name="主题").get_by_role("option", name="科研经费管理").click()
    page.wait_for_url("**/themes/keyanjingfeiguanli/")


def test_suggestions_by_touch(narrow: Watched) -> None:
    """A tap on a suggestion opens it; each is as high as a finger needs, and none runs out of the page."""
    page = narrow.page
    search(narrow, "")
    page.locator(FIELD).tap()
    page.locator(FIELD).press_sequentially("科研经费")
    first = page.get_by_role("option").first
    first.wait_for()
    for option in page.get_by_role("option").all():
        assert option.evaluate("e => e.getBoundingClientRect().height") >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    address = first.get_attribute("href")
    first.tap()
    page.wait_for_url(f"**{address}")


def test_no_suggestions_where_data_is_saved(wide: Watched) -> None:
    """A reader who asked the browser to save data gets none."""
    page = spy(wide)
    page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    search(wide, "")
    page.locator(FIELD).press_sequentially("科研经费")
    page.wait_for_timeout(400)
    assert "suggest" not in asked(page)


def test_an_input_method_is_left_alone(wide: Watched) -> None:
    """While characters are being composed nothing is asked, and Enter takes them over instead of searching; afterwards
    suggestions come, and Enter searches."""
    page = spy(wide)
    search(wide, "")
    page.locator(FIELD).focus()
    ime = page.context.new_cdp_session(page)
    ime.send("Input.imeSetComposition", {"text": "jing'fei", "selectionStart": 8, "selectionEnd": 8})
    page.wait_for_timeout(350)
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert asked(page) == ["open", "search", "cards"]
    assert urlsplit(page.url).query == "q="
    page.locator(FIELD).fill("")
    ime.send("Input.imeSetComposition", {"text": "jing'fei", "selectionStart": 8, "selectionEnd": 8})
    ime.send("Input.insertText", {"text": "经费"})
    page.get_by_role("option").first.wait_for()
    assert asked(page).count("search") == 1
    page.keyboard.press("Enter")
    said(page, "“经费”共找到")


def test_a_part_of_a_number_is_enough(wide: Watched) -> None:
    """Typing a part of a 文号 or 索引号 offers documents that bear it, with that part marked."""
    page = wide.page
    search(wide, "")
    for part in ("科规〔2024", "示科规", "2026〕1", "MB0000019X/2024-0000"):
        page.locator(FIELD).fill(part)
        options = page.get_by_role("group", name="文件和新闻").get_by_role("option")
        expect(options.first.locator("mark").filter(has_text=part).first).to_be_visible()
        assert options.count() > 1
        for option in options.all():
            assert part in option.locator("mark").all_inner_texts()


def test_what_was_typed_is_there_on_the_way_back(wide: Watched) -> None:
    """Who took a suggestion and comes back finds in the field what was typed, above the results of before; a step further
    back stands what was asked there."""
    page = wide.page
    count = search(wide, "经费")
    page.locator(FIELD).fill("诚信管理")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/entries/**")
    page.go_back()
    said(page, f"“经费”共找到 {count} 条")
    assert page.locator(FIELD).input_value() == "诚信管理"
    ask(page, "诚信管理")
    page.locator("#results h3 a").first.click()
    page.wait_for_url(lambda url: "/search/" not in url)
    page.go_back()
    said(page, "“诚信管理”共找到")
    page.go_back()
    said(page, f"“经费”共找到 {count} 条")
    assert page.locator(FIELD).input_value() == "经费"
