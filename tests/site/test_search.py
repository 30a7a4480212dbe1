"""The search page in a real browser: what is found and how it is shown, filters, the address, suggestions, input methods,
hostile queries, failures, keyboard and touch."""

import re
from itertools import pairwise
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = pytest.mark.browser

MEASURE = "省级财政科研项目经费管理办法"
FIELD = "#q"


def said(page: Page, words: str) -> str:
    """What the status says, once it holds these words."""
    status = page.get_by_role("status").filter(has_text=words)
    status.wait_for()
    return status.inner_text()


def number(text: str) -> int:
    """The number of results in a status."""
    found = re.search(r"(?:共找到|共|全部) (\d+) 条", text)
    return int(found[1]) if found else 0


def search(watched: Watched, query: str, more: str = "") -> int:
    """Open the search page with a query; how many it says it found."""
    watched.page.goto(f"/search/?q={quote(query)}{more}")
    return number(said(watched.page, query[:40] or "条"))


def ask(page: Page, query: str) -> int:
    """Type another query into the open page and send it; how many it says it found."""
    page.locator(FIELD).fill(query)
    page.locator(FIELD).press("Enter")
    return number(said(page, f"“{query}”"))


def titles(page: Page) -> list[str]:
    """The titles of the results shown."""
    return page.locator("#results h3 a").all_inner_texts()


def addresses(page: Page) -> list[str]:
    """Where the results shown lead."""
    return list(page.locator("#results h3 a").evaluate_all("all => all.map(e => e.getAttribute('href'))"))


def box(page: Page, name: str) -> Locator:
    """The checkbox of a filter."""
    return page.get_by_role("checkbox", name=name, exact=False).first


def told_count(page: Page, name: str) -> int:
    """The number beside a filter."""
    return int(page.locator("#filter-form label").filter(has=box(page, name)).locator(".count").inner_text())


def broken(watched: Watched) -> None:
    """What Chromium and Pagefind themselves say of requests that a test broke is no fault of the page."""
    watched.said[:] = [line for line in watched.said if not line.startswith("Failed to load")]


@pytest.fixture
def spied(wide: Watched) -> Watched:
    """A wide page that notes which methods of the engine are called, in `asked`."""
    wide.page.add_init_script(
        "window.asked = []; const post = Worker.prototype.postMessage;"
        "Worker.prototype.postMessage = function (m, ...r) { window.asked.push(m.method); return post.call(this, m, ...r) }"
    )
    return wide


@pytest.fixture
def late(wide: Watched) -> Watched:
    """A wide page whose engine is asked for further results only after `window.late` milliseconds."""
    wide.page.add_init_script(
        "window.late = 400; const post = Worker.prototype.postMessage;"
        "Worker.prototype.postMessage = function (m, ...r) {"
        "  if (m.argument?.from) setTimeout(() => post.call(this, m, ...r), window.late); else post.call(this, m, ...r)"
        "}"
    )
    return wide


def show_all(page: Page, press: str = "click") -> list[str]:
    """Press 显示更多 until it is gone; where all results lead."""
    more = page.locator("#more")
    while more.is_visible():
        before = page.locator("#results .result").count()
        getattr(more, press)()
        page.locator("#results .result").nth(before).wait_for()
        expect(more).not_to_have_attribute("aria-disabled", "true")
    return addresses(page)


def asked(page: Page) -> list[str]:
    """The methods of the engine that were called."""
    return list(page.evaluate("window.asked"))


# ── finding ──────────────────────────────────────────────────────────────────


def test_ordinary_words_are_found_and_marked(wide: Watched) -> None:
    """Plain words of official Chinese find something, and every result marks them in its title, numbers or text."""
    wide.page.goto("/search/")
    for query in ("科研经费", "政府信息公开", "重点实验室", "统计公报", "行政许可"):
        assert ask(wide.page, query) > 0
        for result in wide.page.locator("#results .result").all():
            assert query in "".join(result.locator("mark").all_inner_texts()), (query, result.inner_text())


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


