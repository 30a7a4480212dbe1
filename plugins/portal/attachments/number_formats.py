"""Values as a workbook shows them: under Excel's number formats (ECMA-376 part 1, 18.8.31)."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

_EXACT = 10**15  # a sheet's numbers have fifteen digits
_PLACES = 10  # as many as are ever read
_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|[_*].|(?P<other>.)', re.DOTALL)
_DIGITS = re.compile("[#0?,]*[#0?][#0?,]*(?:\\.[#0?]+)?|\\.[#0?]+")


def shown(value: object, form: str) -> str:
    """A value under an Excel number format: `0.125` under `0.0%` is `12.5%`, a date is ISO or 2026年3月1日.

    Formats that are not understood (fractions, exponents, conditions) give the plain value.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _moment(value, form)
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, int | float):
        return _number(value, form)
    return "" if form == ";;;" else str(value)


def _moment(value: dt.datetime | dt.date | dt.time, form: str) -> str:
    time = "" if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else f"{value:%H:%M}"
    if isinstance(value, dt.time):
        return time
    if "年" in form or "月" in form:
        date = f"{value.year}年" if "y" in form.lower() else ""
        date += f"{value.month}月"
        date += f"{value.day}日" if "d" in form.lower() else ""
    else:
        date = f"{value:%Y-%m-%d}"
    return f"{date} {time}" if time not in ("", "00:00") else date


def _number(value: float, form: str) -> str:
    sections = form.split(";")
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    if not isfinite(value):
        return ""
    if not section and len(sections) > 1:
        return ""  # `0;;`: only positive numbers are shown
    parts = _parts(section)
    if parts is None or abs(value) >= _EXACT:
        return _plain(value)
    number = Decimal(repr(value))
    before, digits, after = parts
    if not digits:
        return before.strip()  # words in place of the number, a dash for zero
    if "%" in before + after:
        number *= 100
    scale = len(digits) - len(digits.rstrip(","))
    places = min(len(digits.partition(".")[2]), _PLACES)
    number = (number / 1000**scale).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    optional = len(digits) - len(digits.rstrip("#")) if places else 0
    text = f"{abs(number):,f}" if "," in digits.rstrip(",") else f"{abs(number):f}"
    for _ in range(optional):
        text = text[:-1] if text.endswith("0") else text
    sign = "-" if number < 0 else ""
    return f"{sign}{before.strip()}{text.rstrip('.') if places else text}{after.strip()}"


def _parts(section: str) -> tuple[str, str, str] | None:
    """What a format writes before the number, the number's own placeholders, and what it writes after; or None."""
    if "General" in section or not section or section == "@":
        return None
    before = digits = after = ""
    for token in _TOKEN.finditer(section):
        literal = token["quoted"] or token["escaped"]
        if (bracket := token["bracket"]) is not None:
            if bracket[:1] in "<>=":
                return None
            literal = bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
        other = token["other"] or ""
        if other and other in "#0?,.":
            if after.strip():
                return None  # placeholders in two places: a fraction, a telephone number
            digits += other
        elif other in ("/", "@") or (other.isascii() and other.isalpha()):
            return None  # a fraction, an exponent, a date's letters
        else:
            text = (literal or "") + other
            before, after = (before, after + text) if digits else (before + text, after)
    if "0" not in digits and "#" not in digits:
        digits = ""  # `"-"??`: only room for digits that zero does not have
    return (before, digits, after) if not digits or _DIGITS.fullmatch(digits.rstrip(",")) else None


def _plain(value: float) -> str:
    """A number without a format, as Excel's General shows it: whole numbers whole, others with ten digits."""
    if value == int(value) and abs(value) < _EXACT:
        return str(int(value))
    return f"{value:.10g}"
