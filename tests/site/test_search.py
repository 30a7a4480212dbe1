"""Search in a real browser: ordinary Chinese words, facets of our own table, the address, hostile queries."""

import json
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from demo_site import Watched

pytestmark = pytest.mark.browser


def search(watched: Watched, query: str, more: str = "") -> int:
    """Open the search page with a query; how many it says it found."""
    watched.page.goto(f"/search/?q={quote(query)}{more}")
    status = (
        watched.page.get_by_role("status")
        .filter(has_text="条")
        .or_(watched.page.get_by_role("status").filter(has_text="没有"))
    )
    status.wait_for()
    digits = "".join(c for c in status.inner_text().split("共")[-1] if c.isdigit())
    return int(digits or 0)


@pytest.mark.parametrize("query", ["科研经费", "政府信息公开", "重点实验室", "统计公报", "行政许可"])
def test_ordinary_words_find_documents(query: str, wide: Watched) -> None:
    """Plain words of official Chinese find something, and the words are marked in the excerpts."""
    assert search(wide, query) > 0
    assert wide.page.locator("#results mark").count() > 0


def test_every_keyword_finds_its_own_record(wide: Watched, demo: Path) -> None:
    """A word that an editor gave as keyword finds the record that bears it, however Pagefind cuts it."""
    rows = json.loads((demo / "search" / "table.json").read_text(encoding="utf-8"))["records"].values()
    wanted = {keyword: row["url"] for row in rows for keyword in row["keywords"]}
    for keyword in sorted(wanted)[::9]:
        search(wide, keyword)
        while wide.page.locator("#more").is_visible():
            wide.page.locator("#more").click()
        links = wide.page.locator("#results a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
        assert wanted[keyword] in links, keyword


def test_a_document_number_finds_its_document_first(wide: Watched) -> None:
    """A 文号 in other brackets puts the document with that number first."""
    search(wide, "示科规[2024]1号")
    first = wide.page.locator("#results li").first
    assert "示例省省级财政科研项目经费管理办法" in first.inner_text()


def test_facets_narrow_and_their_counts_are_true(wide: Watched) -> None:
    """Choosing a value leaves as many results as its count said, and stands in the address."""
    search(wide, "科研")
    box = wide.page.get_by_role("checkbox", name="政策解读")
    label = wide.page.locator("label").filter(has=box)
    count = int(label.inner_text().split()[-1])
    box.check()
    wide.page.wait_for_url("**kind=**")
    wide.page.get_by_role("status").filter(has_text=f"{count} 条").wait_for()
    assert parse_qs(urlsplit(wide.page.url).query)["kind"] == ["政策解读"]


def test_the_back_button_brings_the_query_back(wide: Watched) -> None:
    """A search can be shared and gone back to: query and filters live in the address."""
    before = search(wide, "科研")
    wide.page.get_by_role("checkbox", name="政策解读").check()
    wide.page.wait_for_url("**kind=**")
    wide.page.go_back()
    wide.page.get_by_role("status").filter(has_text=f"{before} 条").wait_for()
    assert not wide.page.get_by_role("checkbox", name="政策解读").is_checked()


def test_nothing_found_says_what_to_try(wide: Watched) -> None:
    """An empty result helps on."""
    assert search(wide, "魑魅魍魉饕餮") == 0
    assert wide.page.get_by_text("换一个更短、更常用的词").is_visible()


def test_browsing_without_a_query_shows_the_newest(wide: Watched) -> None:
    """Without a query the newest records are listed."""
    assert search(wide, "") > 10
    dates = wide.page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    "query",
    ["<img src=x onerror=alert(1)>", "\"'</title><script>alert(1)</script>", "(.*[a-z]+$", "😀" * 50, "a" * 5000],
)
def test_hostile_queries_are_shown_and_not_run(query: str, wide: Watched) -> None:
    """Markup, patterns, emoji and long text are text: nothing is added to the page, nothing runs."""
    wide.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    search(wide, query)
    assert wide.page.locator("main img, main script").count() == 0
    assert wide.page.locator("#q").input_value() == query


def test_the_box_on_every_page_leads_to_results(narrow: Watched) -> None:
    """On a phone the box in the header of a document searches the site."""
    narrow.page.goto("/entries/2024-keyan-jingfei-banfa/")
    narrow.page.get_by_role("searchbox").fill("经费")
    narrow.page.keyboard.press("Enter")
    narrow.page.wait_for_url("**/search/?q=**")
    narrow.page.get_by_role("status").filter(has_text="共找到").wait_for()