def test_browsing_without_a_query_shows_the_newest(spied: Watched) -> None:
    """Without a query everything is listed, newest first, with all filters; nothing is asked of the engine but that."""
    assert search(spied, "") > 10
    dates = spied.page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert len(dates) == 10
    assert dates == sorted(dates, reverse=True)
    assert spied.page.locator("#filter-form legend:visible").all_inner_texts() == [
        "信息类型", "主题分类", "发布机构", "年份", "体裁分类", "有效性", "正文和附件",
    ]  # fmt: skip
    assert spied.page.locator("#sort").is_hidden()
    assert asked(spied.page) == ["open", "search", "cards"]


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


def test_more_pressed_twice_brings_each_result_once(late: Watched) -> None:
    """A double click brings the next ten once: no result stands twice, and in the end all are there. While the button
    works it says so and keeps the focus."""
    page = late.page
    total = search(late, "")
    more = page.locator("#more")
    more.dblclick()
    assert more.get_attribute("aria-disabled") == "true"
    expect(more).to_be_focused()
    expect(page.locator("#results h3 a").nth(10)).to_be_focused()
    page.wait_for_timeout(500)
    assert page.locator("#results .result").count() == 20
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
def test_more_before_another_order_or_filter(change: str, late: Watched) -> None:
    """Where order or filters are changed before the next ten have come, those are dropped; what is shown then can be
    shown to its end, each result once."""
    page = late.page
    page.set_viewport_size({"width": 1280, "height": 2400})  # so that neither needs scrolling in between
    total = search(late, "科研")
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
    page.wait_for_timeout(700)
    assert page.locator("#results .result").count() == min(10, total)
    found = show_all(page)
    assert len(found) == len(set(found)) == total
    page.reload()
    expect(page.locator("#results .result")).to_have_count(total)
    assert addresses(page) == found


def test_more_while_another_search_is_under_way(late: Watched) -> None:
    """Pressed between a change of the order and its answer, 显示更多 adds to the new list."""
    page = late.page
    total = search(late, "科研")
    page.evaluate("document.querySelector('[value=date]').click(); document.getElementById('more').click()")
    expect(page.locator("#results .result")).to_have_count(20)
    found = show_all(page)
    assert len(found) == len(set(found)) == total
    dates = page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert dates == sorted(dates, reverse=True)


# ── filters, order, address ──────────────────────────────────────────────────


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


def test_a_shared_address_gives_the_same_results(wide: Watched, browser: Browser, address: str) -> None:
    """Query, filters and order stand in the address; another browser that opens it shows the same. What an address names
    and the site has not is ignored; the status says so, and it is gone from the address."""
    search(wide, "经费")
    for name in ("公开目录", "2026"):
        count = told_count(wide.page, name)
        box(wide.page, name).check()
        words = said(wide.page, f"所选条件下共找到 {count} 条")
    wide.page.get_by_role("radio", name="按时间").check()
    wide.page.wait_for_url("**sort=date**")
    assert parse_qs(urlsplit(wide.page.url).query) == {
        "q": ["经费"], "sort": ["date"], "kind": ["公开目录"], "year": ["2026"],
    }  # fmt: skip
    context = browser.new_context(base_url=address)
    other = context.new_page()
    other.goto(wide.page.url + "&kind=" + quote("没有这种") + "&organ=x&foo=1")
    assert said(other, "条") == f"{words}（已忽略无效的筛选条件）"
    assert parse_qs(urlsplit(other.url).query) == parse_qs(urlsplit(wide.page.url).query)
    expect(wide.page.locator("#results h3 a")).to_have_text(titles(other))
    assert other.get_by_role("radio", name="按时间").is_checked()
    assert box(other, "2026").is_checked()
    assert other.get_by_role("group", name="已选条件").get_by_role("button").count() == 3  # two, and 全部取消
    box(other, "2026").uncheck()
    other.wait_for_url(lambda url: "2026" not in url)
    expect(other.locator("#status")).not_to_contain_text("已忽略")
    context.close()


