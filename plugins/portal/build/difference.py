"""What a build would change, page by page, without writing a site."""

from dataclasses import dataclass
from pathlib import Path

from portal.build import manifest
from portal.build.engine import Prepared
from portal.build.fingerprints import Fingerprints
from portal.build.manifest import Entry


@dataclass(frozen=True, slots=True)
class Difference:
    """Pages that would appear, change or leave, as sorted paths relative to the site's root."""

    appear: tuple[str, ...]
    change: tuple[str, ...]
    leave: tuple[str, ...]


def difference(prepared: Prepared, published: Path | None, fingerprints: Fingerprints) -> Difference:
    """The prepared pages held against the published release; before the first release all pages appear."""
    appear, change = [], []
    held = manifest.read(published).files if published else {}
    for page in prepared.pages:
        old = published / page.path if published else None
        if old is None or not old.is_file():
            appear.append(page.path)
        elif _is_noted(old, held.get(page.path), fingerprints.of(page)):
            continue
        elif old.read_bytes() != prepared.theme.render(page):
            change.append(page.path)
    planned = {page.path for page in prepared.pages}
    there = {path.relative_to(published).as_posix() for path in published.rglob("*.html")} if published else set()
    return Difference(tuple(sorted(appear)), tuple(sorted(change)), tuple(sorted(there - planned)))


def _is_noted(old: Path, noted: Entry | None, fingerprint: bytes) -> bool:
    """Whether a file is the one that was made from the same, and nobody touched it."""
    if noted is None or noted.fingerprint != fingerprint:
        return False
    found = old.stat()
    return (found.st_size, found.st_mtime_ns) == (noted.size, noted.mtime_ns)
