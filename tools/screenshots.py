"""Pictures of every page family at 1280 and 390 pixels, into build/screenshots: to be looked at after a change.

Usage: tools/screenshots.py [NAME …]   NAME is a family below; without any, all.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from portal import HOME, clock
from portal.cli.settings import load
from portal.serve.browser import find_chromium
from portal.serve.server import LoopbackServer
from portal.serve.still import Still

ADDRESSES = {
    "home": "/",
    "platform": "/disclosure/",
    "statutory": "/disclosure/content/",
    "annual": "/disclosure/annual/",
    "column": "/columns/xingzheng-guifanxing-wenjian/",
    "document": "/entries/2024-keyan-jingfei-banfa/",
    "repealed": "/entries/2019-keyan-jingfei-banfa-shixing/",
    "news-list": "/news/",
    "news": "/news/2026-11-13-anquan-jiancha/",
    "reprint": "/news/2026-11-19-zhuanzai-dongtu/",
    "interpretations": "/interpretations/",
    "interpretation": "/interpretations/2026-shiwuwu-guihua-tujie/",
    "guide": "/pages/guide/",
    "statement": "/pages/accessibility/",
    "browse": "/browse/",
    "alphabet": "/themes/",
    "numbers": "/numbers/",
    "number-list": "/numbers/kjt/2026/",
    "messages": "/messages/",
    "changes": "/changes/",
    "feeds": "/feeds/",
    "data": "/data/",
    "search": "/search/?q=科研经费",
    "sitemap": "/sitemap/",
    "tombstone": "/entries/2024-kejijiang-tijian-gongshi/",
    "missing": "/no-such-page/",
}


def main(names: list[str]) -> None:
    """Build the demo as the public sees it and photograph it."""
    target = HOME / "build" / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "site"
        load(OUTPUT_PATH=str(folder), PORTAL_QUIET=True).build(clock.read())
        server = LoopbackServer.running(Still(folder))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            for width in (1280, 390):
                page = browser.new_page(viewport={"width": width, "height": 900})
                for name, address in ADDRESSES.items():
                    if names and name not in names:
                        continue
                    page.goto(f"http://localhost:{server.port}{address}", wait_until="networkidle")
                    page.screenshot(path=str(target / f"{name}-{width}.png"), full_page=True)
                page.close()
            browser.close()
        server.shutdown()
    print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
