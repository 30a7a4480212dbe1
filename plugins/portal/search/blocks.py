"""What a record says, block by block: its fields, the blocks of its text, and those of its attachments.

A block is a paragraph, heading, list item, table cell or field as it was published. A query is found within one block,
however the words in it are marked up, and never across two. What filters and navigation say (theme, genre, column) is
no block: a word would find every record that is filed under it.
"""

from dataclasses import dataclass

from lxml import html

from portal.markup.body import Body
from portal.markup.convert import to_html
from portal.markup.prose import Prose
from portal.records.types import DisclosureEntry, Interpretation, PressRelease
from portal.site.model import Item

_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "pre", "blockquote", "section", "hr"})
_CONTAINERS = frozenset({"div", "ul", "ol", "table", "thead", "tbody", "tr"})


@dataclass(frozen=True, slots=True)
class Source:
    """A text of a record: its own, or that of an attachment (`title` and `url` say of which, both empty for its own)."""

    blocks: tuple[str, ...]
    title: str = ""
    url: str = ""


def fields(item: Item) -> list[str]:
    """The fields that hold words of the record's own, its title first."""
    record = item.record
    found: list[str | None] = [record.title]
    if isinstance(record, DisclosureEntry):
        found += (record.doc_no, record.index_no)
    found += (item.publisher.name, record.summary, *record.keywords)
    if item.reprint:  # of others it is not shown
        found.append(record.source)
    found.append(record.author)
    if isinstance(record, DisclosureEntry):
        found += record.history
    elif isinstance(record, PressRelease):
        found.append(record.spokesperson)
    elif isinstance(record, Interpretation):
        found.append(record.interpreter)
    if item.attachments:
        found += [attachment.title for attachment in item.attachments]
    if item.image:
        found.append(item.image.title)
    if record.corrections:
        found += [correction.note for correction in record.corrections]
    return list(filter(None, found))


def body_blocks(source: Prose) -> list[str]:
    """The blocks of a Markdown body, from the HTML that its page shows; of an image, its words."""
    if not source:
        return []
    root = html.fragment_fromstring(to_html(Body(source)).html, create_parent="div")
    found: list[str] = []
    _collect(root, found)
    return [block for block in found if block.strip()]


def _collect(element: html.HtmlElement, found: list[str]) -> None:
    """Append the blocks below an element in reading order; text beside blocks within it is a block of its own."""
    running: list[str] = []
    readings: list[str] = []  # of ruby: they stand above the words, and would part them

    def end() -> None:
        found.extend(("".join(running), *readings))
        running.clear()
        readings.clear()

    def visit(parent: html.HtmlElement) -> None:
        running.append(parent.text or "")
        for child in parent:
            if child.tag in _BLOCKS or child.tag in _CONTAINERS:
                end()
                visit(child)
                end()
            elif child.tag == "rt":
                readings.append(child.text_content())
            elif child.tag == "rp":
                pass
            else:
                if child.tag == "br":
                    running.append("\n")
                if child.tag == "img":
                    running.append(child.get("alt", ""))
                visit(child)
            running.append(child.tail or "")

    visit(element)
    end()
