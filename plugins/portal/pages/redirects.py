"""Old addresses that lead on (catalog/redirects.yaml): a page each, since a static host knows no other way.

An attachment's old address becomes a folder of that name: the host answers it with the page inside.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from portal.pages.chrome import HOME, head
from portal.pages.parts import Chrome, Page, View, page_path
from portal.problems import Place, Problem
from portal.records.vocabulary import Vocabulary
from portal.site.model import Site


class RedirectView(View, frozen=True):
    """An old address that leads on."""

    title: str
    target: str


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """One page a redirect."""
    title = "页面已移动"
    for redirect in site.vocabulary.redirects:
        view = RedirectView(chrome, head(site, title, redirect.new, noindex=True), (HOME,), title, redirect.new)
        yield Page(page_path(redirect.old), "redirect.html", view)


_OWNED = re.compile(r"(?:data|theme|search|robots\.txt|sitemap[^/]*\.xml|(?:.+/)?index\.json|\.portal-site)(?:/.*)?")
"""Paths that outputs write beside the pages, under names that are not known before they are written."""


def redirect_problems(vocabulary: Vocabulary, pages: Iterable[Page], files: Iterable[str]) -> Iterator[Problem]:
    """Redirects from an address that is in use, and to one that is not.

    `files` are the paths of files that the site has besides its pages: attachments and feeds.
    """
    if not vocabulary.redirects:
        return
    counted = Counter(page.path for page in pages)
    old = {page_path(redirect.old) for redirect in vocabulary.redirects}
    files = set(files)
    served = {path for path, count in counted.items() if path not in old or count > 1}
    taken = set(counted) | files
    folders = set(_above(taken))
    for redirect in vocabulary.redirects:
        place = vocabulary.places.get(f"redirects:{redirect.old}", Place("catalog/redirects.yaml"))
        path = page_path(redirect.old)
        if _OWNED.fullmatch(unquote(redirect.old).strip("/")):
            what = f"原地址 {redirect.old} 属于本程序自动生成的文件（数据、搜索、站点地图等），不能转走。"
            remedy = "请删去这一条；以前的网站用过这个地址的，请在网站服务器上设置转址。"
            yield Problem(place, "redirect-used", "原地址", what, remedy)
        # A page needs a path of its own; no folder above it may be a file, and no folder may have its name.
        elif counted[path] > 1 or path in folders or not taken.isdisjoint(_above([path])):
            what = f"原地址 {redirect.old} 还在使用，不能转走。"
            yield Problem(place, "redirect-used", "原地址", what, "请删去这一条，或先把该地址的内容改名。")
        if page_path(redirect.new) not in served and unquote(redirect.new).strip("/") not in files:
            what = f"新地址 {redirect.new} 没有对应的页面或附件。"
            yield Problem(place, "redirect-target", "新地址", what, "请填本站现有的地址；不要转到另一条转址。")


def _above(paths: Iterable[str]) -> Iterator[str]:
    """The folders that paths lie in, and those that these lie in."""
    known = set(paths)
    while known:
        known = {folder for path in known if (folder := path.rpartition("/")[0])}
        yield from known
