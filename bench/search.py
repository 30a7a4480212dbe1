"""Search beside stock Pagefind on the same texts: indexing, one edit, and what a reader's browser fetches.

    bench/search.py [N] [--work FOLDER]      N articles of the yardstick, 10,000 unless told; FOLDER on a tmpfs

Prints one table. Times are only worth something as ratios within one run: machines are noisy. Stock is
pagefind-bin-extended with its own interface, on pages that hold the same titles, numbers and texts.
"""

import argparse
import html
import os
import pickle
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pagefind_bin_extended  # type: ignore[import-untyped]
from corpus import articles, write_site
from measure import run
from playwright.sync_api import Page, sync_playwright

from portal import clock
from portal.cli.settings import load
from portal.markup.body import Body
from portal.markup.convert import to_html
from portal.markup.prose import Prose
from portal.outputs.search import divide
from portal.search.documents import Document
from portal.search.shards import shards
from portal.search.store import Store
from portal.serve.browser import find_chromium

QUERIES = (
    "信息公开",
    "食品药品",
    "公共卫生应急预案",
    "督查",
    "道路交通安全隐患治理",
    "办公厅",
    "2015 114",
    "营造良好舆论氛围",
    "信访工作联席会议",
)
"""The first is asked in a fresh browser; the others one after another, then."""

FIRST = ("信息公开", "督查", "114号", "道路交通安全隐患治理")
"""Asked each in a fresh browser."""


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=10_000)
    parser.add_argument("--work", type=Path, default=Path("/dev/shm/portal-bench"))  # noqa: S108 -- a tmpfs, see above
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("indexing", "reading"), help="one half, of a site that was made before")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    stock = asked.work / f"stock-{asked.number}"
    if not asked.only:
        prepare(asked.number, asked.work)
    print(f"{asked.number} articles, {os.cpu_count()} processors", flush=True)
    if asked.only != "reading":
        indexing(stock, asked.work, asked.rounds)
    if asked.only != "indexing":
        reading(asked.work / f"site-{asked.number}", stock)


def prepare(number: int, work: Path) -> None:
    """Make the portal's site, built; its documents; and the pages for stock Pagefind."""
    root, built = work / f"portal-{number}", work / f"site-{number}"
    found = articles(number, work)
    write_site(found, root)
    os.chdir(root)
    portal = load(OUTPUT_PATH=str(built), PORTAL_QUIET=True)
    prepared = portal.build(clock.read())
    documents = [document for shard in divide(prepared.site) for document in shard.documents]
    pages = work / f"stock-{number}"
    shutil.rmtree(pages, ignore_errors=True)
    for count, document in enumerate(documents):
        folder = pages / str(count)
        folder.mkdir(parents=True)
        facts = "".join(f"<p>{html.escape(field)}</p>" for field in document.fields[1:])
        text = to_html(Body(document.body)).html
        page = (
            f'<html lang="zh"><body data-pagefind-body><h1>{html.escape(document.facts.title)}</h1>{facts}{text}</body>'
        )
        (folder / "index.html").write_text(f"<!doctype html>{page}</html>", encoding="utf-8")
    with (work / "documents.pickle").open("wb") as file:
        pickle.dump(documents, file)


# ── indexing ────────────────────────────────────────────────────────────────


def indexing(stock: Path, work: Path, rounds: int) -> None:
    """Time and memory of a whole index, and the time of one edit."""
    rows: dict[str, list[tuple[float, int]]] = {"stock": [], "portal": [], "edit": []}
    command = [str(pagefind_bin_extended.get_executable()), "--site", str(stock), "--quiet"]
    for number in range(rounds):
        rows["stock"].append(measured(command))
        store = work / "store"
        shutil.rmtree(store, ignore_errors=True)
        rows["portal"].append(measured([sys.executable, __file__, "--index", str(work), "none"]))
        rows["edit"].append(measured([sys.executable, __file__, "--index", str(work), str(number)]))
    seconds = {name: statistics.median(wall for wall, _ in found) for name, found in rows.items()}
    memory = {name: max(peak for _, peak in found) for name, found in rows.items()}
    print(f"{'index':<28}{'seconds':>10}{'of stock':>10}{'MiB':>8}{'of stock':>10}")
    for name, title in (("stock", "stock Pagefind, whole"), ("portal", "portal, whole"), ("edit", "portal, one edit")):
        share, of = seconds[name] / seconds["stock"], memory[name] / memory["stock"]
        print(f"{title:<28}{seconds[name]:>10.2f}{share:>10.2f}{memory[name]:>8}{of:>10.2f}")
    print(f"one edit takes 1/{seconds['portal'] / seconds['edit']:.1f} of the whole index (wanted: 1/15)")
    print(f"memory is 1/{memory['stock'] / memory['portal']:.1f} of stock's (wanted: 1/4)", flush=True)


