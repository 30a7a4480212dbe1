"""Questions as people write them: with quotation marks, without the marks of a title, with words from several texts."""

from urllib.parse import quote

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import addresses, ask, said, search

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("query", ["“依申请公开”", "依申请公开？"])
def test_marks_that_stand_in_no_text_are_left_out(wide: Watched, query: str) -> None:
    """Where a query is nowhere with its punctuation, what holds its words is shown above the help, named as what it is,
    with a link to the search that finds it all; what was typed stands in one pair of marks."""
    page = wide.page
    assert search(wide, query) == 0
    near = page.get_by_role("region", name="不计标点的结果", exact=True)
    near.wait_for()
    count = near.get_by_role("heading", level=3).count()
    assert count > 3
    marked = query if query[0] in "“「" else f"“{query}”"
    assert said(page, "不计标点") == f"没有找到{marked}，不计标点有 {count} 条"
    assert near.locator("mark").first.inner_text() == "依申请公开"
    near.get_by_role("link", name="搜索“依申请公开”").click()
    said(page, f"共找到 {count} 条")
    assert page.locator("#related").is_hidden()


def test_a_title_without_its_marks_is_named(wide: Watched) -> None:
    """A query that a title would hold but for the marks in it leads to that document first."""
    search(wide, "")
    near = wide.page.get_by_role("region", name="您要找的可能是", exact=True).get_by_role("heading", level=3).first
    for query, title in (
        ("十五五科技创新规划", "示例省“十五五”科技创新规划"),
        ("省级财政科研项目经费管理办法试行", "示例省省级财政科研项目经费管理办法"),
    ):
        assert ask(wide.page, query) == 0
        expect(near).to_contain_text(title)


def test_what_tells_nothing_has_nothing_near(wide: Watched) -> None:
    """Single letters and numbers stand in too many texts to be near to anything."""
    search(wide, "")
    for query in (r".*[a-z]+(?:x)\d{2}$^|", "2026-11-99", "__proto__", "100%25"):
        assert ask(wide.page, query) == 0
        wide.page.wait_for_timeout(150)
        assert wide.page.locator("#related").is_hidden()


def test_a_cell_is_shown_with_its_row(wide: Watched) -> None:
    """Found in one cell of a table, the result shows what stands beside it, and only that word marked."""
    assert search(wide, "39.3") == 1
    excerpt = wide.page.locator("#results .excerpt").first
    expect(excerpt).to_contain_text("基础研究")
    assert excerpt.locator("mark").all_inner_texts() == ["39.3"]
    assert wide.page.locator("#results .excerpt").count() == 1


def test_words_from_two_attachments_name_both(wide: Watched) -> None:
    """A record of which one word stands in one attachment and the other in another: both are named, both words marked."""
    assert search(wide, "推荐单位： 工业窑炉余热") == 1
    assert wide.page.locator("#results .in-file a").count() == 2
    assert set(wide.page.locator("#results .excerpt mark").all_inner_texts()) == {"推荐单位：", "工业窑炉余热"}


def test_a_byte_order_mark_parts_no_word(wide: Watched) -> None:
    """What nobody sees within a pasted query is no white space."""
    found = search(wide, "科研经费")
    assert found > 0
    before = addresses(wide.page)
    wide.page.goto("/search/?q=" + quote("科研\ufeff经费"))
    said(wide.page, f"共找到 {found} 条")
    assert addresses(wide.page) == before
