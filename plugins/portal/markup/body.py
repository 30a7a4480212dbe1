"""A body as a page sees it: the Markdown with the addresses that it needs, and its HTML."""

from portal.markup.prose import Prose
from portal.value import Value


class Body(Value, frozen=True):
    """Markdown with everything its HTML depends on.

    `files` pairs a file's name below content/files/ with its address; `citations` pairs a cited text with the address
    of the document that the portal holds.
    """

    source: Prose
    files: tuple[tuple[str, str], ...] = ()
    citations: tuple[tuple[str, str], ...] = ()


class Heading(Value, frozen=True):
    """A heading of a body, for the table of contents."""

    level: int
    text: str
    anchor: str


class Rendered(Value, frozen=True):
    """The HTML of a body, safe to print, and its headings."""

    html: str
    headings: tuple[Heading, ...]
