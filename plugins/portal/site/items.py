"""A visible record with every name resolved: the Item that pages, feeds and exports are made from."""

from collections.abc import Mapping
from datetime import datetime

from portal.attachments.files import File, by_name, named_files
from portal.markup.body import Body
from portal.records.types import Access, DisclosureEntry, PressRelease, Record
from portal.records.vocabulary import Vocabulary
from portal.site.groups import groups_of
from portal.site.model import Item, NamedFile, Standing, Tombstone
from portal.site.relations import Relations
from portal.site.visibility import is_closed, open_body, preview_mark


def item(
    record: Record,
    vocabulary: Vocabulary,
    files: Mapping[str, File],
    standing: Standing | None,
    relations: Relations,
    now: datetime,
) -> Item:
    """The item of a record whose names the vocabulary knows. Raises KeyError for an unknown name."""
    key = record.key
    source = open_body(record)
    closed = is_closed(record)
    named = [] if closed else named_files(record)
    entry = record if isinstance(record, DisclosureEntry) else None
    image = record.image if isinstance(record, PressRelease) else None
    publisher = vocabulary.organ_by_name[record.publisher or vocabulary.identity.organ]
    themes = tuple([vocabulary.theme_by_name[theme] for theme in record.themes])
    genre = vocabulary.genre_by_name[entry.genre] if entry else None
    column = vocabulary.column_by_name[entry.column] if entry else None
    if entry and entry.access is Access.CLOSED:
        standing = None  # of a document that nobody may read there is no saying to the public whether it is in force
    return Item(
        record=record,
        publisher=publisher,
        themes=themes,
        body=Body(
            source,
            by_name(files, source.files),
            tuple(
                (text, f"{DisclosureEntry.address}{target[1]}/") for text, target in relations.citations.get(key, ())
            ),
        ),
        attachments=()
        if closed
        else tuple(NamedFile(a.title, files[a.file]) for a in record.attachments if a.file in files),
        files=tuple(dict.fromkeys(files[name] for name, _, _ in named if name in files)) if named else (),
        groups=groups_of(record, publisher, themes, genre, column, standing),
        genre=genre,
        column=column,
        image=NamedFile(image.alt, files[image.file]) if image and image.file in files else None,
        standing=standing,
        related=relations.around(key),
        reprint=record.source is not None and record.source not in vocabulary.organ_by_name,
        preview=preview_mark(record, now),
    )


def tombstone(record: Record, vocabulary: Vocabulary, now: datetime) -> Tombstone:
    """What remains of a withdrawn record: its group memberships, and nothing else of it, outlive it unseen."""
    assert record.withdrawn_on is not None
    assert record.withdrawn_reason is not None
    shape = item(record, vocabulary, {}, None, Relations(), now)
    return Tombstone(
        kind=record.kind,
        id=record.id,
        url=record.url,
        index_no=record.index_no if isinstance(record, DisclosureEntry) else None,
        withdrawn_on=record.withdrawn_on,
        reason=record.withdrawn_reason,
        groups=shape.groups,
        order=record.order,
    )
