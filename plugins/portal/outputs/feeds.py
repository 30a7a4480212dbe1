"""RSS 2.0 and Atom for the site, each kind, channel, theme, organ and column; and an OPML of them.

A feed holds the newest 50 by `modified`, and every correction and withdrawal of 90 days, so that a reader that had the
first version learns what became of it. A feed's time is its newest entry's, never the clock.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from portal import clock, signals
from portal.build.made import Made
from portal.formats import day, size
from portal.markup.body import Body
from portal.markup.convert import to_html
from portal.pages.changes import RECENT
from portal.pages.chrome import FEEDS
from portal.pages.lists import group_url
from portal.pages.parts import SITE_FEED, FeedLink, Shared, feed_link
from portal.pages.subscriptions import feed_groups
from portal.pages.tombstones import TITLE
from portal.records.types import DisclosureEntry, StandingPage
from portal.site.groups import organ_group, theme_group
from portal.site.model import Group, Item, Key, Site, Tombstone
from portal.value import Value

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

NEWEST = 50
"""How many entries a feed holds at least, where there are so many."""

EMPTY = clock.parse_minute("2008-05-01 00:00")
"""The time of a feed without entries: the day on which the Regulation on disclosure first came into force."""

OPML = "feeds/portal.opml"


class FeedEntry(Value, frozen=True):
    """An entry as both formats need it. `id` is the record's address, the same for ever.

    Its text is the body between paragraphs that stand before and after it, as HTML with links of this site's paths.
    """

    id: str
    title: str
    published: datetime | None
    updated: datetime
    summary: str
    author: str
    categories: tuple[str, ...]
    before: tuple[str, ...]
    body: Body | None = None
    after: tuple[str, ...] = ()


class Feed(Value, frozen=True):
    """All that both forms of a feed hold. Addresses of the feed and of the page that it follows are site paths."""

    title: str
    base: str
    organ: str
    description: str
    link: FeedLink
    page: str
    entries: "Entries"


class Entries(Shared, frozen=True):
    """The entries of a feed, in both its forms."""

    newest_first: tuple[FeedEntry, ...]


def all_groups(site: Site) -> list[Group]:
    """Every group that has a feed: each word of the vocabulary, so that a feed's address never disappears."""
    words = site.vocabulary
    found = set(feed_groups(site))
    found |= set(map(theme_group, words.theme_paths))
    found |= set(map(organ_group, words.organs))
    return sorted(found)


def feed_links(site: Site) -> list[FeedLink]:
    """The addresses of every feed."""
    return [SITE_FEED, *map(feed_link, all_groups(site))]


class Newest:
    """What each feed holds: by group, `None` for the whole site."""

    def __init__(self, site: Site) -> None:
        since = site.now - RECENT
        self._kept: dict[Group | None, list[Item | Tombstone]] = {}
        items = [item for item in site.items.values() if not isinstance(item.record, StandingPage)]
        items.sort(key=lambda item: (-item.record.modified.timestamp(), item.key))
        for item in items:
            mended = any(correction.on >= since for correction in item.record.corrections)
            for group in (None, *item.groups):
                kept = self._kept.setdefault(group, [])
                if len(kept) < NEWEST or mended:
                    kept.append(item)
        for stone in site.tombstones:
            if stone.withdrawn_on >= since and stone.kind != StandingPage.kind:
                for of in (None, *stone.groups):
                    self._kept.setdefault(of, []).append(stone)

    def of(self, group: Group | None) -> list[Item | Tombstone]:
        """What a feed holds, newest change first."""
        return sorted(self._kept.get(group, ()), key=lambda each: (-_changed(each).timestamp(), each.key))


def _changed(each: Item | Tombstone) -> datetime:
    return each.withdrawn_on if isinstance(each, Tombstone) else each.record.modified


def entry(site: Site, each: Item | Tombstone) -> FeedEntry:
    """A record's entry with its full text, or the notice that it was withdrawn."""
    address = site.vocabulary.identity.url + each.url
    if isinstance(each, Tombstone):
        lines = [
            ("索引号", each.index_no or ""),
            ("撤回日期", clock.format_minute(each.withdrawn_on)),
            ("撤回原因", each.reason),
        ]
        told = "".join(f"<p>{label}：{escape(text)}</p>" for label, text in lines if text)
        return FeedEntry(address, TITLE, None, each.withdrawn_on, TITLE, "", (), (f"<p>{TITLE}。</p>{told}",))
    record = each.record
    return FeedEntry(
        id=address,
        title=record.title,
        published=record.first_public,
        updated=record.modified,
        summary=record.summary or "",
        author=each.publisher.name,
        categories=tuple(theme.full for theme in each.themes),
        before=tuple(_before(each)),
        body=each.body,
        after=tuple(_after(each)),
    )


def _before(item: Item) -> Iterator[str]:
    record = item.record
    for correction in record.corrections:
        yield f"<p><strong>更正（{day(correction.on)}）：</strong>{escape(correction.note)}</p>"
    if isinstance(record, DisclosureEntry):
        rows = [("索引号", record.index_no), ("发文字号", record.doc_no), ("成文日期", day(record.formed))]
        rows.append(("有效性", item.standing.label if item.standing else None))
        yield "<p>" + "　".join(f"{label}：{escape(text)}" for label, text in rows if text) + "</p>"
        if not record.body and record.summary:
            yield f"<p>{escape(record.summary)}</p>"
    if item.reprint:
        yield f"<p>来源：{escape(record.source or '')}</p>"
    if item.image:
        yield f'<p><img src="{item.image.file.url}" alt="{escape(item.image.title)}"></p>'


