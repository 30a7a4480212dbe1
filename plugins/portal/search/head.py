"""What a browser loads once before the first search: for every record what filters and order need, shard by shard.

A length (4 bytes, big-endian), that many bytes of JSON, and then the tables of the shards' indexes, one after another.
The columns hold numbers into lists of words, so that ten thousand records take some 40 KB compressed. Nothing of this is
in the fingerprint of a shard: a document that is repealed changes its validity here, and no index.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.search.layout import Layout
from portal.site.model import Item

FACETS = ("kind", "validity", "theme", "organ", "year", "genre", "holds")
"""What results can be filtered by. `holds` says whether there is a text, and whether there are attachments."""

TEXT, ATTACHMENT = "有正文", "有附件"


@dataclass(frozen=True, slots=True)
class Section:
    """A shard as the head describes it: fingerprint, items in the order of its documents, layout, Pagefind's table."""

    fingerprint: str
    items: tuple[Item, ...]
    layout: Layout
    meta: bytes


def facets(item: Item) -> dict[str, tuple[str, ...]]:
    """For each facet the values that a record has."""
    return {
        "kind": (item.record.label,),
        "validity": (item.standing.validity.value,) if item.standing else (),
        # A record is under every theme above its own, as in the lists.
        "theme": tuple(dict.fromkeys(above.full for theme in item.themes for above in theme.lineage)),
        "organ": (item.publisher.name,),
        "year": (str(item.record.year),),
        "genre": (item.genre.name,) if item.genre else (),
        "holds": (*((TEXT,) if item.body.source else ()), *((ATTACHMENT,) if item.attachments else ())),
    }


def head(sections: Sequence[Section]) -> bytes:
    """The head of these shards."""
    described = [_describe(section) for section in sections]
    table = json.dumps({"shards": described}, ensure_ascii=False, separators=(",", ":")).encode()
    return len(table).to_bytes(4, "big") + table + b"".join(section.meta for section in sections)


def _describe(section: Section) -> dict[str, object]:
    words: dict[str, list[str]] = {}
    columns: dict[str, list[object]] = {}
    rows = [facets(item) for item in section.items]
    for facet in FACETS:
        known = words[facet] = sorted({value for row in rows for value in row[facet]})
        number = {value: position for position, value in enumerate(known)}
        columns[facet] = [_short([number[value] for value in row[facet]]) for row in rows]
    minutes = [_minute(item.record.first_public) for item in section.items]
    return {
        "id": section.fingerprint,
        "meta": len(section.meta),
        "placed": section.layout.placed,
        "whole": section.layout.whole,
        "frequent": section.layout.frequent,
        "words": words,
        # Newest first: the steps between are small numbers.
        "date": [before - minute for before, minute in zip([0, *minutes], minutes, strict=False)],
        "parts": [_short(list(parts)) for parts in section.layout.parts],
        "title": list(section.layout.titles),
        **columns,
    }


def _short(values: list[int]) -> object:
    """A list of one as its value alone, an empty one as -1: nearly all columns hold one value a record."""
    return values[0] if len(values) == 1 else values or -1


def _minute(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) // 60
