"""One shard as files in Pagefind's format, which Pagefind's engine reads in the browser.

Pagefind's own indexer puts at least 20,000 places into a file and has no setting for it. With many shards a search would
load that much from each of them for one pair of characters; cut by the bucket of their terms, the files are a tenth of
that. Pages are named by their place instead of by a hash, and terms for single characters, words as a whole and numbers
stand beside those with places.

After an edit the shard of before the edit says nearly all: texts are read back from its fragments instead of being made
of their Markdown, and of the files only those are made in which something changes. The result is the same to the byte.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import msgspec

from portal.collection import without_collection
from portal.search import terms
from portal.search.documents import Document, Facts, Part, parts, parts_again
from portal.search.edit import Changes, Contents, edit
from portal.search.format import Posting, changed, entry, fragment, held, index_file, standing, table, told
from portal.search.layout import Layout
from portal.search.normal import normalise
from portal.search.pages import Page, bits, classes, frequent, pages, words
from portal.search.sums import Sums, read_checked, sum_of, write_sums

FEW = 8
"""An edit of no more pages than one of so many changes files; more would change nearly all of them."""

FILES = "site"
"""The folder of a shard in which all that is published stands, and nothing else."""

DAMAGED = (OSError, ValueError, LookupError)
"""What reading a stored file can raise that is not there, or not what was written."""

FACTS = tuple(name for name in Facts.__struct_fields__ if name != "url")

Texts = Sequence[Sequence[Sequence[Part]]]
"""The parts of each text of each document."""


@dataclass(frozen=True, slots=True)
class Before:
    """A whole shard that was made before of some of the same documents, by the same code, and what its files were then."""

    folder: Path
    layout: Layout
    contents: Contents
    sums: Sums

    def read(self, name: str) -> bytes:
        """A file of it. Raises one of DAMAGED where it is not what was written."""
        return read_checked(self.folder, name, self.sums)


@dataclass(frozen=True, slots=True)
class Job:
    """Documents to index into a new folder, which code that is, and what may be taken over; `new`: characters of which it
    knows nothing."""

    documents: tuple[Document, ...]
    version: str
    target: Path
    before: Before | None = None
    new: int = 0


class Making:
    """The files of a shard that is being made, and what each is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sums: Sums = {}
        for name in ("index", "fragment"):
            (folder / FILES / name).mkdir(parents=True)

    def write(self, name: str, data: bytes) -> None:
        """A new file."""
        with open(f"{self.folder}/{name}", "wb") as file:
            file.write(data)
        self.sums[name] = sum_of(data)

    def take(self, before: Before, name: str) -> None:
        """One of the shard before: never changed in place, it is the same file, where that can be. Nobody reads it now; it
        is held against what it was when it is published."""
        self.sums[name] = before.sums[name]
        try:
            os.link(f"{before.folder}/{name}", f"{self.folder}/{name}")
        except OSError:
            shutil.copyfile(f"{before.folder}/{name}", f"{self.folder}/{name}")


def build(job: Job) -> Layout:
    """Index documents into a new folder: what is published (FILES), the table, the layout, the contents, and the sums."""
    with without_collection():
        if job.before:
            try:
                return _build(job, job.before)
            except DAMAGED:  # or it is being removed
                shutil.rmtree(job.target)
                job.target.mkdir()
        return _build(job, None)


def _build(job: Job, before: Before | None) -> Layout:
    digests = tuple(document.digest() for document in job.documents)
    making = Making(job.target)
    edited = _edited(job, digests, before, making) if before else None
    layout, contents = edited or _whole(job, digests, before, making)
    making.write("meta", table(version("pagefind-bin"), layout.pages, layout.used))
    making.write("layout.json", layout.to_json().encode())
    making.write("contents", msgspec.msgpack.encode(contents))
    write_sums(job.target, making.sums)
    return layout


# ── the whole ──────────────────────────────────────────────────────────────


def _whole(job: Job, digests: tuple[str, ...], before: Before | None, making: Making) -> tuple[Layout, Contents]:
    texts = _texts(job.documents, digests, before)
    each = list(zip(job.documents, texts, strict=True))
    found = [page for document, sources in each for page in pages(document.facts, sources)]
    placed: defaultdict[str, list[Posting]] = defaultdict(list)
    counted: defaultdict[str, int] = defaultdict(int)
    for number, page in enumerate(found):
        for pair, places in terms.places(page.blocks).items():
            placed[pair].append((number, standing(places)))
            counted[pair] += len(places)
    of_classes = classes(counted)
    often = frequent(counted, of_classes)
    whole: defaultdict[str, list[Posting]] = defaultdict(list)
    numbered: defaultdict[tuple[int, ...], list[Posting]] = defaultdict(list)
    for number, page in enumerate(found):
        for word, much in words(page, often).items():
            whole[word].append((number, much))
        for groups in dict.fromkeys(page.numbers):
            numbered[groups].append((number, held(1)))
    contents = Contents(
        job.version, digests, sum(page.size for page in found), sum(map(len, whole.values())), of_classes
    )
    spelling = contents.spelling
    written = [(spelling.pair(pair), postings) for pair, postings in placed.items()]
    written += [(spelling.word(word), postings) for word, postings in whole.items()]
    written += [(spelling.number(groups), postings) for groups, postings in numbered.items()]
    written.append((spelling.every(), [(number, held(1)) for number in range(len(found))]))
    used = _write_index(written, making)
    numbers = iter(range(len(found)))
    for document, sources in each:
        _write_fragments(document, sources, numbers, making)
    layout = Layout(
        placed=spelling.placed,
        whole=spelling.whole,
        used=used,
        frequent=bits(of_classes),
        parts=tuple(tuple(map(len, sources)) for sources in texts),
        titles=tuple(len(normalise(document.facts.title)) for document in job.documents),
    )
    return layout, contents


