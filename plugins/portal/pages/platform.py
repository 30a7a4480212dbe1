"""The platform 政府信息公开: 指南, 制度, 法定主动公开内容, 年报, 依申请公开, in that order.

Name, order and content are those of 国办公开办函〔2019〕61号: only statutory content, no news.
"""

import heapq
import itertools
from collections.abc import Iterator, Sequence

from portal.pages.chrome import HOME, PLATFORM, column_head
from portal.pages.parts import (
    Chrome,
    FeedLink,
    Link,
    Page,
    Pager,
    Row,
    RowGroup,
    Shared,
    View,
    feed_link,
    page_path,
    row,
)
from portal.records.types import Access, DisclosureEntry, Position
from portal.records.vocabulary import Column as ColumnWord
from portal.records.vocabulary import SubColumn
from portal.site.groups import column_group
from portal.site.model import Item, Site
from portal.value import Value

STATUTORY = "法定主动公开内容"
RULES = "公开制度"
ANNUAL = "公开年报"

GUIDE_URL = "/disclosure/guide/"
RULES_URL = "/disclosure/rules/"
CONTENT_URL = "/disclosure/content/"
ANNUAL_URL = "/disclosure/annual/"
REQUEST_URL = "/disclosure/request/"


class Branch(Value, frozen=True):
    """A heading of the column tree with the headings below it."""

    link: Link
    children: tuple[Link, ...] = ()
    open: bool = False


class PlatformNav(Shared, frozen=True):
    """The block of five that stands on every page of the platform, and the tree of 法定主动公开内容."""

    tabs: tuple[Link, ...]
    tree: tuple[Branch, ...]


class PlatformView(View, frozen=True):
    """A page of the platform: an introduction, documents as rows under headings, or the tree as a page."""

    title: str
    nav: PlatformNav
    intro: str
    groups: tuple[RowGroup, ...]
    columns: tuple[Branch, ...] = ()
    pager: Pager | None = None
    table: bool = True
    feed: FeedLink | None = None


def position_item(site: Site, position: Position) -> Item | None:
    """The standing page at a position; the earliest id where there are several."""
    return min(site.standing_pages(position), key=lambda item: item.record.id, default=None)


def tabs(site: Site, current: str = "") -> tuple[Link, ...]:
    """The five, with the one that the reader is in marked. 指南 and 依申请公开 are standing pages where there are any."""
    guide, request = position_item(site, Position.GUIDE), position_item(site, Position.REQUEST)
    links = (
        Link("政府信息公开指南", guide.url if guide else GUIDE_URL),
        Link("政府信息公开制度", RULES_URL),
        Link(STATUTORY, CONTENT_URL),
        Link("政府信息公开年报", ANNUAL_URL),
        Link("依申请公开", request.url if request else REQUEST_URL),
    )
    return tuple(Link(link.text, link.url, link.url == current) for link in links)


def tree(site: Site, current: str = "") -> tuple[Branch, ...]:
    """The headings of 条例 art. 20, two levels; the branch that holds the current column is open."""
    branches = []
    for top in site.vocabulary.columns:
        if top.section != STATUTORY:
            continue
        children = tuple(Link(child.name, column_url(child), child.id == current) for child in top.children)
        inside = top.id == current or any(child.current for child in children)
        branches.append(Branch(Link(top.name, column_url(top), top.id == current), children, inside))
    return tuple(branches)


