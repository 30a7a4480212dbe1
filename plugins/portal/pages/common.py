"""What the pages of all kinds of records have: their heads, the text and what surrounds it."""

import datetime as dt

from portal.markup.body import Body
from portal.pages.chrome import article, column, head
from portal.pages.lists import FED
from portal.pages.parts import Change, FileLink, Head, Link, Row, feed_link, file_link, rows
from portal.site.groups import organ_group, theme_group
from portal.site.model import Dimension, Item, Site
from portal.value import Value

_FED = FED - {Dimension.KIND}
"""Whoever reads one record is offered narrower feeds than that of everything of its kind."""


class Common(Value, frozen=True):
    """What the pages of all kinds show: the text and what surrounds it."""

    title: str
    date: dt.datetime
    modified: dt.datetime
    publisher: Link
    source: str  # of a reprint, else empty
    source_url: str
    disclaimer: str  # of a reprint, else empty
    author: str
    editor: str
    themes: tuple[Link, ...]
    keywords: tuple[str, ...]
    summary: str
    body: Body
    attachments: tuple[FileLink, ...]
    corrections: tuple[Change, ...]
    cited_by: tuple[Row, ...]
    preview: str


def organ_link(site: Site, item: Item) -> Link:
    """The publisher, leading to everything it published; without an address while that is nothing."""
    group = organ_group(item.publisher)
    return Link(item.publisher.name, group.url if site.members(group) else "")


def record_head(site: Site, item: Item, column_name: str, column_type: str) -> Head:
    """The head of a record's page, with the column tags of where it stands and the first of its feeds."""
    record = item.record
    feeds = [feed_link(group) for group in item.groups if group.dimension in _FED]
    return head(
        site,
        record.title,
        item.url,
        description=record.summary or "",
        column=column(site, column_name, column_type),
        article=article(site, item),
        feeds=tuple(feeds[:3]),
        data=f"{item.url}index.json",
        noindex=bool(item.preview),
    )


def common(site: Site, item: Item) -> Common:
    """What the page of a record has, whatever its kind."""
    record = item.record
    return Common(
        title=record.title,
        date=record.first_public,
        modified=record.modified,
        publisher=organ_link(site, item),
        source=(record.source or "") if item.reprint else "",
        source_url=(record.source_url or "") if item.reprint else "",
        disclaimer=site.vocabulary.identity.disclaimer if item.reprint else "",
        author=record.author or "",
        editor=record.editor or "",
        themes=tuple(Link(theme.full, theme_group(theme).url) for theme in item.themes),
        keywords=record.keywords,
        summary=record.summary or "",
        body=item.body,
        attachments=tuple(file_link(named) for named in item.attachments),
        corrections=tuple(Change(c.on, c.note) for c in sorted(record.corrections, key=lambda c: c.on)),
        cited_by=rows(site.items, item.related.cited_by),
        preview=item.preview,
    )
