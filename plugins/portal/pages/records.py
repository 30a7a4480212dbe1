"""The pages of records: document, press release, interpretation, standing page."""

import datetime as dt
from collections.abc import Iterator

from portal.pages import platform
from portal.pages.banners import banner
from portal.pages.chrome import HOME, INTERPRETATIONS, NEWS, PLATFORM, news_column_type
from portal.pages.common import Common, common, record_head
from portal.pages.parts import (
    Badge,
    Banner,
    Chrome,
    Link,
    Page,
    Picture,
    Row,
    RowGroup,
    View,
    badge,
    page_path,
    row,
    rows,
)
from portal.records.types import Access, DisclosureEntry, Interpretation, Position, PressRelease, Record, StandingPage
from portal.site.groups import genre_group
from portal.site.model import ALONE, Dimension, Item, Key, Site, Validity


class RecordView(View, frozen=True):
    """A record's page; each kind adds its own fields."""

    common: Common


class DocumentView(RecordView, frozen=True):
    """A disclosure entry, with the fields of its metadata table from 索引号 to 有效性."""

    index_no: str
    doc_no: str
    genre: Link
    column: Link
    formed: dt.date
    effective: dt.date | None
    expires: dt.date | None
    access: str
    access_basis: str
    late_reason: str
    history: tuple[str, ...]
    badge: Badge | None
    banner: Banner | None
    closed: str  # why there is no text, for an entry that is not 主动公开
    interpretations: tuple[Row, ...]
    relations: tuple[RowGroup, ...]
    nav: platform.PlatformNav


class NewsView(RecordView, frozen=True):
    """A press release."""

    channel: Link
    spokesperson: str
    picture: Picture | None
    nearby: tuple[Row, ...]  # other recent news of the channel


class InterpretationView(RecordView, frozen=True):
    """An interpretation, with the documents that it explains."""

    form: str
    interpreter: str
    documents: tuple[Row, ...]
    banner: Banner | None
    others: tuple[Row, ...]  # other interpretations of the same documents


class StandingPageView(RecordView, frozen=True):
    """A standing page; on the platform when its position is there."""

    nav: platform.PlatformNav | None


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """One page a record."""
    nearby = _nearby(site)
    navigation = platform.Navigation(site)
    for item in site.items.values():
        path = page_path(item.url)
        match item.record:
            case DisclosureEntry():
                yield Page(path, "document.html", _document(site, chrome, navigation, item, item.record))
            case PressRelease():
                yield Page(path, "news.html", _news(site, chrome, item, item.record, nearby[item.key]))
            case Interpretation():
                yield Page(path, "interpretation.html", _interpretation(site, chrome, item, item.record))
            case StandingPage():
                yield Page(path, "page.html", _standing_page(site, chrome, navigation, item, item.record))


def _document(
    site: Site, chrome: Chrome, navigation: platform.Navigation, item: Item, record: DisclosureEntry
) -> DocumentView:
    assert item.genre is not None
    assert item.column is not None
    closed = ""
    if record.access is Access.ON_REQUEST:
        closed = "本件依申请公开，需要正文的，请提出政府信息公开申请。"
    elif record.access is Access.CLOSED:
        closed = "本件不予公开，本站只公布目录信息，没有正文和附件；理由见“公开依据”。"
    return DocumentView(
        chrome=chrome,
        head=record_head(site, item, item.column.name, item.column.column_type),
        crumbs=(*platform.column_crumbs(site, item.column), Link("正文", item.url)),
        common=common(site, item),
        index_no=record.index_no,
        doc_no=record.doc_no or "",
        genre=Link(item.genre.name, genre_group(item.genre).url),
        column=Link(item.column.name, platform.column_url(item.column)),
        formed=record.formed,
        effective=record.effective,
        expires=record.expires,
        access=record.access.value,
        access_basis=record.access_basis or "",
        late_reason=record.late_reason or "",
        history=record.history,
        badge=badge(item.standing),
        banner=banner(site, item),
        closed=closed,
        interpretations=rows(site.items, item.related.interpreted_by),
        relations=tuple(_relations(site, item)),
        nav=navigation.seen_from("", item.column.id),
    )


