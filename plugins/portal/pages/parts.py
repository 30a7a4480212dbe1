"""The small frozen values that views are made of, and a page itself.

A page is `template(view)`: whatever is not in its view, a page cannot show and does not depend on.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from portal.records.types import DisclosureEntry, Form, Interpretation, PressRelease
from portal.site.groups import VALIDITY_IDS
from portal.site.model import Group, Item, Key, NamedFile, Standing
from portal.value import Value


class Page(Value, frozen=True):
    """A file of the site: its path relative to the root, the template, and exactly what the template may see."""

    path: str
    template: str
    view: "View"


def page_path(address: str) -> str:
    """The file that answers a site path, which may be percent-encoded."""
    path = unquote(address).strip("/")
    return path if path.endswith(".html") else f"{path}/index.html".lstrip("/")


class Link(Value, frozen=True):
    """A link; `current` marks the place where the reader is; `note` is a short second line or a count."""

    text: str
    url: str
    current: bool = False
    note: str = ""


class FeedLink(Value, frozen=True):
    """A feed in both forms."""

    title: str
    rss: str
    atom: str


class Column(Value, frozen=True):
    """The column tags of 国办发〔2017〕47号: ColumnName, ColumnDescription, ColumnKeywords, ColumnType."""

    name: str
    type: str
    description: str
    keywords: str


class Article(Value, frozen=True):
    """The article tags of 国办发〔2017〕47号: ArticleTitle, PubDate, ContentSource; the rest are optional there."""

    title: str
    date: dt.datetime
    source: str
    author: str = ""
    keywords: str = ""
    description: str = ""
    image: str = ""


class Head(Value, frozen=True):
    """What stands in a page's head. `url` is absolute; `data` is the JSON beside a record."""

    title: str
    url: str
    description: str = ""
    column: Column | None = None
    article: Article | None = None
    feeds: tuple[FeedLink, ...] = ()
    data: str = ""
    noindex: bool = False


class Shared(Value, frozen=True):
    """A part that many views have in common, one object for all of them: a build looks at it once."""


class Chrome(Shared, frozen=True):
    """What every page shows around its content; a change to it is meant to rebuild all.

    `footer` holds label and text of the seven items that 国办发〔2017〕47号 asks of every page's foot.
    """

    site_name: str
    site_code: str
    domain: str
    organ: str
    tagline: str
    navigation: tuple[Link, ...]
    footer_links: tuple[Link, ...]
    footer: tuple[tuple[str, str], ...]
    party_mark: str
    report_error: str
    assets: tuple[tuple[str, str], ...]
    preview: str = ""

    def asset(self, name: str) -> str:
        """The address of a file of the theme, which changes with its content. Raises KeyError for an unknown one."""
        return dict(self.assets)[name]


class View(Value, frozen=True):
    """What every view has; each page family adds its own fields."""

    chrome: Chrome
    head: Head
    crumbs: tuple[Link, ...]


class Badge(Value, frozen=True):
    """A short state in words, with a tone for its colour (the id of a Validity)."""

    text: str
    tone: str


class Picture(Value, frozen=True):
    """An image and its text alternative."""

    url: str
    alt: str


class FileLink(Value, frozen=True):
    """An attachment: title, address, type as people name it, bytes, SHA-256."""

    title: str
    url: str
    label: str
    size: int
    sha256: str


class Row(Value, frozen=True):
    """A record in a list or table."""

    kind: str
    title: str
    url: str
    date: dt.datetime
    publisher: str
    index_no: str = ""
    doc_no: str = ""
    formed: dt.date | None = None
    genre: str = ""
    channel: str = ""
    form: str = ""
    summary: str = ""
    source: str = ""
    access: str = ""
    badge: Badge | None = None
    picture: Picture | None = None
    files: int = 0
    preview: str = ""


class RowGroup(Value, frozen=True):
    """Rows under a heading; `more` leads to the whole list; `note` stands in place of rows that are none."""

    title: str
    rows: tuple[Row, ...]
    more: str = ""
    note: str = ""


class Pager(Value, frozen=True):
    """The way through a paginated list. Page 1 holds the oldest, 0 is the list's own address; empty is not linked."""

    page: int
    newest: str
    newer: str
    older: str
    oldest: str
    total: int


class Banner(Value, frozen=True):
    """A state that the reader must not miss: tone as in Badge, a sentence, and links to what caused it."""

    tone: str
    text: str
    links: tuple[Link, ...] = ()


class Change(Value, frozen=True):
    """A correction, or a line of 最近变更."""

    on: dt.datetime
    note: str


def badge(standing: Standing | None) -> Badge | None:
    """The badge of a validity."""
    if standing is None:
        return None
    return Badge(standing.label, VALIDITY_IDS[standing.validity])


def row(item: Item) -> Row:
    """An item as a list shows it."""
    record = item.record
    entry = record if isinstance(record, DisclosureEntry) else None
    form: Form | None = record.form if isinstance(record, Interpretation) else None
    return Row(
        kind=record.label,
        title=record.title,
        url=item.url,
        date=record.first_public,
        publisher=item.publisher.name,
        index_no=entry.index_no if entry else "",
        doc_no=(entry.doc_no or "") if entry else "",
        formed=entry.formed if entry else None,
        genre=item.genre.name if item.genre else "",
        channel=record.channel.value if isinstance(record, PressRelease) else "",
        form=form.value if form else "",
        summary=record.summary or "",
        source=(record.source or "") if item.reprint else "",
        access=entry.access.value if entry else "",
        badge=badge(item.standing),
        picture=Picture(item.image.file.url, item.image.title) if item.image else None,
        files=len(item.attachments),
        preview=item.preview,
    )


def rows(items: Mapping[Key, Item], keys: Iterator[Key] | tuple[Key, ...]) -> tuple[Row, ...]:
    """Rows for keys, in their order."""
    if not keys:  # of most records there is nothing to tell
        return ()
    return tuple(row(items[key]) for key in keys if key in items)


def file_link(named: NamedFile) -> FileLink:
    """An attachment as its page shows it."""
    return FileLink(named.title, named.file.url, named.file.label, named.file.size, named.file.sha256)


def feed_link(group: Group) -> FeedLink:
    """The feeds of a group."""
    base = f"/feeds/{group.dimension.value}/{group.id}"
    return FeedLink(group.name, f"{base}.rss.xml", f"{base}.atom.xml")


SITE_FEED = FeedLink("全部更新", "/feeds/all.rss.xml", "/feeds/all.atom.xml")
"""The feed of the whole site."""
