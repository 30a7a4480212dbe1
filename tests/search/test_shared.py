"""What several builds share: what one uses another leaves alone."""

import os
import time
from pathlib import Path

import pytest

from portal.search import shards as dividing
from portal.search.shards import shards
from portal.search.store import LEFT_ALONE, SPARE, Store
from search.making import document


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
