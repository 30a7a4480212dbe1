"""Dates as Chinese documents write them: 2019年4月3日, 一九八○年五月九日, and those without a day or a month.

GB/T 15835 allows both Arabic and Chinese numerals; older texts write zero as ○, 〇, 零 or the digit 0.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "Ｏ": 0, "O": 0, "两": 2, "元": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_D = "0-9０-９零〇○ＯO一二三四五六七八九"
_SMALL = f"[{_D}十]{{1,3}}"
_YEAR = rf"(?<![{_D}])[{_D}]{{4}}"
DATE = rf"{_YEAR}\s*年(?:\s*(?:{_SMALL}|元)\s*月(?:\s*{_SMALL}\s*日)?)?"
"""A regular expression without groups for a date that names at least its year."""
_DATE = re.compile(rf"({_YEAR})\s*年(?:\s*({_SMALL}|元)\s*月(?:\s*({_SMALL})\s*日)?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as the text gives it."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> date | None:
        """The calendar day, or None when the month or the day is missing or no such day exists."""
        if self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


def numeral(text: str) -> int:
    """The value of an integer in Arabic or Chinese numerals: `12`, `１２`, `十二`, `一百零四`, `一九八○`.

    Raises ValueError when the text is no such number.
    """
    if not text:
        raise ValueError("empty numeral")
    if text.isdecimal():
        return int(text)
    if not any(c in _UNITS for c in text):
        return int("".join(str(_digit(c)) for c in text))
    total = pending = 0
    for c in text:
        if c in _UNITS:
            # 十二 is 12: a unit without a digit before it counts once.
            total += (pending or 1) * _UNITS[c]
            pending = 0
        else:
            pending = _digit(c)
    return total + pending


def _digit(c: str) -> int:
    if c.isdecimal():
        return int(c)
    if c in _DIGITS:
        return _DIGITS[c]
    raise ValueError(f"not a digit: {c!r}")


def find_dates(text: str) -> Iterator[tuple[int, int, PartialDate]]:
    """Every date in the text with the places where it starts and ends, in order."""
    for m in _DATE.finditer(text):
        try:
            parts = [numeral(part) if part else None for part in m.groups()]
        except ValueError:
            continue
        year, month, day = parts
        assert year is not None, "the pattern requires a year"
        yield m.start(), m.end(), PartialDate(year, month, day)


def read_date(text: str) -> tuple[PartialDate, str] | None:
    """The date with which the text begins and what follows it, or None."""
    for start, end, found in find_dates(text):
        return (found, text[end:].strip()) if not text[:start].strip() else None
    return None


def write_date(day: date) -> str:
    """The day as a sentence writes it: 2019年4月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
