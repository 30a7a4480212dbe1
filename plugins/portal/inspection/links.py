"""Every internal link, anchor and attachment of a built site leads somewhere."""

import re
import sys
from dataclasses import dataclass
from html import escape as html_escape
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from lxml import etree, html

from portal.build.checked import Checked
from portal.problems import Place, Problem

_IDS = etree.XPath("//@id", smart_strings=False)
_TARGETS = etree.XPath("//@href | //@src | //@action", smart_strings=False)
# A smart string of lxml holds its element, and so the whole page: thousands of pages would not fit into memory.


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is kept of a page: its anchors, and where its links lead, each once."""

    ids: frozenset[str]
    targets: tuple[str, ...]


def broken_links(folder: Path, base: str, checked: Checked | None = None) -> list[Problem]:
    """Links of the site's pages that lead nowhere within it; `base` is the site's own absolute address.

    Pages that are as they were in a release that was `checked` are looked at only where they name a file that has gone, or
    a place that has gone from a page.
    """
    pages = {path: path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))}
    seen = _Looked()
    suspects = _suspects(folder, checked, seen) if checked else None
    problems: list[Problem] = []
    for path, name in pages.items():
        if checked and name in checked.kept and not (suspects and suspects.search(path.read_bytes())):
            continue
        here = "/" + name.removesuffix("index.html")
        for target in seen[path].targets:
            if (what := _wrong(folder, base, here, target, seen)) is not None:
                remedy = "请改正链接；页面改了名的，在 catalog/redirects.yaml 登记。"
                problems.append(Problem(Place(name, 1), "broken-link", "", f"链接 {target} {what}。", remedy))
    return sorted(problems)


def _suspects(folder: Path, checked: Checked, seen: "_Looked") -> re.Pattern[bytes] | None:
    """Finds in a page the address of a file that has gone, or of a page that has lost an anchor; None where there is none."""
    names = set(checked.gone)
    for name in checked.changed:
        if name.endswith(".html") and look(checked.release / name).ids - seen[folder / name].ids:
            names.add(name)
    addresses = {address for name in names for address in (name, quote(name))}
    # A link to a page is written as that of its folder, with the last slash or, wrongly, without.
    addresses = {address.removesuffix("index.html").rstrip("/") for address in addresses}
    if not addresses:
        return None
    if "" in addresses:  # the home page: any link may lead there
        return re.compile(b"")
    return re.compile(b"|".join(re.escape(html_escape(address).encode()) for address in sorted(addresses)))


class _Looked(dict[Path, Seen]):
    """What was seen of each page that was asked for."""

    def __missing__(self, path: Path) -> Seen:
        self[path] = look(path)
        return self[path]


def look(path: Path) -> Seen:
    """The anchors and links of one page; a page without any markup has none."""
    root = html.parse(str(path)).getroot()
    if root is None:
        return Seen(frozenset(), ())
    # The same navigation is on every page: one string for all of them.
    return Seen(frozenset(map(sys.intern, _IDS(root))), tuple(dict.fromkeys(map(sys.intern, _TARGETS(root)))))


def _wrong(folder: Path, base: str, here: str, target: str, seen: _Looked) -> str | None:
    """Why a link is broken, or None when it is right or leads to another site."""
    if target == base or target.startswith(base + "/"):
        target = target.removeprefix(base) or "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None
    address, fragment = urldefrag(urljoin(here, target))
    path = folder / unquote(urlsplit(address).path).lstrip("/")
    if path.is_dir():
        if not urlsplit(address).path.endswith("/"):
            return "少了末尾的斜线"
        path /= "index.html"
    if not path.is_file():
        return "没有对应的页面或文件"
    # `#top` is the top of any page (HTML, "find a potential indicated element").
    is_page = path.suffix == ".html"
    if fragment and fragment.lower() != "top" and is_page and unquote(fragment) not in seen[path].ids:
        return f"所指的位置 #{fragment} 不存在"
    return None
