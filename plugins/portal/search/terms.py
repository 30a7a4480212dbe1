"""Normalised text as terms for Pagefind.

Every pair of neighbouring characters is a term with its places: a phrase is held where its pairs stand at consecutive
ones, so a query is matched exactly, as grep would, without any knowledge of words. Places are what an index weighs most,
and a query of one or two characters needs none; so single characters, pairs, and those words of three or four whose
pairs are frequent are also terms as a whole, which say only which pages hold them.

To Pagefind a term is a word of letters: hanzi stand for themselves, every other character is written in letters of the
Yi syllabary, which Pagefind neither splits nor folds. Before a term stand two letters for its bucket, by which the index
is cut into small files. theme/static/engine-terms.js writes terms in the same way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import compress
from operator import add, and_

_DIRECT = [chr(code) for code in range(0x21, 0x7F)] + list("。、《》〈〉“”‘’—·")
_LETTERS = {character: chr(0xA000 + number) for number, character in enumerate(_DIRECT)}
_BASE = 104  # its cube is more than there are characters
_NUMBER, _EVERY, _END = "\ua1d0", "\ua1d1", "\ua48b"

FILLER = "\ua48c"
"""A term that is in no index, for the browser to start Pagefind's engine with."""

GAP = 2
"""Places that are left free after each block. A query may be looked for by every second of its pairs, which tells that characters two
places apart belong together only if no block begins two places after the last pair of another."""

CLASSES = 4096
"""Pairs are counted by class, so that which are frequent is told by few bytes; rare ones may share a class with them."""


@cache
def letters(character: str) -> str:
    """A character as letters: one, or three for what is rare."""
    code = ord(character)
    if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF:
        return character
    if direct := _LETTERS.get(character):
        return direct
    high, rest = divmod(code, _BASE * _BASE)
    middle, low = divmod(rest, _BASE)
    return chr(0xA080 + high) + chr(0xA0F0 + middle) + chr(0xA160 + low)


def spread(characters: str, among: int) -> int:
    """A number below `among`, evenly: neighbours in the alphabet are not equally frequent."""
    value = 0
    for character in characters:
        value = (value ^ ord(character)) * 0x9E3779B1 & 0xFFFFFFFF
    return (value >> 8) % among


@cache
def bucket_letters(number: int) -> str:
    """The letters before the terms of a bucket."""
    return chr(0xA200 + number // 64) + chr(0xA280 + number % 64)


def bucket_number(letters: str) -> int:
    """The bucket that has these two letters."""
    return (ord(letters[0]) - 0xA200) * 64 + ord(letters[1]) - 0xA280


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a shard writes terms: in how many buckets those with places are, and, after these, those without.

    No term is the beginning of another: Pagefind takes longer words for a word that is asked for, and shorter ones where
    it is unknown.
    """

    placed: int
    whole: int

    def pair(self, characters: str) -> str:
        """The term of a pair with its places."""
        return bucket_letters(spread(characters, self.placed)) + "".join(map(letters, characters))

    def word(self, characters: str) -> str:
        """The term of one to four characters as a whole."""
        return self._whole(characters) + "".join(map(letters, characters)) + _END

    def number(self, groups: Iterable[int]) -> str:
        """The term of a document's number: its groups of digits, however it is written (鲁科字〔2015〕12号: 2015, 12)."""
        written = "-".join(map(str, groups))
        return self._whole(written) + _NUMBER + "".join(map(letters, written)) + _END

    def every(self) -> str:
        """The term that every page holds, by which the newest are shown when nothing is searched for."""
        return self._whole("") + _EVERY + _END

    def _whole(self, characters: str) -> str:
        return bucket_letters(self.placed + spread(characters, self.whole))


def places(blocks: Iterable[str]) -> dict[str, list[int]]:
    """The pairs of a text and the places at which each stands. A block of n characters takes n - 1 + GAP places."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    begin = 0
    for block in blocks:
        for place, pair in enumerate(map(add, block, block[1:]), begin):
            found[pair].append(place)
        begin += len(block) - 1 + GAP
    return found


def words(blocks: Iterable[str], frequent: frozenset[str]) -> Counter[str]:
    """The words of a text that are terms as a whole, and how often each stands there: all characters and pairs, and
    words of three and four characters that begin and end in a frequent pair."""
    found: list[str] = []
    for block in blocks:
        pairs = list(map(add, block, block[1:]))
        known = list(map(frequent.__contains__, pairs))
        found += block
        found += pairs
        found += compress(map(add, pairs, block[2:]), map(and_, known, known[1:]))
        found += compress(map(add, pairs, pairs[2:]), map(and_, known, known[2:]))
    return Counter(found)