def index(work: Path, edit: str) -> None:
    """In a process of its own: bring the store up to date, with one document edited if `edit` is a number.

    The clock runs from the documents: how long they take to be read is the build's matter. It is printed.
    """
    with (work / "documents.pickle").open("rb") as file:
        documents: list[Document] = pickle.load(file)  # noqa: S301 -- made by this program
    if edit != "none":
        middle = len(documents) // 2 + int(edit) * 7
        documents[middle] = replace(
            documents[middle], body=Prose.of(f"{documents[middle].body.markdown}\n\n本次修改记于第{edit}次。\n")
        )
    begun = time.monotonic()
    divided = shards(documents, "bench")
    Store(work / "store").shards(divided)
    print(time.monotonic() - begun)


def measured(command: list[str]) -> tuple[float, int]:
    """Seconds (what the program prints as its last line, if that is a number) and peak PSS of its tree in MiB."""
    found = run(command, every=0.02)
    said = found.said.split()
    return (float(said[-1]) if said and re.fullmatch(r"[\d.]+", said[-1]) else found.wall), found.pss_mib


# ── reading ─────────────────────────────────────────────────────────────────


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


class Counted:
    """A folder served on loopback, and what was sent: requests and bytes of bodies."""

    def __init__(self, folder: Path) -> None:
        self.requests = self.bytes = 0
        counted = self

        class Handler(SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def __init__(self, *arguments: Any) -> None:
                super().__init__(*arguments, directory=str(folder))

            def end_headers(self) -> None:
                self.send_header("Cache-Control", "max-age=600")
                super().end_headers()

            def copyfile(self, source: Any, outputfile: Any) -> None:
                data = source.read()
                if not self.path.startswith("/blank"):
                    counted.requests += 1
                    counted.bytes += len(data)
                outputfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        (folder / "blank.html").write_text("<!doctype html><title>.</title>", encoding="utf-8")
        self.server = _Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        """Begin to count anew."""
        self.requests = self.bytes = 0


_PORTAL = """async ([worker, query]) => {
  if (!window.ask) {
    const engine = new Worker(worker, { type: "module" });
    const waiting = new Map();
    let number = 0;
    engine.onmessage = ({ data }) => { waiting.get(data.id)(data); waiting.delete(data.id); };
    window.ask = (method, argument) => new Promise((resolve) => { waiting.set(++number, resolve); engine.postMessage({ id: number, method, argument }); });
    await ask("open");
  }
  const { result, error } = await ask("search", { query });
  if (error) throw new Error(error);
  await ask("cards", { from: 0, count: 10 });
  return result.total;
}"""
_STOCK = """async ([_, query]) => {
  window.pagefind ??= await import("/pagefind/pagefind.js");
  const { results } = await pagefind.search(query);
  await Promise.all(results.slice(0, 10).map((result) => result.data()));
  return results.length;
}"""


def reading(site: Path, stock: Path) -> None:
    """Requests, bytes and time of a first query and of the next ones, to the first ten results with their excerpts."""
    worker = "/theme/" + next((site / "theme").glob("search-worker.*.js")).name
    print(f"{'query':<26}{'':>8}{'requests':>10}{'KB':>8}{'ms':>8}{'results':>9}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        nexts: dict[str, list[tuple[int, int, float]]] = {}
        for name, folder, script in (("stock", stock, _STOCK), ("portal", site, _PORTAL)):
            served = Counted(folder)
            for number, query in enumerate(FIRST):
                with fresh(browser.new_context, served) as page:
                    show(f"first {query}", name, ask(page, served, script, worker, query))
                    for other in QUERIES if number == 0 else ():
                        if other != query:
                            found = ask(page, served, script, worker, other)
                            nexts.setdefault(name, []).append(found[:3])
                            show(f"next {other}", name, found)
            served.server.shutdown()
        for name, asked in nexts.items():
            kilobytes = sorted(size / 1000 for _, size, _ in asked)
            print(f"next, {name}: median {statistics.median(kilobytes):.0f} KB, worst {kilobytes[-1]:.0f} KB")
        browser.close()


@contextmanager
def fresh(context: Callable[[], Any], served: Counted) -> Iterator[Page]:
    """A page in a browser that has seen nothing."""
    made = context()
    page = made.new_page()
    page.goto(f"{served.address}/blank.html")
    served.reset()
    yield page
    made.close()


def ask(page: Page, served: Counted, script: str, worker: str, query: str) -> tuple[int, int, float, int]:
    """Requests, bytes, milliseconds and results of one query."""
    served.reset()
    begun = time.monotonic()
    total = int(page.evaluate(script, [worker, query]))
    return served.requests, served.bytes, (time.monotonic() - begun) * 1000, total


def show(title: str, name: str, found: tuple[int, int, float, int]) -> None:
    """One row."""
    requests, size, milliseconds, total = found
    wide = 26 - sum(1 for character in title if ord(character) > 0x2E80)
    print(f"{title:<{wide}}{name:>8}{requests:>10}{size / 1000:>8.0f}{milliseconds:>8.0f}{total:>9}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--index"]:
        index(Path(sys.argv[2]), sys.argv[3])
    else:
        main()
