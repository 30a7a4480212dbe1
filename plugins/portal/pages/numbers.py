"""文号索引: a page an organ and year with every 文号 and 索引号, for who has a number and no script to search with.

A page depends on the entries of its organ and year alone: there are no totals, and other organs are reached by the one
page that lists them all, so that a new record rewrites its own page. Only the first entry of an organ's year is news to
others: to /numbers/, and to the years before and after, which lead to it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from portal.markup.mentions import normal_number
from portal.pages.alphabet import sound
from portal.pages.chrome import HOME, NUMBERS, PLATFORM, column_head
from portal.pages.parts import Badge, Chrome, Link, Page, View, badge, page_path
from portal.records.types import Access, DisclosureEntry
from portal.records.vocabulary import Organ
from portal.site.model import Item, Site
from portal.value import Value

Natural = tuple[tuple[tuple[str, ...], str, int], ...]
"""A sort key in which numbers count as numbers."""


class NumberRow(Value, frozen=True):
    """An entry under its numbers; `access` unless it is 主动公开, `preview` only in a preview."""

    doc_no: str
    index_no: str
    title: str
    url: str
    formed: dt.date
    access: str
    badge: Badge | None
    preview: str


class OrganYears(Value, frozen=True):
    """An organ with the years of which it has entries, newest first; `anchor` is where it stands on /numbers/."""

    name: str
    anchor: str
    years: tuple[Link, ...]


class NumbersView(View, frozen=True):
    """文号索引: organs and years."""

    title: str
    intro: str
    organs: tuple[OrganYears, ...]


class NumberListView(View, frozen=True):
    """The numbers of one organ and year. `earlier` and `later` are the nearest years of which there are any.

    `entries` are in the order of their 索引号; in what order readers look for them is worked out when the page is made.
    """

    title: str
    organ: str
    year: int
    years: str  # the organ on /numbers/
    entries: tuple[NumberRow, ...]
    earlier: Link | None
    later: Link | None

    @property
    def rows(self) -> tuple[NumberRow, ...]:
        """The entries by 文号, those without one after them, by 索引号."""
        return tuple(sorted(self.entries, key=_order))


@cache
def natural(number: str) -> Natural:
    """A number's place among others: the words before it as they are read (发 before 规), then its year and its serial
    number as numbers, so that 2号 comes before 10号."""
    parts = re.split(r"〔?([0-9]+)〕?", normal_number(number))
    return tuple(((), "", int(part[:18])) if odd % 2 else (sound(part), part, 0) for odd, part in enumerate(parts))


def shelves(site: Site) -> dict[Organ, dict[int, tuple[DisclosureEntry, ...]]]:
    """The public entries of each organ and year: organs as organs.yaml lists them, years newest first, entries by
    索引号. The year is that in which a document was made."""
    found: dict[str, dict[int, list[DisclosureEntry]]] = {}
    for item in site.entries:
        if isinstance(item.record, DisclosureEntry):
            found.setdefault(item.publisher.id, {}).setdefault(item.record.year, []).append(item.record)
    return {
        organ: {
            year: tuple(sorted(years[year], key=lambda record: (record.index_no, record.id)))
            for year in sorted(years, reverse=True)
        }
        for organ in site.vocabulary.organs
        if (years := found.get(organ.id))
    }


def _order(row: NumberRow) -> tuple[bool, Natural, str]:
    # An 索引号 has a year and five digits: its own letters are in natural order.
    return not row.doc_no, natural(row.doc_no) if row.doc_no else (), row.index_no


def list_url(organ: Organ, year: int) -> str:
    """The page of an organ and year. Like other lists it comes and goes."""
    return f"{NUMBERS.url}{organ.id}/{year}/"


def _anchor(organ: Organ) -> str:
    return f"organ-{organ.id}"


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """/numbers/, and a page an organ and year."""
    found = shelves(site)
    intro = (
        "知道文号或索引号的，先选制发机构，再选成文的年份。文号里的年份一般就是成文年份，例如“〔2024〕3号”在2024年；"
        "年底年初的文件，也可能在相邻的一年。"
    )
    view = NumbersView(
        chrome=chrome,
        head=column_head(site, NUMBERS.text, NUMBERS.url, "信息公开目录", intro),
        crumbs=(HOME, PLATFORM, NUMBERS),
        title=NUMBERS.text,
        intro=intro,
        organs=tuple(
            OrganYears(organ.name, _anchor(organ), tuple(_link(organ, year) for year in years))
            for organ, years in found.items()
        ),
    )
    yield Page(page_path(NUMBERS.url), "numbers.html", view)
    for organ, years in found.items():
        around = (None, *years, None)
        for later, year, earlier in zip(around, years, around[2:], strict=False):
            yield _list(site, chrome, organ, year, years[year], earlier, later)


def _list(
    site: Site,
    chrome: Chrome,
    organ: Organ,
    year: int,
    records: tuple[DisclosureEntry, ...],
    earlier: int | None,
    later: int | None,
) -> Page:
    url = list_url(organ, year)
    title = f"{organ.name}{year}年文号和索引号"
    intro = f"{organ.name}{year}年制发的文件，按文号排列，没有文号的按索引号排在后面。"
    view = NumberListView(
        chrome=chrome,
        head=column_head(site, title, url, "信息公开目录", intro),
        crumbs=(HOME, PLATFORM, NUMBERS, Link(f"{organ.name}{year}年", url)),
        title=title,
        organ=organ.name,
        year=year,
        years=f"{NUMBERS.url}#{_anchor(organ)}",
        entries=tuple(_row(site.items[record.key], record) for record in records),
        earlier=_link(organ, earlier) if earlier else None,
        later=_link(organ, later) if later else None,
    )
    return Page(page_path(url), "number-list.html", view)


def _link(organ: Organ, year: int) -> Link:
    return Link(f"{year}年", list_url(organ, year))


def _row(item: Item, record: DisclosureEntry) -> NumberRow:
    return NumberRow(
        doc_no=record.doc_no or "",
        index_no=record.index_no,
        title=record.title,
        url=item.url,
        formed=record.formed,
        access=record.access.value if record.access is not Access.OPEN else "",
        badge=badge(item.standing),
        preview=item.preview,
    )
