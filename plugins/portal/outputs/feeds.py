"""RSS 2.0 and Atom for the site, each kind, channel, theme, organ and column; and an OPML of them.

A feed holds the newest 50 by `modified`, and every correction and withdrawal of 90 days, so that a reader that had the
first version learns what became of it. A feed's time is its newest entry's, never the clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from feedgen.feed import FeedGenerator

from portal import clock, signals
from portal.build.staging import Staging
from portal.formats import day, size
from portal.markup.convert import to_html
from portal.pages.changes import RECENT
from portal.pages.chrome import FEEDS
from portal.pages.lists import group_url
from portal.pages.parts import SITE_FEED, FeedLink, feed_link
from portal.pages.subscriptions import feed_groups
from portal.pages.tombstones import TITLE
from portal.records.types import DisclosureEntry, StandingPage
from portal.site.groups import organ_group, theme_group
from portal.site.model import Group, Item, Site, Tombstone

NEWEST = 50
"""How many entries a feed holds at least, where there are so many."""

EMPTY = clock.parse_minute("2008-05-01 00:00")
"""The time of a feed without entries: the day on which the Regulation on disclosure first came into force."""

OPML = "feeds/portal.opml"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry as both formats need it. `id` is the record's address, the same for ever; links are absolute."""

    id: str
    title: str
    published: datetime | None
    updated: datetime
    html: str
    summary: str
    author: str
    categories: tuple[str, ...]


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


def members(site: Site, group: Group | None) -> list[Item | Tombstone]:
    """What a feed holds, newest change first; `None` is the whole site."""
    if group is None:
        items = [item for item in site.items.values() if not isinstance(item.record, StandingPage)]
        stones = [stone for stone in site.tombstones if stone.kind != StandingPage.kind]
    else:
        items = list(site.members(group))
        stones = [stone for stone in site.tombstones if group in stone.groups]
    since = site.now - RECENT
    items.sort(key=lambda item: (-item.record.modified.timestamp(), item.key))
    kept: list[Item | Tombstone] = list(items[:NEWEST])
    kept += [item for item in items[NEWEST:] if any(c.on >= since for c in item.record.corrections)]
    kept += [stone for stone in stones if stone.withdrawn_on >= since]
    return sorted(kept, key=lambda each: (-_changed(each).timestamp(), each.key))


def _changed(each: Item | Tombstone) -> datetime:
    return each.withdrawn_on if isinstance(each, Tombstone) else each.record.modified


def entry(site: Site, each: Item | Tombstone) -> FeedEntry:
    """A record's entry with its full text, or the notice that it was withdrawn."""
    base = site.vocabulary.identity.url
    if isinstance(each, Tombstone):
        lines = [
            ("索引号", each.index_no or ""),
            ("撤回日期", clock.format_minute(each.withdrawn_on)),
            ("撤回原因", each.reason),
        ]
        html = "".join(f"<p>{label}：{escape(text)}</p>" for label, text in lines if text)
        return FeedEntry(base + each.url, TITLE, None, each.withdrawn_on, f"<p>{TITLE}。</p>{html}", TITLE, "", ())
    record = each.record
    return FeedEntry(
        id=base + each.url,
        title=record.title,
        published=record.first_public,
        updated=record.modified,
        html=_absolute(_full_text(each), base, base + each.url),
        summary=record.summary or "",
        author=each.publisher.name,
        categories=tuple(theme.full for theme in each.themes),
    )


