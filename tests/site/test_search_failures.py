"""What fails is said to have failed, keeps what was typed, and can be tried again."""

from urllib.parse import quote

import pytest
from demo_site import Watched
from playwright.sync_api import Browser, Route, expect
from searching import FIELD, broken, said, search, titles

pytestmark = pytest.mark.browser


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
    this.answer(id, { total: 1, counts: {}, whole: true, site: { values: {}, lists: {} } });
  }
  release(query) {
    this.free.add(query);
    for (const message of this.held.filter((held) => held.argument.query === query)) this.find(message);
  }
  postMessage(message) {
    const { id, method } = message;
    const card = { url: "/", kind: "", date: "2026-01-01", docNo: [], indexNo: [], excerpts: [] };
    if (method === "open") setTimeout(() => this.answer(id, { site: { values: {}, lists: {} } }));
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
