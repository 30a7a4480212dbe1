"""The one parser of bodies: python-markdown, set up for official Chinese text, as a tree that remembers its source.

python-markdown and not a CommonMark parser: each of those leaves `应当**依法公开。**各单位` unbolded, because the
flanking rules of CommonMark know no Chinese punctuation. The rules look at the same tree that is rendered, so what they
see and what the page shows cannot differ.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import ENTITY_RE, HTML_RE, HtmlInlineProcessor, InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor as InlineStage
from markdown.treeprocessors import Treeprocessor
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString, Registry

from portal.markup.html import show_tag
from portal.markup.plain import Plain
from portal.markup.triggers import triggers
from portal.markup.writing import Writer

STASHED = re.compile("\x02wzxhzdk:([0-9]+)\x03")
"""python-markdown's mark for raw HTML or an entity, which it puts back at the very end."""

HEADINGS = frozenset(f"h{level}" for level in range(1, 7))

_ESCAPED = re.compile("\x02([0-9]+)\x03")
# The patterns of python-markdown that are watched, with the priorities that they have there.
_TRACED = {
    "backtick": 190,
    "reference": 170,
    "link": 160,
    "image_link": 150,
    "image_reference": 140,
    "short_reference": 130,
    "short_image_ref": 125,
    "autolink": 120,
    "linebreak": 100,
}
_PASSED_OVER = ("em_strong", "linebreak")
"""Where one is only looking: what is looked for does not depend on them."""


@dataclass(slots=True)
class Document:
    """A parsed body. It remembers the source of links, images and code, of raw HTML and entities, of headings."""

    root: etree.Element
    source: str = ""
    """With line ends and tabs made uniform: its lines are those of the body."""
    written: dict[etree.Element, str] = field(default_factory=dict)
    stashed: list[str] = field(default_factory=list)
    headings: dict[etree.Element, str] = field(default_factory=dict)
    plain: list[tuple[etree.Element, str]] = field(default_factory=list)
    """Paragraphs that are plain lines, each with its line: they are filled when all others are parsed."""


def parse(source: str) -> Document | None:
    """What a body links to, embeds and holds in raw HTML, and its headings; None where python-markdown fails.

    Text in which nothing of that can be written is passed over.
    """
    found = _convert(source, None)
    return found[0] if found else None


def render(source: str, change: Callable[[Document], None]) -> str | None:
    """The HTML of a body, still to be cleaned, after a change to its tree; None where python-markdown fails."""
    found = _convert(source, change)
    return found[1] if found else None


def _convert(source: str, change: Callable[[Document], None] | None) -> tuple[Document, str] | None:
    parser, extension = _parser()
    parser.reset()
    document = extension.document = Document(etree.Element("div"))
    extension.change = change
    try:
        return document, parser.convert(source)
    except Exception:  # RecursionError at hundreds of nested lists
        _parser.cache_clear()  # it has stopped half-way and would read the next body as part of this one
        return None


