"""How dates and sizes are written for people and for machines: pure functions that pages and feeds share."""

from datetime import date, datetime

from portal import clock


def day(value: date) -> str:
    """2026年3月5日: Arabic figures without leading zeros (GB/T 9704-2012, 7.3.5.3)."""
    local = value.astimezone(clock.SHANGHAI) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def iso(value: date) -> str:
    """The form of HTML's datetime attribute."""
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
    return value.isoformat()


def size(count: int) -> str:
    """A number of bytes as people say it."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"