def test_back_and_forward(wide: Watched) -> None:
    """Each query and filter is a step: back and forward bring field, filters and results."""
    page = wide.page
    before = search(wide, "科研")
    ask(page, "经费")
    box(page, "政策解读").check()
    filtered = said(page, "所选条件")
    page.go_back()
    said(page, "“经费”共找到")
    assert not box(page, "政策解读").is_checked()
    page.go_back()
    said(page, f"“科研”共找到 {before} 条")
    assert page.locator(FIELD).input_value() == "科研"
    assert page.title().startswith("科研 - 搜索")
    page.go_forward()
    page.go_forward()
    assert said(page, "所选条件") == filtered
    assert box(page, "政策解读").is_checked()
    assert page.locator(FIELD).input_value() == "经费"


def test_coming_back_from_a_result(wide: Watched) -> None:
    """Who comes back from a page finds as many results as there were, and the place where it was."""
    page = wide.page
    search(wide, "")
    page.locator("#more").click()
    link = page.locator("#results h3 a").nth(17)
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(400)  # the place is noted when scrolling rests
    there = page.evaluate("scrollY")
    assert there > 500
    link.click()
    page.get_by_role("heading", level=1).wait_for()
    page.go_back()
    expect(page.locator("#results .result")).to_have_count(20)
    expect(page.locator("#results h3 a").nth(17)).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - there) < 200


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


# ── nothing found ────────────────────────────────────────────────────────────


def test_nothing_found_says_what_to_try(wide: Watched) -> None:
    """An empty result helps on: shorter words, other ways, a message; with filters a button that drops them all."""
    page = wide.page
    assert search(wide, "魑魅魍魉饕餮") == 0
    assert page.get_by_text("换一个更短、更常用的词").is_visible()
    assert page.get_by_role("button", name="取消全部筛选").is_hidden()
    assert page.get_by_text("标点可以不输").is_visible()
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


def test_near_matches_stand_apart(wide: Watched) -> None:
    """What holds most of a query, though not all, is listed under a heading of its own, below the help, and counted by
    itself."""
    page = wide.page
    assert search(wide, "科研项目经费怎么报销") == 0
    near = page.get_by_role("region", name="相关结果", exact=True)
    near.wait_for()
    count = near.get_by_role("heading", level=3).count()
    assert count > 0
    assert said(page, "相关结果") == f"没有找到“科研项目经费怎么报销”，另有 {count} 条相关结果"
    assert page.locator("#results .result").count() == 0
    assert page.locator("#empty").is_visible()
    order = page.locator("#empty, #related").evaluate_all("all => all.map(e => e.id)")
    assert order == ["empty", "related"]
    ask(page, "经费")
    assert near.count() == 0


def test_a_title_in_another_spelling_comes_first(wide: Watched) -> None:
    """A title in 《》 as it does not stand anywhere leads to its document, under 您要找的可能是 before everything else."""
    page = wide.page
    search(wide, "《示例省科研诚信·管理办法》")
    near = page.get_by_role("region", name="您要找的可能是", exact=True)
    near.wait_for()
    expect(near.get_by_role("heading", level=3).first).to_contain_text("示例省科研诚信管理办法")
    assert page.locator("#results, #related").first.get_attribute("id") == "related"


