"""Pagefind as a program: what browsers need of it is complete, its failing is never silent, and our index is as its own."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cbor2
import pytest

from portal.search import pagefind, terms
from portal.search.documents import parts
from portal.search.pagefind import RUNTIME, SearchFailed, copy_runtime, run
from portal.search.terms import Spelling
from search.making import build
from search.reading import files, shard, unpack
from search.test_bundle import various


def test_what_a_browser_needs_of_pagefind(tmp_path: Path) -> None:
    """Its script, which can make several instances, and its WebAssembly; nothing of its interfaces."""
    copy_runtime(tmp_path / "runtime")
    found = files(tmp_path / "runtime")
    assert set(found) == set(RUNTIME)
    assert b"createInstance" in found["pagefind.js"]
    assert unpack(found["wasm.unknown.pagefind"]).startswith(b"\0asm")


def _written(blocks: Sequence[str], spelling: Spelling) -> str:
    """A text as words for Pagefind: its pairs, and what fills the places after each block."""
    pairs = [[spelling.pair(block[at : at + 2]) for at in range(len(block) - 1)] for block in blocks]
    return " ".join(word for each in pairs for word in [*each, *[terms.FILLER] * terms.GAP])


def test_the_index_is_what_pagefind_makes(tmp_path: Path) -> None:
    """Pagefind's own indexer, given the pairs of the same pages, writes the same entries, byte for byte, but that it counts
    the pages in another order: its engine reads ours as its own."""
    documents = various()
    layout = build(documents, tmp_path / "shard")
    spelling = Spelling(layout.placed, layout.whole)
    flat = [part for each in documents for source in each.sources() for part in parts(source)]
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, part in enumerate(flat):
        text = _written(part.normal, spelling)
        html = f"<!doctype html><html><body data-pagefind-body><p>{text}</p></body></html>"
        (pages / f"{number}.html").write_text(html, encoding="utf-8")
    made = run(pages)
    (meta,) = made.glob("*.pf_meta")
    version, named, *_ = cbor2.loads(unpack(meta.read_bytes()))
    urls = {path.stem: path for path in (made / "fragment").iterdir()}
    order = [int(_url(urls[name]).strip("/").removesuffix(".html")) for name, _ in named]
    tree = shard(tmp_path / "shard")
    ours = {word[0]: word for path, data in tree.items() if path.startswith("index/") for word in cbor2.loads(unpack(data))[0]}  # fmt: skip
    theirs = {word[0]: word for path in (made / "index").iterdir() for word in cbor2.loads(unpack(path.read_bytes()))[0]}  # fmt: skip
    del theirs[terms.FILLER]
    assert cbor2.loads(tree["meta"])[0] == version
    assert theirs
    assert {term for term in ours if terms.bucket_number(term) < layout.placed} == theirs.keys()
    for term, (_, pages_of, rest) in theirs.items():
        renumbered, number = {}, 0
        for step, *said in pages_of:
            number += step
            renumbered[order[number]] = said
        steps = zip([0, *sorted(renumbered)], sorted(renumbered), strict=False)
        assert ours[term] == [term, [[to - before, *renumbered[to]] for before, to in steps], rest]


def test_the_bytes_are_those_of_an_encoder(tmp_path: Path) -> None:
    """The files of an index are CBOR in its shortest form, as Pagefind writes it: encoded again they are the same bytes."""
    build(various(), tmp_path / "shard")
    for path, data in shard(tmp_path / "shard").items():
        if path.startswith("index/"):
            assert cbor2.dumps(cbor2.loads(unpack(data))) == unpack(data)


def _url(path: Path) -> str:
    url: str = json.loads(unpack(path.read_bytes()))["url"]
    return url


EVERYTHING = "".join(f'echo x > "$2/pagefind/{name}"\n' for name in RUNTIME)
SCRIPTS = [
    pytest.param("echo 坏了 >&2\nexit 3\n", "坏了", id="exit code"),
    pytest.param(f'mkdir "$2/pagefind"\n{EVERYTHING}echo 坏了; exit 3\n', "坏了", id="exit code after all was written"),
    pytest.param("kill -9 $$\n", "没有发布", id="killed"),
    pytest.param("exit 0\n", "没有发布", id="nothing written"),
    pytest.param('mkdir "$2/pagefind"\necho x > "$2/pagefind/pagefind.js"\n', "没有发布", id="a part written"),
    pytest.param(f'mkdir -p "$2/pagefind/index"\n{EVERYTHING}: > "$2/pagefind/index/a.pf_index"\n', r"a\.pf_index", id="empty file"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "said"), SCRIPTS)
def test_pagefind_failing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    """An exit code, nothing or a part written, or an empty file behind exit code 0 is SearchFailed with what Pagefind
    said; nothing is left where it worked, nor of what was to be copied."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    false = tmp_path / "pagefind"
    false.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    false.chmod(0o755)
    monkeypatch.setattr(pagefind.pagefind_bin, "get_executable", lambda: false)
    with pytest.raises(SearchFailed, match=said) as failed:
        copy_runtime(tmp_path / "runtime")
    assert "没有发布" in str(failed.value)
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "runtime").exists()
