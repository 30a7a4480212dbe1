"""The demo portal, built once at a fixed clock and served on loopback, and a real browser that watches itself."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_site import NOW, WEIGHT, Watched, watch
from playwright.sync_api import Browser, sync_playwright

from portal import HOME
from portal.cli.settings import load
from portal.search import shards
from portal.serve.browser import find_chromium
from portal.serve.server import LoopbackServer
from portal.serve.still import Still


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's public site in a folder, its index in several shards."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    before = Path.cwd()
    os.chdir(HOME)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shards, "WEIGHT", WEIGHT)
            load(OUTPUT_PATH=str(folder), PORTAL_QUIET=True).build(NOW)
    finally:
        os.chdir(before)
    assert len(list((folder / "search" / "shards").iterdir())) >= 5
    return folder


@pytest.fixture(scope="session")
def address(demo: Path) -> Iterator[str]:
    """The site's address on loopback."""
    server = LoopbackServer.running(Still(demo))
    yield f"http://localhost:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium with a CJK font; without either, the test is skipped and says what is missing."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    fonts = (
        subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout
        if shutil.which("fc-list")
        else ""
    )
    if "CJK" not in fonts:
        pytest.skip("no CJK font: apt-get install fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture
def wide(browser: Browser, address: str) -> Iterator[Watched]:
    """A page 1280 pixels wide; on the way out it must be clean."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address, locale="zh-CN")
    watched = watch(context, address)
    yield watched
    context.close()
    watched.clean()


@pytest.fixture
def narrow(browser: Browser, address: str) -> Iterator[Watched]:
    """A page as on a phone, 390 pixels wide, with touch; on the way out it must be clean."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=address, locale="zh-CN", has_touch=True, is_mobile=True
    )
    watched = watch(context, address)
    yield watched
    context.close()
    watched.clean()
