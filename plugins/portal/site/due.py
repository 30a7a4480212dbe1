"""When the site next changes by the clock alone: 定时发布, 施行日期, 失效日期."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal import clock
from portal.records.types import DisclosureEntry, Record, Status
from portal.site.model import Key, Standing
from portal.site.references import References
from portal.site.validity import standings
from portal.site.visibility import is_public


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A moment at which a record changes by itself; `what` is 定时发布, 施行 or 失效."""

    at: datetime
    what: str
    path: str
    title: str


def changes(records: Iterable[Record], now: datetime) -> Iterator[Due]:
    """Every change still to come, the nearest first; lazily, since cron wants only the first.

    A date that changes nothing is passed over: the expiry of what is repealed by then, the 施行日期 of what is not
    public yet. Drafts and withdrawn records change nothing.
    """
    records = list(records)
    moments = sorted(due for due in _moments(records) if due.at > now)
    before = _state(records, now)
    while moments:
        at = moments[0].at
        same = [due for due in moments if due.at == at]
        moments = moments[len(same) :]
        after = _state(records, at)
        if after != before:
            yield from same
        before = after


def _moments(records: Iterable[Record]) -> Iterator[Due]:
    for record in records:
        if record.status is not Status.PUBLISHED:
            continue
        moments = [(record.publish_at, "定时发布")]
        if isinstance(record, DisclosureEntry):
            # Without a 施行日期 a document acts on others from its 成文日期, which lies in the past once it is public.
            moments.append((clock.start_of(record.effective) if record.effective else None, "施行"))
            moments.append((clock.end_of(record.expires) if record.expires else None, "失效"))
        for at, what in moments:
            if at is not None:
                yield Due(at, what, record.origin.path, record.title)


def _state(records: Iterable[Record], at: datetime) -> Mapping[Key, Standing | None]:
    """What the clock decides: who is public, and the validity of entries."""
    visible = [record for record in records if is_public(record, at)]
    entries = [record for record in visible if isinstance(record, DisclosureEntry)]
    found = standings(entries, References(lambda: sorted(entries, key=lambda entry: (entry.formed, entry.key))), at)
    return {record.key: found.get(record.key) for record in visible}
