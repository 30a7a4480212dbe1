"""Who may be seen at a moment, and dates that lie in the future where they must not."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from portal import clock
from portal.markup.prose import EMPTY, Prose
from portal.problems import Problem
from portal.records.types import Access, DisclosureEntry, Interpretation, Record, Status
from portal.site.model import Key
from portal.site.references import References


def is_public(record: Record, now: datetime) -> bool:
    """Whether the public may see a record at a moment: published, due, and not withdrawn."""
    return record.status is Status.PUBLISHED and record.first_public <= now


def was_public(record: Record, now: datetime) -> bool:
    """Whether a withdrawn record was public before: only then does it leave a tombstone."""
    return (
        record.status is Status.WITHDRAWN
        and record.withdrawn_on is not None
        and record.first_public <= record.withdrawn_on
        and record.first_public <= now
    )


def rank(record: Record, now: datetime) -> int:
    """Whose claim goes first where two records claim one name or number: what is or was public, what is scheduled,
    and last a draft, so that nothing unfinished changes or blocks what the public sees."""
    if record.status is Status.DRAFT:
        return 2
    return 0 if is_public(record, now) or record.status is Status.WITHDRAWN else 1


def is_closed(record: Record) -> bool:
    """Whether only a record's catalogue data may be seen: 依申请公开 and 不予公开."""
    return isinstance(record, DisclosureEntry) and record.access is not Access.OPEN


def open_body(record: Record) -> Prose:
    """The body, if it may be seen: a second lock behind the rule that an entry not open has none."""
    return EMPTY if is_closed(record) else record.body


def preview_mark(record: Record, now: datetime) -> str:
    """How a preview marks what the public cannot see yet; empty for what it can."""
    if is_public(record, now):
        return ""
    if record.status is Status.DRAFT:
        return "草稿"
    return f"定时发布 {clock.format_minute(record.first_public)}"


def future_dates(record: Record, now: datetime) -> list[Problem]:
    """Dates of what has happened that have not come yet. A forged 发稿日期 is a veto item (国办秘函〔2019〕19号)."""
    if record.status is Status.DRAFT:
        return []
    problems = []
    if record.date and record.date > now and record.status is Status.PUBLISHED:
        what = f"发布日期 {clock.format_minute(record.date)} 还没有到。"
        remedy = (
            "要到时自动公开，请把“发布日期”改为“定时发布”；否则填公众实际能看到的时间（伪造发稿日期是一票否决项）。"
        )
        problems.append(Problem(record.origin.place("date"), "future-date", "发布日期", what, remedy))
    for number, correction in enumerate(record.corrections):
        if correction.on > now:
            place = record.origin.place("corrections", number, "on")
            problems.append(Problem(place, "future-date", "更正说明", "更正的时间还没有到。", "请填实际更正的时间。"))
    if record.withdrawn_on and record.withdrawn_on > now:
        what, remedy = "撤回的时间还没有到。", "撤回立即生效，请填实际撤回的时间。"
        problems.append(Problem(record.origin.place("withdrawn_on"), "future-date", "撤回日期", what, remedy))
    return problems


def hidden_objects(
    visible: Iterable[Record],
    references: References,
    records: Iterable[Record],
    public: Mapping[Key, Record],
    now: datetime,
) -> list[Problem]:
    """An interpretation of something that the public cannot see yet explains nothing. A withdrawn policy is no fault."""
    problems = []
    explaining = [record for record in visible if isinstance(record, Interpretation)]
    if not explaining:
        return []
    known = {record.key: record for record in sorted(records, key=lambda record: -rank(record, now))}
    for record in explaining:
        for number, name in enumerate(record.interprets):
            key = references.find(name)
            if key and key not in public and known[key].status is not Status.WITHDRAWN:
                what = f"解读对象“{name}”还没有公开。"
                remedy = "解读与文件同步公开（国办发〔2016〕80号）：请把本件改为“定时发布”，与文件同一时间。"
                place = record.origin.place("interprets", number)
                problems.append(Problem(place, "hidden-object", "解读对象", what, remedy))
    return problems
