"""Finding things in Markdown source with their line and column: links, images, raw HTML, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINK = re.compile(r"(!?)\[((?:[^\[\]\\]|\\.)*)\]\(\s*<?([^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
_TAG = re.compile(r"<!--|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)/?>")
_HEADING = re.compile(r"(#{1,6})[ \t]*\S")
_CODE = re.compile(r"`+[^`\n]*`+")

FILES = "files/"
"""How a body names a file below content/files/."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image as written; line and column count from 1 within the body."""

    image: bool
    text: str
    target: str
    line: int
    column: int

    @property
    def file(self) -> str | None:
        """The file below content/files/ that the link names, or None."""
        return self.target.removeprefix(FILES) if self.target.startswith(FILES) else None


@dataclass(frozen=True, slots=True)
class Tag:
    """Raw HTML as written: the tag's lower-case name (`!--` for a comment) and its attributes."""

    name: str
    attributes: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """A heading's level and place."""

    level: int
    line: int


def _lines(source: str) -> Iterator[tuple[int, str]]:
    """Lines with code spans blanked, so that what an editor quotes as code is not taken for markup."""
    for number, line in enumerate(source.split("\n"), start=1):
        yield number, _CODE.sub(lambda match: " " * len(match[0]), line) if "`" in line else line


def links(source: str) -> list[Link]:
    """Every inline link and image, in order."""
    if "](" not in source:
        return []
    return [
        Link(bool(found[1]), found[2], found[3], number, found.start() + 1)
        for number, line in _lines(source)
        for found in _LINK.finditer(line)
    ]


def tags(source: str) -> list[Tag]:
    """Every piece of raw HTML, in order. Autolinks such as `<https://…>` are not HTML."""
    if "<" not in source:
        return []
    return [
        Tag((found[2] or "!--").lower(), (found[3] or "").strip(), number, found.start() + 1)
        for number, line in _lines(source)
        for found in _TAG.finditer(line)
    ]


def headings(source: str) -> list[HeadingMark]:
    """Every `#` heading, in order."""
    return [
        HeadingMark(len(found[1]), number)
        for number, line in enumerate(source.split("\n"), start=1)
        if line.startswith("#") and (found := _HEADING.match(line))
    ]


def files(source: str) -> tuple[str, ...]:
    """The files below content/files/ that a body names, each once, in order."""
    return tuple(dict.fromkeys(link.file for link in links(source) if link.file))
