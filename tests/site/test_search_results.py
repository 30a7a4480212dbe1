"""What the search page finds, and how it shows that."""

from urllib.parse import quote

import pytest
from demo_site import Watched
from playwright.sync_api import expect
from searching import MEASURE, addresses, ask, asked, said, search, spy, titles

pytestmark = pytest.mark.browser


def test_ordinary_words_are_found_and_marked(wide: Watched) -> None:
    """Plain words of official Chinese find something, and every result marks them in its title, numbers or text."""
    wide.page.goto("/search/")
    for query in ("科研经费", "政府信息公开", "重点实验室", "统计公报", "行政许可"):
        assert ask(wide.page, query) > 0
        for result in wide.page.locator("#results .result").all():
            assert query in "".join(result.locator("mark").all_inner_texts()), (query, result.inner_text())


def test_the_first_search_takes_each_file_once(wide: Watched) -> None:
    """An index of several shards opens at the first go: nothing is fetched twice, the manifest neither, as after a failure."""
    fetched: list[str] = []
    wide.page.context.on("request", lambda sent: fetched.append(sent.url) if "/search/" in sent.url else None)
    assert search(wide, "科研经费管理") > 0
    read = {url.split("/shards/")[1][:16] for url in fetched if "/index/" in url}
    assert len(read) >= 5
    assert sorted(fetched) == sorted(set(fetched))


def test_any_run_of_characters_is_found(wide: Watched) -> None:
    """What a word is does not matter: every three characters that follow each other in a title find its document."""
    wide.page.goto("/search/")
    title = "示例省科研诚信管理办法"
    for start in range(len(title) - 2):
        ask(wide.page, title[start : start + 3])
        while wide.page.locator("#more").is_visible() and title not in titles(wide.page):
            before = len(titles(wide.page))
            wide.page.locator("#more").click()
            wide.page.locator("#results h3 a").nth(before).wait_for()
        assert title in titles(wide.page), title[start : start + 3]


def test_a_number_leads_however_it_is_written(wide: Watched) -> None:
    """A 文号 in any brackets, or bare, puts its document first; the order of time is that of time alone."""
    wide.page.goto("/search/")
    for query in ("示科规〔2024〕1号", "示科规[2024]1号", "示科规 2024 1"):
        ask(wide.page, query)
        assert titles(wide.page)[0].endswith(MEASURE), query
    search(wide, "示科规(2024)1号", "&sort=date")
    dates = wide.page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert dates == sorted(dates, reverse=True)
    assert any(title.endswith(MEASURE) for title in titles(wide.page))


def test_traditional_characters_find_simplified_ones(wide: Watched) -> None:
    """A query in Traditional characters finds what the same in Simplified ones does."""
    count = search(wide, "科研经费管理")
    before = addresses(wide.page)
    assert ask(wide.page, "科研經費管理") == count > 0
    assert addresses(wide.page) == before


def test_a_result_says_what_it_is(wide: Watched) -> None:
    """A result bears date, kind, organ, numbers and validity in words; one that is repealed comes after those in force
    and is marked as such in its heading."""
    search(wide, "经费管理", "&kind=" + quote("公开目录") + "&theme=" + quote("科技、教育/科研经费管理"))
    first = wide.page.locator("#results .result").filter(has_text="示科规〔2024〕1号").filter(has_text="已修改")
    for words in ("2024-03-12", "公开目录", "示例省科学技术厅", "11000000MB0000019X/2024-00006", "已修改"):
        assert words in first.inner_text()
    repealed = wide.page.locator("#results .result").filter(has=wide.page.locator(".badge-repealed"))
    assert repealed.get_by_role("heading", level=3).inner_text().endswith("废止")
    badges = wide.page.locator("#results h3 .badge").all_inner_texts()
    assert len(badges) > 2
    assert badges.index("废止") == len(badges) - 1


def test_what_stands_in_an_attachment_leads_to_it(wide: Watched) -> None:
    """Words of an attachment alone find the record; the result names the attachment, links it and shows the words."""
    assert search(wide, "最大饲养量") == 1
    result = wide.page.locator("#results .result")
    link = result.get_by_text("见附件：").get_by_role("link")
    assert "申请书" in link.inner_text()
    assert (link.get_attribute("href") or "").startswith("/files/")
    assert result.locator(".excerpt mark").inner_text() == "最大饲养量"


def test_browsing_without_a_query_shows_the_newest(wide: Watched) -> None:
    """Without a query everything is listed, newest first, with all filters; nothing is asked of the engine but that."""
    page = spy(wide)
    assert search(wide, "") > 10
    dates = page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert len(dates) == 10
    assert dates == sorted(dates, reverse=True)
    assert page.locator("#filter-form legend:visible").all_inner_texts() == [
        "信息类型", "主题分类", "发布机构", "年份", "体裁分类", "有效性", "正文和附件",
    ]  # fmt: skip
    assert page.locator("#sort").is_hidden()
    assert asked(page) == ["open", "search", "cards"]


def test_nothing_found_says_what_to_try(wide: Watched) -> None:
    """An empty result helps on: shorter words, other ways, a message; with filters a button that drops them all."""
    page = wide.page
    assert search(wide, "魑魅魍魉饕餮") == 0
    assert page.get_by_text("换一个更短、更常用的词").is_visible()
    assert page.get_by_role("button", name="取消全部筛选").is_hidden()
    assert page.get_by_text("标点要和原文一样").is_visible()
    for address in ("/browse/", "/numbers/", "/messages/"):
        assert page.locator(f"#empty a[href='{address}']").is_visible()
        assert page.request.get(f"{page.url.split('/search')[0]}{address}").ok
    search(wide, "最大饲养量", "&year=2026")  # it stands in an attachment of 2024
    assert said(page, "没有找到") == "在所选条件下没有找到“最大饲养量”"
    page.get_by_role("button", name="取消全部筛选").click()
    said(page, "“最大饲养量”共找到 1 条")
    assert page.locator("#empty").is_hidden()
    search(wide, "魑魅魍魉饕餮", "&theme=" + quote("科技、教育/科研经费管理"))
    assert page.locator("#follow").is_visible()
    order = page.locator("#empty, #follow").evaluate_all("all => all.map(e => e.id)")
    assert order == ["empty", "follow"]


def test_results_with_attachments(wide: Watched) -> None:
    """有附件 leaves records that say so."""
    count = search(wide, "", "&holds=" + quote("有附件"))
    assert 0 < count <= 10
    assert wide.page.locator("#results .result").filter(has_text="有附件").count() == count


def test_the_order_of_time(wide: Watched) -> None:
    """按时间 puts the newest first, and stands in the address."""
    search(wide, "经费")
    before = addresses(wide.page)
    wide.page.get_by_role("radio", name="按时间").check()
    wide.page.wait_for_url("**sort=date*")
    expect(wide.page.locator("#results h3 a").first).not_to_have_attribute("href", before[0])
    dates = wide.page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert dates == sorted(dates, reverse=True)
