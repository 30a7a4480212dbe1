"""The demo portal for tests: its clock, one page of every family, and a page that watches itself."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from portal import clock

HERE = Path(__file__).parent

NOW = clock.parse_minute("2026-11-23 18:00")
"""The clock of the demo in tests."""

WEIGHT = 34_000
"""Characters of a shard of the demo in tests (portal.search.shards.WEIGHT): as a large site, it has several."""

FAMILIES = {
    "home": "/",
    "platform": "/disclosure/",
    "statutory": "/disclosure/content/",
    "rules": "/disclosure/rules/",
    "annual": "/disclosure/annual/",
    "column": "/columns/xingzheng-guifanxing-wenjian/",
    "ended": "/columns/xingzheng-guifanxing-wenjian/ended/",
    "empty column": "/columns/shiyexing-shoufei/",
    "document": "/entries/2024-keyan-jingfei-banfa/",
    "repealed": "/entries/2019-keyan-jingfei-banfa-shixing/",
    "metadata only": "/entries/2026-yanshou-yijian-huibian/",
    "news list": "/news/",
    "news": "/news/2026-11-13-anquan-jiancha/",
    "reprint": "/news/2026-11-19-zhuanzai-dongtu/",
    "interpretations": "/interpretations/",
    "interpretation": "/interpretations/2026-shiwuwu-guihua-tujie/",
    "guide": "/pages/guide/",
    "statement": "/pages/accessibility/",
    "theme": "/themes/keji-jiaoyu/",
    "organ": "/organs/kjt/",
    "browse": "/browse/",
    "alphabet": "/themes/",
    "numbers": "/numbers/",
    "number list": "/numbers/kjt/2026/",
    "messages": "/messages/",
    "changes": "/changes/",
    "feeds": "/feeds/",
    "data": "/data/",
    "search": "/search/",
    "search results": "/search/?q=%E7%A7%91%E7%A0%94%E7%BB%8F%E8%B4%B9",
    "sitemap": "/sitemap/",
    "tombstone": "/entries/2024-kejijiang-tijian-gongshi/",
    "missing": "/no-such-page/",
}
"""One page of every family."""


@dataclass
class Watched:
    """A page, and everything that it should not have done."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def clean(self) -> None:
        """Assert that no request left the origin, that CSP refused nothing, and that no script failed."""
        assert self.foreign == []
        assert self.said == []


def watch(context: BrowserContext, address: str) -> Watched:
    """A page whose requests, console and errors are recorded."""
    watched = Watched(context.new_page())

    def request(sent: Request) -> None:
        if not sent.url.startswith((address + "/", "blob:" + address)):
            watched.foreign.append(sent.url)

    def console(message: ConsoleMessage) -> None:
        # A missing page answers 404, which Chromium reports; everything else of that tone is a fault of ours.
        if message.type in {"error", "warning"} and "404 (Not Found)" not in message.text:
            watched.said.append(message.text)

    watched.page.on("request", request)
    watched.page.on("console", console)
    watched.page.on("pageerror", lambda error: watched.said.append(str(error)))
    return watched


def visit(watched: Watched, family: str) -> None:
    """Open a page of a family and wait until it is whole; a search page until it has said what it found."""
    answer = watched.page.goto(FAMILIES[family], wait_until="load")
    assert answer is not None
    assert answer.status == (404 if family == "missing" else 200), family
    if family.startswith("search"):
        watched.page.get_by_role("status").filter(has_text="条").wait_for()
