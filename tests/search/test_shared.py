"""What several builds and processes share: runs of Pagefind take turns, and what one build uses another leaves alone."""

import fcntl
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from portal.search import shards as dividing
from portal.search import workers
from portal.search.shards import shards
from portal.search.store import LEFT_ALONE, SPARE, Store
from search.making import document


def test_two_turns_on_one_file_exclude_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one holds its turn, another on the same file waits, in whatever process, and goes on when that has ended; one on
    another file does not wait."""
    file = tmp_path / "0"
    monkeypatch.setattr(sys, "argv", ["workers", str(file)])
    waiting, entered = threading.Event(), threading.Event()

    def second() -> None:
        waiting.set()
        with workers._turn():
            entered.set()

    with workers._turn():
        with file.open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        assert waiting.wait(5)
        assert not entered.wait(0.05)
        monkeypatch.setattr(sys, "argv", ["workers", str(tmp_path / "1")])
        with workers._turn():
            assert not entered.is_set()
    assert entered.wait(5)
    thread.join()


def test_a_shard_that_is_read_counts_as_used_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build that prunes at the same time leaves alone what this one took from the store, however long ago it was
    built; what nobody has read since goes."""
    monkeypatch.setattr(dividing, "WEIGHT", 10)
    made = shards([document(f"{year}", "一段正文。" * 4, year=year) for year in (2020, 2021, 2022, 2023)], "v")
    store = Store(tmp_path / "search")
    store.shards(made)
    others = [store.folder / "shards" / f"{number:016x}" for number in range(SPARE)]
    for path in others:
        path.mkdir()
    now = time.time()
    for path in (*map(store.path, made), *others):
        os.utime(path, (now - 4 * LEFT_ALONE,) * 2)
    for path in others:
        os.utime(path, (now - 2 * LEFT_ALONE,) * 2)
    store.shards(made[:1])
    store.prune(made[-1:])  # as another build would
    left = {path.name for path in (store.folder / "shards").iterdir()}
    assert {made[0].fingerprint, made[-1].fingerprint} <= left
    assert not {made[1].fingerprint, made[2].fingerprint} & left
