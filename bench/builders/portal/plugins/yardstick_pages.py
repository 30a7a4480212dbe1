"""The pages of the yardstick, planned by the portal: what Hugo, Eleventy and Pelican make of the same articles.

An article is a disclosure entry. Its column is the peers' category, its themes are their topics, its publisher is their
department. Addresses are Hugo's: /<category>/<slug>.html, /topics/<topic>.html, page/2 of lists, feeds at
/<category>/index.xml.

What differs from the peers, and why:

- 索引号: the article's own (K010093-0026-2026-000193) is not of the form that the portal's rules ask for. The entry has one
  that is, and keeps the article's own as its 关键词, which is what the page shows: its text is the peers' to the letter.
- A withdrawn article keeps its address with a notice, as the portal promises; for the peers the file is deleted.
- The sitemap lists articles, as Eleventy's and Pelican's do; Hugo's own has lists and home besides.
- Feeds are titled by the category's name (Hugo's own template: "Notices on …").
- Beside the pages stand the portal's marker file and the static files of its theme, which the engine always writes.
- Articles of one day are in the order of their ids, newest first, as Eleventy's; Hugo has them in the order of titles.
"""

from collections.abc import Iterator, Sequence
from email.utils import format_datetime
from urllib.parse import quote

from msgspec import structs

from portal import signals
from portal.markup.body import Body
from portal.pages.parts import Chrome, Head, Link, Page, View
from portal.records.types import DisclosureEntry
from portal.site.groups import column_group, kind_group, theme_group
from portal.site.model import Dimension, Group, Item, Key, Site
from portal.value import Value

PER_PAGE = 20
FEED_ITEMS = 20
HOME_ITEMS = 10
HOME = Link("首页", "/index.html")
SEARCH = Link("检索", "/search.html")


class Line(Value, frozen=True):
    """An article in a list or beside another article: made once, shared by every page that names it."""

    title: str
    url: str
    date: str
    number: str


class ArticleView(View, frozen=True):
    """An article; the last of its crumbs is the category."""

    line: Line
    summary: str
    index_no: str
    department: str
    topics: tuple[Link, ...]
    body: Body
    older: Line | None
    newer: Line | None


class ListView(View, frozen=True):
    """A page of a paginated list, newest first; `section` is the category in the navigation, `feed` its address."""

    title: str
    section: str
    feed: str
    lines: tuple[Line, ...]
    number: int
    total: int
    newer: str
    older: str


class HomeView(View, frozen=True):
    """The newest of each category."""

    sections: tuple[tuple[Link, tuple[Line, ...]], ...]


class FeedItem(Value, frozen=True):
    """An article in a feed; the address is absolute, the time as RFC 822 has it."""

    title: str
    url: str
    date: str
    summary: str


class FeedView(View, frozen=True):
    """The newest of a category, as RSS."""

    address: str
    items: tuple[FeedItem, ...]


class SitemapView(View, frozen=True):
    """Path and day of every article, newest first."""

    base: str
    urls: tuple[tuple[str, str], ...]


class GoneView(View, frozen=True):
    """What is left of a withdrawn article; the last of its crumbs is the category."""

    date: str
    reason: str


class StyleView(View, frozen=True):
    """The style sheet depends on nothing; it is a page to stand at the peers' address, without a hash."""


def plan(site: Site, chrome: Chrome, *, sitemap: bool = True) -> Iterator[Page]:
    """Every page of the site."""
    frame = _frame(site, chrome)
    base, name = site.vocabulary.identity.url, site.vocabulary.identity.name
    home = Head(name, base + HOME.url)
    categories = {column.id: Link(column.name, f"/{column.id}/index.html") for column in site.vocabulary.columns}
    lines = _lines(site)
    topics = Topics(site)
    sections: list[tuple[Link, tuple[Line, ...]]] = []
    for column in site.vocabulary.columns:
        category, keys = categories[column.id], _newest(site, column_group(column), lines)
        yield from _articles(site, frame, keys, lines, category, topics)
        feed = f"/{column.id}/index.xml"
        shown = tuple(map(lines.__getitem__, keys))
        addresses = _addresses(f"/{column.id}/index.html", f"/{column.id}/page/{{}}/index.html", len(keys))
        yield from _list(frame, base, column.name, addresses, shown, category.url, feed)
        items = tuple(_feed_item(site.items[key], base + lines[key].url) for key in keys[:FEED_ITEMS])
        head = Head(f"{column.name} - {name}", base + category.url)
        yield Page(feed[1:], "yardstick/feed.xml", FeedView(frame, head, (), base + feed, items))
        sections.append((category, shown[:HOME_ITEMS]))
    for theme in site.vocabulary.theme_paths:
        keys = _newest(site, theme_group(theme), lines)
        if keys:
            addresses = _addresses(f"/topics/{theme.full}.html", f"/topics/{theme.full}/page/{{}}.html", len(keys))
            yield from _list(frame, base, theme.full, addresses, tuple(map(lines.__getitem__, keys)))
    yield from _gone(site, frame, categories)
    yield Page("index.html", "yardstick/home.html", HomeView(frame, home, (), tuple(sections)))
    yield Page("theme/style.css", "yardstick/style.css", StyleView(frame, home, ()))
    if sitemap:
        entries = [lines[key] for key in _newest(site, kind_group(DisclosureEntry), lines)]
        view = SitemapView(frame, home, (), base, tuple((line.url, line.date) for line in entries))
        yield Page("sitemap.xml", "yardstick/sitemap.xml", view)