def _relations(site: Site, item: Item) -> Iterator[RowGroup]:
    """How a document stands to others, where it does."""
    related = item.related
    if related is ALONE:  # most do not
        return
    for title, keys in (
        ("本文件废止的文件", related.repeals),
        ("本文件修改的文件", related.amends),
        ("本文件替代的旧版本", related.replaces),
        ("废止本文件的文件", related.repealed_by),
        ("修改本文件的文件", related.amended_by),
        ("替代本文件的新版本", related.replaced_by),
        ("引用的文件", related.cites),
    ):
        if found := rows(site.items, keys):
            yield RowGroup(title, found)


def _nearby(site: Site) -> dict[Key, tuple[Item, ...]]:
    """For each press release its neighbours by time within its channel: one new release changes two pages, not all."""
    found: dict[Key, tuple[Item, ...]] = {}
    for group in site.groups:
        if group.dimension is Dimension.CHANNEL:
            members = site.members(group)
            for here, item in enumerate(members):
                found[item.key] = tuple(members[n] for n in (here - 1, here + 1, here + 2) if 0 <= n < len(members))
    return found


def _news(site: Site, chrome: Chrome, item: Item, record: PressRelease, nearby: tuple[Item, ...]) -> NewsView:
    group = next(group for group in item.groups if group.dimension is Dimension.CHANNEL)
    channel = Link(group.name, group.url)
    return NewsView(
        chrome=chrome,
        head=record_head(site, item, group.name, news_column_type(group.name)),
        crumbs=(HOME, NEWS, channel, Link("正文", item.url)),
        common=common(site, item),
        channel=channel,
        spokesperson=record.spokesperson or "",
        picture=Picture(item.image.file.url, item.image.title) if item.image else None,
        nearby=tuple(map(row, nearby)),
    )


def _interpretation(site: Site, chrome: Chrome, item: Item, record: Interpretation) -> InterpretationView:
    documents = [site.items[key] for key in item.related.interprets if key in site.items]
    ended = [d for d in documents if d.standing and d.standing.validity is not Validity.IN_FORCE]
    others = dict.fromkeys(key for d in documents for key in d.related.interpreted_by if key != item.key)
    return InterpretationView(
        chrome=chrome,
        head=record_head(site, item, "政策解读", "政策解读"),
        crumbs=(HOME, INTERPRETATIONS, Link("正文", item.url)),
        common=common(site, item),
        form=record.form.value,
        interpreter=record.interpreter or "",
        documents=tuple(row(document) for document in documents),
        banner=banner(site, ended[0], "所解读的文件") if ended else None,
        others=rows(site.items, tuple(others)),
    )


_PAGE_TYPES = {
    Position.GUIDE: "信息公开指南",
    Position.RULES: "信息公开目录",
    Position.REQUEST: "依申请公开",
    Position.ORGANISATION: "机构职能",
    Position.STATEMENT: "概况信息",
}


def _standing_page(
    site: Site, chrome: Chrome, navigation: platform.Navigation, item: Item, record: StandingPage
) -> StandingPageView:
    on_platform = record.position is not Position.STATEMENT
    tab = platform.RULES_URL if record.position is Position.RULES else item.url
    own = Link(_short(record), item.url)
    middle: tuple[Link, ...] = (PLATFORM,) if on_platform else ()
    if record.position is Position.RULES:
        middle = (PLATFORM, Link("政府信息公开制度", platform.RULES_URL))
    return StandingPageView(
        chrome=chrome,
        head=record_head(site, item, record.position.value, _PAGE_TYPES[record.position]),
        crumbs=(HOME, *middle, own),
        common=common(site, item),
        nav=navigation.seen_from(tab) if on_platform else None,
    )


def _short(record: Record) -> str:
    return record.title if len(record.title) <= 20 else "正文"
