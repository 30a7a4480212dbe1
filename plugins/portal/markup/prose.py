"""The Markdown of a body as a value: told from others by its digest, with what it refers to, and read when it is needed.

Of ten thousand bodies a build needs the words of the few that changed; of all the others what they link to and name.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from portal.markup import scan
from portal.markup.mentions import NONE, Mentions, mentions
from portal.markup.scan import Link
from portal.value import Value

UNFINISHED = "请填写"
"""What stands in a new site's files where only the office knows the words."""


class Marks(Value, frozen=True):
    """What a body refers to: links and images that stay on the site, what it may be citing; and the line on which it still
    waits for words of the office, 0 for none. Lines count from 1 within the body."""

    links: tuple[Link, ...] = ()
    mentions: Mentions = NONE
    unfinished: int = 0


def marks(source: str) -> Marks:
    """The marks of a body."""
    links = tuple(link for link in scan.links(source) if link.file or link.target.startswith("/"))
    at = source.find(UNFINISHED)
    return Marks(links, mentions(source), source.count("\n", 0, at) + 1 if at >= 0 else 0)


class Prose:
    """A body. Two with one digest are equal, wherever their words are kept."""

    __slots__ = ("_marks", "_read", "digest", "size")

    digest: str
    """SHA-256 of the Markdown, in hex; empty for a body without words."""
    size: int
    """Characters of the Markdown; 0 for a body without words."""

    def __init__(self, digest: str, size: int, marks: Marks | None, read: Callable[[], str]) -> None:
        """`read` gives the Markdown; it is asked each time, and may fetch it from where it is kept."""
        self.digest = digest
        self.size = size
        self._marks = marks
        self._read = read

    @classmethod
    def of(cls, source: "str | Prose") -> "Prose":
        """The body of a Markdown text that is at hand."""
        if isinstance(source, Prose):
            return source
        if not source.strip():
            return EMPTY
        return cls(hashlib.sha256(source.encode()).hexdigest(), len(source), None, lambda: source)

    @property
    def marks(self) -> Marks:
        """What it refers to."""
        if self._marks is None:
            self._marks = marks(self._read())
        return self._marks

    @property
    def markdown(self) -> str:
        """Its words."""
        return self._read()

    def __bool__(self) -> bool:
        return bool(self.size)

    def __eq__(self, other: object) -> Any:
        return self.digest == other.digest if isinstance(other, Prose) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Callable[[str], "Prose"], tuple[str]]:
        return Prose.of, (self.markdown,)  # another process gets the words themselves

    def __repr__(self) -> str:
        return f"Prose({self.digest[:12]}, {self.size})"

    @property
    def files(self) -> tuple[str, ...]:
        """The files below content/files/ that it names, each once, in order."""
        return tuple(dict.fromkeys(link.file for link in self.marks.links if link.file))


EMPTY = Prose("", 0, Marks(), lambda: "")
"""A body without words."""
