"""The page that explains feeds and lists them, and which groups have one."""

from collections.abc import Iterator

from portal.pages import platform
from portal.pages.chrome import FEEDS, HOME, head
from portal.pages.lists import FED, LABELS
from portal.pages.parts import SITE_FEED, Chrome, FeedLink, Page, View, feed_link, page_path
from portal.records.types import KINDS, StandingPage
from portal.site.groups import channel_groups, column_group, kind_group, reading_order
from portal.site.model import Dimension, Group, Site
from portal.value import Value


class FeedGroup(Value, frozen=True):
    """Feeds under a heading."""

    title: str
    feeds: tuple[FeedLink, ...]


class FeedsView(View, frozen=True):
    """The page that explains feeds and lists them all."""

    title: str
    groups: tuple[FeedGroup, ...]
    opml: str


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The page of feeds."""
    by_dimension: dict[Dimension, list[FeedLink]] = {}
    for group in feed_groups(site):
        by_dimension.setdefault(group.dimension, []).append(feed_link(group))
    groups = [FeedGroup("全站", (SITE_FEED,))]
    groups += [FeedGroup(LABELS[dimension], tuple(feeds)) for dimension, feeds in by_dimension.items()]
    view = FeedsView(
        chrome, head(site, "订阅（RSS）", FEEDS.url), (HOME, FEEDS), "订阅（RSS）", tuple(groups), "/feeds/portal.opml"
    )
    yield Page(page_path(FEEDS.url), "feeds.html", view)


def feed_groups(site: Site) -> list[Group]:
    """Every group that has feeds: kinds, channels and columns always, themes and organs once they have a member."""
    always = [kind_group(kind) for kind in KINDS if kind is not StandingPage]
    always += channel_groups()
    always += map(column_group, platform.column_words(site))
    # A group of withdrawn records alone has no list, and would tell of a theme that no tombstone tells.
    some = [group for group in site.groups if group.dimension in FED and site.members(group)]
    order = [Dimension.KIND, Dimension.CHANNEL, Dimension.COLUMN, Dimension.THEME, Dimension.ORGAN]
    words = site.vocabulary  # within a dimension as the office lists its words
    ids = [column.id for column in platform.column_words(site)]
    ids += [theme.id for theme in words.theme_paths] + [organ.id for organ in words.organs]
    place = {identifier: number for number, identifier in enumerate(ids)}

    def rank(group: Group) -> tuple[int, int, tuple[int, str]]:
        return order.index(group.dimension), place.get(group.id, -1), reading_order(group)

    return sorted(set(always) | set(some), key=rank)
