"""Which documents a text may be naming: 文号 and 《…》, as they are written. Whether they are held is the site's matter."""

import re
import unicodedata
from collections.abc import Iterator

from portal.value import Value

_YEAR_NUMBER = re.compile(r"[\[(【〔［（]\s*[0-9０-９]{4}\s*[\])】〕］）]\s*第?\s*[0-9０-９]{1,5}\s*号")
_ORDER = re.compile(r"令\s*第?\s*([0-9０-９]{1,5})\s*号")
_TITLE = re.compile(r"《([^《》\n]{2,150}(?:《[^《》\n]+》[^《》\n]*)?)》")
_HAN_TAIL = re.compile(r"[一-鿿]+$")
_BRACKETS = re.compile(r"[\[(【〔［（]\s*(\d{4})\s*[\])】〕］）]")
_SPACE = re.compile(r"\s+")
_LEADING = re.compile(r"〕第?0*(\d+)")
_NORMAL = re.compile("[一-鿿]+(?:〔[0-9]{4}〕[1-9][0-9]*号)?")
_REACH = 30
"""Characters before a number in which the name of its organ may stand."""


class NumberMention(Value, frozen=True):
    """The tail of a 文号, such as 〔2025〕12号 or 令第711号, and the characters right before it, which may be its 代字."""

    start: int
    written: str
    tail: str  # in the one form in which numbers are compared
    before: str
    next: str  # the character that follows, or nothing


class TitleMention(Value, frozen=True):
    """A title in its marks, 《…》; `written` has them, `title` has not."""

    start: int
    written: str
    title: str
    next: str


class Mentions(Value, frozen=True):
    """What a text may be citing, each sort in its order."""

    numbers: tuple[NumberMention, ...] = ()
    titles: tuple[TitleMention, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.numbers or self.titles)


NONE = Mentions()


def mentions(text: str) -> Mentions:
    """Everything in a text that has the form of a 文号 or of a title."""
    numbers = tuple(_numbers(text)) if "号" in text else ()
    titles = tuple(_titles(text)) if "《" in text else ()
    return Mentions(numbers, titles) if numbers or titles else NONE


def normal_number(text: str) -> str:
    """A 文号 in one form: NFKC, no white space, the year in 〔〕, no 第 before the number, no leading zero."""
    if _NORMAL.fullmatch(text):
        return text
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    return _LEADING.sub(r"〕\1", _BRACKETS.sub(r"〔\1〕", folded))


def _numbers(text: str) -> Iterator[NumberMention]:
    for match in _YEAR_NUMBER.finditer(text):
        yield from _number(text, match, normal_number(match[0]))
    for match in _ORDER.finditer(text):
        yield from _number(text, match, f"令{int(normal_number(match[1]))}号")


def _number(text: str, match: re.Match[str], tail: str) -> Iterator[NumberMention]:
    if before := _HAN_TAIL.search(text[max(0, match.start() - _REACH) : match.start()]):
        yield NumberMention(match.start(), match[0], tail, before[0], text[match.end() : match.end() + 1])


def _titles(text: str) -> Iterator[TitleMention]:
    for match in _TITLE.finditer(text):
        yield TitleMention(match.start(), match[0], match[1], text[match.end() : match.end() + 1])