class _Lines(Preprocessor):
    """The last look at the lines: as the parser will read them."""

    def __init__(self, extension: "_Official") -> None:
        super().__init__(extension.md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        self.extension.document.source = "\n".join(lines)
        return lines


class _Blocks(Treeprocessor):
    """Before inline parsing: headings as they are written; text in which no pattern can match is marked as done."""

    def __init__(
        self, extension: "_Official", every: re.Pattern[str] | None, looked_for: re.Pattern[str] | None
    ) -> None:
        super().__init__(extension.md)
        self.extension = extension
        self.every = every
        self.looked_for = looked_for

    def run(self, root: etree.Element) -> None:
        marks = self.every if self.extension.change else self.looked_for
        for element in root.iter():
            if element.tag in HEADINGS:
                self.extension.document.headings[element] = element.text or ""
            if element.text and marks and not marks.search(element.text):
                element.text = AtomicString(element.text)


class _Plain(BlockProcessor):
    """Before all other kinds of block: plain lines, which need not be looked at by any."""

    def __init__(self, extension: "_Official", plain: Plain) -> None:
        super().__init__(extension.md.parser)
        self.extension = extension
        self.plain = plain

    def test(self, parent: etree.Element, block: str) -> bool:
        # Within a list or a quotation a line may be something else.
        return not self.parser.state

    def run(self, parent: etree.Element, blocks: list[str]) -> bool:
        line = blocks[0]
        if heading := self.plain.heading(line):
            etree.SubElement(parent, f"h{heading[0]}").text = AtomicString(heading[1])
        elif self.plain.is_plain(line):
            self.extension.document.plain.append((etree.SubElement(parent, "p"), line))
        else:
            return False
        del blocks[0]
        return True

    def fill(self, document: Document) -> None:
        """Put the words of plain lines into their paragraphs."""
        for paragraph, line in document.plain:
            last: etree.Element | None = None
            for piece in self.plain.pieces(line):
                if piece.tag:
                    attributes = {"href": piece.target} if piece.target else {}
                    last = etree.SubElement(paragraph, piece.tag, attributes)
                    last.text = piece.text
                    if piece.target:
                        document.written[last] = f"[{piece.text}]({piece.target})"
                elif last is None:
                    paragraph.text = piece.text
                else:
                    last.tail = piece.text


class _Tree(Treeprocessor):
    """After inline parsing: the tree is what it is. If only looking, nothing is left to be written out."""

    def __init__(self, extension: "_Official") -> None:
        super().__init__(extension.md)
        self.extension = extension

    def run(self, root: etree.Element) -> etree.Element | None:
        self.extension.plain.fill(self.extension.document)
        self.extension.document.root = root
        if self.extension.change is None:
            return etree.Element(root.tag)
        self.extension.change(self.extension.document)
        return None


class _Traced(InlineProcessor):
    """Another pattern, whose finds are remembered as they stand in the source."""

    def __init__(self, inner: InlineProcessor, extension: "_Official") -> None:
        super().__init__(inner.pattern, inner.md)
        self.inner = inner
        self.extension = extension

    def handleMatch(  # type: ignore[override]  # InlineProcessor itself takes more than its base, Pattern
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

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # as above
        written = self.extension.as_written(m[0])
        shown = written if written.startswith("&") else show_tag(written)
        self.extension.document.stashed.append(written)
        return self.md.htmlStash.store(shown), m.start(0), m.end(0)


class _Official(Extension):
    """python-markdown for official texts."""

    md: Markdown
    plain: _Plain
    document: Document
    change: Callable[[Document], None] | None

    def extendMarkdown(self, md: Markdown) -> None:
        # Blocks of raw HTML are not passed through: all raw HTML is inline, where only a few tags are let through.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("automail")
        # `----` under a line and four leading spaces are how people draw rules and indent, not headings and code.
        md.parser.blockprocessors.deregister("setextheader")
        md.parser.blockprocessors.deregister("code")
        self.md = md
        md.preprocessors.register(_Lines(self), "lines", 0)
        md.treeprocessors.register(_Tree(self), "tree", 15)  # after inline, before prettify (10)
        for name, priority in _TRACED.items():
            inner = md.inlinePatterns[name]
            assert isinstance(inner, InlineProcessor)
            md.inlinePatterns.register(_Traced(inner, self), name, priority)
        # A comment that does not end within its paragraph would show what its author wanted hidden.
        md.inlinePatterns.register(_Html(f"{HTML_RE}|<!--", md, self), "html", 90)
        md.inlinePatterns.register(_Html(ENTITY_RE, md, self), "entity", 80)
        passed_over = [md.inlinePatterns[name] for name in _PASSED_OVER]
        patterns = [each.getCompiledRegExp() for each in md.inlinePatterns]
        looked_for = [each.getCompiledRegExp() for each in md.inlinePatterns if each not in passed_over]
        self.plain = _Plain(self, Plain(patterns))
        md.parser.blockprocessors.register(self.plain, "plain", 110)  # before empty (100)
        blocks = _Blocks(self, triggers(patterns), triggers(looked_for))
        md.treeprocessors.register(blocks, "blocks", 25)  # before inline (20)

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


class _Settled(Registry[BlockProcessor]):
    """Block processors that change no more: python-markdown sorts and copies their list for every block."""

    def __init__(self, registry: Registry[BlockProcessor]) -> None:
        super().__init__()
        self.__dict__.update(vars(registry))
        self._settled = tuple(registry)

    def __iter__(self) -> Iterator[BlockProcessor]:
        return iter(self._settled)


@cache
def _parser() -> tuple[Markdown, _Official]:
    """One parser a process: constructing one a file is 9 % of plain Pelican's time."""
    extension = _Official()
    md = Markdown(extensions=["tables", "sane_lists", extension], output_format="html")
    for name in ("prettify", "unescape"):  # in one pass with the writing
        md.treeprocessors.deregister(name)
    md.parser.blockprocessors = _Settled(md.parser.blockprocessors)
    md.serializer = Writer(md.block_level_elements)
    return md, extension


def plain_lines() -> Plain:
    """What the parser takes for plain."""
    return _parser()[1].plain.plain


def in_order(root: etree.Element) -> Iterator[tuple[etree.Element, bool, str | None]]:
    """The tree in the order of the text: each element as it begins, with its text, and as it ends, with its tail."""
    waiting = [(root, True)]
    while waiting:
        element, begins = waiting.pop()
        yield element, begins, element.text if begins else element.tail
        if begins:
            waiting.append((element, False))
            waiting.extend((child, True) for child in reversed(element))
