"""What a build would change, page by page, without writing a site."""

from dataclasses import dataclass
from pathlib import Path

from portal.build.engine import Prepared


@dataclass(frozen=True, slots=True)
class Difference:
    """Pages that would appear, change or leave, as sorted paths relative to the site's root."""

    appear: tuple[str, ...]
    change: tuple[str, ...]
    leave: tuple[str, ...]


def difference(prepared: Prepared, published: Path | None) -> Difference:
    """The prepared pages held against the published release; before the first release all pages appear."""
    appear, change = [], []
    for page in prepared.pages:
        old = published / page.path if published else None
        if old is None or not old.is_file():
            appear.append(page.path)
        elif old.read_bytes() != prepared.theme.render(page):
            change.append(page.path)
    planned = {page.path for page in prepared.pages}
    there = {path.relative_to(published).as_posix() for path in published.rglob("*.html")} if published else set()
    return Difference(tuple(sorted(appear)), tuple(sorted(change)), tuple(sorted(there - planned)))
