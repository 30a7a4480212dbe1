"""One spelling for search: what a reader types and what a record says are compared in this form alone.

Unicode's NFKC_Casefold (NFKC, case folding, without Default_Ignorable_Code_Point), white space and control characters
removed, brackets of every form made
round, Traditional characters folded to Simplified ones by OpenCC's table. theme/static/engine-normal.js does the same
in the browser; tests/search/test_normal.py holds the two together over the whole of Unicode.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

TRADITIONAL = Path(__file__).with_name("traditional.txt")
"""OpenCC's table of characters (Apache-2.0), as pairs without a separator: made by tools/traditional_table.py."""

BRACKETS = ("([{〔【〖〘〚", ")]}〕】〗〙〛")
"""Opening and closing brackets in which numbers are written: 〔2015〕, [2015], (2015) and 【2015】 are one number to a
reader. Full-width forms and ﹝﹞ are made these by NFKC."""

WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space between the words of a query, for a class in a regular expression: Unicode's White_Space. What `\\s` means
differs between Python and browsers."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
"""Categories that are removed: white space, control and format characters, and halves of surrogate pairs."""

IGNORABLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point, whose table is closed: variation selectors (☎️ is ☎), fillers, what is reserved."""


class _Table(dict[int, str]):
    """For str.translate: what becomes of each character, worked out when it is first met."""

    def __init__(self) -> None:
        super().__init__(_traditional())
        for form, plain in zip(BRACKETS, "()", strict=True):
            self.update(dict.fromkeys(map(ord, form), plain))

    def __missing__(self, code: int) -> str:
        character = chr(code)
        unseen = unicodedata.category(character) in UNSEEN or IGNORABLE.match(character)
        kept = self[code] = "" if unseen else character
        return kept


def _traditional() -> dict[int, str]:
    pairs = TRADITIONAL.read_text(encoding="utf-8").strip()
    return {ord(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


@cache
def _table() -> _Table:
    return _Table()


def normalise(text: str) -> str:
    """The text as search compares it; empty when nothing in it can be seen."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # Once more: what stood on both sides of something removed may be one character now.
    return unicodedata.normalize("NFKC", folded.translate(_table()))
