"""Which records are indexed together: a shard is a span of years, or a share of one year, and knows its fingerprint.

The division is a function of the set of records alone. A node of a binary tree, by the bits of the year and then of a
hash of the address, is a shard as soon as it weighs no more than WEIGHT: one record more or less changes one shard, or
splits it in two, and leaves all others as they are, byte for byte.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import msgspec

from portal.search.documents import Document

WEIGHT = 600_000
"""Characters of a shard at most, but for a record that is heavier by itself (MAX_OF_RECORD). It bounds memory (about 0.2 KB a
character), and the time in which a new record is found; the smaller it is, the more requests a search makes."""

_YEAR_BITS = 8
_HASH_BITS = 40
_FIRST_YEAR = 1900

_Keyed = tuple[int, int, Document]
"""Key, weight, document."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Documents that are indexed together, newest first, the fingerprint of all that the index depends on, and the version of
    what makes it."""

    documents: tuple[Document, ...]
    fingerprint: str
    version: str = ""


def shards(documents: Iterable[Document], version: str) -> list[Shard]:
    """Divide documents into shards, the newest years first. `version` is that of everything that makes the index."""
    keyed = sorted(((_key(each), each.weight, each) for each in documents), key=itemgetter(0))
    return [_shard([each for _, _, each in group], version) for group in _split(keyed, _YEAR_BITS + _HASH_BITS)][::-1]


def _key(document: Document) -> int:
    year = min(max(document.year - _FIRST_YEAR, 0), (1 << _YEAR_BITS) - 1)
    digest = hashlib.sha256(document.facts.url.encode()).digest()
    return year << _HASH_BITS | int.from_bytes(digest[: _HASH_BITS // 8])


def _moment(document: Document) -> tuple[str, str]:
    return document.facts.date, document.facts.url


def _split(keyed: Sequence[_Keyed], bits: int) -> Iterator[Sequence[_Keyed]]:
    """The leaves of the tree below a node whose keys agree in all but the last `bits` bits."""
    if not keyed:
        return
    if bits == 0 or len(keyed) == 1 or sum(map(itemgetter(1), keyed)) <= WEIGHT:
        yield keyed
        return
    bit = 1 << (bits - 1)
    # Those without the bit come first: all agree in the bits before it.
    middle = bisect_left(keyed, bit, key=lambda each: each[0] & bit)
    yield from _split(keyed[:middle], bits - 1)
    yield from _split(keyed[middle:], bits - 1)


def _shard(documents: list[Document], version: str) -> Shard:
    newest = sorted(documents, key=_moment, reverse=True)
    content = msgspec.msgpack.encode((version, [document.content for document in newest]))
    return Shard(tuple(newest), hashlib.sha256(content).hexdigest()[:16], version)
