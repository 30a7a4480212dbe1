"""`portal serve` as an editor meets it: drafts shown and marked, an edit appears by itself, a problem over the page."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tiny import TinySite

from portal.cli.preview import Preview
from portal.serve.server import LoopbackServer

pytestmark = pytest.mark.browser


@pytest.fixture
def editing(tiny: TinySite, browser: Browser) -> Iterator[tuple[TinySite, Page]]:
    """A site of one draft, served as `portal serve` does, and a page on it."""
    tiny.news("draft", 标题="起草中的消息", 状态="草稿")
    tiny.page("about")
    before = os.getcwd()
    os.chdir(tiny.root)
    preview = Preview(tiny.root)
    server = LoopbackServer.running(preview)
    preview.rebuild()
    preview.watch()
    context = browser.new_context(base_url=f"http://localhost:{server.port}", viewport={"width": 1280, "height": 900})
    yield tiny, context.new_page()
    context.close()
    server.shutdown()
    server.server_close()
    os.chdir(before)


def test_a_draft_is_shown_and_marked(editing: tuple[TinySite, Page]) -> None:
    """Editors see a draft on its page, marked as one, under a banner that this is not the public site."""
    _, page = editing
    page.goto("/news/draft/")
    assert page.get_by_role("heading", level=1).inner_text() == "起草中的消息"
    assert page.get_by_text("草稿").first.is_visible()
    assert page.get_by_text("只限本机").is_visible()


def test_an_edit_appears_by_itself(editing: tuple[TinySite, Page]) -> None:
    """Saving a file reloads the page with the new text."""
    tiny, page = editing
    page.goto("/news/draft/")
    tiny.news("draft", 标题="改过的消息", 状态="草稿")
    page.get_by_role("heading", level=1, name="改过的消息").wait_for(timeout=15000)


def test_a_problem_stands_over_the_page_until_it_is_mended(editing: tuple[TinySite, Page]) -> None:
    """A mistake shows file, line, what and remedy over the last good page; mending it takes the panel away."""
    tiny, page = editing
    page.goto("/news/draft/")
    tiny.news("draft", 标题="起草中的消息", 状态="已发布", 频道="工作动太")
    panel = page.get_by_role("alert")
    panel.wait_for(timeout=15000)
    words = panel.inner_text()
    assert "content/news/draft.md" in words
    assert "工作动态" in words
    assert "改法" in words
    assert page.get_by_role("heading", level=1).inner_text() == "起草中的消息"
    tiny.news("draft", 标题="起草中的消息", 状态="草稿")
    panel.wait_for(state="detached", timeout=15000)
