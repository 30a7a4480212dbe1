"""A record as search sees it: its texts in parts small enough to be fetched for an excerpt, and what a result shows."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec

from portal.attachments.amount import searched
from portal.formats import iso
from portal.markup.prose import Prose
from portal.records.types import DisclosureEntry
from portal.search.blocks import Source, body_blocks, fields
from portal.search.normal import normalise
from portal.site.model import Item, NamedFile

PART = 4000
"""Characters at which a text is cut, between two blocks: what a phone fetches to show one excerpt (about 4 KB). A longer
block is a part by itself, for a query may be anywhere in it."""

_DIGITS = re.compile("[0-9]+")


class Facts(msgspec.Struct, frozen=True, array_like=True):
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
        return own + sum(sum(map(len, source.blocks)) for source in self.attachments) if self.attachments else own

    @property
    def content(self) -> tuple[object, ...]:
        """All that is in it; of the body what tells it from others."""
        return self.facts, self.year, self.fields, self.body.digest, self.attachments

    def digest(self) -> str:
        """SHA-256, in hex, of everything in it."""
        return hashlib.sha256(msgspec.msgpack.encode(self.content)).hexdigest()

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

    @classmethod
    def of(cls, title: str, url: str, blocks: tuple[str, ...]) -> "Part":
        """The part that has these blocks as published."""
        return cls(title, url, blocks, tuple(map(normalise, blocks)))


def document(item: Item, texts: Mapping[str, tuple[str, ...]]) -> Document:
    """The document of a public record; `texts` has the blocks of attachments by SHA-256."""
    record = item.record
    entry = record if isinstance(record, DisclosureEntry) else None
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
        attachments=_attached(item.attachments, texts) if item.attachments else (),
    )


def _attached(attachments: Sequence[NamedFile], texts: Mapping[str, tuple[str, ...]]) -> tuple[Source, ...]:
    found = searched([texts.get(attachment.file.sha256, ()) for attachment in attachments])
    return tuple(
        Source(blocks, attachment.title, attachment.file.url)
        for attachment, blocks in zip(attachments, found, strict=True)
        if blocks
    )


def parts(source: Source) -> Iterator[Part]:
    """Cut a text between blocks, at PART."""
    published: list[str] = []
    normal: list[str] = []
    size = 0
    for block in source.blocks:
        shown = " ".join(filter(None, map(str.strip, block.split("\n")))) if "\n" in block else block.strip()
        # Of what is shown, so that a part can be made again of it (`parts_again`).
        folded = normalise(shown)
        if not folded:
            continue
        if size and size + len(folded) > PART:
            yield Part(source.title, source.url, tuple(published), tuple(normal))
            published, normal, size = [], [], 0
        published.append(shown)
        normal.append(folded)
        size += len(folded)
    if normal:
        yield Part(source.title, source.url, tuple(published), tuple(normal))


def parts_again(document: Document, published: Iterable[tuple[str, ...]], counts: Sequence[int]) -> list[list[Part]]:
    """The parts of a document's texts, so many of each, from the blocks that were published of them."""
    of = [("", ""), *((source.title, source.url) for source in document.attachments)]
    blocks = iter(published)
    return [
        [Part.of(title, url, each) for each in islice(blocks, count)]
        for (title, url), count in zip(of, counts, strict=True)
    ]


def numbers(facts: Facts) -> tuple[tuple[int, ...], ...]:
    """The groups of digits in the record's numbers, by which each is found however it is written."""
    return tuple(filter(None, (groups_of_digits(normalise(number)) for number in (facts.doc_no, facts.index_no))))


def groups_of_digits(normal: str) -> tuple[int, ...]:
    """The numbers in a normalised text; leading zeros do not count. What is too long for a number is none."""
    return tuple(int(found) for found in _DIGITS.findall(normal) if len(found) <= 18)


def weigh(documents: Sequence[Document]) -> int:
    """The weight of several documents."""
    return sum(document.weight for document in documents)