def _frame(site: Site, chrome: Chrome) -> Chrome:
    """The peers' header and foot in the portal's Chrome. Nothing of the portal's own theme is in it."""
    identity = site.vocabulary.identity
    navigation = (HOME, *(Link(each.name, f"/{each.id}/index.html") for each in site.vocabulary.columns), SEARCH)
    departments = tuple(Link(organ.name, "") for organ in site.vocabulary.organs if organ.name != identity.organ)
    foot = (("主办", identity.organ), ("网站标识码", identity.site_code), ("备案号", identity.icp))
    return structs.replace(chrome, navigation=navigation, footer_links=departments, footer=foot, assets=())


def _lines(site: Site) -> dict[Key, Line]:
    lines = {}
    for key, item in site.items.items():
        record = item.record
        if isinstance(record, DisclosureEntry):
            assert item.column is not None
            date = record.first_public.date().isoformat()
            lines[key] = Line(record.title, f"/{item.column.id}/{record.id}.html", date, record.doc_no or "")
    return lines


def _newest(site: Site, group: Group, lines: dict[Key, Line]) -> list[Key]:
    """The public articles of a group, newest first. The Site has sorted them already."""
    return [key for key in reversed(site.groups.get(group, ())) if key in lines]


def _articles(
    site: Site, frame: Chrome, keys: Sequence[Key], lines: dict[Key, Line], category: Link, topics: "Topics"
) -> Iterator[Page]:
    """The pages of a category's articles, each with its neighbours."""
    base, name = site.vocabulary.identity.url, site.vocabulary.identity.name
    items = site.items
    crumbs = (HOME, category)
    found = [*map(lines.__getitem__, keys), None]
    newer: Line | None = None
    for at, key in enumerate(keys):
        item, line = items[key], found[at]
        assert line is not None
        record = item.record
        head = Head(f"{line.title} - {name}", base + line.url)
        index_no = record.keywords[0] if record.keywords else ""
        view = ArticleView(
            frame, head, crumbs, line, record.summary or "", index_no, item.publisher.name, topics(item), item.body,
            found[at + 1], newer,
        )  # fmt: skip
        yield Page(line.url[1:], "yardstick/article.html", view)
        newer = line


class Topics:
    """The links of an article's topics; articles of the same topics share one value."""

    def __init__(self, site: Site) -> None:
        themes = site.vocabulary.theme_paths
        self._links = {theme.id: Link(theme.full, quote(f"/topics/{theme.full}.html")) for theme in themes}
        self._made: dict[tuple[str, ...], tuple[Link, ...]] = {}

    def __call__(self, item: Item) -> tuple[Link, ...]:
        ids = tuple([theme.id for theme in item.themes])
        links = self._made.get(ids)
        if links is None:
            links = self._made[ids] = tuple(map(self._links.__getitem__, ids))
        return links


def _addresses(first: str, others: str, members: int) -> list[str]:
    """The paths of a list's pages; an empty list has one."""
    total = max(1, -(-members // PER_PAGE))
    return [first, *(others.format(number) for number in range(2, total + 1))]


def _list(
    frame: Chrome, base: str, title: str, paths: list[str], lines: tuple[Line, ...], section: str = "", feed: str = ""
) -> Iterator[Page]:
    """The pages of a list."""
    urls = ["", *map(quote, paths), ""]
    head = Head(f"{title} - {frame.site_name}", base + urls[1])
    for number, path in enumerate(paths, start=1):
        shown = lines[(number - 1) * PER_PAGE : number * PER_PAGE]
        newer, older = urls[number - 1], urls[number + 1]
        view = ListView(frame, head, (HOME,), title, section, feed, shown, number, len(paths), newer, older)
        yield Page(path[1:], "yardstick/list.html", view)


def _feed_item(item: Item, url: str) -> FeedItem:
    record = item.record
    return FeedItem(record.title, url, format_datetime(record.first_public), record.summary or "")


def _gone(site: Site, frame: Chrome, categories: dict[str, Link]) -> Iterator[Page]:
    base = site.vocabulary.identity.url
    for stone in site.tombstones:
        column = next((group.id for group in stone.groups if group.dimension is Dimension.COLUMN), "")
        if column in categories:
            path = f"{column}/{stone.id}.html"
            head = Head(f"本信息已撤回 - {frame.site_name}", f"{base}/{path}", noindex=True)
            date = stone.withdrawn_on.isoformat()[:10]
            crumbs = (HOME, categories[column])
            yield Page(path, "yardstick/gone.html", GoneView(frame, head, crumbs, date, stone.reason))


def register() -> None:
    """Pelican's entry."""
    signals.pages_planned.connect(_plan)


def _plan(build: signals.Build, *, site: Site, chrome: Chrome, pages: list[Page]) -> None:
    # Beside the portal's outputs the address of the sitemap is theirs.
    sitemap = "portal.outputs.sitemap" not in build.settings["PLUGINS"]
    pages.extend(plan(site, chrome, sitemap=sitemap))
