"""What helps with large type, with a finger, and with a screen reader."""

import re
from itertools import pairwise

import pytest
from demo_site import Watched, watch
from playwright.sync_api import Browser, expect
from searching import search

pytestmark = pytest.mark.browser

LINES = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom))).size;
}"""
"""On how many lines the words of an element stand."""

BOTTOMS = """list => [...list.children].map((item) => {
  const bottoms = new Set();
  const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const { bottom } of range.getClientRects()) bottoms.add(Math.round(bottom));
  }
  return [...bottoms].sort((a, b) => a - b);
})"""
"""Where the lines of each item of a list end."""


def test_the_accessibility_bar_breaks_between_its_buttons(browser: Browser, address: str) -> None:
    """At 320 CSS pixels with large type and high contrast no button of the bar, nor its label, breaks within."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, base_url=address)
    page = watch(context, address).page
    page.goto("/")
    for mode in ("large", "contrast"):
        page.locator(f"[data-mode={mode}]").click()
    for part in page.locator(".modes > *").all():
        assert part.evaluate(LINES) == 1, part.inner_text()
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 320
    context.close()


def test_a_number_beside_a_filter_says_what_it_counts(wide: Watched) -> None:
    """A screen reader says “2026 4 条”; the eye sees the number alone, and a filter without a number counts nothing."""
    search(wide, "科研")
    boxes = wide.page.locator("#filter-form").get_by_role("checkbox")
    named = wide.page.locator("#filter-form").get_by_role("checkbox", name=re.compile(r" \d+ ?条$"))
    expect(named).to_have_count(boxes.count())
    line = wide.page.locator("#filter-form label").first
    assert "条" not in line.inner_text()
    line.locator(".count").evaluate("count => { count.textContent = '' }")
    expect(named).to_have_count(boxes.count() - 1)


def test_lines_with_links_stand_no_further_apart(narrow: Watched) -> None:
    """In the hints of an empty result, under a finger, lines are as far apart with links as without; the links are high
    enough all the same."""
    narrow.page.goto("/search/?q=qzxvwj")
    hints = narrow.page.locator("#empty .hints")
    hints.wait_for()
    items = hints.evaluate(BOTTOMS)
    within = {below - above for item in items for above, below in pairwise(item)}
    between = {below[0] - above[-1] for above, below in pairwise(items)}
    assert max(within) - min(within) <= 1
    assert max(between) - min(between) <= 1
    boxes = [link.bounding_box() for link in hints.get_by_role("link").all()]
    assert boxes
    assert all(box is not None and box["height"] >= 24 for box in boxes)
