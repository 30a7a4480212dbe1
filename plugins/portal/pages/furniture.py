"""Pages that are there once: home, browse, data, site map, 404."""

import itertools
from collections.abc import Iterator

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
from portal.pages.parts import Chrome, Link, Page, Row, RowGroup, View, page_path, row
from portal.records.types import StandingPage
from portal.site.groups import channel_groups, reading_order
from portal.site.model import Dimension, Item, Site
from portal.value import Value


class HomeView(View, frozen=True):
    """The home page."""

    features: tuple[Row, ...]  # newest releases with a picture
    channels: tuple[RowGroup, ...]
    documents: tuple[Row, ...]
    interpretations: tuple[Row, ...]
    platform: tuple[Link, ...]
    columns: tuple[Link, ...]
    popular: tuple[Link, ...]  # themes with most documents


class LinkGroup(Value, frozen=True):
    """Links under a heading; `more` leads on."""

    title: str
    links: tuple[Link, ...]
    more: str = ""


class LinksView(View, frozen=True):
    """A page of link groups: browse, and the site map."""

    title: str
    intro: str
    groups: tuple[LinkGroup, ...]


class DataView(View, frozen=True):
    """The page of the machine-readable catalogue: a line a year with its three files."""

    title: str
    index: str
    years: tuple[Link, ...]


class PlainView(View, frozen=True):
    """A page whose text stands in its template: 404."""

    title: str
    links: tuple[Link, ...] = ()


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """All of them."""
    yield _home(site, chrome)
    yield _browse(site, chrome)
    yield _data(site, chrome)
    yield _sitemap(site, chrome)
    links = (HOME, PLATFORM, NEWS, INTERPRETATIONS, BROWSE, NUMBERS, SITEMAP, MESSAGES)
    missing = head(site, "页面不存在", "/404.html", noindex=True)
    yield Page("404.html", "404.html", PlainView(chrome, missing, (HOME,), "页面不存在", links))


def _home(site: Site, chrome: Chrome) -> Page:
    channels = (
        RowGroup(group.name, tuple(map(row, site.members(group)[:6])), group.url, "本频道暂无信息。")
        for group in channel_groups()
    )
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
    return Page(page_path(HOME.url), "home.html", view)


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
        for word in platform.column_words(site)
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
    return Page(page_path(BROWSE.url), "browse.html", view)


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
    return Page(page_path(DATA.url), "data.html", view)


def _sitemap(site: Site, chrome: Chrome) -> Page:
    def page_links(items: list[Item]) -> tuple[Link, ...]:
        return tuple(Link(item.record.title, item.url) for item in sorted(items, key=lambda i: i.record.id))

    channels = tuple(Link(group.name, group.url) for group in channel_groups())
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
    return Page(page_path(SITEMAP.url), "sitemap.html", view)