def _after(item: Item) -> Iterator[str]:
    if item.attachments:
        links = [
            f'<li><a href="{a.file.url}">{escape(a.title)}</a>（{a.file.label}，{size(a.file.size)}）</li>'
            for a in item.attachments
        ]
        yield f"<p>附件：</p><ul>{''.join(links)}</ul>"


@lru_cache(maxsize=1000)  # an entry stands in several feeds, in two forms of each
def full_text(entry: FeedEntry, base: str) -> str:
    """The text of an entry, its links with their whole address."""
    body = (to_html(entry.body).html,) if entry.body is not None else ()
    return _absolute("\n".join((*entry.before, *body, *entry.after)), base, entry.id)


def _absolute(html: str, base: str, page: str) -> str:
    """Links with their whole address: a feed reader has no page to resolve site paths and anchors against."""
    html = re.sub(r'(\s(?:href|src)=")/(?!/)', rf"\1{base}/", html)
    return re.sub(r'(\shref=")#', rf"\1{page}#", html)


def rss(feed: Feed) -> bytes:
    """A feed as RSS 2.0."""
    return bytes(_generator(feed, feed.link.rss, "application/rss+xml").rss_str(pretty=False))


def atom(feed: Feed) -> bytes:
    """A feed as Atom."""
    return bytes(_generator(feed, feed.link.atom, "application/atom+xml").atom_str(pretty=False))


def _generator(feed: Feed, address: str, kind: str) -> "FeedGenerator":
    from feedgen.feed import FeedGenerator  # only where a feed has changed: most builds write few, some none

    entries = feed.entries.newest_first
    generator = FeedGenerator()
    generator.id(feed.base + feed.link.atom)
    generator.title(feed.title)
    generator.description(f"{feed.title}：{feed.description}")
    generator.subtitle(feed.description)
    generator.language("zh-CN")
    generator.author(name=feed.organ)
    generator.generator("disclosure-portal")
    newest = max((each.updated for each in entries), default=EMPTY)
    generator.updated(newest)
    generator.pubDate(newest)
    for each in entries:
        added = generator.add_entry(order="append")
        added.guid(each.id, permalink=True)
        added.title(each.title)
        added.link(href=each.id, rel="alternate")
        added.updated(each.updated)
        if each.published:
            added.published(each.published)
        else:
            added.pubDate(each.updated)
        if each.author:
            added.author(name=each.author)
        added.description(each.summary or each.title)
        added.content(full_text(each, feed.base), type="html")
        for category in each.categories:
            added.category(term=category)
    # RSS takes the last alternate link as the channel's own; rel="self" differs between the two forms.
    generator.link(
        [
            {"href": feed.base + address, "rel": "self", "type": kind},
            {"href": feed.base + feed.page, "rel": "alternate", "type": "text/html"},
        ],
        replace=True,
    )
    return generator


def plan(site: Site) -> Iterator[Made]:
    """Every feed, in both forms, and the list of all."""
    identity = site.vocabulary.identity
    newest = Newest(site)
    told: dict[Key, FeedEntry] = {}

    def entries(group: Group | None) -> Entries:
        found = []
        for each in newest.of(group):
            if each.key not in told:
                told[each.key] = entry(site, each)
            found.append(told[each.key])
        return Entries(tuple(found))

    groups = feed_groups(site)
    listed = set(groups)  # a group that has no list yet leads to the page of feeds
    wanted: list[tuple[str, FeedLink, str, Group | None]] = [(identity.name, SITE_FEED, "/", None)]
    wanted += [
        (f"{identity.name}：{g.name}", feed_link(g), group_url(g) if g in listed else FEEDS.url, g)
        for g in all_groups(site)
    ]
    for title, link, page, group in wanted:
        feed = Feed(title, identity.url, identity.organ, identity.description, link, page, entries(group))
        yield Made(link.rss.lstrip("/"), rss, feed)
        yield Made(link.atom.lstrip("/"), atom, feed)
    links = ((identity.name, SITE_FEED), *((group.name, feed_link(group)) for group in groups))
    yield Made(OPML, opml, (identity.name, identity.url, links))


def opml(value: tuple[str, str, tuple[tuple[str, FeedLink], ...]]) -> bytes:
    """All feeds that have something in them, as one file to import into a reader. Atom: it knows corrections."""
    name, base, links = value
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(name)}</title></head>",
        "<body>",
    ]
    for title, link in links:
        text = escape(title, quote=True)
        lines.append(f'<outline type="rss" text="{text}" title="{text}" xmlUrl="{base}{link.atom}"/>')
    return "\n".join([*lines, "</body>", "</opml>", ""]).encode()


def register() -> None:
    """Pelican's entry."""
    signals.files_planned.connect(_plan)


def _plan(build: signals.Build, *, site: Site, files: list[Made]) -> None:
    with build.timings.stage("订阅"):
        files += plan(site)
