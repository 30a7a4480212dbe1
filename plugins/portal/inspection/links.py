"""Every internal link, anchor and attachment of a built site leads somewhere."""

import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree, html

from portal.problems import Place, Problem

_IDS = etree.XPath("//@id", smart_strings=False)
_TARGETS = etree.XPath("//@href | //@src | //@action", smart_strings=False)
# A smart string of lxml holds its element, and so the whole page: thousands of pages would not fit into memory.


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is kept of a page: its anchors, and where its links lead, each once."""

    ids: frozenset[str]
    targets: tuple[str, ...]


def broken_links(folder: Path, base: str) -> list[Problem]:
    """Links of the site's pages that lead nowhere within it; `base` is the site's own absolute address."""
    pages = {path: look(path) for path in sorted(folder.rglob("*.html"))}
    problems: list[Problem] = []
    for path, seen in pages.items():
        here = "/" + path.relative_to(folder).as_posix().removesuffix("index.html")
        for target in seen.targets:
            if (what := _wrong(folder, base, here, target, pages)) is not None:
                place = Place(path.relative_to(folder).as_posix(), 1)
                remedy = "请改正链接；页面改了名的，在 catalog/redirects.yaml 登记。"
                problems.append(Problem(place, "broken-link", "", f"链接 {target} {what}。", remedy))
    return sorted(problems)


def look(path: Path) -> Seen:
    """The anchors and links of one page; a page without any markup has none."""
    root = html.parse(str(path)).getroot()
    if root is None:
        return Seen(frozenset(), ())
    # The same navigation is on every page: one string for all of them.
    return Seen(frozenset(map(sys.intern, _IDS(root))), tuple(dict.fromkeys(map(sys.intern, _TARGETS(root)))))


def _wrong(folder: Path, base: str, here: str, target: str, pages: dict[Path, Seen]) -> str | None:
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
    if fragment and fragment.lower() != "top" and path in pages and unquote(fragment) not in pages[path].ids:
        return f"所指的位置 #{fragment} 不存在"
    return None
