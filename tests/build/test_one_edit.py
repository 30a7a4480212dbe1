"""What one added record changes: its own page and the pages that list it, and nothing that only stands beside."""

import re

from tiny import NOW, TinySite


def _pages(tiny: TinySite) -> dict[str, object]:
    return {page.path: page.view for page in tiny.portal().prepare(NOW).pages}


def _changed(before: dict[str, object], after: dict[str, object]) -> set[str]:
    return {path for path in before | after if before.get(path) != after.get(path)}


def _fill(tiny: TinySite) -> None:
    for number in range(3):
        tiny.entry(f"e{number}", 体裁分类=["通知", "办法", "年度报告"][number], 主题分类=["其他"], 发布机构="试验院")
        tiny.news(f"n{number}", 频道=["工作动态", "通知公告", "回应关切"][number], 主题分类=["其他"], 发布机构="试验院")
    tiny.entry("first")  # of the same organ, theme, genre and column as what is added: a new value is a new sibling
    tiny.news("first", 主题分类=["科技"])


def test_one_release_changes_only_the_lists_that_hold_it(tiny: TinySite) -> None:
    """A new press release rewrites its page, its neighbour, its own lists and the few pages that show the newest."""
    _fill(tiny)
    before = _pages(tiny)
    tiny.news("added", 发布日期="2026-06-10 10:00", 主题分类=["科技"])
    allowed = re.compile(
        r"(?:index|news/index|news/added/index|news/first/index|news/n0/index|channels/work/index|years/2026/index|organs/ting/index"
        r"|themes/keji(?:-science)?/index|browse/index|changes/index|data/index|feeds/index)\.html"
    )
    assert [path for path in _changed(before, _pages(tiny)) if not allowed.fullmatch(path)] == []


def test_one_document_changes_only_the_lists_that_hold_it(tiny: TinySite) -> None:
    """A new document rewrites its page, its own lists and the few pages that show the newest."""
    _fill(tiny)
    before = _pages(tiny)
    tiny.entry("added", 发布日期="2026-06-10 10:00", 成文日期="2026-06-01")
    allowed = re.compile(
        r"(?:index|entries/added/index|kinds/entries/index|columns/(?:basis|normative)/index|genres/notice/index"
        r"|validity/in-force/index|years/2026/index|organs/ting/index|numbers/ting/2026/index"
        r"|themes/keji(?:-science)?/index"
        r"|disclosure/(?:content/)?index|browse/index|changes/index|data/index|feeds/index)\.html"
    )
    assert [path for path in _changed(before, _pages(tiny)) if not allowed.fullmatch(path)] == []


def test_planning_does_not_grow_with_the_square(tiny: TinySite) -> None:
    """The members of a group are gathered once a site, however many pages ask for them."""
    _fill(tiny)
    site = tiny.resolve().site
    group = next(iter(site.groups))
    assert site.members(group) is site.members(group)
