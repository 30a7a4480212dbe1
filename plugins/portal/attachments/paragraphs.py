"""The lines of a document's pages, put together again to the paragraphs that were cut into them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portal.attachments.blocks import WIDE

_WIDE = re.compile(f"[\u3000{WIDE}]")
_PAGE_NUMBER = re.compile(
    r"[-—–－·• ]+\d{1,5}[-—–－·• ]+|第 ?\d{1,5} ?页(?:[，,/ ]*共 ?\d{1,5} ?页)?|\d{1,5} ?/ ?\d{1,5}"
)
_FINAL = tuple("。！？；：!?;:")
_CLOSING = "”’）)》」』】] "
_MARKER = re.compile(
    r"[（(][一二三四五六七八九十百\d]{1,4}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百千零\d]{1,6}[编章节条款]"
    r"|\d{1,3}[.．、](?!\d)|\d{1,3}(?:\.\d{1,3}){1,3}\s|[①-⑳●■◆▪•]|附件|附表|[附注][:：]"
)
_FULL = 0.85  # share of the widest line's width from which on a line reaches the edge
_LONG = 10_000  # characters from which on a short line ends a paragraph whatever it ends with: tables have no end


def body(lines: list[str], number: int) -> list[str]:
    """A page's lines without blank ones and the page number at its edges: a paragraph goes on over the page's end."""

    def is_edge(line: str) -> bool:
        return not line or line == str(number) or _PAGE_NUMBER.fullmatch(line) is not None

    first, last = 0, len(lines)
    while first < last and is_edge(lines[first]):
        first += 1
    while last > first and is_edge(lines[last - 1]):
        last -= 1
    return lines[first:last]


def paragraphs(pages: Iterable[Sequence[str]]) -> list[str]:
    """The lines of pages as paragraphs.

    pypdf gives lines, without the indent that begins a paragraph. When unsure, lines are joined: a phrase that runs
    over a line's end must be found. A paragraph ends at a blank line; at a line that ends a sentence, before the right
    edge or at the page's end; at a short line before a number such as （一） or 1.; and, in Chinese, at a short line
    before one that reaches the edge, for that one has room for no first word either.
    """
    found: list[str] = []
    lines: list[_Line] = []
    size = 0
    for page in pages:
        edge = _FULL * max(map(_width, page), default=0)
        for position, text in enumerate(page):
            line = _Line(text, _width(text) >= edge)
            long = size > _LONG and not lines[-1].full
            if lines and (not text or long or _is_apart(lines[-1], line, turned=not position)):
                found.append(_joined(lines))
                lines, size = [], 0
            if text:
                lines.append(line)
                size += len(text)
    return [*found, _joined(lines)] if lines else found


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and whether it reaches the right edge of its page."""

    text: str
    full: bool


def _is_apart(line: _Line, following: _Line, *, turned: bool) -> bool:
    """Whether a paragraph ends between two lines; `turned`: a page ends there, too."""
    if line.text.rstrip(_CLOSING).endswith(_FINAL):
        return turned or not line.full or _MARKER.match(following.text) is not None
    if line.full:
        return False
    is_chinese = _WIDE.match(line.text[-1]) and _WIDE.match(following.text)
    return _MARKER.match(following.text) is not None or bool(following.full and is_chinese)


def _joined(lines: Sequence[_Line]) -> str:
    """The lines in one. Chinese runs on without a space, and beside a number, too, where the line's end cut it off."""
    pieces = [lines[0].text]
    for line, following in pairwise(lines):
        before, after = _WIDE.match(line.text[-1]), _WIDE.match(following.text)
        runs_on = (before or after) if line.full else (before and after)
        pieces += [following.text] if runs_on else [" ", following.text]
    return "".join(pieces)


def _width(line: str) -> int:
    return len(line) + len(_WIDE.findall(line))
