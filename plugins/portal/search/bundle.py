"""One shard as files: Pagefind indexes its terms, and the index is cut into smaller files than Pagefind makes.

Pagefind puts at least 20,000 places into a file and has no setting for it. With many shards a search would load that
much from each of them for one pair of characters; cut by the bucket of their terms, the files are a tenth of that. What
is in them stays Pagefind's own format, version 1.5 (lists in CBOR, compressed), and is read by Pagefind's own code.
Three things change on the way: the fillers between blocks are dropped, terms for single characters and for numbers are
added, and pages are named by their place instead of by a hash. Fragments get the published text in place of its terms.
"""

import gc
import gzip
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import zlib
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

import cbor2
import pagefind_bin

from portal.search import terms
from portal.search.documents import Document, Part, numbers, parts, title_length
from portal.search.layout import Layout
from portal.search.normal import normalise

PLACES_A_FILE = 1000
"""How many places a file of the index holds, about 1.5 KB compressed: more files against more bytes a search."""

WORDS_A_FILE = 2000
"""How many pages of words as a whole a file holds."""

FREQUENT = 300
"""How often the pairs of a class stand in a shard before words of them are terms as a whole: their places weigh more
than what is in a file beside them."""

RUNTIME = ("pagefind.js", "wasm.unknown.pagefind")
"""What a browser needs of Pagefind itself. Its worker and interfaces are replaced by ours."""

MAX_FILES = 2048
"""Of each kind, in a shard."""

IN_TITLE, OFTEN = 0, (3, 8)
"""How much a page holds a word as a whole: 0 when its record's title does, else 1, or one more for each of these times
that it stands there. Less than a place, and compressed to next to nothing."""

_MAGIC = b"pagefind_dcd"
_URL = re.compile(rb'"url":"/([0-9]+)\.html"')
_WEIGHT = -25  # how Pagefind says in a list of places that ordinary text follows

_HELD = [cbor2.dumps([_WEIGHT, much]) + b"\x80" for much in range(len(OFTEN) + 2)]

Word = tuple[str, bytes]
"""A term and its entry in Pagefind's index, as CBOR:
[term, [[page, counted from the one before, [weight, place, …], [fields]], …], […]]."""


class SearchFailed(Exception):
    """Pagefind did not index the records; nothing is published."""

    exitcode = 1


Turn = Callable[[], AbstractContextManager[None]]
"""Waits until Pagefind may run, and is held while it does: it takes more memory than all else."""


