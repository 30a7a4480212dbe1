"""What of a site need not be checked again, because it is as it was in a release whose links all led somewhere."""

from collections.abc import Mapping
from pathlib import Path

from portal.build.manifest import Entry


class Checked:
    """A release that was checked, held against the site that is to follow it."""

    def __init__(self, release: Path, before: Mapping[str, Entry], after: Mapping[str, Entry]) -> None:
        self.release = release
        self.kept = frozenset(path for path, entry in after.items() if before.get(path) == entry)
        """The files that are as they were."""
        self.gone = frozenset(before.keys() - after.keys())
        """The files that are no longer there."""
        self.changed = frozenset(path for path in before.keys() & after.keys() if path not in self.kept)
        """The files that are others than they were."""