def _full_text(item: Item) -> str:
    record = item.record
    parts = [f"<p><strong>更正（{day(c.on)}）：</strong>{escape(c.note)}</p>" for c in record.corrections]
    if isinstance(record, DisclosureEntry):
        rows = [("索引号", record.index_no), ("发文字号", record.doc_no), ("成文日期", day(record.formed))]
        rows.append(("有效性", item.standing.label if item.standing else None))
        parts.append("<p>" + "　".join(f"{label}：{escape(text)}" for label, text in rows if text) + "</p>")
        if not record.body and record.summary:
            parts.append(f"<p>{escape(record.summary)}</p>")
    if item.reprint:
        parts.append(f"<p>来源：{escape(record.source or '')}</p>")
    if item.image:
        parts.append(f'<p><img src="{item.image.file.url}" alt="{escape(item.image.title)}"></p>')
    parts.append(to_html(item.body).html)
    if item.attachments:
        links = [
            f'<li><a href="{a.file.url}">{escape(a.title)}</a>（{a.file.label}，{size(a.file.size)}）</li>'
            for a in item.attachments
        ]
        parts.append(f"<p>附件：</p><ul>{''.join(links)}</ul>")
    return "\n".join(parts)


def _absolute(html: str, base: str, page: str) -> str:
    """Links with their whole address: a feed reader has no page to resolve site paths and anchors against."""
    html = re.sub(r'(\s(?:href|src)=")/(?!/)', rf"\1{base}/", html)
    return re.sub(r'(\shref=")#', rf"\1{page}#", html)


def render(site: Site, title: str, link: FeedLink, page: str, entries: list[FeedEntry]) -> tuple[bytes, bytes]:
    """A feed as RSS and as Atom."""
    identity = site.vocabulary.identity
    generator = FeedGenerator()
    generator.id(identity.url + link.atom)
    generator.title(title)
    generator.description(f"{title}：{identity.description}")
    generator.subtitle(identity.description)
    generator.language("zh-CN")
    generator.author(name=identity.organ)
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
        added.content(each.html, type="html")
        for category in each.categories:
            added.category(term=category)
    feeds = []
    for address, kind in ((link.rss, "application/rss+xml"), (link.atom, "application/atom+xml")):
        # RSS takes the last alternate link as the channel's own; rel="self" differs between the two forms.
        generator.link(
            [
                {"href": identity.url + address, "rel": "self", "type": kind},
                {"href": identity.url + page, "rel": "alternate", "type": "text/html"},
            ],
            replace=True,
        )
        text = generator.rss_str(pretty=False) if address == link.rss else generator.atom_str(pretty=False)
        feeds.append(bytes(text))
    return feeds[0], feeds[1]


def feeds(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every feed file: path and bytes."""
    identity = site.vocabulary.identity
    made: dict[tuple[str, str], FeedEntry] = {}

    def entries(group: Group | None) -> list[FeedEntry]:
        found = []
        for each in members(site, group):
            if each.key not in made:
                made[each.key] = entry(site, each)
            found.append(made[each.key])
        return found

    listed = set(feed_groups(site))  # a group that has no list yet leads to the page of feeds
    wanted: list[tuple[str, FeedLink, str, Group | None]] = [(identity.name, SITE_FEED, "/", None)]
    wanted += [
        (f"{identity.name}：{g.name}", feed_link(g), group_url(g) if g in listed else FEEDS.url, g)
        for g in all_groups(site)
    ]
    for title, link, page, group in wanted:
        rss, atom = render(site, title, link, page, entries(group))
        yield link.rss.lstrip("/"), rss
        yield link.atom.lstrip("/"), atom


def opml(site: Site) -> bytes:
    """All feeds that have something in them, as one file to import into a reader. Atom: it knows corrections."""
    identity = site.vocabulary.identity
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(identity.name)}</title></head>",
        "<body>",
    ]
    links = [(identity.name, SITE_FEED), *((group.name, feed_link(group)) for group in feed_groups(site))]
    for title, link in links:
        text = escape(title, quote=True)
        lines.append(f'<outline type="rss" text="{text}" title="{text}" xmlUrl="{identity.url}{link.atom}"/>')
    return "\n".join([*lines, "</body>", "</opml>", ""]).encode()


def register() -> None:
    """Pelican's entry."""
    signals.site_written.connect(_write)


def _write(build: signals.Build, *, site: Site, staging: Staging) -> None:
    with build.timings.stage("订阅"):
        for path, data in feeds(site):
            staging.put(path, data)
        staging.put(OPML, opml(site))
