"""Search finds exactly what the records hold: a fixed sample of the proof that `portal recall` gives at length."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from demo_site import NOW, WEIGHT
from playwright.sync_api import Browser

from portal import HOME
from portal.cli import main
from portal.cli.settings import load
from portal.inspection import recall
from portal.inspection.recall import Proof, prove
from portal.search import shards
from portal.site.model import Site

pytestmark = pytest.mark.browser

QUESTIONS = 300
SEED = "the fixed sample of the suite"


SHOWN = ["portal.pages", "portal.outputs.search"]
"""The steps that make what the proof looks at."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """The demo, with the 683 regulations where the corpus is there; in several shards, with it and without."""
    root = tmp_path_factory.mktemp("recall") / "site"
    for name in ("content", "catalog"):
        shutil.copytree(HOME / name, root / name)
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copyfile(HOME / name, root / name)
    corpus = Path(os.environ.get("PORTAL_CORPUS") or HOME.parent / "shared" / "corpus") / "regulations"
    before = Path.cwd()
    patch = pytest.MonkeyPatch()
    if not corpus.is_dir():
        patch.setattr(shards, "WEIGHT", WEIGHT)  # also where the proof divides the site
    if corpus.is_dir():
        said = CliRunner().invoke(
            main,
            ["-C", str(root), "import", "regulations", str(corpus), "--date", "2026-11-01 09:00"],
            catch_exceptions=False,
        )
        assert said.exit_code == 0
    os.chdir(root)
    try:
        folder = root.parent / "built"
        prepared = load(OUTPUT_PATH=str(folder), PORTAL_QUIET=True, PLUGINS=SHOWN).build(NOW)
    finally:
        os.chdir(before)
    assert len(list((folder / "search" / "shards").iterdir())) >= 5
    yield prepared.site, folder
    patch.undo()


def proven(built: tuple[Site, Path], count: int) -> Proof:
    """The proof, in a thread of its own: Playwright runs once a thread, and the browser of other tests is in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(prove, *built, SEED, count).result()


def test_nothing_is_missed_and_nothing_added(built: tuple[Site, Path], browser: Browser) -> None:
    """Parts of terms, pieces of texts, numbers in three spellings, absent phrases and several words, asked in a real
    browser, are answered by exactly the records that hold them, and shown as those."""
    proof = proven(built, QUESTIONS)
    assert proof.wrong == ()
    assert (proof.asked, proof.missed, proof.added) == (QUESTIONS, 0, 0)
    assert proof.answered > QUESTIONS // 2  # a proof of empty answers would prove nothing
    assert proof.results > proof.answered


def test_the_proof_would_see_a_miss_and_a_false_hit(
    built: tuple[Site, Path], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result left out, one that does not hold the words, a card of another record and an error are each counted."""
    ask = recall._ask

    def spoilt(folder: Path, asked: list[str]) -> list[tuple[list[tuple[int, int]], list[str], str]]:
        answers = ask(folder, asked)
        rows, cards, failure = answers[0]
        return [(rows[1:], cards[1:], failure), *answers[1:]]

    truth = recall.Truth.of(document for shard in recall.divide(built[0]) for document in shard.documents)
    monkeypatch.setattr(recall.Truth, "of", lambda _: truth)
    monkeypatch.setattr(recall, "_ask", spoilt)
    monkeypatch.setattr(recall, "questions", lambda *_: ["管理", "的"])
    missed = proven(built, 2)
    assert (missed.missed, missed.added) == (1, 0)

    def foreign(folder: Path, asked: list[str]) -> list[tuple[list[tuple[int, int]], list[str], str]]:
        return [([(0, 0)], ["/entries/another/"], "") for _ in asked]

    monkeypatch.setattr(recall, "_ask", foreign)
    monkeypatch.setattr(recall, "questions", lambda *_: ["没有这样的一句话"])
    added = proven(built, 1)
    assert added.added == 2

    monkeypatch.setattr(recall, "_ask", lambda folder, asked: [([], [], "no answer") for _ in asked])
    (failed,) = proven(built, 1).wrong
    assert failed.added == {"no answer"}


def test_the_command_says_what_it_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`portal recall` lists each wrong answer, ends with the two counts, and its exit code is 1 for any."""
    monkeypatch.chdir(tmp_path)  # and back from where -C leads
    wrong = recall.Wrong("包干制", 2, frozenset({"/news/a/"}), frozenset({"/news/b/", "/news/c/"}))
    for found, code, last in (((wrong,), 1, "漏检 1，误检 2"), ((), 0, "漏检 0，误检 0")):
        monkeypatch.setattr("portal.cli.proving.prove", lambda *_, found=found: Proof(3, 2, 5, found))
        said = CliRunner().invoke(main, ["-C", str(HOME), "recall", "--queries", "3"], catch_exceptions=False)
        assert said.exit_code == code
        assert said.output.splitlines()[-1] == last
        assert ("/news/c/" in said.output) is bool(found)
