"""最近变更: what was added, corrected and withdrawn in the last 90 days."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.pages.chrome import CHANGES, HOME, head
from portal.pages.parts import SITE_FEED, Chrome, FeedLink, Page, View, page_path
from portal.pages.tombstones import TITLE
from portal.records.types import StandingPage
from portal.site.model import Site
from portal.value import Value

RECENT = timedelta(days=90)
"""How long 最近变更 and the feeds remember."""


class ChangeRow(Value, frozen=True):
    """A line of 最近变更: what happened (新增, 更正, 撤回), when, to what. A withdrawn record is named by 索引号 only."""

    what: str
    on: datetime
    title: str
    url: str
    note: str
    kind: str


class ChangesView(View, frozen=True):
    """最近变更."""

    title: str
    days: int
    changes: tuple[ChangeRow, ...]
    feed: FeedLink


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The one page."""
    found = sorted(changes(site), key=lambda change: (-change.on.timestamp(), change.url, change.what))
    intro = head(site, CHANGES.text, CHANGES.url, description="近90天新增、更正和撤回的信息。")
    view = ChangesView(chrome, intro, (HOME, CHANGES), CHANGES.text, RECENT.days, tuple(found), SITE_FEED)
    yield Page(page_path(CHANGES.url), "changes.html", view)


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
            title = f"索引号 {stone.index_no}" if stone.index_no else TITLE
            yield ChangeRow("撤回", stone.withdrawn_on, title, stone.url, stone.reason, "")
