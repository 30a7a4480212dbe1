"""Lists: every kind, channel, column, theme, organ, year, genre and validity has one, paginated and without script."""

from collections.abc import Iterator, Mapping

from portal.pages import platform
from portal.pages.chrome import BROWSE, HOME, INTERPRETATIONS, NEWS, PLATFORM, column, head, news_column_type
from portal.pages.pagination import leaves
from portal.pages.parts import Chrome, Column, FeedLink, Link, Page, Pager, Row, View, feed_link, page_path, row
from portal.records.types import DisclosureEntry, Interpretation, PressRelease
from portal.records.vocabulary import SubColumn
from portal.site.groups import channel_groups, column_group, kind_group, reading_order
from portal.site.model import Dimension, Group, Key, Site, Validity
from portal.value import Value

LABELS = {
    Dimension.KIND: "信息类型",
    Dimension.COLUMN: "公开栏目",
    Dimension.CHANNEL: "新闻频道",
    Dimension.THEME: "主题分类",
    Dimension.ORGAN: "发布机构",
    Dimension.YEAR: "年份",
    Dimension.GENRE: "体裁分类",
    Dimension.VALIDITY: "有效性",
}
"""What the public calls each dimension."""

FED = {Dimension.KIND, Dimension.CHANNEL, Dimension.THEME, Dimension.ORGAN, Dimension.COLUMN}
"""The dimensions whose groups have feeds."""

_ENDED = {Validity.REPEALED, Validity.EXPIRED}


class ListView(View, frozen=True):
    """A page of a list. `form` is 表格 (documents), 卡片 (interpretations) or 列表; `note` is shown when it is empty."""

    title: str
    intro: str
    form: str
    rows: tuple[Row, ...]
    pager: Pager
    siblings: tuple[Link, ...]  # the other values of the same dimension, or the tabs of a kind
    switch: tuple[Link, ...]  # 现行有效 and 废止和失效 of a column
    note: str
    nav: platform.PlatformNav | None
    feed: FeedLink | None


class Listing(Value, frozen=True):
    """A list to be paginated: everything of its pages but the rows."""

    url: str
    title: str
    intro: str
    form: str
    crumbs: tuple[Link, ...]
    column: Column | None
    slots: tuple[Key, ...]
    shown: frozenset[Key]
    siblings: tuple[Link, ...] = ()
    switch: tuple[Link, ...] = ()
    note: str = "暂无信息。"
    nav: platform.PlatformNav | None = None
    feed_group: Group | None = None


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The pages of every list."""
    shown = {key: row(item) for key, item in site.items.items()}  # each stands in some ten lists
    for listing in _listings(site):
        yield from _pages(site, chrome, listing, shown)


def group_url(group: Group) -> str:
    """The address of a group's list; press releases and interpretations are listed where their section begins."""
    special = {kind_group(PressRelease): NEWS.url, kind_group(Interpretation): INTERPRETATIONS.url}
    return special.get(group, group.url)


def _pages(site: Site, chrome: Chrome, listing: Listing, shown: Mapping[Key, Row]) -> Iterator[Page]:
    found = leaves(listing.slots, listing.shown)
    base = listing.url

    def address(number: int) -> str:
        return f"{base}page-{number}/"

    for leaf in found:
        number = leaf.number
        pager = Pager(
            page=number or 0,
            newest=base if number else "",
            newer="" if number is None else address(leaf.newer) if leaf.newer else base,
            older=address(leaf.older) if leaf.older else "",
            oldest=address(found[1].number or 1) if leaf.older else "",
            # How many there are would change every page with each new one: only the list's own address says it.
            total=len(listing.shown) if number is None else 0,
        )
        path = base if number is None else address(number)
        title = listing.title if number is None else f"{listing.title}（第 {number} 页）"
        feed = feed_link(listing.feed_group) if listing.feed_group else None
        view = ListView(
            chrome=chrome,
            head=head(
                site, title, path, description=listing.intro, column=listing.column, feeds=(feed,) if feed else ()
            ),
            crumbs=listing.crumbs,
            title=listing.title,
            intro=listing.intro,
            form=listing.form,
            rows=tuple(shown[key] for key in leaf.members),
            pager=pager,
            # Counts and neighbours change with every record: archive pages go without, so that they stay as they are.
            siblings=listing.siblings if number is None else (),
            switch=listing.switch if number is None else (),
            note=listing.note,
            nav=listing.nav,
            feed=feed,
        )
        yield Page(page_path(path), "list.html", view)


def _listings(site: Site) -> Iterator[Listing]:
    navigation = platform.Navigation(site)
    for word in platform.column_words(site):
        yield from _column_listings(site, navigation, word)
    for group in _groups(site):
        if group.dimension is Dimension.COLUMN:
            continue
        keys = site.groups.get(group, ())
        # Documents change their validity: with a slot for every document, only the page of the one that did changes.
        slots = site.groups.get(kind_group(DisclosureEntry), ()) if group.dimension is Dimension.VALIDITY else keys
        yield Listing(
            url=group_url(group),
            title=_title(group),
            intro=_intro(site, group),
            form=_form(group),
            crumbs=_crumbs(group),
            column=_column(site, group),
            slots=slots,
            shown=frozenset(key for key in keys if key in site.items),
            siblings=_siblings(site, group),
            feed_group=group if group.dimension in FED else None,
        )