def _texts(documents: Sequence[Document], digests: Sequence[str], before: Before | None) -> Texts:
    """The parts of all texts: of a document that was indexed before from its fragments, else of its Markdown."""
    known: dict[str, tuple[range, tuple[int, ...]]] = {}
    if before:
        where = zip(_numbers(before.layout), before.layout.parts, strict=True)
        known = dict(zip(before.contents.digests, where, strict=True))
    found = []
    for document, digest in zip(documents, digests, strict=True):
        if before and digest in known:
            numbers, counts = known[digest]
            found.append(parts_again(document, (_fragment(before, number)[1] for number in numbers), counts))
        else:
            found.append(_cut(document))
    return found


def _cut(document: Document) -> list[list[Part]]:
    return [list(parts(source)) for source in document.sources()]


def _fragment(before: Before, number: int) -> tuple[Facts, tuple[str, ...]]:
    """The facts and the blocks that were published with a page."""
    url, lines, meta = told(before.read(_fragment_file(number)))
    return Facts(url, **{name: meta.get(name, "") for name in FACTS}), lines


def _numbers(layout: Layout) -> Iterator[range]:
    """The numbers of the pages of each document."""
    first = 0
    for counts in layout.parts:
        yield range(first, first + sum(counts))
        first += sum(counts)


def _write_index(written: Iterable[tuple[str, list[Posting]]], making: Making) -> tuple[int, ...]:
    """One file a bucket; which buckets there are."""
    buckets: defaultdict[str, list[tuple[str, list[Posting]]]] = defaultdict(list)
    for term, postings in written:
        buckets[term[:2]].append((term, postings))
    for letters, entries in buckets.items():
        data = index_file([entry(term, postings) for term, postings in sorted(entries)])
        making.write(_index_file(terms.bucket_number(letters)), data)
    return tuple(sorted(map(terms.bucket_number, buckets)))


def _write_fragments(
    document: Document, sources: Sequence[Sequence[Part]], numbers: Iterator[int], making: Making
) -> None:
    """For each page of a document its text as published, a line a block, and the facts of its record; of the page on which
    a record begins how many of its blocks are fields."""
    fields = str(sum(bool(normalise(field)) for field in document.fields))
    facts = msgspec.structs.asdict(document.facts)
    for part in (part for source in sources for part in source):
        told = {**facts, "attachment": part.title, "file": part.url, "fields": fields}
        meta = {name: value for name, value in told.items() if value and name != "url"}
        making.write(_fragment_file(next(numbers)), fragment(document.facts.url, part.blocks, meta))
        fields = ""


# ── an edit ────────────────────────────────────────────────────────────────


def _edited(job: Job, digests: tuple[str, ...], before: Before, making: Making) -> tuple[Layout, Contents] | None:
    """The shard from before with a few documents edited, where these have as many pages as they had; else none."""
    old = before.layout
    if len(digests) != len(old.parts):
        return None
    numbers = list(_numbers(old))
    edited = [each for each, pair in enumerate(zip(digests, before.contents.digests, strict=True)) if len({*pair}) > 1]
    if sum(len(numbers[each]) for each in edited) > max(old.pages // FEW, 1):
        return None
    texts = {each: _cut(job.documents[each]) for each in edited}
    if any(tuple(map(len, texts[each])) != old.parts[each] for each in edited):
        return None
    gone: dict[int, Page] = {}
    come: dict[int, Page] = {}
    for each in edited:
        was = [_fragment(before, number) for number in numbers[each]]
        facts = was[0][0] if was else job.documents[each].facts
        gone |= zip(numbers[each], pages(facts, [[Part.of("", "", blocks) for _, blocks in was]]), strict=True)
        come |= zip(numbers[each], pages(job.documents[each].facts, texts[each]), strict=True)
    found = edit(old, before.contents, digests, gone, come)
    if found is None:
        return None
    used = _change_index(before, found.changes, making)
    for number in set(range(old.pages)) - come.keys():
        making.take(before, _fragment_file(number))
    titles = list(old.titles)
    for each in edited:
        _write_fragments(job.documents[each], texts[each], iter(numbers[each]), making)
        titles[each] = len(normalise(job.documents[each].facts.title))
    return replace(old, used=used, titles=tuple(titles)), found.contents


def _change_index(before: Before, changes: Changes, making: Making) -> tuple[int, ...]:
    """Make the files anew in which something changes, and take up the others; which files there are."""
    used = set(before.layout.used)
    for number in used - changes.keys():
        making.take(before, _index_file(number))
    for number, change in changes.items():
        data = changed(before.read(_index_file(number)) if number in used else b"", change)
        used.discard(number)
        if data:
            making.write(_index_file(number), data)
            used.add(number)
    return tuple(sorted(used))


def _index_file(number: int) -> str:
    return f"{FILES}/index/{number}.pf_index"


def _fragment_file(number: int) -> str:
    return f"{FILES}/fragment/{number}.pf_fragment"
