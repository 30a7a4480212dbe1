"""Pages that are there once: home, browse, changes, data, site map, 404; and tombstones."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.pages import platform
from portal.pages.chrome import (
    BROWSE,
    CHANGES,
    DATA,
    FEEDS,
    HOME,
    INTERPRETATIONS,
    MESSAGES,
    NEWS,
    NUMBERS,
    PLATFORM,
    SEARCH,
    SITEMAP,
    THEMES,
    column,
    head,
)
from portal.pages.lists import LABELS, group_url
from portal.pages.parts import SITE_FEED, Chrome, FeedLink, Link, Page, Row, RowGroup, View, row
from portal.records.types import StandingPage
from portal.site.groups import CHANNEL_IDS, reading_order
from portal.site.model import Dimension, Group, Item, Site

RECENT = timedelta(days=90)
"""How long 最近变更 and the feeds remember."""


@dataclass(frozen=True, slots=True)
class HomeView(View):
    """The home page."""

    features: tuple[Row, ...]  # newest releases with a picture
    channels: tuple[RowGroup, ...]
    documents: tuple[Row, ...]
    interpretations: tuple[Row, ...]
    platform: tuple[Link, ...]
    columns: tuple[Link, ...]
    popular: tuple[Link, ...]  # themes with most documents


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links under a heading; `more` leads on."""

    title: str
    links: tuple[Link, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class LinksView(View):
    """A page of link groups: browse, and the site map."""

    title: str
    intro: str
    groups: tuple[LinkGroup, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A line of 最近变更: what happened (新增, 更正, 撤回), when, to what. A withdrawn record is named by 索引号 only."""

    what: str
    on: datetime
    title: str
    url: str
    note: str
    kind: str


@dataclass(frozen=True, slots=True)
class ChangesView(View):
    """最近变更."""

    title: str
    days: int
    changes: tuple[ChangeRow, ...]
    feed: FeedLink


@dataclass(frozen=True, slots=True)
class TombstoneView(View):
    """Of a withdrawn record: its address, 索引号, 撤回日期, 撤回原因, and nothing else."""

    index_no: str
    withdrawn_on: datetime
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class DataView(View):
    """The page of the machine-readable catalogue: a line a year with its three files."""

    title: str
    index: str
    years: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PlainView(View):
    """A page whose text stands in its template: 404."""

    title: str
    links: tuple[Link, ...] = ()


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """All of them."""
    yield _home(site, chrome)
    yield _browse(site, chrome)
    yield _changes(site, chrome)
    yield _data(site, chrome)
    yield _sitemap(site, chrome)
    links = (HOME, PLATFORM, NEWS, INTERPRETATIONS, BROWSE, NUMBERS, SITEMAP, MESSAGES)
    missing = head(site, "页面不存在", "/404.html", noindex=True)
    yield Page("404.html", "404.html", PlainView(chrome, missing, (HOME,), "页面不存在", links))
    for stone in site.tombstones:
        title = "该信息已撤回"
        view = TombstoneView(
            chrome=chrome,
            head=head(site, title, stone.url, noindex=True),
            crumbs=(HOME,),
            index_no=stone.index_no or "",
            withdrawn_on=stone.withdrawn_on,
            reason=stone.reason,
            url=site.vocabulary.identity.url + stone.url,
        )
        yield Page(f"{stone.url.strip('/')}/index.html", "tombstone.html", view)


def _page(link: Link, template: str, view: View) -> Page:
    return Page(f"{link.url.strip('/')}/index.html".lstrip("/"), template, view)


def _home(site: Site, chrome: Chrome) -> Page:
    channels = []
    for name, identifier in CHANNEL_IDS.items():
        group = Group(Dimension.CHANNEL, identifier, name)
        channels.append(RowGroup(name, tuple(map(row, site.members(group)[:6])), group.url, "本频道暂无信息。"))
    pictured = [item for item in site.news if item.image]
    themes = [group for group in site.groups if group.dimension is Dimension.THEME and "/" in group.name]
    themes = [group for group in themes if site.members(group)]
    themes.sort(key=lambda group: (-len(site.members(group)), group.id))
    view = HomeView(
        chrome=chrome,
        head=head(
            site, "首页", HOME.url, column=column(site, "首页", "首页", keywords=site.vocabulary.identity.keywords)
        ),
        crumbs=(),
        features=tuple(map(row, pictured[:3])),
        channels=tuple(channels),
        documents=tuple(row(item) for item in itertools.islice((e for e in site.entries if not platform.closed(e)), 8)),
        interpretations=tuple(map(row, site.interpretations[:4])),
        platform=platform.tabs(site),
        columns=tuple(branch.link for branch in platform.tree(site)),
        popular=tuple(Link(group.name.split("/")[-1], group.url) for group in themes[:6]),
    )
    return Page("index.html", "home.html", view)


def _browse(site: Site, chrome: Chrome) -> Page:
    groups = []
    for dimension, label in LABELS.items():
        members = sorted((group for group in site.groups if group.dimension is dimension), key=reading_order)
        if dimension is Dimension.COLUMN:
            continue
        links = [Link(group.name, group_url(group), note=str(len(site.members(group)))) for group in members]
        groups.append(LinkGroup(label, tuple(link for link in links if link.note != "0")))
    columns = [
        Link(word.name, platform.column_url(word), note=str(len(platform.column_items(site, word))))
        for top in site.vocabulary.columns
        for word in platform.below(top)
    ]
    groups.insert(1, LinkGroup(LABELS[Dimension.COLUMN], tuple(columns)))
    view = LinksView(
        chrome,
        head(site, BROWSE.text, BROWSE.url),
        (HOME, BROWSE),
        BROWSE.text,
        "按类型、栏目、主题、机构、年份、体裁和有效性查找，数字是信息条数。",
        tuple(groups),
    )
    return _page(BROWSE, "browse.html", view)


def changes(site: Site) -> Iterator[ChangeRow]:
    """Additions, corrections and withdrawals of the last 90 days, in no particular order."""
    since = site.now - RECENT
    for item in site.items.values():
        record = item.record
        if isinstance(record, StandingPage):
            continue
        if record.first_public >= since:
            yield ChangeRow("新增", record.first_public, record.title, item.url, "", record.label)
        for correction in record.corrections:
            if correction.on >= since:
                yield ChangeRow("更正", correction.on, record.title, item.url, correction.note, record.label)
    for stone in site.tombstones:
        if stone.withdrawn_on >= since and stone.kind != StandingPage.kind:
            title = f"索引号 {stone.index_no}" if stone.index_no else "该信息已撤回"
            yield ChangeRow("撤回", stone.withdrawn_on, title, stone.url, stone.reason, "")


def _changes(site: Site, chrome: Chrome) -> Page:
    found = sorted(changes(site), key=lambda change: (-change.on.timestamp(), change.url, change.what))
    intro = head(site, CHANGES.text, CHANGES.url, description="近90天新增、更正和撤回的信息。")
    return _page(
        CHANGES,
        "changes.html",
        ChangesView(chrome, intro, (HOME, CHANGES), CHANGES.text, RECENT.days, tuple(found), SITE_FEED),
    )


def _data(site: Site, chrome: Chrome) -> Page:
    counts: dict[int, int] = {}
    for item in site.items.values():
        if not isinstance(item.record, StandingPage):
            counts[item.record.year] = counts.get(item.record.year, 0) + 1
    years = tuple(
        Link(str(year), f"/data/catalog-{year}", note=str(counts[year])) for year in sorted(counts, reverse=True)
    )
    tags = column(site, DATA.text, "数据开放", "公开目录的机器可读版本：CSV、JSON、DCAT。")
    view = DataView(
        chrome, head(site, DATA.text, DATA.url, column=tags), (HOME, DATA), DATA.text, "/data/catalog.json", years
    )
    return _page(DATA, "data.html", view)


def _sitemap(site: Site, chrome: Chrome) -> Page:
    def page_links(items: list[Item]) -> tuple[Link, ...]:
        return tuple(Link(item.record.title, item.url) for item in sorted(items, key=lambda i: i.record.id))

    channels = tuple(Link(name, f"/channels/{identifier}/") for name, identifier in CHANNEL_IDS.items())
    groups = (
        LinkGroup("政府信息公开", (PLATFORM, *platform.tabs(site))),
        *(
            LinkGroup(branch.link.text, (branch.link, *branch.children))
            for branch in platform.tree(site)
            if branch.children
        ),
        LinkGroup("法定主动公开内容", tuple(b.link for b in platform.tree(site) if not b.children)),
        LinkGroup(NEWS.text, (NEWS, *channels)),
        LinkGroup("解读与查询", (INTERPRETATIONS, BROWSE, THEMES, NUMBERS, SEARCH)),
        LinkGroup("互动与服务", (MESSAGES, CHANGES, FEEDS, DATA)),
        LinkGroup("机构与说明", page_links(list(site.pages))),
    )
    view = LinksView(chrome, head(site, SITEMAP.text, SITEMAP.url), (HOME, SITEMAP), SITEMAP.text, "", groups)
    return _page(SITEMAP, "sitemap.html", view)
