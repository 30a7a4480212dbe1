"""What a body links to, embeds and holds in raw HTML, and its headings, each with line and column.

Found in the tree that is rendered (portal.markup.parser). Most bodies hold nothing of the kind, which a look at the
characters tells without parsing: every build looks at every body.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown.blockprocessors import ReferenceProcessor

from portal.markup.addresses import ENTITY, file_name, plain
from portal.markup.html import is_control, tag_parts
from portal.markup.parser import STASHED, Document, in_order, parse, plain_lines
from portal.value import Value

DEEPEST = 8
"""How many lists and quotations may stand in one another."""

_HTML = re.compile(r"<[A-Za-z/!?]")
_DEEP = re.compile(rf"^(?:[ ]{{4}}|\t|[ ]{{0,3}}(?:>|[*+-][ \t]|[0-9]+\.[ \t])){{{DEEPEST + 1}}}", re.MULTILINE)
_HASHES = [re.compile(rf"^[ >*+\-.0-9]*#{{{level}}}[ ]*", re.MULTILINE) for level in range(7)]
_VANISHING = "\x02\x03\r"  # what python-markdown takes out or changes before it parses
_NESTING = {"ul", "ol", "blockquote"}


class Link(Value, frozen=True):
    """A link or an image, its target as a browser reads it; line and column count from 1 within the body."""

    image: bool
    text: str
    target: str
    line: int
    column: int

    @property
    def file(self) -> str | None:
        """The file below content/files/ that the link names, or None."""
        return file_name(self.target)


class Tag(Value, frozen=True):
    """Raw HTML as written: the tag's lower-case name (`!--` for a comment) and its attributes."""

    name: str
    attributes: str
    line: int
    column: int


class HeadingMark(Value, frozen=True):
    """A heading's level, place, and words as written."""

    level: int
    line: int
    text: str = ""


class ControlMark(Value, frozen=True):
    """An entity that stands for a character nobody sees."""

    entity: str
    line: int
    column: int


class _Found(Value, frozen=True):
    links: tuple[Link, ...] = ()
    tags: tuple[Tag, ...] = ()
    headings: tuple[HeadingMark, ...] = ()
    controls: tuple[ControlMark, ...] = ()
    depth: int = 0
    parsed: bool = True


def links(source: str) -> list[Link]:
    """Every link and image, in order, however it is written."""
    return list(_look(source).links) if _may_hold_marks(source) else []


def tags(source: str) -> list[Tag]:
    """Every piece of raw HTML, in order. Autolinks such as `<https://…>` are not HTML."""
    return list(_look(source).tags) if _may_hold_marks(source) else []


def controls(source: str) -> list[ControlMark]:
    """Every entity that stands for a control character, in text and in addresses."""
    return list(_look(source).controls) if _may_hold_marks(source) else []


def headings(source: str) -> list[HeadingMark]:
    """Every `#` heading, in order, in quotations and lists too."""
    return list(_look(source).headings) if "#" in source else []


def too_deep(source: str) -> int | None:
    """The line at which lists and quotations stand too deep in one another, or None."""
    if not any(mark in source for mark in ("    ", "\t", ">", "- ", "* ", "+ ", ". ")):
        return None
    deep = _DEEP.search(source)
    if deep is None and not _changes(source):
        return None
    found = _parsed(source)
    if found.parsed and found.depth <= DEEPEST:
        return None
    return source.count("\n", 0, deep.start()) + 1 if deep else 1


def _may_hold_marks(source: str) -> bool:
    """Whether there can be links (`](`, or `]:` of a definition), raw HTML or numbered entities."""
    return (
        "](" in source
        or "]:" in source
        or "&#" in source
        or ("<" in source and bool(_HTML.search(source)))
        or _changes(source)
    )


def _changes(source: str) -> bool:
    return any(character in source for character in _VANISHING)


@lru_cache(maxsize=4)  # asked for its links, its tags, its headings in turn, a body is parsed once
def _look(source: str) -> _Found:
    return _at_a_glance(source) or _parsed(source)


_MARKS = re.compile(r"[#\[<&]")


