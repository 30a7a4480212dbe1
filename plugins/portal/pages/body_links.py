"""Links that editors wrote to addresses of this site: each must lead to something that the site will hold."""

from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit

from portal.problems import Hints, Problem, soften
from portal.records.types import Status
from portal.site.model import Site

_MARKED = frozenset("%?#[]:\\")
"""What makes an address more than a path, or a path written otherwise than it is."""


def body_link_problems(site: Site, paths: Collection[str]) -> Iterator[Problem]:
    """Body links to site paths that nothing answers; `paths` are the files that the site will hold.

    Told in the editor's own file and line, where the check of the finished pages can only name the page.
    """
    held = set(paths)
    hints = Hints(lambda: {"/" + path.removesuffix("index.html") for path in held})
    for item in site.items.values():
        for link in item.body.source.marks.links:
            if not link.target.startswith("/"):
                continue
            is_plain = _MARKED.isdisjoint(link.target)
            address = link.target if is_plain else unquote(urlsplit(link.target).path)
            if _is_answered(address, held) or address.startswith(("/feeds/", "/data/")):
                continue
            origin = item.record.origin
            place = origin.in_body(link.line, link.column)
            what = f"本站没有“{link.target}”这个地址{hints.hint(address)}。"
            remedy = "请改正；对方已撤回或改名的，去掉链接或换成现在的地址。"
            if _is_answered(f"{address}/", held):
                what, remedy = f"链接地址“{link.target}”少了末尾的斜线。", f"请写作 {address}/。"
            found = Problem(place, "link", "正文", what, remedy)
            # In a preview drafts are items, too: what is wrong with one must not stop the preview of the others.
            yield from soften([found]) if item.record.status is Status.DRAFT else [found]


def _is_answered(address: str, held: Collection[str]) -> bool:
    path = address.removeprefix("/")
    return path in held if path and not path.endswith("/") else f"{path}index.html" in held
