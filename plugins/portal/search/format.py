"""Pagefind's own files, format of version 1.5: what they look like in bytes. They are read by Pagefind's own code.

An index is a list of terms in CBOR (RFC 8949), compressed; a fragment is what a browser fetches to show a result.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import sub

import cbor2

from portal.search import terms

Posting = tuple[int, bytes]
"""A page, and what it says of a term: [weight, place, counted from the one before, …], [fields]. The entry of a term is
[term, [[page, counted from the one before, [weight, place, …], [fields]], …], [variants]]."""

_MAGIC = b"pagefind_dcd"


def _head(major: int, value: int) -> bytes:
    """The head of an item in CBOR: a number (major type 0), a text (3) or a list (4) of a length (RFC 8949, 3)."""
    for short, size in ((24, 1), (25, 2), (26, 4)):
        if value < 24:
            return bytes((major << 5 | value,))
        if value < 1 << 8 * size:
            return bytes((major << 5 | short,)) + value.to_bytes(size, "big")
    raise ValueError(value)


_WEIGHT = cbor2.dumps(-25)  # how Pagefind says in a list of places that ordinary text follows
_NONE, _THREE = _head(4, 0), _head(4, 3)

# Nearly all numbers are small, and there are a million of them in a shard: their bytes are looked up.
_SMALL = 8192
_NUMBERS = [_head(0, number) for number in range(_SMALL)]
_LISTS = [_head(4, length) for length in range(_SMALL)]
_STEPS = [_THREE + number for number in _NUMBERS]
_SINGLE = [_head(4, 2) + _WEIGHT + number + _NONE for number in _NUMBERS]


def entry(term: str, pages: Sequence[Posting]) -> bytes:
    """The entry of a term: its pages, in order, and what each says of it."""
    written = term.encode()
    begin = _THREE + _head(3, len(written)) + written + _list(len(pages))
    if len(pages) == 1:  # most of them
        ((number, only),) = pages
        return begin + _step(number) + only + _NONE
    numbers, said = zip(*pages, strict=True)
    steps = map(_STEPS.__getitem__ if numbers[-1] < _SMALL else _step, map(sub, numbers, (0, *numbers)))
    return b"".join((begin, *chain.from_iterable(zip(steps, said, strict=True)), _NONE))


def _step(pages: int) -> bytes:
    return _STEPS[pages] if pages < _SMALL else _THREE + _head(0, pages)


def _list(length: int) -> bytes:
    return _LISTS[length] if length < _SMALL else _head(4, length)


def standing(places: Sequence[int]) -> bytes:
    """What a page says of a term that stands at these places."""
    if len(places) == 1 and places[0] < _SMALL:
        return _SINGLE[places[0]]
    return _said((places[0], *map(sub, places[1:], places)))


def _said(steps: Sequence[int]) -> bytes:
    first = steps[0]
    if len(steps) == 1 and first < _SMALL:
        return _SINGLE[first]
    written = [_NUMBERS[step] if step < _SMALL else _head(0, step) for step in steps]
    return b"".join((_list(len(steps) + 1), _WEIGHT, *written, _NONE))


def held(much: int) -> bytes:
    """What a page says of a term without places: one that is none, but tells how much the page holds the word."""
    return _SINGLE[much]


def index_file(entries: Sequence[bytes]) -> bytes:
    """A file of the index: the entries of terms in their order."""
    return _pack(_head(4, 1) + _head(4, len(entries)) + b"".join(entries))


def changed(file: bytes, changes: Mapping[str, Mapping[int, bytes | None]]) -> bytes:
    """A file of the index, or none yet, where pages say something else of these terms, or (None) nothing any more.

    Exactly the bytes that are made of what all pages say, since both write CBOR's shortest form; none when no term is left.
    """
    (found,) = cbor2.loads(unpack(file)) if file else ([],)
    entries = {term: list(_postings(pages)) for term, pages, _ in found}
    for term, pages in changes.items():
        said: dict[int, bytes | None] = {**dict(entries.pop(term, ())), **pages}
        if postings := [(page, told) for page, told in sorted(said.items()) if told]:
            entries[term] = postings
    return index_file([entry(term, entries[term]) for term in sorted(entries)]) if entries else b""


def _postings(pages: Iterable[tuple[int, list[int], list[int]]]) -> Iterator[Posting]:
    """The pages of an entry as it was read."""
    page = 0
    for step, told, _ in pages:
        page += step
        yield page, _said(told[1:])


def table(version: str, pages: int, used: Sequence[int]) -> bytes:
    """Pagefind's table of a bundle, naming pages and files by number: [version, pages, files, filters, sorts, fields].

    A page's number of words serves a ranking that is not used: it is 1, and the table takes next to no room.
    """
    files = [[terms.bucket_letters(number), terms.bucket_letters(number) + "\uffff", str(number)] for number in used]
    return cbor2.dumps([version, [[str(number), 1] for number in range(pages)], files, [], [], []])


def fragment(url: str, lines: Sequence[str], meta: Mapping[str, str]) -> bytes:
    """What a browser fetches to show a result."""
    told = {
        "url": url,
        "content": "\n".join(lines),
        "word_count": len(lines),
        "filters": {},
        "meta": meta,
        "anchors": [],
    }
    return _pack(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def told(data: bytes) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """What was written into a fragment: address, lines and facts."""
    found = json.loads(unpack(data))
    return found["url"], tuple(found["content"].split("\n")), found["meta"]


def unpack(data: bytes) -> bytes:
    """What is in one of Pagefind's files."""
    return gzip.decompress(data).removeprefix(_MAGIC)


def _pack(data: bytes) -> bytes:
    return gzip.compress(_MAGIC + data, 6, mtime=0)