def _at_a_glance(source: str) -> _Found | None:
    """What is found where only plain lines and plain headings hold anything: most bodies. None where one must parse."""
    if _changes(source):
        return None
    plain = plain_lines()
    links: list[Link] = []
    headings: list[HeadingMark] = []
    line = 1
    for block in source.split("\n\n"):
        if _MARKS.search(block):
            text = block.rstrip("\n")
            if heading := plain.heading(text):
                headings.append(HeadingMark(heading[0], line, heading[1]))
            elif plain.is_plain(text):
                for piece in plain.pieces(text):
                    if piece.target:
                        links.append(Link(False, piece.text, piece.target, line, piece.start + 1))
            else:
                return None
        line += block.count("\n") + 2
    return _Found(tuple(links), headings=tuple(headings))


@lru_cache(maxsize=4)
def _parsed(source: str) -> _Found:
    document = parse(source)
    if document is None:
        return _Found(parsed=False)
    places = _Places(document, source.count("\n") + 1)
    links: list[Link] = []
    tags: list[Tag] = []
    headings: list[HeadingMark] = []
    controls: list[ControlMark] = []
    depth = deepest = 0
    for element, begins, text in in_order(document.root):
        written = document.written.get(element)
        if element.tag in _NESTING:
            depth += 1 if begins else -1
            deepest = max(deepest, depth)
        if not begins and written is not None:
            places.leave()
        elif begins and written is not None:
            line, column = places.find(written)
            if element.tag in {"a", "img"}:
                image = element.tag == "img"
                words = element.get("alt", "") if image else "".join(element.itertext())
                target = element.get("src" if image else "href", "")
                links.append(Link(image, plain(words), plain(target).strip(), line, column))
                values = [value for _, value in element.items()]
                controls += [ControlMark(entity, line, column) for entity in _controls(*values)]
        elif begins and element in document.headings:
            level = int(element.tag[1])
            words = document.headings[element]
            headings.append(HeadingMark(level, places.heading(level, words), words))
        for stashed in STASHED.finditer(text or ""):
            written = document.stashed[int(stashed[1])]
            line, column = places.find(written)
            places.leave()
            controls += [ControlMark(entity, line, column) for entity in _controls(written)]
            if written.startswith("<"):
                tags.append(Tag(*tag_parts(written), line, column))
    return _Found(tuple(links), tuple(tags), tuple(headings), tuple(controls), deepest)


def _controls(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from (found[0] for found in ENTITY.finditer(text) if is_control(found[0]))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


class _Places:
    """Where the finds of a tree stand in the source: they come in order, each as it was written.

    Only the marks of quotations and lists at the beginnings of lines are gone from what the tree remembers.
    """

    def __init__(self, document: Document, lines: int) -> None:
        # What a definition says stands elsewhere as a link.
        self.source = ReferenceProcessor.RE.sub(_blank, document.source) if "]:" in document.source else document.source
        self.lines = lines
        self.position = 0
        self.entered: list[int] = []

    def find(self, written: str) -> tuple[int, int]:
        """Line and column of a find, which must be left again."""
        start = self.position
        while found := self._search(written, start):
            before = self.source[max(0, found[0] - 100) : found[0]]
            if written[0] in "<&" or (len(before) - len(before.rstrip("\\"))) % 2 == 0:  # `\\<` is no escape
                break
            start = found[0] + 1  # this one stands behind a backslash and is text
        self.entered.append(found[1] if found else self.position)
        if found:
            self.position = found[0] + 1
        return self._place(found[0] if found else self.position)

    def _search(self, written: str, start: int) -> tuple[int, int] | None:
        """Where it begins and ends, from a place on."""
        lines = [line.strip(" ") for line in written.split("\n")]
        if len(lines) == 1:  # nearly always, and a pattern for each would have to be compiled
            at = self.source.find(lines[0], start)
            return None if at < 0 else (at, at + len(lines[0]))
        found = re.compile(r"[ ]*\n[ >]*".join(map(re.escape, lines))).search(self.source, start)
        return found.span() if found else None

    def leave(self) -> None:
        """Go on behind the find that was entered last."""
        self.position = max(self.position, self.entered.pop())

    def heading(self, level: int, words: str) -> int:
        """The line of a heading."""
        for found in _HASHES[level].finditer(self.source, self.position):
            if self.source.startswith(words, found.end()):
                self.position = found.end()
                break
        return self._place(self.position)[0]

    def _place(self, position: int) -> tuple[int, int]:
        line = self.source.count("\n", 0, position) + 1
        return min(line, self.lines), position - self.source.rfind("\n", 0, position)
