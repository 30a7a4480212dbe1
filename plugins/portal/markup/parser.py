"""The one parser of bodies: python-markdown, set up for official Chinese text, as a tree that remembers its source.

python-markdown and not a CommonMark parser: each of those leaves `应当**依法公开。**各单位` unbolded, because the
flanking rules of CommonMark know no Chinese punctuation. The rules look at the same tree that is rendered, so what they
see and what the page shows cannot differ.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import ENTITY_RE, HTML_RE, HtmlInlineProcessor, InlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineStage
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString

from portal.markup.html import show_tag

STASHED = re.compile("\x02wzxhzdk:([0-9]+)\x03")
"""python-markdown's mark for raw HTML or an entity, which it puts back at the very end."""

HEADINGS = frozenset(f"h{level}" for level in range(1, 7))

_ESCAPED = re.compile("\x02([0-9]+)\x03")
_INLINE_MARKS = re.compile(r"[\[<&`\\]")
_TRACED = ("backtick", "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref")


@dataclass(slots=True)
class Document:
    """A parsed body. It remembers the source of links, images and code, of raw HTML and entities, of headings."""

    root: etree.Element
    source: str
    """With line ends and tabs made uniform: its lines are those of the body."""
    written: dict[etree.Element, str] = field(default_factory=dict)
    stashed: list[str] = field(default_factory=list)
    headings: dict[etree.Element, str] = field(default_factory=dict)


def parse(source: str, *, skim: bool = False) -> Document | None:
    """The tree of a body after inline parsing, or None where python-markdown fails, as at hundreds of nested lists.

    With `skim`, text in which nothing but emphasis can be written is passed over: what a body links to, embeds and
    holds in raw HTML is the same, and found in half the time.
    """
    parser, extension = _parser()
    parser.reset()
    lines = source.split("\n")
    try:
        for preprocessor in parser.preprocessors:
            lines = preprocessor.run(lines)
        document = extension.document = Document(etree.Element("div"), "\n".join(lines))
        document.root = parser.parser.parseDocument(lines).getroot()
        document.headings = {each: each.text or "" for each in document.root.iter() if each.tag in HEADINGS}
        if skim:
            _pass_over(document.root)
        parser.treeprocessors["inline"].run(document.root)
    except Exception:
        _parser.cache_clear()  # it has stopped half-way and would read the next body as part of this one
        return None
    return document


def serialize(document: Document) -> str:
    """The raw HTML of the document that was parsed last, still to be cleaned."""
    parser, extension = _parser()
    assert extension.document is document
    for name in ("prettify", "unescape"):
        parser.treeprocessors[name].run(document.root)
    text = str(parser.serializer(document.root)).strip()
    text = text.removeprefix("<div>").removesuffix("</div>").strip()
    for postprocessor in parser.postprocessors:
        text = postprocessor.run(text)
    return text.strip()


def _pass_over(root: etree.Element) -> None:
    for element in root.iter():
        if element.text and not _INLINE_MARKS.search(element.text):
            element.text = AtomicString(element.text)
        if element.tail and not _INLINE_MARKS.search(element.tail):
            element.tail = AtomicString(element.tail)


class _Traced(InlineProcessor):
    """Another pattern, whose finds are remembered as they stand in the source."""

    def __init__(self, inner: InlineProcessor, extension: "_Official") -> None:
        super().__init__(inner.pattern, inner.md)
        self.inner = inner
        self.extension = extension

    def handleMatch(  # type: ignore[override]  # the stubs give each pattern its own, narrower signature
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | str | None, int | None, int | None]:
        node, start, end = self.inner.handleMatch(m, data)
        if isinstance(node, etree.Element) and start is not None and end is not None:
            self.extension.document.written[node] = self.extension.as_written(data[start:end])
        return node, start, end


class _Html(HtmlInlineProcessor):
    """Raw HTML and entities: kept in the stash as they may be shown, and remembered as they were written."""

    def __init__(self, pattern: str, md: Markdown, extension: "_Official") -> None:
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        written = self.extension.as_written(m[0])
        shown = written if written.startswith("&") else show_tag(written)
        self.extension.document.stashed.append(written)
        return self.md.htmlStash.store(shown), m.start(0), m.end(0)


class _Official(Extension):
    """python-markdown for official texts."""

    document: Document

    def extendMarkdown(self, md: Markdown) -> None:
        # Blocks of raw HTML are not passed through: all raw HTML is inline, where only a few tags are let through.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("automail")
        # `----` under a line and four leading spaces are how people draw rules and indent, not headings and code.
        md.parser.blockprocessors.deregister("setextheader")
        md.parser.blockprocessors.deregister("code")
        self.md = md
        priorities = {item.name: item.priority for item in md.inlinePatterns._priority}
        for name in (*_TRACED, "autolink", "linebreak"):
            inner = md.inlinePatterns[name]
            assert isinstance(inner, InlineProcessor)
            md.inlinePatterns.register(_Traced(inner, self), name, priorities[name])
        # A comment that does not end within its paragraph would show what its author wanted hidden.
        md.inlinePatterns.register(_Html(f"{HTML_RE}|<!--", md, self), "html", priorities["html"])
        md.inlinePatterns.register(_Html(ENTITY_RE, md, self), "entity", priorities["entity"])

    def as_written(self, text: str) -> str:
        """A piece of a paragraph with what python-markdown has already taken out of it put back."""
        if "\x02" not in text:
            return text
        stage = self.md.treeprocessors["inline"]
        assert isinstance(stage, InlineStage)

        def put_back(found: re.Match[str]) -> str:
            node = stage.stashed_nodes.get(found[1], "")
            return node if isinstance(node, str) else self.document.written.get(node, "")

        text = INLINE_PLACEHOLDER_RE.sub(put_back, text)
        text = STASHED.sub(lambda found: self.document.stashed[int(found[1])], text)
        return _ESCAPED.sub(lambda found: "\\" + chr(int(found[1])), text)


@cache
def _parser() -> tuple[Markdown, _Official]:
    """One parser a process: constructing one a file is 9 % of plain Pelican's time."""
    extension = _Official()
    return Markdown(extensions=["tables", "sane_lists", extension], output_format="html"), extension


def walk(root: etree.Element) -> Iterator[tuple[etree.Element, bool, str | None]]:
    """The tree in the order of the text: each element as it begins, with its text, and as it ends, with its tail."""
    waiting = [(root, True)]
    while waiting:
        element, begins = waiting.pop()
        yield element, begins, element.text if begins else element.tail
        if begins:
            waiting.append((element, False))
            waiting.extend((child, True) for child in reversed(element))