def build(documents: Sequence[Document], target: Path, turn: Turn = nullcontext) -> Layout:
    """Index documents into a new folder: index/, fragment/ and the layout. Raises SearchFailed."""
    with _no_collection():
        return _build(documents, target, turn)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of small lists come and go, none of them in a circle: looking for circles would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _build(documents: Sequence[Document], target: Path, turn: Turn) -> Layout:
    texts = [[list(parts(source)) for source in document.sources()] for document in documents]
    flat = [(number, part) for number, sources in enumerate(texts) for source in sources for part in source]
    normal = [part.normal for _, part in flat]
    frequent = _frequent(normal)
    whole = _whole_words(normal, _titles(documents, texts), frequent)
    spelling = terms.Spelling(
        placed=min(max(1, sum(len(block) for blocks in normal for block in blocks) // PLACES_A_FILE), MAX_FILES),
        whole=min(max(1, sum(map(len, whole.values())) // WORDS_A_FILE), MAX_FILES),
    )
    with tempfile.TemporaryDirectory(prefix="portal-search-") as name:
        folder = Path(name)
        known: dict[str, str] = {}
        for number, (_, part) in enumerate(flat):
            # Markup is never in terms; a page without a word would be left out by Pagefind.
            (folder / f"{number}.html").write_text(_page(spelling.text(part.normal, known)), encoding="utf-8")
        with turn():
            run_pagefind(folder)
        version, order = _order(folder / "pagefind")
        words = [word for word in _words(folder / "pagefind") if word[0] != terms.FILLER]
    if sorted(order) != list(range(len(flat))):
        raise SearchFailed(f"搜索索引不完整，网站没有发布：{len(flat)} 段文字只收录了 {len(order)} 段。")
    place = {number: position for position, number in enumerate(order)}
    words += _whole_terms(whole, spelling, place)
    words += _named_terms(documents, texts, spelling, place)
    used = _write_index(words, target / "index")
    (target / "fragment").mkdir(parents=True)
    for number, (owner, part) in enumerate(flat):
        (target / "fragment" / f"{number}.pf_fragment").write_bytes(_fragment(documents[owner], part))
    layout = Layout(
        placed=spelling.placed,
        whole=spelling.whole,
        used=used,
        frequent=_bits({terms.spread(pair, terms.CLASSES) for pair in frequent}),
        parts=tuple(tuple(len(source) for source in sources) for sources in texts),
        titles=tuple(title_length(document) for document in documents),
    )
    (target / "meta").write_bytes(_meta(version, order, used))
    (target / "layout.json").write_text(layout.to_json(), encoding="utf-8")
    return layout


def build_runtime(target: Path) -> None:
    """Put the files of Pagefind that a browser needs into a folder. Raises SearchFailed."""
    with tempfile.TemporaryDirectory(prefix="portal-search-") as name:
        (Path(name) / "0.html").write_text(_page(terms.FILLER), encoding="utf-8")
        run_pagefind(Path(name))
        target.mkdir(parents=True, exist_ok=True)
        for file in RUNTIME:
            shutil.copyfile(Path(name) / "pagefind" / file, target / file)


def run_pagefind(folder: Path) -> None:
    """Run Pagefind on a folder of pages. Raises SearchFailed with what it said.

    The language is `unknown`: no stemming, no segmentation. No filters and no sort: with filters its output differs
    from run to run.
    """
    command = [
        str(pagefind_bin.get_executable()), "--site", str(folder), "--output-subdir", "pagefind",
        "--force-language", "unknown", "--quiet",
    ]  # fmt: skip
    # Settings of another Pagefind, in the site's folder or in the environment, are none of ours.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    made = folder / "pagefind"
    # `--service` and full disks have left empty files behind an exit code of 0: look at what is there.
    broken = [path.name for path in made.rglob("*") if path.is_file() and path.stat().st_size == 0]
    if done.returncode or broken or not all((made / name).is_file() for name in RUNTIME):
        said = done.stderr.strip() or done.stdout.strip()
        raise SearchFailed(f"搜索索引没有生成，网站没有发布：{said} {'、'.join(broken)}".rstrip())


def _page(text: str) -> str:
    return f"<!doctype html><html><body data-pagefind-body><p>{text}</p></body></html>"


def _order(made: Path) -> tuple[str, list[int]]:
    """Pagefind's version, and the numbers of the pages in the order in which it counts them."""
    named: dict[str, int] = {}
    for path in (made / "fragment").iterdir():
        # The address stands at the beginning, before the whole text: nothing else is needed of it.
        head = zlib.decompressobj(wbits=31).decompress(path.read_bytes(), 100)
        if found := _URL.search(head):
            named[path.stem] = int(found[1])
    (meta,) = made.glob("*.pf_meta")
    version, pages, *_ = cbor2.loads(_unpack(meta.read_bytes()))
    return version, [named[name] for name, _ in pages]


def _words(made: Path) -> Iterator[Word]:
    """Pagefind's terms, each with its entry as it stands in the file: its places are taken over unread."""
    for path in sorted((made / "index").iterdir()):
        data = _unpack(path.read_bytes())
        count, at = _array(data, 1)  # the file is a list of one list
        reader = io.BytesIO(data)
        reader.seek(at)
        decoder = cbor2.CBORDecoder(reader)
        for _ in range(count):
            entry = decoder.decode()
            end = reader.tell()
            yield entry[0], data[at:end]
            at = end


def _array(data: bytes, at: int) -> tuple[int, int]:
    """The length of the list that begins at a byte, and where its first item stands (RFC 8949, 3)."""
    short = data[at] & 0x1F
    size = {24: 1, 25: 2, 26: 4}.get(short, 0)
    return (int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else short), at + 1 + size


def _head(major: int, value: int) -> bytes:
    """The head of an item in CBOR: a number (major type 0), a text (3) or a list (4) of a length (RFC 8949, 3)."""
    for short, size in ((24, 1), (25, 2), (26, 4)):
        if value < 24:
            return bytes((major << 5 | value,))
        if value < 1 << 8 * size:
            return bytes((major << 5 | short,)) + value.to_bytes(size, "big")
    raise ValueError(value)


def _frequent(texts: Sequence[Sequence[str]]) -> frozenset[str]:
    """The pairs of the classes that stand often in these texts."""
    counted = Counter(block[at : at + 2] for blocks in texts for block in blocks for at in range(len(block) - 1))
    classes: Counter[int] = Counter()
    of = {pair: terms.spread(pair, terms.CLASSES) for pair in counted}
    for pair, times in counted.items():
        classes[of[pair]] += times
    return frozenset(pair for pair in counted if classes[of[pair]] >= FREQUENT)


def _titles(documents: Sequence[Document], texts: Sequence[Sequence[Sequence[Part]]]) -> dict[int, str]:
    """The normalised titles by the number of the page on which each record begins."""
    found, first = {}, 0
    for document, sources in zip(documents, texts, strict=True):
        found[first] = normalise(document.facts.title)
        first += sum(map(len, sources))
    return found


def _bits(numbers: set[int]) -> str:
    return sum(1 << number for number in numbers).to_bytes(terms.CLASSES // 8, "little").hex()


def _whole_words(
    texts: Sequence[Sequence[str]], titled: Mapping[int, str], frequent: frozenset[str]
) -> dict[str, list[tuple[int, int]]]:
    """Word → for each page that holds it, its number and how much: IN_TITLE, or more the more often."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, blocks in enumerate(texts):
        title = titled.get(number, "")
        for word, times in terms.words(blocks, frequent).items():
            much = IN_TITLE if word in title else 1 + bisect(OFTEN, times)
            found.setdefault(word, []).append((number, much))
    return found


def _whole_terms(
    whole: Mapping[str, list[tuple[int, int]]], spelling: terms.Spelling, place: Mapping[int, int]
) -> Iterator[Word]:
    for word, pages in whole.items():
        yield _entry(spelling.word(word), sorted((place[number], much) for number, much in pages))


def _named_terms(
    documents: Sequence[Document],
    texts: Sequence[Sequence[Sequence[Part]]],
    spelling: terms.Spelling,
    place: dict[int, int],
) -> Iterator[Word]:
    """The terms of records' numbers, on their first pages, and the term of every page."""
    yield _entry(spelling.every(), [(page, 1) for page in sorted(place.values())])
    pages: dict[str, set[int]] = {}
    first = 0
    for document, sources in zip(documents, texts, strict=True):
        for groups in numbers(document.facts):
            pages.setdefault(spelling.number(groups), set()).add(place[first])
        first += sum(map(len, sources))
    for written, found in pages.items():
        yield _entry(written, [(page, 1) for page in sorted(found)])


def _entry(term: str, pages: Sequence[tuple[int, int]]) -> Word:
    """A term with pages, each with one place that is none: it says how much the page holds the word."""
    written = term.encode()
    found = [b"\x83", _head(3, len(written)), written, _head(4, len(pages))]
    before = 0
    for page, much in pages:
        found += (b"\x83", _head(0, page - before), _HELD[much])
        before = page
    return term, b"".join((*found, b"\x80"))


def _write_index(words: Iterable[Word], folder: Path) -> tuple[int, ...]:
    """One file a bucket; which buckets there are."""
    buckets: dict[str, list[bytes]] = {}
    for term, entry in sorted(words):
        buckets.setdefault(term[:2], []).append(entry)
    folder.mkdir(parents=True)
    zero = terms.bucket_letters(0)
    used = []
    for before, found in buckets.items():
        number = (ord(before[0]) - ord(zero[0])) * 64 + ord(before[1]) - ord(zero[1])
        (folder / f"{number}.pf_index").write_bytes(_pack(b"\x81" + _head(4, len(found)) + b"".join(found)))
        used.append(number)
    return tuple(used)


def _meta(version: str, order: Sequence[int], used: Sequence[int]) -> bytes:
    """Pagefind's table of a bundle, naming pages and files by number: [version, pages, files, filters, sorts, fields].

    A page's number of words serves a ranking that is not used: it is 1, and the table takes next to no room.
    """
    files = [[terms.bucket_letters(number), terms.bucket_letters(number) + "\uffff", str(number)] for number in used]
    return cbor2.dumps([version, [[str(number), 1] for number in order], files, [], [], []])


def _fragment(document: Document, part: Part) -> bytes:
    """What a browser fetches to show a result, in Pagefind's form; texts as published, a line a block."""
    meta = {**asdict(document.facts), "attachment": part.title, "file": part.url}
    fragment = {
        "url": document.facts.url,
        "content": "\n".join(part.blocks),
        "word_count": len(part.blocks),
        "filters": {},
        "meta": {name: value for name, value in meta.items() if value and name != "url"},
        "anchors": [],
    }
    return _pack(json.dumps(fragment, ensure_ascii=False, separators=(",", ":")).encode())


def _pack(data: bytes) -> bytes:
    return gzip.compress(_MAGIC + data, 6, mtime=0)


def _unpack(data: bytes) -> bytes:
    return gzip.decompress(data).removeprefix(_MAGIC)