def _groups(site: Site) -> list[Group]:
    """All groups that have a list: those with members, and the kinds and channels even when they are empty."""
    always = [kind_group(kind) for kind in (DisclosureEntry, PressRelease, Interpretation)]
    always += channel_groups()
    # A facet page of withdrawn records alone would tell a theme or genre that a tombstone does not.
    return sorted({*(group for group in site.groups if site.members(group)), *always})


def _column_listings(site: Site, navigation: platform.Navigation, word: SubColumn) -> Iterator[Listing]:
    """A column's documents in force, and those repealed or expired, apart (国办公开办函〔2021〕33号)."""
    members = {key for each in platform.below(word) for key in site.groups.get(column_group(each), ())}
    born = {key: site.items[key].record.order for key in members if key in site.items}
    born |= {stone.key: stone.order for stone in site.tombstones if stone.key in members}
    slots = tuple(sorted(members, key=born.__getitem__))
    items = [site.items[key] for key in slots if key in site.items]
    ended = frozenset(i.key for i in items if i.standing and i.standing.validity in _ENDED)
    url = platform.column_url(word)
    current = frozenset(item.key for item in items) - ended
    switch = (
        Link("现行有效", url, True, str(len(current))),
        Link("废止和失效", f"{url}ended/", False, str(len(ended))),
    )
    intro = word.description or (f"依据：{word.basis}。" if word.basis else "")
    tags = column(site, word.name, word.column_type, word.description or "", word.keywords)
    top = site.vocabulary.parent_column[word.id]
    tab = {platform.RULES: platform.RULES_URL, platform.ANNUAL: platform.ANNUAL_URL}.get(top.section, "")
    base = Listing(
        url=url,
        title=word.name,
        intro=intro,
        form="表格",
        crumbs=platform.column_crumbs(site, word),
        column=tags,
        slots=slots,
        shown=current,
        switch=switch if ended else (),
        note=word.none or "本栏目暂无信息。",
        nav=navigation.seen_from(tab or platform.CONTENT_URL, word.id),
        feed_group=column_group(word),
    )
    yield base
    if ended:
        yield Listing(
            url=f"{url}ended/",
            title=f"{word.name}：废止和失效",
            intro="以下文件已经废止、失效或被新版本替代，仅供查阅。",
            form="表格",
            crumbs=(*base.crumbs, Link("废止和失效", f"{url}ended/")),
            column=tags,
            slots=slots,  # the column's own: when an old document ends, only its own page changes
            shown=ended,
            switch=(
                Link("现行有效", url, False, str(len(current))),
                Link("废止和失效", f"{url}ended/", True, str(len(ended))),
            ),
            nav=base.nav,
        )


def _title(group: Group) -> str:
    match group.dimension:
        case Dimension.KIND:
            return {"entries": "政府信息公开目录"}.get(group.id, group.name)
        case Dimension.YEAR:
            return f"{group.name}公开的信息"
        case _:
            return group.name


def _intro(site: Site, group: Group) -> str:
    match group.dimension:
        case Dimension.KIND if group.id == "entries":
            return "本机关公开的全部政府信息，按发布时间排列。"
        case Dimension.ORGAN:
            organ = next((o for o in site.vocabulary.organs if o.id == group.id), None)
            return (organ.description or "") if organ else ""
        case Dimension.VALIDITY:
            return "有效性由文件之间的废止、修改、替代关系和施行、失效日期推算。"
        case _:
            return ""


def _form(group: Group) -> str:
    """The form follows the dimension, not what is in the list today: archive pages stay as they are."""
    if group == kind_group(Interpretation):
        return "卡片"
    documents = group.dimension in {Dimension.GENRE, Dimension.VALIDITY, Dimension.COLUMN}
    return "表格" if documents or group == kind_group(DisclosureEntry) else "列表"


def _crumbs(group: Group) -> tuple[Link, ...]:
    here = Link(_title(group), group_url(group))
    if group == kind_group(PressRelease) or group == kind_group(Interpretation):
        return (HOME, here)
    if group.dimension is Dimension.CHANNEL:
        return (HOME, NEWS, here)
    if group == kind_group(DisclosureEntry):
        return (HOME, PLATFORM, here)
    return (HOME, BROWSE, here)


def _column(site: Site, group: Group) -> Column:
    if group.dimension is Dimension.CHANNEL or group == kind_group(PressRelease):
        return column(site, _title(group), news_column_type(group.name))
    if group == kind_group(Interpretation):
        return column(site, _title(group), "政策解读")
    return column(site, _title(group), "信息公开目录")


def _siblings(site: Site, group: Group) -> tuple[Link, ...]:
    """The other values of the dimension; for news the channels. Their counts stand on 分类浏览 alone: here one new record
    would change the lists of all values."""
    if group.dimension is Dimension.KIND and group.id != "news":
        return ()
    dimension = Dimension.CHANNEL if group.dimension is Dimension.KIND else group.dimension
    if dimension is Dimension.CHANNEL:
        everything = Link("全部", NEWS.url, group.dimension is Dimension.KIND)
        return (everything, *(Link(other.name, other.url, other == group) for other in channel_groups()))
    others = (other for other in site.groups if other.dimension is dimension and site.members(other))
    return tuple(Link(o.name, group_url(o), o == group) for o in sorted(others, key=reading_order))
