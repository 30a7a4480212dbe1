"""Plain paragraphs: one line of words, words in bold and simple links. Most of an official text is made of these.

python-markdown asks ten kinds of block whether such a line is theirs, and then looks for a dozen patterns in it. What is
plain here is only what can have no other meaning there: it holds none of the characters that a pattern needs, but for whole
bold words and links, and it begins as nothing but a paragraph can. The tests compare with python-markdown alone.
"""

import re
from collections.abc import Iterable, Iterator

from portal.markup.triggers import triggers
from portal.value import Value

_OPENING = "（《〈“‘〔【「『［｛"
_TARGET = r"[A-Za-z0-9/._~%\#?=:,+-]+"


class Piece(Value, frozen=True):
    """A piece of a plain line: words, bold words (`tag` is strong), or a link (a) with its target."""

    tag: str
    text: str
    target: str = ""
    start: int = 0


class Plain:
    """What is plain for a parser with certain inline patterns; nothing, where it cannot be said what these need."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        needed = triggers(patterns)
        self._line: re.Pattern[str] | None = None
        if needed is None or not needed.pattern.startswith("["):
            return
        word = rf"[^{needed.pattern[1:-1]}\n\t\x02\x03]"
        bold = rf"\*\*(?!\s){word}++(?<!\s)\*\*(?!\*)"
        link = rf"(?<!!)\[[^{needed.pattern[1:-1]}\]\n\t\x02\x03]++\]\({_TARGET}\)"
        begins = rf"(?=(?![\d_])\w|[{_OPENING}]|\*\*|\[)"
        self._line = re.compile(rf"{begins}(?>{word}++|{bold}|{link})+(?<!\s)")
        self._heading = re.compile(rf"(\#{{1,6}})[ ]*({begins}(?:(?!\#){word})++)(?<!\s)")
        self._piece = re.compile(rf"\*\*({word}+)\*\*|\[({word}+?)\]\(({_TARGET})\)")

    def is_plain(self, line: str) -> bool:
        """Whether a block is a plain line."""
        return self._line is not None and self._line.fullmatch(line) is not None

    def heading(self, line: str) -> tuple[int, str] | None:
        """Level and words of a block that is a heading without any marks; None for any other."""
        found = self._heading.fullmatch(line) if self._line is not None and line[:1] == "#" else None
        return (len(found[1]), found[2]) if found else None

    def pieces(self, line: str) -> Iterator[Piece]:
        """The pieces of a plain line, in order."""
        position = 0
        if "*" in line or "[" in line:
            for found in self._piece.finditer(line):
                if found.start() > position:
                    yield Piece("", line[position : found.start()], "", position)
                if found[1] is not None:
                    yield Piece("strong", found[1], "", found.start())
                else:
                    yield Piece("a", found[2], found[3], found.start())
                position = found.end()
        if position < len(line):
            yield Piece("", line[position:], "", position)
