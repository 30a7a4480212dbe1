"""Old addresses that lead on (catalog/redirects.yaml): a page each, since a static host knows no other way.

An attachment's old address becomes a folder of that name: the host answers it with the page inside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from portal.pages.chrome import HOME, head
from portal.pages.parts import Chrome, Page, View
from portal.problems import Place, Problem
from portal.records.vocabulary import Vocabulary
from portal.site.model import Site


@dataclass(frozen=True, slots=True)
class RedirectView(View):
    """An old address that leads on."""

    title: str
    target: str


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """One page a redirect."""
    title = "页面已移动"
    for redirect in site.vocabulary.redirects:
        view = RedirectView(chrome, head(site, title, redirect.new, noindex=True), (HOME,), title, redirect.new)
        yield Page(page_path(redirect.old), "redirect.html", view)


def page_path(address: str) -> str:
    """The file that answers an address."""
    path = unquote(address).strip("/")
    return path if path.endswith(".html") else f"{path}/index.html".lstrip("/")


def redirect_problems(vocabulary: Vocabulary, pages: Iterable[Page], files: Iterable[str]) -> Iterator[Problem]:
    """Redirects from an address that is in use, and to one that is not; `files` are paths of attachments."""
    old = {page_path(redirect.old) for redirect in vocabulary.redirects}
    counted: dict[str, int] = {}
    for page in pages:
        counted[page.path] = counted.get(page.path, 0) + 1
    served = {path for path, count in counted.items() if path not in old or count > 1}
    attachments = set(files)
    for redirect in vocabulary.redirects:
        place = vocabulary.places.get(f"redirects:{redirect.old}", Place("catalog/redirects.yaml"))
        if counted.get(page_path(redirect.old), 0) > 1 or unquote(redirect.old).strip("/") in attachments:
            what = f"原地址 {redirect.old} 还在使用，不能转走。"
            yield Problem(place, "redirect-used", "原地址", what, "请删去这一条，或先把该地址的内容改名。")
        target = unquote(redirect.new).strip("/")
        if page_path(redirect.new) not in served and target not in attachments:
            what = f"新地址 {redirect.new} 没有对应的页面或附件。"
            yield Problem(place, "redirect-target", "新地址", what, "请填本站现有的地址；不要转到另一条转址。")
