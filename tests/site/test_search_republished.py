"""The site is published again while a reader has the search page open: the answers are those of the new site, without a
reload, and what belonged to the old one is dropped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_site import Watched, watch
from playwright.sync_api import Browser, Page, Route, expect
from searching import addresses, ask, broken, said, search, show_all
from tiny import TinySite

from portal.outputs import search as outputs
from portal.search import edit, shards
from portal.serve.server import LoopbackServer
from portal.serve.still import Still

pytestmark = pytest.mark.browser

COUNT = 24


def _shards(tiny: TinySite) -> set[str]:
    return {path.name for path in (tiny.output / "search" / "shards").iterdir()}


@pytest.fixture
def small(tiny: TinySite, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TinySite, Watched]]:
    """A site of 24 records in several shards, and a page on it that must be clean but for files that are gone."""
    monkeypatch.setattr(shards, "WEIGHT", 300)
    monkeypatch.setattr(edit, "PLACES_A_FILE", 20)
    monkeypatch.setattr(edit, "WORDS_A_FILE", 20)
    for number in range(COUNT):
        date = f"{2025 + number % 2}-03-{number + 1:02} 10:00"
        tiny.news(f"n{number:02}", f"第{number}号消息，说的是科研经费管理。", 标题=f"第{number}号消息", 发布日期=date)
    tiny.build()
    assert len(_shards(tiny)) >= 4
    server = LoopbackServer.running(Still(tiny.output))
    address = f"http://localhost:{server.port}"
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address, locale="zh-CN")
    watched = watch(context, address)
    yield tiny, watched
    context.close()
    server.shutdown()
    server.server_close()
    broken(watched)
    watched.clean()


def publish_again(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the site again with one record more, by another version of the portal: of the old index no file is left."""
    before, head = _shards(tiny), _head(tiny)
    tiny.news("new", "新近的消息，说的是科研经费管理。", 标题="新近的消息", 发布日期="2026-06-01 10:00")
    monkeypatch.setattr(outputs, "code_version", lambda: "another")
    tiny.build()
    assert not before & _shards(tiny)
    assert head != _head(tiny)
    assert not head.exists()


def until(page: Page, met: Callable[[], bool]) -> None:
    """Wait until something holds that is not on the page."""
    for _ in range(500):
        if met():
            return
        page.wait_for_timeout(20)
    raise AssertionError("never")


def _head(tiny: TinySite) -> Path:
    (head,) = (tiny.output / "search").glob("head.*.packed")
    return head


def test_a_search_after_the_site_was_published_again(small: tuple[TinySite, Watched], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """What is asked next is answered by the new site, and so is a query that was asked of the old one; the page is not loaded
    again, and the manifest is read once more."""
    tiny, watched = small
    page = watched.page
    assert search(watched, "科研经费") == COUNT
    manifests: list[str] = []
    page.context.on("request", lambda sent: manifests.append(sent.url) if "/search/index.json" in sent.url else None)
    page.evaluate("window.same = true")
    publish_again(tiny, monkeypatch)
    assert ask(page, "号消息，说的是") == COUNT
    assert ask(page, "科研经费") == COUNT + 1
    found = show_all(page)
    assert len(found) == len(set(found)) == COUNT + 1
    assert "/news/new/" in found
    assert ask(page, "新近的消息") == 1
    assert addresses(page) == ["/news/new/"]
    assert page.evaluate("window.same")
    assert len(manifests) == 1


def test_a_site_that_is_published_in_the_middle_of_more(small: tuple[TinySite, Watched], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Where some of the next ten come from the old site and the others are gone, twenty of the new one are shown, the
    newest first; to the end each stands once."""
    tiny, watched = small
    page = watched.page
    assert search(watched, "") == COUNT
    before = addresses(page)
    page.evaluate("window.same = true")
    held: list[Route] = []
    published = False
    seen = 0

    def hold(route: Route) -> None:
        nonlocal seen
        seen += 1
        if seen > 1 and not published:
            held.append(route)
        else:
            route.continue_()

    page.route("**/fragment/**", hold)
    page.locator("#more").press("Enter")
    until(page, lambda: len(held) > 2)
    publish_again(tiny, monkeypatch)
    published = True
    for route in held:
        route.continue_()
    expect(page.locator("#results .result")).to_have_count(20)
    assert addresses(page)[:10] == ["/news/new/", *before[:9]]
    said(page, f"全部 {COUNT + 1} 条")
    found = show_all(page)
    assert len(found) == len(set(found)) == COUNT + 1
    dates = page.locator("#results time").evaluate_all("all => all.map(e => e.dateTime)")
    assert dates == sorted(dates, reverse=True)
    assert page.evaluate("window.same")


FORGETFUL = """
class Forgetful extends EventTarget {
  // Finds twelve records, and has forgotten them when asked for more; what is near is told when a test tells it.
  constructor(address, options) { super(); options.type; window.engine = this; this.near = [] }
  say(data) { setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data }))) }
  postMessage({ id, method, argument }) {
    const site = { values: {}, lists: {} };
    const card = { url: "/", kind: "", date: "2026-01-01", docNo: [], indexNo: [], excerpts: [], files: [] };
    const cards = (name, count) => Array.from({ length: count }, (_, n) => ({ ...card, title: [[`${name}${n}`, false]] }));
    if (method === "near") this.near.push(id);
    else if (method === "cards" && argument.from) this.say({ id, error: "gone" });
    else if (method === "cards") this.say({ id, result: argument.related ? cards("近", argument.count) : cards("正", Math.min(12, argument.count)) });
    else this.say({ id, result: method === "search" ? { total: 12, counts: {}, whole: true, site } : { site } });
  }
  terminate() {}
}
window.Worker = Forgetful;
"""


def test_near_matches_to_what_was_replaced_are_dropped(wide: Watched) -> None:
    """Where 显示更多 had to ask for everything again, what is near to the answer of before is not shown, however late it is
    told; what is near to the new one is."""
    page = wide.page
    page.add_init_script(FORGETFUL)
    assert search(wide, "甲") == 12
    page.locator("#more").press("Enter")
    until(page, lambda: page.evaluate("engine.near.length") == 2)
    tell = "([id, related]) => engine.say({ id: engine.near[id], result: { related, lead: false, how: 'nearly', plain: '' } })"
    page.evaluate(tell, [0, 9])
    page.wait_for_timeout(100)
    assert page.locator("#related").is_hidden()
    page.evaluate(tell, [1, 2])
    expect(page.locator("#related h3")).to_have_count(2)
