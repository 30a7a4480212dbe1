"""The search page. Searching needs script; who has none finds every list here, and the indexes by letter and number."""

from collections.abc import Iterator

from portal.pages.chrome import HOME, SEARCH, head
from portal.pages.furniture import LinkGroup
from portal.pages.lists import LABELS, group_url
from portal.pages.parts import Chrome, Link, Page, View, page_path
from portal.site.groups import reading_order
from portal.site.model import Dimension, Site

FACETS = (Dimension.KIND, Dimension.ORGAN, Dimension.YEAR, Dimension.GENRE, Dimension.VALIDITY)
"""What search narrows by and the page offers as lists. Themes are many, and have an index of their own."""


class SearchView(View, frozen=True):
    """The search page: `facets` is for readers without script. No counts: only a new value changes the page."""

    title: str
    facets: tuple[LinkGroup, ...]


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The one page."""
    view = SearchView(chrome, head(site, "搜索", SEARCH.url), (HOME, SEARCH), "搜索", tuple(_facets(site)))
    yield Page(page_path(SEARCH.url), "search.html", view)


def _facets(site: Site) -> Iterator[LinkGroup]:
    for dimension in FACETS:
        # A value of withdrawn records alone has no list, and would tell what a tombstone does not.
        groups = (group for group in site.groups if group.dimension is dimension and site.members(group))
        links = tuple(Link(group.name, group_url(group)) for group in sorted(groups, key=reading_order))
        if links:
            yield LinkGroup(LABELS[dimension], links)