class Navigation:
    """The platform's navigation, made once for each place from which it is seen."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._seen: dict[tuple[str, str], PlatformNav] = {}

    def seen_from(self, tab: str, column: str = "") -> PlatformNav:
        """As seen from a tab and a column."""
        found = self._seen.get((tab, column))
        if found is None:
            found = self._seen[tab, column] = PlatformNav(tabs(self._site, tab), tree(self._site, column))
        return found


def column_url(word: SubColumn) -> str:
    """The list of a column."""
    return f"/columns/{word.id}/"


def column_crumbs(site: Site, word: SubColumn) -> tuple[Link, ...]:
    """The way from the home page down to a column."""
    top = site.vocabulary.parent_column[word.id]
    section = {STATUTORY: Link(STATUTORY, CONTENT_URL), RULES: Link("政府信息公开制度", RULES_URL)}
    first = section.get(top.section, Link("政府信息公开年报", ANNUAL_URL))
    middle = [Link(top.name, column_url(top))] if top.id != word.id and top.section == STATUTORY else []
    own = [Link(word.name, column_url(word))] if top.section == STATUTORY else []
    return (HOME, PLATFORM, first, *middle, *own)


def below(word: SubColumn) -> tuple[SubColumn, ...]:
    """A column and the columns below it."""
    return (word, *word.children) if isinstance(word, ColumnWord) else (word,)


def column_words(site: Site) -> tuple[SubColumn, ...]:
    """Every column and those below it, as the office lists them."""
    return tuple(word for top in site.vocabulary.columns for word in below(top))


def column_items(site: Site, word: SubColumn) -> tuple[Item, ...]:
    """The entries of a column and of those below it, newest first."""
    members = [site.members(column_group(each)) for each in below(word)]
    return _newest_first(members)


def section_rows(site: Site, section: str, most: int | None = None) -> tuple[Row, ...]:
    """The entries of the columns of a section that are open, newest first, all or so many."""
    found = _newest_first([column_items(site, top) for top in site.vocabulary.columns if top.section == section])
    return tuple(map(row, itertools.islice((item for item in found if not closed(item)), most)))


def _newest_first(members: Sequence[tuple[Item, ...]]) -> tuple[Item, ...]:
    """The members of several lists, each newest first and with members of its own, as one."""
    filled = [each for each in members if each]
    if len(filled) < 2:
        return filled[0] if filled else ()
    return tuple(heapq.merge(*filled, key=lambda item: item.record.order, reverse=True))


def closed(item: Item) -> bool:
    """Whether an entry is 不予公开: it stands in the catalogue, but is nothing newly opened."""
    return isinstance(item.record, DisclosureEntry) and item.record.access is Access.CLOSED


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The platform's own pages; the lists of columns are planned with the other lists."""
    identity = site.vocabulary.identity
    statutory = section_rows(site, STATUTORY, 20)
    yield _page(
        site,
        chrome,
        PLATFORM.text,
        PLATFORM.url,
        "信息公开目录",
        f"{identity.organ}依据《中华人民共和国政府信息公开条例》公开政府信息。",
        (RowGroup("最新公开", statutory[:10], CONTENT_URL),),
        columns=tree(site),
    )
    yield _page(
        site,
        chrome,
        STATUTORY,
        CONTENT_URL,
        "信息公开目录",
        "《中华人民共和国政府信息公开条例》第二十条要求主动公开的十五项内容。",
        (RowGroup("最新公开", statutory, BROWSE_ENTRIES),),
        columns=tree(site),
    )
    rules = (*map(row, reversed(site.standing_pages(Position.RULES))), *section_rows(site, RULES))
    yield _page(
        site,
        chrome,
        "政府信息公开制度",
        RULES_URL,
        "信息公开目录",
        "政府信息公开的法规、规章和本机关的工作制度。",
        (RowGroup("制度", rules, note="本机关无此项。"),),
        table=False,
    )
    groups = [column_group(word) for top in site.vocabulary.columns if top.section == ANNUAL for word in below(top)]
    yield _page(
        site,
        chrome,
        "政府信息公开年报",
        ANNUAL_URL,
        "信息公开年报",
        "按照《条例》第四十九条，每年1月31日前公布上一年度政府信息公开工作年度报告。",
        (RowGroup("年度报告", section_rows(site, ANNUAL), note="本机关尚无年度报告。"),),
        table=False,
        feed=feed_link(groups[0]) if groups else None,
    )
    for title, url, position in (
        ("政府信息公开指南", GUIDE_URL, Position.GUIDE),
        ("依申请公开", REQUEST_URL, Position.REQUEST),
    ):
        if position_item(site, position) is None:
            note = f"{identity.office}：{identity.address}，{identity.phone}，{identity.email}。"
            yield _page(site, chrome, title, url, "信息公开目录", note, (RowGroup(title, (), note=note),))


BROWSE_ENTRIES = "/kinds/entries/"


def _page(
    site: Site,
    chrome: Chrome,
    title: str,
    url: str,
    column_type: str,
    intro: str,
    groups: tuple[RowGroup, ...],
    *,
    columns: tuple[Branch, ...] = (),
    table: bool = True,
    feed: FeedLink | None = None,
) -> Page:
    crumbs = (HOME, PLATFORM) if url == PLATFORM.url else (HOME, PLATFORM, Link(title, url))
    view = PlatformView(
        chrome=chrome,
        head=column_head(site, title, url, column_type, intro),
        crumbs=crumbs,
        title=title,
        nav=Navigation(site).seen_from(url),
        intro=intro,
        groups=groups,
        columns=columns,
        table=table,
        feed=feed,
    )
    return Page(page_path(url), "platform.html", view)
