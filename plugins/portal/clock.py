"""Time as an office in China reads it: aware, in Asia/Shanghai, to the minute.

Nothing in the pure rooms reads a clock; `read` is the one place that does, and only the edges call it.
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_MINUTE = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def read() -> datetime:
    """The present moment in Asia/Shanghai, to the second. For the edges only (command line, Pelican's run)."""
    return datetime.now(SHANGHAI).replace(microsecond=0)


def parse_minute(text: str) -> datetime:
    """`2026-03-05 09:30` as an aware datetime; raises ValueError for anything else, or a day that does not exist."""
    match = _MINUTE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute = map(int, match.groups())
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def parse_day(text: str) -> date:
    """`2026-03-05` as a date; raises ValueError for anything else, or a day that does not exist."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day = map(int, match.groups())
    return date(year, month, day)


def start_of(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai: when a document in force from that day takes effect."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def end_of(day: date) -> datetime:
    """The first moment after a day: a document that expires on a day is in force to the end of it."""
    if day == date.max:  # 9999-12-31 is how some write 长期有效
        return datetime.max.replace(tzinfo=SHANGHAI)
    return start_of(day + timedelta(days=1))


def format_minute(moment: datetime) -> str:
    """`2026-03-05 09:30`, the form the 47号 guideline asks of PubDate."""
    return moment.astimezone(SHANGHAI).isoformat(" ", timespec="minutes")[:16]
