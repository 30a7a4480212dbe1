"""What an edit changes in a shard: the terms of which a page says something else than before, file by file.

Only where the pages stay where they are, and terms are written as before: the number of files and which pairs are frequent
are the shard's, and when they change everything does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from portal.search.layout import Layout
from portal.search.pages import Page, Said, all_said, bits, classes, count, frequent, words
from portal.search.terms import Spelling, bucket_number

PLACES_A_FILE = 1000
"""How many places a file of the index holds, about 1.5 KB compressed: more files against more bytes a search."""

WORDS_A_FILE = 2000
"""How many pages of words as a whole a file holds."""

MAX_FILES = 2048
"""Of each kind, in a shard."""

Changes = dict[int, dict[str, dict[int, bytes | None]]]
"""File → term → page → what it says now of the term, or None."""


class Contents(msgspec.Struct, frozen=True):
    """What is added up over the pages of a shard, and of which documents they are: by digest, and made by which code."""

    version: str
    digests: tuple[str, ...]
    places: int
    words: int
    classes: list[int]

    @property
    def spelling(self) -> Spelling:
        """How so much is written."""
        return Spelling(placed=_files(self.places, PLACES_A_FILE), whole=_files(self.words, WORDS_A_FILE))


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited shard: its contents, and what changes in its files."""

    contents: Contents
    changes: Changes


def edit(
    layout: Layout, contents: Contents, digests: tuple[str, ...], gone: Mapping[int, Page], come: Mapping[int, Page]
) -> Edit | None:
    """What changes when some pages of a shard are replaced; none where everything does."""
    lost, won = count(gone.values()), count(come.values())
    added = zip(contents.classes, classes(lost), classes(won), strict=True)
    of_classes = [known - less + more for known, less, more in added]
    often = frequent(lost | won, of_classes)
    edited = msgspec.structs.replace(
        contents,
        digests=digests,
        places=contents.places + _size(come) - _size(gone),
        words=contents.words + _words(come, often) - _words(gone, often),
        classes=of_classes,
    )
    if bits(of_classes) != layout.frequent or edited.spelling != contents.spelling:
        return None
    changes: Changes = {}
    for number, page in come.items():
        before, after = (all_said(each, often, edited.spelling) for each in (gone[number], page))
        for term, said in _different(before, after).items():
            changes.setdefault(bucket_number(term), {}).setdefault(term, {})[number] = said
    return Edit(edited, changes)


def _different(before: Said, after: Said) -> dict[str, bytes | None]:
    return {term: after.get(term) for term in before.keys() | after.keys() if before.get(term) != after.get(term)}


def _size(pages: Mapping[int, Page]) -> int:
    return sum(page.size for page in pages.values())


def _words(pages: Mapping[int, Page], often: frozenset[str]) -> int:
    return sum(len(words(page, often)) for page in pages.values())


def _files(number: int, each: int) -> int:
    """How many files hold so much: a few more than that, in steps, so that an edit seldom changes how many there are."""
    exact = max(1, number // each)
    step = 1 << max(0, exact.bit_length() - 6)
    return min(-(-exact // step) * step, MAX_FILES)
