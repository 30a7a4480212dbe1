"""What stands beside the results: found later, announced, and never in the way of who reads."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from demo_site import Watched
from playwright.sync_api import Page, expect
from searching import ask, box, said, search

pytestmark = pytest.mark.browser


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
  near(related, lead) { for (const id of this.asked.splice(0)) this.answer(id, { related, how: lead ? "named" : "nearly", plain: "" }) }
  postMessage({ id, method, argument }) {
    const card = { url: "/", kind: "", date: "2026-01-01", docNo: [], indexNo: [], excerpts: [] };
    const values = { kind: ["甲", "乙"] };
    if (method === "open") this.answer(id, { site: { values, lists: {} } });
    else if (method === "search") {
      const total = argument.query === "无" ? 0 : 3;
      this.query = argument.query;
      const site = window.other ? { values: { kind: Object.keys(window.other) }, lists: window.lists } : { values, lists: {} };
      this.answer(id, { total, counts: { kind: window.other ?? { 甲: 1, 乙: 2 } }, whole: true, site });
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
    page.evaluate("slow.answer(slow.asked.shift(), { related: 9, how: 'named', plain: '' })")
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
    page.get_by_role("region", name="您要找的可能是", exact=True).wait_for()
    assert not before_results(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    ask(page, "丙")
    page.evaluate("scrollTo({ top: 120, behavior: 'instant' })")
    assert page.evaluate("scrollY") > 50
    page.evaluate("slow.near(1, true)")
    page.get_by_role("region", name="您要找的可能是", exact=True).wait_for()
    assert not before_results(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    search(near_by, "无")
    page.evaluate("slow.near(1, true)")
    page.get_by_role("region", name="您要找的可能是", exact=True).wait_for()
    assert page.locator("#empty").is_visible()
    assert page.locator("#exact-title").is_hidden()


def test_filters_of_a_site_published_meanwhile(near_by: Watched) -> None:
    """Values that a site published again brings with an answer can be chosen, with the focus where it was; a chosen one
    that it has no more is dropped, and that is said. The lists that it has now can be followed."""
    page = near_by.page
    search(near_by, "先", "&kind=" + quote("甲"))
    said(page, "所选条件")
    page.evaluate("window.other = { 乙: 2, 丙: 1 }; window.lists = { kind: { 乙: ['/b/', '/b.xml'] } }")
    box(page, "乙").focus()
    box(page, "乙").check()
    assert said(page, "已忽略") == "“先”在所选条件下共找到 3 条（已忽略无效的筛选条件）"
    expect(box(page, "乙")).to_be_focused()
    assert page.get_by_role("group", name="信息类型").locator("label:visible .value").all_inner_texts() == ["乙", "丙"]
    assert parse_qs(urlsplit(page.url).query) == {"q": ["先"], "kind": ["乙"]}
    assert page.get_by_role("link", name="订阅“乙”的更新").get_attribute("href") == "/b.xml"
    assert page.get_by_role("link", name="打开“乙”列表").get_attribute("href") == "/b/"
