"""A body as a page sees it: the Markdown with the addresses that it needs, and its HTML."""

from dataclasses import dataclass

from portal.markup.prose import Prose


@dataclass(frozen=True, slots=True)
class Body:
    """Markdown with everything its HTML depends on.

    `files` pairs a file's name below content/files/ with its address; `citations` pairs a cited text with the address
    of the document that the portal holds.
    """

    source: Prose
    files: tuple[tuple[str, str], ...] = ()
    citations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a body, for the table of contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML of a body, safe to print, and its headings."""

    html: str
    headings: tuple[Heading, ...]
