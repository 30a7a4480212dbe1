"""What a reader without script can do: reach every list and number by links, and meet no control that is dead."""

from collections.abc import Iterator

import pytest
from demo_site import FAMILIES, Watched
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(params=[1280, 390])
def plain(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a browser that runs no script, wide and as on a phone."""
    context = browser.new_context(
        java_script_enabled=False, base_url=address, locale="zh-CN", viewport={"width": request.param, "height": 900}
    )
    yield context.new_page()
    context.close()


def test_the_search_page_offers_lists_instead(plain: Page) -> None:
    """The page says why there is no search box, and leads to every list, to the A–Z, the numbers and the messages."""
    plain.goto("/search/?q=%E7%BB%8F%E8%B4%B9")
    assert plain.get_by_text("搜索需要浏览器启用 JavaScript").is_visible()
    for title in ("信息类型", "发布机构", "年份", "体裁分类", "有效性"):
        region = plain.get_by_role("region", name=title, exact=True)
        assert region.get_by_role("link").count() >= 3, title
        assert region.get_by_role("link").first.is_visible()
    for name, address in (("文号索引", "/numbers/"), ("主题拼音索引", "/themes/"), ("公众留言", "/messages/")):
        link = plain.get_by_role("main").get_by_role("link", name=name)
        assert link.is_visible()
        assert link.get_attribute("href") == address


def test_no_control_is_dead(plain: Page) -> None:
    """Nowhere can a query be typed, which no script would answer: in the place of each box a link leads to the search
    page, and there nothing can be typed or pressed."""
    for family, address in FAMILIES.items():
        plain.goto(address)
        fields = plain.locator("input, select, textarea, [type=submit]")
        assert [field for field in fields.all() if field.is_visible()] == [], family
        expect(plain.get_by_role("link", name="查找信息")).to_have_count(0 if address.startswith("/search/") else 1)
    plain.goto(FAMILIES["search"])
    controls = "input, button, select, textarea, summary"
    assert [control for control in plain.locator(controls).all() if control.is_visible()] == []


@pytest.mark.parametrize("family", ["home", "browse"])
def test_the_box_is_a_link_to_the_search_page(plain: Page, family: str) -> None:
    """The link in the place of the box is large enough for a finger, and leads to where it says."""
    plain.goto(FAMILIES[family])
    link = plain.get_by_role("link", name="查找信息")
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    link.click()
    plain.wait_for_url("**/search/")
    assert plain.get_by_role("heading", level=1).inner_text() == "搜索"


@pytest.mark.parametrize("family", ["home", "browse"])
def test_with_script_the_box_stands_and_the_link_does_not(wide: Watched, family: str) -> None:
    """Readers whose browser runs scripts have the box alone."""
    wide.page.goto(FAMILIES[family])
    assert wide.page.get_by_role("searchbox").is_visible()
    assert wide.page.get_by_text("查找信息").is_hidden()


def test_a_number_is_found_by_links_alone(plain: Page) -> None:
    """From the search page over organ and year to the document that bears a 文号."""
    plain.goto(FAMILIES["search"])
    plain.get_by_role("main").get_by_role("link", name="文号索引").click()
    plain.get_by_role("region", name="示例省科学技术厅").get_by_role("link", name="2024年").click()
    line = plain.get_by_role("row").filter(has_text="示科规〔2024〕1号")
    line.get_by_role("link").click()
    assert "示科规〔2024〕1号" in plain.get_by_role("main").inner_text()


def test_a_theme_is_found_by_its_letter(plain: Page) -> None:
    """From the letter bar to the heading, and from the theme under it to its list."""
    plain.goto(FAMILIES["alphabet"])
    plain.get_by_role("navigation", name="拼音首字母").get_by_role("link", name="K").click()
    assert plain.url.endswith("#letter-k")
    plain.get_by_role("region", name="K", exact=True).get_by_role("link", name="科研经费管理").click()
    assert plain.get_by_role("heading", level=1).inner_text().endswith("科研经费管理")


@pytest.mark.parametrize("family", ["browse", "platform"])
def test_the_indexes_are_linked_where_one_looks(plain: Page, family: str) -> None:
    """分类浏览 and 政府信息公开 lead to both indexes."""
    plain.goto(FAMILIES[family])
    for name in ("文号索引", "主题拼音索引"):
        assert plain.get_by_role("main").get_by_role("link", name=name).is_visible()


def test_the_table_of_numbers_fits_a_phone(plain: Page) -> None:
    """Rows become cards: every number and link stays within the width, and an empty 文号 leaves no line behind."""
    plain.goto(FAMILIES["number list"])
    width = (plain.viewport_size or {"width": 0})["width"]
    for cell in plain.locator(".numbers td").all():
        box = cell.bounding_box()
        assert box is None or box["x"] + box["width"] <= width
    empty = plain.locator(".cell-number:has(.none)").first
    assert empty.is_visible() is (width > 390)
