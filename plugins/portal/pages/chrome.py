"""What every page shows around its content, and the heads of pages."""

from portal.pages.parts import SITE_FEED, Article, Chrome, Column, FeedLink, Head, Link
from portal.records.types import Position
from portal.site.model import Item, Site

HOME = Link("首页", "/")
PLATFORM = Link("政府信息公开", "/disclosure/")  # 国办公开办函〔2019〕61号 fixes the name
NEWS = Link("新闻发布", "/news/")
INTERPRETATIONS = Link("政策解读", "/interpretations/")
BROWSE = Link("分类浏览", "/browse/")
CHANGES = Link("最近变更", "/changes/")
FEEDS = Link("订阅", "/feeds/")
DATA = Link("开放数据", "/data/")
SITEMAP = Link("站点地图", "/sitemap/")
THEMES = Link("主题拼音索引", "/themes/")
NUMBERS = Link("文号索引", "/numbers/")
MESSAGES = Link("公众留言", "/messages/")
SEARCH = Link("搜索", "/search/")
FIXED = (
    HOME,
    PLATFORM,
    NEWS,
    INTERPRETATIONS,
    BROWSE,
    THEMES,
    NUMBERS,
    MESSAGES,
    CHANGES,
    FEEDS,
    DATA,
    SITEMAP,
    SEARCH,
)
"""The pages whose addresses never change."""


def chrome(site: Site, assets: tuple[tuple[str, str], ...], preview: str = "") -> Chrome:
    """The frame of every page, from the office's identity and its standing pages."""
    identity = site.vocabulary.identity
    statements = [
        Link(item.record.title, item.url)
        for item in sorted(site.standing_pages(Position.STATEMENT), key=lambda item: item.record.id)
    ]
    # 国办发〔2017〕47号: the foot of every page carries 党政机关网站标识, 我为政府网站找错, 网站标识码, 主办单位及联系方式,
    # ICP备案编号, 公安机关备案标识, 站点地图.
    footer = [
        ("主办单位", identity.organ),
        *([("承办单位", identity.undertaker)] if identity.undertaker else []),
        ("联系电话", identity.phone),
        ("办公地址", identity.address),
        ("网站标识码", identity.site_code),
        ("ICP备案编号", identity.icp),
        ("公安机关备案", identity.police_record),
    ]
    return Chrome(
        site_name=identity.name,
        site_code=identity.site_code,
        domain=identity.domain,
        organ=identity.organ,
        tagline=PLATFORM.text,
        navigation=(HOME, PLATFORM, NEWS, INTERPRETATIONS, BROWSE),
        footer_links=(*statements, MESSAGES, CHANGES, FEEDS, DATA, SITEMAP),
        footer=tuple(footer),
        party_mark=identity.party_mark,
        report_error=f"mailto:{identity.email}?subject=我为政府网站找错",
        assets=assets,
        preview=preview,
    )


def head(
    site: Site,
    title: str,
    path: str,
    *,
    description: str = "",
    column: Column | None = None,
    article: Article | None = None,
    feeds: tuple[FeedLink, ...] = (),
    data: str = "",
    noindex: bool = False,
) -> Head:
    """The head of a page at a site path."""
    identity = site.vocabulary.identity
    full = identity.name if path == "/" else f"{title} - {identity.name}"
    return Head(
        title=full,
        url=identity.url + path,
        description=description or identity.description,
        column=column,
        article=article,
        feeds=(SITE_FEED, *feeds),
        data=data,
        noindex=noindex or bool(site.preview),
    )


def column(site: Site, name: str, kind: str, description: str = "", keywords: tuple[str, ...] = ()) -> Column:
    """The column tags, all four of which 国办发〔2017〕47号 requires: a missing text falls back on the name."""
    text = description or f"{site.vocabulary.identity.organ}{name}"
    return Column(name, kind, text, "，".join(keywords or (name,)))


def news_column_type(channel: str) -> str:
    """The ColumnType of a channel's list and of its press releases: its own name where 国办发〔2017〕47号 has that type."""
    return channel if channel in {"通知公告", "回应关切"} else "工作动态"


def column_head(site: Site, title: str, path: str, kind: str, intro: str) -> Head:
    """The head of a page that is a column of its own, of a ColumnType: what introduces it describes both."""
    return head(site, title, path, description=intro, column=column(site, title, kind, intro))


def article(site: Site, item: Item) -> Article:
    """The article tags of a record. ContentSource is the source of a reprint, else the publisher."""
    record = item.record
    return Article(
        title=record.title,
        date=record.first_public,
        source=record.source or item.publisher.name,
        author=record.author or "",
        keywords="，".join(record.keywords),
        description=record.summary or "",
        image=site.vocabulary.identity.url + item.image.file.url if item.image else "",
    )


def is_current(link: Link, current: Link) -> Link:
    """The link, marked when it is where the reader is."""
    return Link(link.text, link.url, link.url == current.url, link.note)
