"""What one page of an index says: for each of its terms the bytes that stand for the page in the term's entry.

A shard's index is put together of what its pages say, and after an edit made again only where a page says something else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.search import terms
from portal.search.documents import Facts, Part, numbers
from portal.search.format import held, standing
from portal.search.normal import normalise

FREQUENT = 300
"""How often the pairs of a class stand in a shard before words of them are terms as a whole: their places weigh more
than what is in a file beside them."""

IN_TITLE, OFTEN = 0, (3, 8)
"""How much a page holds a word as a whole: 0 when its record's title does, else 1, or one more for each of these times
that it stands there. Less than a place, and compressed to next to nothing."""

_TITLED = held(IN_TITLE)
_HELD = {times: held(1 + sum(times >= often for often in OFTEN)) for times in range(OFTEN[-1])}
_MOST = held(1 + len(OFTEN))

Said = dict[str, bytes]
"""Terms, and what a page says of each."""


@dataclass(frozen=True, slots=True)
class Page:
    """The normalised blocks of a part of a text; with the title, normalised, and the numbers of the record that it begins."""

    blocks: tuple[str, ...]
    title: str = ""
    numbers: tuple[tuple[int, ...], ...] = ()

    @property
    def size(self) -> int:
        """Characters."""
        return sum(map(len, self.blocks))


def pages(facts: Facts, sources: Iterable[Iterable[Part]]) -> Iterator[Page]:
    """The pages of a record whose texts were cut into these parts."""
    title, named = normalise(facts.title), numbers(facts)
    for part in (part for source in sources for part in source):
        yield Page(part.normal, title, named)
        title, named = "", ()


def words(page: Page, frequent: frozenset[str]) -> Said:
    """Of each word that is a term as a whole, how much the page holds it."""
    said = {word: _HELD.get(times, _MOST) for word, times in terms.words(page.blocks, frequent).items()}
    title = page.title
    inside = {title[at : at + length] for length in (1, 2, 3, 4) for at in range(len(title) - length + 1)}
    return said | dict.fromkeys(inside & said.keys(), _TITLED)


def all_said(page: Page, frequent: frozenset[str], spelling: terms.Spelling) -> Said:
    """What a page says, by terms as they are written. (But that it is there, which every page says.)"""
    said = {spelling.pair(pair): standing(at) for pair, at in terms.places(page.blocks).items()}
    said |= {spelling.word(word): much for word, much in words(page, frequent).items()}
    return said | {spelling.number(groups): held(1) for groups in page.numbers}


def count(texts: Iterable[Page]) -> Counter[str]:
    """How often each pair stands in pages."""
    counted: Counter[str] = Counter()
    for page in texts:
        for pair, places in terms.places(page.blocks).items():
            counted[pair] += len(places)
    return counted


def classes(counted: Mapping[str, int]) -> list[int]:
    """How often the pairs of each class stand where these pairs do."""
    found = [0] * terms.CLASSES
    for pair, times in counted.items():
        found[terms.spread(pair, terms.CLASSES)] += times
    return found


def frequent(pairs: Iterable[str], classes: Sequence[int]) -> frozenset[str]:
    """Those of the pairs whose class stands often."""
    return frozenset(pair for pair in pairs if classes[terms.spread(pair, terms.CLASSES)] >= FREQUENT)


def bits(classes: Sequence[int]) -> str:
    """The classes that stand often: a bit each, in hexadecimal."""
    number = sum(1 << each for each, times in enumerate(classes) if times >= FREQUENT)
    return number.to_bytes(terms.CLASSES // 8, "little").hex()
