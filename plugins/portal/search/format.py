"""Pagefind's own files, format of version 1.5: what they look like in bytes. They are read by Pagefind's own code.

An index is a list of terms in CBOR (RFC 8949), compressed; a fragment is what a browser fetches to show a result.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from functools import cache

import cbor2

from portal.search import terms

Word = tuple[str, bytes]
"""A term and its entry in Pagefind's index, as CBOR:
[term, [[page, counted from the one before, [weight, place, …], [fields]], …], […]]."""

_MAGIC = b"pagefind_dcd"
_WEIGHT = -25  # how Pagefind says in a list of places that ordinary text follows


def entry(term: str, pages: Sequence[tuple[int, int]]) -> Word:
    """A term with pages, in order, each with one place that is none: it says how much the page holds the word."""
    written = term.encode()
    found = [b"\x83", _head(3, len(written)), written, _head(4, len(pages))]
    before = 0
    for page, much in pages:
        found += (b"\x83", _head(0, page - before), _held(much))
        before = page
    return term, b"".join((*found, b"\x80"))


@cache
def _held(much: int) -> bytes:
    return cbor2.dumps([_WEIGHT, much]) + b"\x80"


def index_file(entries: Sequence[bytes]) -> bytes:
    """A file of the index: the entries of terms in their order."""
    return _pack(b"\x81" + _head(4, len(entries)) + b"".join(entries))


def table(version: str, order: Sequence[int], used: Sequence[int]) -> bytes:
    """Pagefind's table of a bundle, naming pages and files by number: [version, pages, files, filters, sorts, fields].

    A page's number of words serves a ranking that is not used: it is 1, and the table takes next to no room.
    """
    files = [[terms.bucket_letters(number), terms.bucket_letters(number) + "\uffff", str(number)] for number in used]
    return cbor2.dumps([version, [[str(number), 1] for number in order], files, [], [], []])


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


def array(data: bytes, at: int) -> tuple[int, int]:
    """The length of the list that begins at a byte, and where its first item stands (RFC 8949, 3)."""
    short = data[at] & 0x1F
    size = {24: 1, 25: 2, 26: 4}.get(short, 0)
    return (int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else short), at + 1 + size


def unpack(data: bytes) -> bytes:
    """What is in one of Pagefind's files."""
    return gzip.decompress(data).removeprefix(_MAGIC)


def _pack(data: bytes) -> bytes:
    return gzip.compress(_MAGIC + data, 6, mtime=0)


def _head(major: int, value: int) -> bytes:
    """The head of an item in CBOR: a number (major type 0), a text (3) or a list (4) of a length (RFC 8949, 3)."""
    for short, size in ((24, 1), (25, 2), (26, 4)):
        if value < 24:
            return bytes((major << 5 | value,))
        if value < 1 << 8 * size:
            return bytes((major << 5 | short,)) + value.to_bytes(size, "big")
    raise ValueError(value)