SLOW_NEAR = """
class SlowNear extends EventTarget {
  // Finds three records at once; what is near is told when `near` is called, and stays silent until then.
  constructor(address, options) { super(); options.type; window.slow = this; this.asked = [] }
  answer(id, result) { setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data: { id, result } }))) }
  near(related, lead) { for (const id of this.asked.splice(0)) this.answer(id, { related, lead }) }
  postMessage({ id, method, argument }) {
    const card = { url: "/", kind: "", date: "2026-01-01", docNo: [], indexNo: [], excerpts: [] };
    const values = { kind: ["甲", "乙"] };
    if (method === "open") this.answer(id, { values, total: 3, lists: {} });
    else if (method === "search") {
      const total = argument.query === "无" ? 0 : 3;
      this.query = argument.query;
      this.answer(id, { total, counts: { kind: window.other ?? { 甲: 1, 乙: 2 } }, whole: true,
        values: window.other ? { kind: Object.keys(window.other) } : values });
    } else if (method === "near") this.asked.push(id);
    else if (method === "cards") {
      const name = argument.related ? "近" : "正";
      this.answer(id, Array.from({ length: argument.related ? argument.count : 3 },
        (_, number) => ({ ...card, title: [[`${name}${this.query}${number}`, false]] })));
    }
  }
  terminate() {}
}
window.Worker = SlowNear;
"""


@pytest.fixture
def near_by(wide: Watched) -> Watched:
    """A low page whose engine finds three records at once and tells what is near when it is told to."""
    wide.page.set_viewport_size({"width": 1280, "height": 400})
    wide.page.add_init_script(SLOW_NEAR)
    return wide


def before_results(page: Page) -> bool:
    """Whether the near results stand above the exact ones."""
    return page.locator("#results, #related").first.get_attribute("id") == "related"


def test_results_do_not_wait_for_what_is_near(near_by: Watched) -> None:
    """Exact results are shown at once; what is near is added below when it comes and is announced, and nothing above it
    moves. An answer to an earlier query is dropped."""
    page = near_by.page
    assert search(near_by, "先") == 3
    assert page.locator("#related").is_hidden()
    assert ask(page, "后") == 3
    assert page.evaluate("slow.asked.length") == 2
    page.evaluate("slow.answer(slow.asked.shift(), { related: 9, lead: true })")
    page.wait_for_timeout(100)
    assert page.locator("#related").is_hidden()
    places = "[...document.querySelectorAll('.result, #follow')].slice(0, 3).map(e => e.getBoundingClientRect().top)"
    before = page.evaluate(places)
    page.evaluate("slow.near(2, false)")
    assert said(page, "相关结果") == "“后”共找到 3 条，另有 2 条相关结果"
    assert page.get_by_role("region", name="相关结果", exact=True).locator("h3").all_inner_texts() == ["近后0", "近后1"]
    assert page.evaluate(places) == before
    assert not before_results(page)
    ask(page, "再")
    assert page.locator("#related").is_hidden()
    page.evaluate("slow.dispatchEvent(new MessageEvent('message', { data: { id: slow.asked.pop(), error: 'x' } }))")
    page.wait_for_timeout(100)
    assert said(page, "条") == "“再”共找到 3 条"


