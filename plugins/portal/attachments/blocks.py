"""Blocks as they are kept: normal strings, and no more of them than the limits allow."""

import re
from collections.abc import Iterable

from portal.attachments.amount import MAX_OF_RECORD

MAX_CHARACTERS = MAX_OF_RECORD
"""Characters of one attachment that are read, seen or not."""

MAX_BLOCKS = 500_000
"""Paragraphs or cells of one attachment that are read, empty ones too."""

WIDE = "\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff“”‘’…—"
"""Characters of Chinese, between which a line's end is no space: for a class of a regular expression. U+3000 is white
space, and not among them: a run of it would be tried from each of its places."""

# Control characters, lone surrogates and non-characters; the soft hyphen, spaces without width and marks of direction.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_END = re.compile(rf"(?<=[{WIDE}])[^\S\n]*\n\s*(?=[{WIDE}])")
_SPACE = re.compile(r"\s+")


def within_limits(raw: Iterable[str]) -> tuple[list[str], bool]:
    """The normal blocks, and whether there are more than the limits allow.

    What is given counts, not what is left of it: a block of invisible characters takes time like any other.
    """
    blocks: list[str] = []
    left = MAX_CHARACTERS
    for number, each in enumerate(raw):
        if number == MAX_BLOCKS:
            return blocks, True
        if text := normal(each[:left]):
            blocks.append(text)
        if len(each) > left:
            return blocks, True
        left -= len(each)
    return blocks, False


def normal(text: str) -> str:
    """One line: no invisible characters, a single space for any white space, none at a line's end between Chinese."""
    return _SPACE.sub(" ", _LINE_END.sub("", _INVISIBLE.sub("", text))).strip()
