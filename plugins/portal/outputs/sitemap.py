"""sitemap.xml: an index with a file a year and true dates; robots.txt."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from portal import signals
from portal.build.staging import Staging
from portal.pages import platform
from portal.pages.chrome import FIXED, HOME, SEARCH
from portal.records.types import StandingPage
from portal.site.model import Site

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The index, the files, and robots.txt: path and bytes. Tombstones are noindex and not listed."""
    base = site.vocabulary.identity.url
    years: dict[int, list[tuple[str, datetime | None]]] = {}
    fixed: list[tuple[str, datetime | None]] = []
    for item in sorted(site.items.values(), key=lambda item: item.url):
        if isinstance(item.record, StandingPage):
            fixed.append((item.url, item.record.modified))
        else:
            years.setdefault(item.record.year, []).append((item.url, item.record.modified))
    newest = max((item.record.modified for item in site.items.values()), default=None)
    fixed.append((HOME.url, newest))
    # A search engine finds nothing on a page to search with; the home page is there already, with its date.
    addresses = [link.url for link in FIXED if link not in (HOME, SEARCH)]
    addresses += [platform.CONTENT_URL, platform.RULES_URL, platform.ANNUAL_URL]
    addresses += [platform.column_url(word) for word in platform.column_words(site)]
    fixed += [(address, None) for address in addresses]  # a list has no date of its own, and none is invented
    parts = [("sitemap-pages.xml", fixed), *((f"sitemap-{year}.xml", urls) for year, urls in sorted(years.items()))]
    for name, urls in parts:
        yield name, _urlset(base, sorted(set(urls), key=lambda url: url[0]))
    yield "sitemap.xml", _index(base, parts)
    allowed = "Disallow: /" if site.preview else f"Allow: /\n\nSitemap: {base}/sitemap.xml"
    yield "robots.txt", f"User-agent: *\n{allowed}\n".encode()


def _urlset(base: str, urls: Iterable[tuple[str, datetime | None]]) -> bytes:
    lines = [f"<url>{_location(base + url, changed)}</url>" for url, changed in urls]
    return _document("urlset", lines)


def _index(base: str, parts: list[tuple[str, list[tuple[str, datetime | None]]]]) -> bytes:
    lines = []
    for name, urls in parts:
        newest = max((changed for _, changed in urls if changed), default=None)
        lines.append(f"<sitemap>{_location(f'{base}/{name}', newest)}</sitemap>")
    return _document("sitemapindex", lines)


def _location(url: str, changed: datetime | None) -> str:
    when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<loc>{escape(url)}</loc>{when}"


def _document(root: str, lines: list[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    return (head + "\n".join(lines) + f"\n</{root}>\n").encode()


def register() -> None:
    """Pelican's entry."""
    signals.site_written.connect(_write)


def _write(build: signals.Build, *, site: Site, staging: Staging) -> None:
    with build.timings.stage("站点地图"):
        for path, data in files(site):
            staging.put(path, data)
