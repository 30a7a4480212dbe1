"""Search compared with the truth: a built site is served on loopback, and its own search is asked in a real Chromium."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.outputs.search import divide
from portal.search.recall import Truth, questions
from portal.serve.browser import find_chromium
from portal.serve.server import LoopbackServer
from portal.serve.still import Still
from portal.site.model import Site

FRESH = 100
"""After so many questions the engine is started anew: no reader asks more, and it would hold the whole index by then."""

SHOWN = 3
"""Of every answer so many results are asked for as the page shows them, and must be those records."""

_START = """async ([worker, address]) => {
  window.engine?.terminate();
  window.engine = new Worker(worker, { type: "module" });
  ({ clean: window.clean } = await import(address));
  const waiting = new Map();
  let number = 0;
  engine.onmessage = ({ data: { id, result, error } }) => {
    const [resolve, reject] = waiting.get(id);
    waiting.delete(id);
    error === undefined ? resolve(result) : reject(new Error(error));
  };
  engine.onerror = (event) => waiting.forEach(([, reject]) => reject(new Error(event.message)));
  window.ask = (method, argument) => new Promise((resolve, reject) => {
    number += 1;
    waiting.set(number, [resolve, reject]);
    engine.postMessage({ id: number, method, argument });
  });
  await ask("open");
}"""
_ASK = """async ([query, count]) => {
  try {
    await ask("search", { query: clean(query) });
    const cards = await ask("cards", { from: 0, count });
    return [await ask("results"), cards.map((card) => card.url), ""];
  } catch (error) {
    return [[], [], error.message];
  }
}"""


class BrowserMissing(Exception):
    """Playwright or Chromium is not there."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question that was answered wrongly: the records missed, and those added that do not hold it (or an error)."""

    query: str
    wanted: int
    missed: frozenset[str]
    added: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """How many questions were asked, how many have an answer, how many results in all, and what was wrong."""

    asked: int
    answered: int
    results: int
    wrong: tuple[Wrong, ...]

    @property
    def missed(self) -> int:
        """Results that search did not give."""
        return sum(len(wrong.missed) for wrong in self.wrong)

    @property
    def added(self) -> int:
        """Results that hold no such words."""
        return sum(len(wrong.added) for wrong in self.wrong)


def prove(site: Site, folder: Path, seed: str, count: int) -> Proof:
    """Ask the search of a site that was built into a folder. Raises BrowserMissing."""
    shards = divide(site)
    documents = [document for shard in shards for document in shard.documents]
    asked = questions(documents, seed, count)
    answers = _ask(folder, asked)
    truth = Truth.of(documents)
    wrong, answered, results = [], 0, 0
    for query, (rows, cards, failure) in zip(asked, answers, strict=True):
        wanted = truth.answer(query)
        found = [shards[shard].documents[row].facts.url for shard, row in rows]
        given = frozenset(found)
        answered += bool(wanted)
        results += len(wanted)
        # A result twice, or a card that shows another record than was found, is as wrong as one too many.
        if given != wanted or len(found) != len(given) or cards != found[:SHOWN] or failure:
            added = (given - wanted) | (set(cards) - wanted) | ({failure} if failure else set())
            wrong.append(Wrong(query, len(wanted), wanted - given, frozenset(added)))
    return Proof(len(asked), answered, results, tuple(wrong))


def _ask(folder: Path, asked: Sequence[str]) -> list[tuple[list[tuple[int, int]], list[str], str]]:
    """For each question its results (shard and row), the addresses of its first cards, and the error that it ended in."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise BrowserMissing("没有安装 Playwright：请运行 pip install playwright，再试一次。") from error
    chromium = find_chromium()
    if chromium is None:
        raise BrowserMissing("没有找到 Chromium：请运行 apt-get install chromium，再试一次。")
    scripts = [_script(folder, name) for name in ("search-worker", "search-address")]
    server = LoopbackServer.running(Still(folder))
    answers: list[Any] = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"http://localhost:{server.port}/sitemap/")
            for number, query in enumerate(asked):
                if number % FRESH == 0:
                    page.evaluate(_START, scripts)
                answers.append(page.evaluate(_ASK, [query, SHOWN]))
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
    return answers


def _script(folder: Path, name: str) -> str:
    return "/" + next((folder / "theme").glob(f"{name}.*.js")).relative_to(folder).as_posix()
