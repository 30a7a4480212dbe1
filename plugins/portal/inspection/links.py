"""Every internal link, anchor and attachment of a built site leads somewhere."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import html

from portal.problems import Place, Problem


def broken_links(folder: Path, base: str) -> list[Problem]:
    """Links of the site's pages that lead nowhere within it; `base` is the site's own absolute address."""
    pages = {path: html.parse(str(path)).getroot() for path in sorted(folder.rglob("*.html"))}
    anchors = {path: set(root.xpath("//@id")) for path, root in pages.items() if root is not None}
    problems: list[Problem] = []
    for path, root in pages.items():
        if root is None:
            continue
        here = "/" + path.relative_to(folder).as_posix().removesuffix("index.html")
        for target in dict.fromkeys(_targets(root)):
            if (what := _wrong(folder, base, here, target, anchors)) is not None:
                place = Place(path.relative_to(folder).as_posix(), 1)
                remedy = "请改正链接；页面改了名的，在 catalog/redirects.yaml 登记。"
                problems.append(Problem(place, "broken-link", "", f"链接 {target} {what}。", remedy))
    return sorted(problems)


def _targets(root: html.HtmlElement) -> Iterable[str]:
    for attribute in ("href", "src", "action"):
        yield from (str(value) for value in root.xpath(f"//@{attribute}"))


def _wrong(folder: Path, base: str, here: str, target: str, anchors: dict[Path, set[str]]) -> str | None:
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
    if fragment and fragment.lower() != "top" and path in anchors and unquote(fragment) not in anchors[path]:
        return f"所指的位置 #{fragment} 不存在"
    return None
