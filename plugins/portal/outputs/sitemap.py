"""sitemap.xml: an index with a file a year and true dates; robots.txt."""

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from xml.sax.saxutils import escape

from portal import signals
from portal.build.made import Made
from portal.pages import platform
from portal.pages.chrome import FIXED, HOME, SEARCH
from portal.records.types import StandingPage
from portal.site.model import Site
from portal.value import Value

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Part(Value, frozen=True):
    """A file of addresses, each with the day on which what is there last changed, where it has one."""

    name: str
    base: str
    urls: tuple[tuple[str, datetime | None], ...]

    @property
    def newest(self) -> datetime | None:
        """The last change of all."""
        return max((changed for _, changed in self.urls if changed), default=None)


def plan(site: Site) -> Iterator[Made]:
    """The index, the files, and robots.txt. Tombstones are noindex and not listed."""
    base = site.vocabulary.identity.url
    found = parts(site)
    for part in found:
        yield Made(part.name, urlset, part)
    yield Made("sitemap.xml", index, (base, tuple((part.name, part.newest) for part in found)))
    yield Made("robots.txt", robots, (base, bool(site.preview)))


def parts(site: Site) -> list[Part]:
    """The addresses: a file for what has no year, and one for each year."""
    base = site.vocabulary.identity.url
    years: dict[int, list[tuple[str, datetime | None]]] = {}
    fixed: list[tuple[str, datetime | None]] = []
    newest = None
    for item in site.items.values():
        record = item.record
        changed = record.modified
        newest = changed if newest is None else max(newest, changed)
        if isinstance(record, StandingPage):
            fixed.append((record.url, changed))
        else:
            years.setdefault(record.year, []).append((record.url, changed))
    fixed.append((HOME.url, newest))
    # A search engine finds nothing on a page to search with; the home page is there already, with its date.
    addresses = [link.url for link in FIXED if link not in (HOME, SEARCH)]
    addresses += [platform.CONTENT_URL, platform.RULES_URL, platform.ANNUAL_URL]
    addresses += [platform.column_url(word) for word in platform.column_words(site)]
    fixed += [(address, None) for address in addresses]  # a list has no date of its own, and none is invented
    named = [("sitemap-pages.xml", fixed), *((f"sitemap-{year}.xml", urls) for year, urls in sorted(years.items()))]
    return [Part(name, base, tuple(sorted(set(urls), key=itemgetter(0)))) for name, urls in named]


def urlset(part: Part) -> bytes:
    """A file of addresses."""
    return _document("urlset", [f"<url>{_location(part.base + url, changed)}</url>" for url, changed in part.urls])


def index(value: tuple[str, tuple[tuple[str, datetime | None], ...]]) -> bytes:
    """The index: of each file its name and last change."""
    base, named = value
    lines = [f"<sitemap>{_location(f'{base}/{name}', newest)}</sitemap>" for name, newest in named]
    return _document("sitemapindex", lines)


def robots(value: tuple[str, bool]) -> bytes:
    """robots.txt: nothing of a preview may be found."""
    base, is_preview = value
    allowed = "Disallow: /" if is_preview else f"Allow: /\n\nSitemap: {base}/sitemap.xml"
    return f"User-agent: *\n{allowed}\n".encode()


def _location(url: str, changed: datetime | None) -> str:
    when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<loc>{escape(url)}</loc>{when}"


def _document(root: str, lines: list[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    return (head + "\n".join(lines) + f"\n</{root}>\n").encode()


def register() -> None:
    """Pelican's entry."""
    signals.files_planned.connect(_plan)


def _plan(build: signals.Build, *, site: Site, files: list[Made]) -> None:
    with build.timings.stage("站点地图"):
        files += plan(site)
