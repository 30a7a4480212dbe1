"""What a browser loads once before the first search: for every record what filters and order need, shard by shard.

A length (4 bytes, big-endian), that many bytes of JSON, and then the tables of the shards' indexes, one after another.
The columns hold numbers into lists of words, so that ten thousand records take some 40 KB compressed. Nothing of this is
in the fingerprint of a shard: a document that is repealed changes its validity here, and no index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from portal.records.vocabulary import ThemePath
from portal.search.documents import Document
from portal.search.layout import Layout
from portal.site.model import Item

FACETS = ("kind", "validity", "theme", "organ", "year", "genre", "holds")
"""What results can be filtered by. `holds` says whether there is a text, and whether there are attachments."""

TEXT, ATTACHMENT = "有正文", "有附件"


@dataclass(frozen=True, slots=True)
class Section:
    """A shard as the head describes it: fingerprint, documents and the items that they are of, layout, Pagefind's table."""

    fingerprint: str
    documents: tuple[Document, ...]
    items: tuple[Item, ...]
    layout: Layout
    meta: bytes


def facets(document: Document, item: Item) -> tuple[tuple[str, ...], ...]:
    """For each facet the values that a record has."""
    facts = document.facts
    return (
        (facts.kind,),
        (item.standing.validity.value,) if item.standing else (),
        _themes(item.themes),
        (facts.organ,),
        (str(document.year),),
        (item.genre.name,) if item.genre else (),
        _HOLDS[bool(item.body.source), bool(item.attachments)],
    )


_HOLDS = {
    (text, attachment): (*((TEXT,) if text else ()), *((ATTACHMENT,) if attachment else ()))
    for text in (False, True)
    for attachment in (False, True)
}


def _themes(themes: Sequence[ThemePath]) -> tuple[str, ...]:
    """The names of a record's themes, and of every theme above: it is under those, too, as in the lists."""
    if len(themes) == 1:
        return tuple([above.full for above in themes[0].lineage])
    return tuple(dict.fromkeys(above.full for theme in themes for above in theme.lineage))


def head(sections: Sequence[Section]) -> bytes:
    """The head of these shards."""
    table = msgspec.json.encode({"shards": [_describe(section) for section in sections]})
    return len(table).to_bytes(4, "big") + table + b"".join(section.meta for section in sections)


def _describe(section: Section) -> dict[str, object]:
    words: dict[str, list[str]] = {}
    columns: dict[str, list[object]] = {}
    rows = zip(*map(facets, section.documents, section.items), strict=True)
    for facet, column in zip(FACETS, rows, strict=True):
        # Few values, and few sets of them, in many records: each set is written once.
        sets = set(column)
        known = words[facet] = sorted({value for values in sets for value in values})
        number = {value: position for position, value in enumerate(known)}
        written = {values: _short([number[value] for value in values]) for values in sets}
        columns[facet] = [written[values] for values in column]
    minutes = [int(datetime.fromisoformat(document.facts.date).timestamp()) // 60 for document in section.documents]
    return {
        "id": section.fingerprint,
        "meta": len(section.meta),
        "placed": section.layout.placed,
        "whole": section.layout.whole,
        "frequent": section.layout.frequent,
        "words": words,
        # Newest first: the steps between are small numbers.
        "date": [before - minute for before, minute in zip([0, *minutes], minutes, strict=False)],
        "parts": [_short(parts) for parts in section.layout.parts],
        "title": section.layout.titles,
        **columns,
    }


def _short(values: Sequence[int]) -> object:
    """A list of one as its value alone, an empty one as -1: nearly all columns hold one value a record."""
    return values[0] if len(values) == 1 else values or -1
