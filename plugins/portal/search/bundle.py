"""One shard as files: Pagefind indexes its terms, and the index is cut into smaller files than Pagefind makes.

Pagefind puts at least 20,000 places into a file and has no setting for it. With many shards a search would load that
much from each of them for one pair of characters; cut by the bucket of their terms, the files are a tenth of that.
Three things change on the way: the fillers between blocks are dropped, terms for single characters, words as a whole
and numbers are added, and pages are named by their place instead of by a hash. Fragments get the published text in
place of its terms.
"""

import gc
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

from portal.search import pagefind, terms
from portal.search.documents import Document, Part, numbers, parts
from portal.search.format import Word, entry, fragment, index_file, table
from portal.search.layout import Layout
from portal.search.normal import normalise

PLACES_A_FILE = 1000
"""How many places a file of the index holds, about 1.5 KB compressed: more files against more bytes a search."""

WORDS_A_FILE = 2000
"""How many pages of words as a whole a file holds."""

MAX_FILES = 2048
"""Of each kind, in a shard."""

FREQUENT = 300
"""How often the pairs of a class stand in a shard before words of them are terms as a whole: their places weigh more
than what is in a file beside them."""

IN_TITLE, OFTEN = 0, (3, 8)
"""How much a page holds a word as a whole: 0 when its record's title does, else 1, or one more for each of these times
that it stands there. Less than a place, and compressed to next to nothing."""


def build(documents: Sequence[Document], target: Path, turn: pagefind.Turn = nullcontext) -> Layout:
    """Index documents into a new folder: index/, fragment/, the table and the layout. Raises SearchFailed."""
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


def _build(documents: Sequence[Document], target: Path, turn: pagefind.Turn) -> Layout:
    texts = [[list(parts(source)) for source in document.sources()] for document in documents]
    pages = [(number, part) for number, sources in enumerate(texts) for source in sources for part in source]
    first: dict[int, int] = {}  # the page on which each document begins
    for page, (number, _) in enumerate(pages):
        first.setdefault(number, page)
    titles = [normalise(document.facts.title) for document in documents]
    normal = [part.normal for _, part in pages]
    frequent = _frequent(normal)
    whole = _whole_words(normal, {page: titles[number] for number, page in first.items()}, frequent)
    spelling = terms.Spelling(
        placed=min(max(1, sum(len(block) for blocks in normal for block in blocks) // PLACES_A_FILE), MAX_FILES),
        whole=min(max(1, sum(map(len, whole.values())) // WORDS_A_FILE), MAX_FILES),
    )
    known: dict[str, str] = {}
    indexed = pagefind.index((spelling.text(blocks, known) for blocks in normal), turn)
    place = {page: position for position, page in enumerate(indexed.order)}
    words = [word for word in indexed.words if word[0] != terms.FILLER]
    words += _whole_terms(whole, spelling, place)
    words.append(entry(spelling.every(), [(position, 1) for position in range(len(pages))]))
    words += _number_terms(documents, spelling, {number: place[page] for number, page in first.items()})
    used = _write_index(words, target / "index")
    _write_fragments(
        [(documents[number], part, first[number] == page) for page, (number, part) in enumerate(pages)],
        target / "fragment",
    )
    layout = Layout(
        placed=spelling.placed,
        whole=spelling.whole,
        used=used,
        frequent=_bits({terms.spread(pair, terms.CLASSES) for pair in frequent}),
        parts=tuple(tuple(len(source) for source in sources) for sources in texts),
        titles=tuple(map(len, titles)),
    )
    (target / "meta").write_bytes(table(indexed.version, indexed.order, used))
    (target / "layout.json").write_text(layout.to_json(), encoding="utf-8")
    return layout


def _frequent(texts: Sequence[Sequence[str]]) -> frozenset[str]:
    """The pairs of the classes that stand often in these texts."""
    counted = Counter(block[at : at + 2] for blocks in texts for block in blocks for at in range(len(block) - 1))
    classes: Counter[int] = Counter()
    of = {pair: terms.spread(pair, terms.CLASSES) for pair in counted}
    for pair, times in counted.items():
        classes[of[pair]] += times
    return frozenset(pair for pair in counted if classes[of[pair]] >= FREQUENT)


def _bits(numbers: set[int]) -> str:
    return sum(1 << number for number in numbers).to_bytes(terms.CLASSES // 8, "little").hex()


def _whole_words(
    texts: Sequence[Sequence[str]], titled: Mapping[int, str], frequent: frozenset[str]
) -> dict[str, list[tuple[int, int]]]:
    """Word → for each page that holds it, its number and how much: IN_TITLE, or more the more often.

    `titled` has the titles by the page on which their records begin.
    """
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
        yield entry(spelling.word(word), sorted((place[number], much) for number, much in pages))


def _number_terms(documents: Sequence[Document], spelling: terms.Spelling, begins: Mapping[int, int]) -> Iterator[Word]:
    """The terms of records' numbers, with the places of their first pages."""
    pages: dict[str, set[int]] = {}
    for number, document in enumerate(documents):
        for groups in numbers(document.facts):
            pages.setdefault(spelling.number(groups), set()).add(begins[number])
    for written, found in pages.items():
        yield entry(written, [(page, 1) for page in sorted(found)])


def _write_index(words: Iterable[Word], folder: Path) -> tuple[int, ...]:
    """One file a bucket; which buckets there are."""
    buckets: dict[str, list[bytes]] = {}
    for term, written in sorted(words):
        buckets.setdefault(term[:2], []).append(written)
    folder.mkdir(parents=True)
    used = []
    for letters, entries in buckets.items():
        number = terms.bucket_number(letters)
        (folder / f"{number}.pf_index").write_bytes(index_file(entries))
        used.append(number)
    return tuple(used)


def _write_fragments(pages: Sequence[tuple[Document, Part, bool]], folder: Path) -> None:
    """For each page its text as published, a line a block, and the facts of its record; of the page on which a record
    begins how many of its blocks are fields."""
    folder.mkdir(parents=True)
    for number, (document, part, begins) in enumerate(pages):
        fields = str(sum(bool(normalise(field)) for field in document.fields)) if begins else ""
        facts = {**asdict(document.facts), "attachment": part.title, "file": part.url, "fields": fields}
        meta = {name: value for name, value in facts.items() if value and name != "url"}
        (folder / f"{number}.pf_fragment").write_bytes(fragment(document.facts.url, part.blocks, meta))
