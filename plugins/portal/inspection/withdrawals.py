"""What going back to an older release would bring back: the records withdrawn since."""

from pathlib import Path

from portal.pages.tombstones import TITLE
from portal.records.types import KINDS


def returning(current: Path, older: Path) -> list[str]:
    """Addresses whose record is withdrawn in the current release and was not yet in the older one, sorted."""
    found = []
    for kind in KINDS:
        for page in sorted((current / kind.address.strip("/")).glob("*/index.html")):
            before = older / page.relative_to(current)
            # Most pages are one file in both releases: nothing was withdrawn there.
            if before.is_file() and not before.samefile(page) and _is_tombstone(page) and not _is_tombstone(before):
                found.append(f"{kind.address}{page.parent.name}/")
    return sorted(found)


def _is_tombstone(page: Path) -> bool:
    from lxml import html  # going back is rare, and every other command would load it

    root = html.parse(str(page)).getroot()
    return root is not None and str(root.findtext(".//title") or "").strip().startswith(TITLE)
