"""A record as search sees it: its texts in parts small enough to be fetched for an excerpt, and what a result shows."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from portal.attachments.amount import searched
from portal.formats import iso
from portal.markup.prose import Prose
from portal.records.types import DisclosureEntry
from portal.search.blocks import Source, body_blocks, fields
from portal.search.normal import normalise
from portal.site.model import Item

PART = 4000
"""Characters at which a text is cut, between two blocks: what a phone fetches to show one excerpt (about 4 KB). A longer
block is a part by itself, for a query may be anywhere in it."""

_DIGITS = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a result shows of its record, beside what filters know of it."""

    url: str
    title: str
    kind: str
    date: str
    organ: str
    doc_no: str
    index_no: str


@dataclass(frozen=True, slots=True)
class Document:
    """A record before its text is read: all that its part of the index depends on. Cheap to make and to compare."""

    facts: Facts
    year: int
    fields: tuple[str, ...]
    body: Prose
    attachments: tuple[Source, ...]

    @property
    def weight(self) -> int:
        """Characters, roughly: what indexing costs."""
        own = self.body.size + sum(map(len, self.fields))
        return own + sum(len(block) for source in self.attachments for block in source.blocks)

    def digest(self) -> str:
        """SHA-256, in hex, of everything in it."""
        content = (self.facts, self.year, self.fields, self.body.digest, self.attachments)
        return hashlib.sha256(msgspec.msgpack.encode(content)).hexdigest()

    def sources(self) -> Iterator[Source]:
        """The record's own text, its fields first, then those of its attachments."""
        yield Source((*self.fields, *body_blocks(self.body)))
        yield from self.attachments


@dataclass(frozen=True, slots=True)
class Part:
    """Some blocks of a text, as published and normalised (none of these is empty)."""

    title: str  # of the attachment, or empty
    url: str
    blocks: tuple[str, ...]
    normal: tuple[str, ...]


def document(item: Item, texts: Mapping[str, tuple[str, ...]]) -> Document:
    """The document of a public record; `texts` has the blocks of attachments by SHA-256."""
    record = item.record
    entry = record if isinstance(record, DisclosureEntry) else None
    attached = searched([texts.get(attachment.file.sha256, ()) for attachment in item.attachments])
    return Document(
        facts=Facts(
            url=item.url,
            title=record.title,
            kind=record.label,
            date=iso(record.first_public),
            organ=item.publisher.name,
            doc_no=(entry.doc_no or "") if entry else "",
            index_no=entry.index_no if entry else "",
        ),
        year=record.year,
        fields=tuple(fields(item)),
        body=item.body.source,
        attachments=tuple(
            Source(blocks, attachment.title, attachment.file.url)
            for attachment, blocks in zip(item.attachments, attached, strict=True)
            if blocks
        ),
    )


def parts(source: Source) -> Iterator[Part]:
    """Cut a text between blocks, at PART."""
    published: list[str] = []
    normal: list[str] = []
    size = 0
    for block in source.blocks:
        folded = normalise(block)
        if not folded:
            continue
        if size and size + len(folded) > PART:
            yield Part(source.title, source.url, tuple(published), tuple(normal))
            published, normal, size = [], [], 0
        published.append(" ".join(filter(None, map(str.strip, block.split("\n")))))
        normal.append(folded)
        size += len(folded)
    if normal:
        yield Part(source.title, source.url, tuple(published), tuple(normal))


def numbers(facts: Facts) -> tuple[tuple[int, ...], ...]:
    """The groups of digits in the record's numbers, by which each is found however it is written."""
    return tuple(filter(None, (groups_of_digits(normalise(number)) for number in (facts.doc_no, facts.index_no))))


def groups_of_digits(normal: str) -> tuple[int, ...]:
    """The numbers in a normalised text; leading zeros do not count. What is too long for a number is none."""
    return tuple(int(found) for found in _DIGITS.findall(normal) if len(found) <= 18)


def weigh(documents: Sequence[Document]) -> int:
    """The weight of several documents."""
    return sum(document.weight for document in documents)
