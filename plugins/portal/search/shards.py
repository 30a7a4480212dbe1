"""Which records are indexed together: a shard is a span of years, or a share of one year, and knows its fingerprint.

The division is a function of the set of records alone. A node of a binary tree, by the bits of the year and then of a
hash of the address, is a shard as soon as it weighs no more than WEIGHT: one record more or less changes one shard, or
splits it in two, and leaves all others as they are, byte for byte.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.search.documents import Document, weigh

WEIGHT = 600_000
"""Characters that one run of Pagefind takes at most, but for a record that is heavier by itself (MAX_OF_RECORD). It bounds
memory (about 0.5 KB a character), and the time in which one edit is found; the smaller it is, the more requests a search
makes."""

_YEAR_BITS = 8
_HASH_BITS = 40
_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Shard:
    """Documents that are indexed together, newest first, and the fingerprint of all that the index depends on."""

    documents: tuple[Document, ...]
    fingerprint: str


def shards(documents: Iterable[Document], version: str) -> list[Shard]:
    """Divide documents into shards, the newest years first. `version` is that of everything that makes the index."""
    keyed = sorted(((_key(each), each) for each in documents), key=lambda pair: pair[0])
    return [_shard([each for _, each in group], version) for group in _split(keyed, _YEAR_BITS + _HASH_BITS)][::-1]


def _key(document: Document) -> int:
    year = min(max(document.year - _FIRST_YEAR, 0), (1 << _YEAR_BITS) - 1)
    digest = hashlib.sha256(document.facts.url.encode()).digest()
    return year << _HASH_BITS | int.from_bytes(digest[: _HASH_BITS // 8])


def _split(keyed: Sequence[tuple[int, Document]], bits: int) -> Iterator[Sequence[tuple[int, Document]]]:
    """The leaves of the tree below a node whose keys agree in all but the last `bits` bits."""
    if not keyed:
        return
    if bits == 0 or len(keyed) == 1 or weigh([document for _, document in keyed]) <= WEIGHT:
        yield keyed
        return
    bit = 1 << (bits - 1)
    middle = next((number for number, (key, _) in enumerate(keyed) if key & bit), len(keyed))
    yield from _split(keyed[:middle], bits - 1)
    yield from _split(keyed[middle:], bits - 1)


def _shard(documents: list[Document], version: str) -> Shard:
    newest = sorted(documents, key=lambda each: (each.facts.date, each.facts.url), reverse=True)
    digest = hashlib.sha256(version.encode())
    for document in newest:
        digest.update(document.digest().encode())
    return Shard(tuple(newest), digest.hexdigest()[:16])
