"""Hostile and senseless queries are text like any other."""

from urllib.parse import parse_qs, urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import FIELD, ask, number, said, search

pytestmark = pytest.mark.browser


HOSTILE = {
    "markup": "<img src=x onerror=alert(1)>",
    "end of title": "\"'</title></p><script>alert(1)</script>",
    "pattern": "(.*[a-z]+$^\\d{2,}|?",
    "many emoji": "😀👨‍👩‍👧" * 50,
    "controls": "经\x00\x07\x1b费\x7f\u202e\u200b",
    "template": "${alert(1)}{{7*7}}%s%00",
    "quotes": '"经费 "" "',
    "percent": "100%&q=x#y+z",
}


def test_hostile_queries_are_shown_and_not_run(wide: Watched) -> None:
    """Markup, patterns, emoji and control characters are text: shown as typed, in field, status and title; nothing is
    added to the page, nothing runs, and the address brings them back."""
    page = wide.page
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.goto("/search/")
    said(page, "全部")
    for name, query in HOSTILE.items():
        page.locator(FIELD).fill(query)
        page.locator(FIELD).press("Enter")
        start = "".join(list(query)[:8])
        expect(page.locator("#status bdi")).to_contain_text(start)
        assert page.locator(FIELD).input_value() == query, name
        assert page.locator("main img, main script, #status *:not(bdi)").count() == 0, name
        assert page.title().startswith(query[0]), name
        assert parse_qs(urlsplit(page.url).query)["q"] == [query], name
    for query in reversed([*HOSTILE.values()][:-1]):
        page.go_back()
        expect(page.locator("#status bdi")).to_contain_text("".join(list(query)[:8]))
        assert page.locator(FIELD).input_value() == query
    page.reload()
    expect(page.locator("#status bdi")).to_contain_text("<img src")
    assert page.locator("main img").count() == 0


def test_half_characters_are_no_text(wide: Watched) -> None:
    """A lone surrogate neither throws nor hides what stands around it."""
    page = wide.page
    search(wide, "")
    page.evaluate("document.getElementById('q').value = '经\\ud83d费\\udc00'")
    page.locator(FIELD).press("Enter")
    assert number(said(page, "“经费”")) > 0
    assert parse_qs(urlsplit(page.url).query)["q"] == ["经费"]
    page.goto("/search/?q=%ED%A0%80%FF%E7%BB")
    said(page, "没有找到")


def test_a_query_of_ten_thousand_characters(wide: Watched) -> None:
    """It is searched for and stays in the field, on reload and on the way back; status and title show its beginning, and
    the address leaves it out, which a server would refuse."""
    page = wide.page
    query = "经费管理办法" * 1700
    search(wide, "")
    page.locator(FIELD).fill(query)
    page.locator(FIELD).press("Enter")
    assert said(page, "没有找到").count("经费管理办法") == 6
    assert urlsplit(page.url).query == ""
    assert len(page.title()) < 60
    page.reload()
    said(page, "没有找到")
    assert page.locator(FIELD).input_value() == query
    ask(page, "经费")
    page.go_back()
    said(page, "没有找到")
    assert page.locator(FIELD).input_value() == query
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_only_hanzi_can_be_traditional(wide: Watched) -> None:
    """The table of Traditional characters is fetched for a query that may hold one, once, and for nothing else."""
    page = wide.page
    fetched: list[str] = []
    page.context.on("request", lambda request: fetched.append(request.url) if "traditional" in request.url else None)
    search(wide, "")
    for query in ("😀👩", "한국어ひらがな", "Ａｂｃ①㎡", "经费、管理（试行）"):
        page.locator(FIELD).fill(query)
        page.locator(FIELD).press("Enter")
        said(page, f"“{query}”")
        page.wait_for_timeout(50)
    assert fetched == []
    assert ask(page, "經費") > 0
    assert ask(page, "管理辦法") > 0
    assert len(fetched) == 1
