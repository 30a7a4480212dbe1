"""What tests of the search page do again and again: ask, read what is shown, watch and delay the engine."""

import re
from urllib.parse import quote

from demo_site import Watched
from playwright.sync_api import Locator, Page, expect

FIELD = "#q"
MEASURE = "省级财政科研项目经费管理办法"


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


def spy(watched: Watched) -> Page:
    """The page, which from now on notes which methods of the engine are called: see `asked`."""
    watched.page.add_init_script(
        "window.asked = []; const post = Worker.prototype.postMessage;"
        "Worker.prototype.postMessage = function (m, ...r) { window.asked.push(m.method); return post.call(this, m, ...r) }"
    )
    return watched.page


def delay(watched: Watched) -> Page:
    """The page, whose engine is from now on asked for further results only after `window.late` milliseconds."""
    watched.page.add_init_script(
        "window.late = 400; const post = Worker.prototype.postMessage;"
        "Worker.prototype.postMessage = function (m, ...r) {"
        "  if (m.argument?.from) setTimeout(() => post.call(this, m, ...r), window.late); else post.call(this, m, ...r)"
        "}"
    )
    return watched.page