def test_what_was_named_stands_first_unless_someone_reads(near_by: Watched) -> None:
    """What the reader named in another spelling stands above the exact results under a heading of its own; below them,
    once the page was scrolled or a result has the focus. The help of an empty result stays where it is."""
    page = near_by.page
    search(near_by, "甲")
    page.evaluate("slow.near(1, true)")
    page.get_by_role("region", name="您要找的可能是", exact=True).wait_for()
    assert before_results(page)
    assert page.get_by_role("heading", level=2).all_inner_texts()[-2:] == ["您要找的可能是", "与输入的字词一致的结果"]
    said(page, "另有 1 条相关结果")
    ask(page, "乙")
    assert page.locator("#related").is_hidden()
    assert page.locator("#exact-title").is_hidden()
    page.locator("#results h3 a").first.focus()
    page.evaluate("slow.near(1, true)")
    page.get_by_role("region", name="相关结果", exact=True).wait_for()
    assert not before_results(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    ask(page, "丙")
    page.evaluate("scrollTo({ top: 120, behavior: 'instant' })")
    assert page.evaluate("scrollY") > 50
    page.evaluate("slow.near(1, true)")
    page.get_by_role("region", name="相关结果", exact=True).wait_for()
    assert not before_results(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    search(near_by, "无")
    page.evaluate("slow.near(1, true)")
    page.get_by_role("region", name="您要找的可能是", exact=True).wait_for()
    assert page.locator("#empty").is_visible()
    assert page.locator("#exact-title").is_hidden()


def test_filters_of_a_site_published_meanwhile(near_by: Watched) -> None:
    """Values that a site published again brings with an answer can be chosen, with the focus where it was; a chosen one
    that it has no more is dropped, and that is said."""
    page = near_by.page
    search(near_by, "先", "&kind=" + quote("甲"))
    said(page, "所选条件")
    page.evaluate("window.other = { 乙: 2, 丙: 1 }")
    box(page, "乙").focus()
    box(page, "乙").check()
    assert said(page, "已忽略") == "“先”在所选条件下共找到 3 条（已忽略无效的筛选条件）"
    expect(box(page, "乙")).to_be_focused()
    assert page.get_by_role("group", name="信息类型").locator("label:visible .value").all_inner_texts() == ["乙", "丙"]
    assert parse_qs(urlsplit(page.url).query) == {"q": ["先"], "kind": ["乙"]}


# ── suggestions ──────────────────────────────────────────────────────────────


def test_suggestions_by_keyboard(spied: Watched) -> None:
    """While typing, titles and themes are offered and their number is told; arrows go through them and round, Escape
    closes, Enter opens the one chosen. No search runs meanwhile, and for one character nothing is offered."""
    page = spied.page
    search(spied, "")
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


def test_no_suggestions_where_data_is_saved(spied: Watched) -> None:
    """A reader who asked the browser to save data gets none."""
    spied.page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    search(spied, "")
    spied.page.locator(FIELD).press_sequentially("科研经费")
    spied.page.wait_for_timeout(400)
    assert "suggest" not in asked(spied.page)


def test_an_input_method_is_left_alone(spied: Watched) -> None:
    """While characters are being composed nothing is asked, and Enter takes them over instead of searching; afterwards
    suggestions come, and Enter searches."""
    page = spied.page
    search(spied, "")
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


# ── hostile queries ──────────────────────────────────────────────────────────

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


# ── failures ─────────────────────────────────────────────────────────────────


def test_an_engine_that_does_not_open(wide: Watched) -> None:
    """Without its index the page says so, leads elsewhere, and tries again when asked; the query is kept."""
    page = wide.page
    page.route("**/search/index.json", lambda route: route.abort())
    page.goto("/search/?q=" + quote("经费"))
    alert = page.get_by_role("alert").filter(has_text="搜索暂时不可用")
    alert.wait_for()
    for address in ("/browse/", "/numbers/", "/themes/", "/messages/"):
        assert alert.locator(f"a[href='{address}']").is_visible()
    assert page.locator(FIELD).input_value() == "经费"
    page.unroute("**/search/index.json")
    alert.get_by_role("button", name="重试").click()
    said(page, "“经费”共找到")
    assert alert.count() == 0
    broken(wide)


def test_a_search_that_fails(wide: Watched) -> None:
    """When the network goes in between, the status says so, keeps the query, and offers to try again. The title names the
    query that failed, and no number of an earlier one stands beside the filters."""
    page = wide.page
    search(wide, "科研")
    page.route("**/search/**", lambda route: route.abort())
    page.locator(FIELD).fill("经费")
    page.locator(FIELD).press("Enter")
    said(page, "搜索没有成功")
    assert page.locator(FIELD).input_value() == "经费"
    assert page.locator("#results .result").count() == 0
    assert page.title().startswith("经费 - 搜索")
    assert set(page.locator("#filter-form .count:visible").all_inner_texts()) <= {""}
    page.unroute("**/search/**")
    page.get_by_role("button", name="重试").press("Enter")
    said(page, "“经费”共找到")
    expect(page.get_by_role("button", name="重试")).to_be_hidden()
    broken(wide)


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


def test_a_network_that_hangs(wide: Watched) -> None:
    """A search that does not end says after some seconds that it is slow and can be begun anew; left alone it gives up."""
    page = wide.page
    page.clock.install()
    search(wide, "")
    held: list[Route] = []
    page.route("**/search/shards/**", lambda route: held.append(route))
    page.locator(FIELD).fill("经费")
    page.locator(FIELD).press("Enter")
    page.clock.run_for(300)
    said(page, "正在搜索")
    page.clock.run_for(10_000)
    said(page, "网络较慢")
    page.clock.run_for(40_000)
    said(page, "搜索没有成功")
    page.unroute("**/search/shards/**")
    page.get_by_role("button", name="重试").click()
    said(page, "“经费”共找到")
    broken(wide)


SLOW_ENGINE = """
class Slow extends EventTarget {
  // Answers a search when `release` is called with its query; as the real one, it keeps the results of one search.
  constructor(address, options) { super(); options.type; window.slow = this; this.free = new Set(); this.held = [] }
  answer(id, result) { this.dispatchEvent(new MessageEvent("message", { data: { id, result } })) }
  find({ id, argument: { query } }) {
    this.shown = query;
    this.answer(id, { total: 1, counts: {}, whole: true, values: {} });
  }
  release(query) {
    this.free.add(query);
    for (const message of this.held.filter((held) => held.argument.query === query)) this.find(message);
  }
  postMessage(message) {
    const { id, method } = message;
    const card = { url: "/", kind: "", date: "2026-01-01", docNo: [], indexNo: [], excerpts: [] };
    if (method === "open") setTimeout(() => this.answer(id, { values: {}, total: 1, lists: {} }));
    else if (method === "near") setTimeout(() => this.answer(id, { related: 0, lead: false }));
    else if (method === "cards") setTimeout(() => this.answer(id, [{ ...card, title: [[this.shown, false]] }]));
    else if (!message.argument.query || this.free.has(message.argument.query)) setTimeout(() => this.find(message));
    else this.held.push(message);
  }
  terminate() {}
}
window.Worker = Slow;
"""


def test_a_slow_answer_never_overwrites_a_newer_one(wide: Watched) -> None:
    """Of two searches the second is shown with its own results, also where the first is answered after it."""
    page = wide.page
    page.add_init_script(SLOW_ENGINE)
    page.goto("/search/")
    said(page, "全部 1 条")
    for query in ("先问", "后问"):
        page.locator(FIELD).fill(query)
        page.locator(FIELD).press("Enter")
    said(page, "正在搜索")
    page.evaluate(
        "window.seen = []; new MutationObserver(() => window.seen.push(document.getElementById('results').innerText))"
        ".observe(document.getElementById('results'), { childList: true })"
    )
    page.evaluate("slow.release('后问'); slow.release('先问')")
    said(page, "“后问”共找到 1 条")
    page.wait_for_timeout(100)
    assert [text.split()[0] for text in page.evaluate("seen")] == ["后问"]
    assert titles(page) == ["后问"]


@pytest.mark.parametrize(
    "old",
    [
        "const Own = Worker; window.Worker = function (url) { return new Own(url) }",  # looks at no options
        "delete window.Worker",
    ],
    ids=["classic workers", "no workers"],
)
def test_a_browser_that_is_too_old(old: str, wide: Watched) -> None:
    """Where workers know no modules the page says that the browser is too old and leads elsewhere; no retry is offered."""
    wide.page.add_init_script(old)
    wide.page.goto("/search/")
    alert = wide.page.get_by_role("alert").filter(has_text="浏览器版本太旧")
    alert.wait_for()
    assert alert.locator("a[href='/browse/']").is_visible()
    assert alert.get_by_role("button").count() == 0


def test_a_script_that_does_not_come(wide: Watched) -> None:
    """Where the page's own script does not run, the stylesheet shows after some seconds where to go."""
    page = wide.page
    page.route("**/search.*.js", lambda route: route.abort())
    page.goto("/search/")
    note = page.locator("#failure")
    assert not note.is_visible()
    page.evaluate("document.getElementById('failure').getAnimations().forEach((one) => one.finish())")
    expect(note).to_be_visible()
    assert "搜索没有启动" in note.inner_text()
    broken(wide)


# ── reading, hearing, touching ───────────────────────────────────────────────


def test_results_are_announced_and_the_title_follows(wide: Watched) -> None:
    """One status stands from the beginning and says how many were found, beside that of 显示更多; filters are told apart;
    the title names the query."""
    page = wide.page
    count = search(wide, "经费")
    page.evaluate("window.status0 = document.querySelector('[role=status]')")
    assert said(page, "共找到") == f"“经费”共找到 {count} 条"
    assert page.title().startswith("经费 - 搜索")
    box(page, "公开目录").check()
    said(page, "“经费”在所选条件下共找到")
    assert page.evaluate("document.querySelectorAll('[role=status]').length === 2 && window.status0.isConnected")
    tags = page.locator("main :is(h1, h2, h3):visible").evaluate_all("all => all.map(e => e.tagName)")
    levels = [int(tag[1]) for tag in tags]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_filters_can_be_jumped_over(wide: Watched) -> None:
    """A link before the filters, seen when it has the focus, leads to the results; the search stays as it is."""
    page = wide.page
    words = said(page, "条") if search(wide, "经费") else ""
    page.locator("#search-form button").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳过筛选，看搜索结果")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_be_focused()
    assert said(page, "条") == words
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#results h3 a").first).to_be_focused()


def test_the_box_on_every_page_leads_to_results(narrow: Watched) -> None:
    """On a phone the box in the header of a document searches the site."""
    narrow.page.goto("/entries/2024-keyan-jingfei-banfa/")
    narrow.page.get_by_role("searchbox").fill("经费")
    narrow.page.keyboard.press("Enter")
    narrow.page.wait_for_url("**/search/?q=**")
    said(narrow.page, "共找到")


def test_a_phone(narrow: Watched) -> None:
    """Filters are folded behind a button that says how many are chosen; opened they fit, each as high as a finger needs,
    and a button leads back to the results. Nothing runs out of the page, and no text is small."""
    page = narrow.page
    search(narrow, "经费", "&kind=" + quote("公开目录") + "&theme=" + quote("科技、教育/科研经费管理"))
    assert page.locator("#filter-form").is_hidden()
    page.get_by_text("筛选（已选 2 项）").tap()
    sizes = page.locator(
        "#filter-form label:visible, #filter-form button:visible, .chosen button, .sort label:visible, #results h3 a, "
        "#filters > summary, #filters-done, #search-form button"
    ).evaluate_all("all => all.map(e => [e.innerText, e.getBoundingClientRect().height])")
    assert len(sizes) > 10
    assert [size for size in sizes if size[1] < 44] == []
    small = page.locator("#results p, #results h3, #filter-form label, #status, .chosen button").evaluate_all(
        "all => all.filter(e => parseFloat(getComputedStyle(e).fontSize) < 15).map(e => e.innerText)"
    )
    assert small == []
    box(page, "2026").check()
    said(page, "在所选条件下")
    page.get_by_role("button", name="查看结果").tap()
    assert page.locator("#filter-form").is_hidden()
    expect(page.locator("#status")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            {"status": 200, "content_type": "text/html", "body": "<html>please log in</html>"}, id="login page"
        ),
        pytest.param({"status": 200, "body": b"\x1f\x8b\x08\x00"}, id="cut short"),
    ],
)
def test_a_damaged_answer_is_a_failure_and_not_an_empty_result(answer: dict[str, object], browser: Browser, address: str) -> None:  # fmt: skip
    """Another's page, or half a file, in place of the index is said to have failed: never that nothing was found."""
    context = browser.new_context(base_url=address)
    context.route("**/*.pf_index", lambda route: route.fulfill(**answer))
    page = context.new_page()
    page.goto("/search/?q=科研经费")
    page.get_by_role("button", name="重试").wait_for()
    assert "没有找到" not in page.locator("#status").inner_text()
    context.close()
