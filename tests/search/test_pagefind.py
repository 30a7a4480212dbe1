"""Pagefind as a function: what it makes is complete, what it leaves behind is nothing, and its failing is never silent."""

import gc
import tempfile
from pathlib import Path

import pagefind_bin
import pytest

from portal.search import pagefind
from portal.search.bundle import build
from portal.search.pagefind import RUNTIME, SearchFailed, copy_runtime
from search.making import document
from search.reading import files, unpack


def test_what_a_browser_needs_of_pagefind(tmp_path: Path) -> None:
    """Its script, which can make several instances, and its WebAssembly; nothing of its interfaces."""
    copy_runtime(tmp_path / "runtime")
    found = files(tmp_path / "runtime")
    assert set(found) == set(RUNTIME)
    assert b"createInstance" in found["pagefind.js"]
    assert unpack(found["wasm.unknown.pagefind"]).startswith(b"\0asm")


EVERYTHING = "".join(f'echo x > "$2/pagefind/{name}"\n' for name in RUNTIME)
SCRIPTS = [
    pytest.param("echo 坏了 >&2\nexit 3\n", "坏了", id="exit code"),
    pytest.param(f'mkdir "$2/pagefind"\n{EVERYTHING}echo 坏了; exit 3\n', "坏了", id="exit code after all was written"),
    pytest.param("kill -9 $$\n", "没有发布", id="killed"),
    pytest.param("exit 0\n", "没有发布", id="nothing written"),
    pytest.param('mkdir "$2/pagefind"\necho x > "$2/pagefind/pagefind.js"\n', "没有发布", id="a part written"),
    pytest.param(f'mkdir -p "$2/pagefind/index"\n{EVERYTHING}: > "$2/pagefind/index/a.pf_index"\n', r"a\.pf_index", id="empty file"),
]  # fmt: skip


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, an empty one of this test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _replace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    false = tmp_path / "pagefind"
    false.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    false.chmod(0o755)
    monkeypatch.setattr(pagefind.pagefind_bin, "get_executable", lambda: false)


@pytest.mark.parametrize(("script", "said"), SCRIPTS)
def test_pagefind_failing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, temporary: Path, script: str, said: str) -> None:  # fmt: skip
    """An exit code, nothing or a part written, or an empty file behind exit code 0 is SearchFailed with what Pagefind
    said; nothing is left where it worked, and Python collects garbage again."""
    _replace(monkeypatch, tmp_path, script)
    with pytest.raises(SearchFailed, match=said):
        build([document("a")], tmp_path / "shard")
    with pytest.raises(SearchFailed, match="没有发布"):
        copy_runtime(tmp_path / "runtime")
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "shard/layout.json").exists()
    assert gc.isenabled()


def test_a_page_that_pagefind_left_out_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that lacks one part of a text is no index."""
    _replace(monkeypatch, tmp_path, f'rm "$2/1.html"\nexec {pagefind_bin.get_executable()} "$@"\n')
    with pytest.raises(SearchFailed, match="3 段文字只收录了 2 段"):
        build([document(name) for name in "abc"], tmp_path / "shard")


def test_a_build_leaves_nothing_behind(tmp_path: Path, temporary: Path) -> None:
    """Where Pagefind worked nothing is left, and Python collects garbage again, or does not, as before."""
    build([document("a")], tmp_path / "one")
    assert gc.isenabled()
    gc.disable()
    try:
        build([document("a")], tmp_path / "two")
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert list(temporary.iterdir()) == []
    assert files(tmp_path / "one") == files(tmp_path / "two")
