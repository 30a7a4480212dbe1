"""When the site next changes by the clock alone: 定时发布, 施行日期, 失效日期."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.records.types import DisclosureEntry, Record, Status


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A moment at which a record changes by itself; `what` is 定时发布, 施行 or 失效."""

    at: datetime
    what: str
    path: str
    title: str


def changes(records: Iterable[Record], now: datetime) -> list[Due]:
    """Every change still to come, the nearest first. Drafts and withdrawn records change nothing."""
    found: list[Due] = []
    for record in records:
        if record.status is not Status.PUBLISHED:
            continue
        moments = [(record.publish_at, "定时发布")]
        if isinstance(record, DisclosureEntry):
            moments.append((clock.start_of(record.effective) if record.effective else None, "施行"))
            moments.append((clock.end_of(record.expires) if record.expires else None, "失效"))
        found += [Due(at, what, record.origin.path, record.title) for at, what in moments if at and at > now]
    return sorted(found)
