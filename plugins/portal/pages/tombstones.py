"""What stands at the address of a withdrawn record."""

from collections.abc import Iterator
from datetime import datetime

from portal.pages.chrome import HOME, head
from portal.pages.parts import Chrome, Page, View, page_path
from portal.site.model import Site

TITLE = "该信息已撤回"
"""What is said in place of a title that may be the very thing that was withdrawn."""


class TombstoneView(View, frozen=True):
    """Of a withdrawn record: its address, 索引号, 撤回日期, 撤回原因, and nothing else."""

    index_no: str
    withdrawn_on: datetime
    reason: str
    url: str


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """One page a tombstone."""
    for stone in site.tombstones:
        view = TombstoneView(
            chrome=chrome,
            head=head(site, TITLE, stone.url, noindex=True),
            crumbs=(HOME,),
            index_no=stone.index_no or "",
            withdrawn_on=stone.withdrawn_on,
            reason=stone.reason,
            url=site.vocabulary.identity.url + stone.url,
        )
        yield Page(page_path(stone.url), "tombstone.html", view)
