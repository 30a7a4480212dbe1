"""Working days, in which the law counts its periods (条例 arts. 26, 30, 32–34), and the arithmetic of a deadline, day by day.

Which days are worked follows from the State Council's yearly notice (部分节假日安排的通知): besides Saturdays and Sundays
some days are free, and some weekends are worked. Of a year whose notice is not there nobody knows that, so every result
that touches it is provisional (暂定): it counts Monday to Friday and says so.

Pure, and the one module of the portal that the form endpoint imports.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from portal.value import Value

_DAY = timedelta(days=1)
SATURDAY = 5
NOT_PAUSED: Mapping[date, str] = {}
_WEEKDAYS = "一二三四五六日"


class Arrangement(Value, frozen=True):
    """A year's notice: its number, the days that are free with the holiday's name, and those that are worked with whose.

    Some lie in the year before: the notice of 2019 begins on 2018-12-29.
    """

    year: int
    notice: str
    free: dict[date, str]
    worked: dict[date, str]


class Day(Value, frozen=True):
    """A day of a count: its number within it, 0 for a day that does not count, and why it does or does not."""

    on: date
    number: int
    reason: str
    is_provisional: bool = False

    @property
    def text(self) -> str:
        """The day as an officer reads it."""
        counted = f"第 {self.number} 个工作日" if self.number else "不计"
        return f"{self.on.isoformat()}（周{_WEEKDAYS[self.on.weekday()]}）{counted}：{self.reason}"


class Deadline(Value, frozen=True):
    """The last day of a period of working days after a day, with every day on the way."""

    after: date
    working_days: int
    days: tuple[Day, ...]

    @property
    def due(self) -> date:
        """The last day on which it is in time."""
        return self.days[-1].on if self.days else self.after

    @property
    def is_provisional(self) -> bool:
        """Whether a day on the way lies in a year whose notice is missing: the real one may be another."""
        return any(day.is_provisional for day in self.days)

    @property
    def missing_years(self) -> tuple[int, ...]:
        """The years whose notices are missing."""
        return tuple(sorted({day.on.year for day in self.days if day.is_provisional}))


class Workdays:
    """The working days of the years whose notices are known."""

    def __init__(self, arrangements: Iterable[Arrangement] = ()) -> None:
        known = list(arrangements)
        self._notices = {each.year: each.notice for each in known}
        self._free = {day: name for each in known for day, name in each.free.items()}
        self._worked = {day: name for each in known for day, name in each.worked.items()}

    @property
    def notices(self) -> dict[int, str]:
        """The numbers of the notices that are known, by year."""
        return dict(self._notices)

    def knows(self, year: int) -> bool:
        """Whether the year's notice is there."""
        return year in self._notices

    def is_worked(self, day: date) -> bool:
        """Whether offices work on a day; of a year without notice, whether they would by the day of the week."""
        return self._look(day)[0]

    def deadline(self, after: date, working_days: int, paused: Mapping[date, str] = NOT_PAUSED) -> Deadline:
        """The period of so many working days after a day, which itself does not count (民法典 art. 201).

        On `paused` days, each with the reason, the period stands still (条例 art. 33). Raises ValueError for a negative
        number. A period of none ends on the day itself.
        """
        if working_days < 0:
            raise ValueError(f"{working_days} working days")
        days: list[Day] = []
        number, on = 0, after
        while number < working_days:
            on += _DAY
            counts, reason = self._look(on)
            if counts and on in paused:
                counts, reason = False, paused[on]
            number += counts
            days.append(Day(on, number if counts else 0, reason, not self.knows(on.year)))
        return Deadline(after, working_days, tuple(days))

    def between(self, after: date, until: date) -> int:
        """How many working days lie after a day, up to and with another; none where that is not later."""
        return sum(self.is_worked(day) for day in _days(after + _DAY, until))

    def missing(self, after: date, until: date) -> tuple[int, ...]:
        """The years between two days, both included, whose notices are not there."""
        return tuple(year for year in range(after.year, until.year + 1) if not self.knows(year))

    def _look(self, day: date) -> tuple[bool, str]:
        """Whether a day is worked, and why."""
        is_weekend = day.weekday() >= SATURDAY
        if day in self._free:
            return False, f"{self._free[day]}放假"
        if day in self._worked:
            return True, f"{self._worked[day]}调休上班"
        plain = "周末" if is_weekend else "工作日"
        return not is_weekend, plain if self.knows(day.year) else f"{plain}（暂定：没有 {day.year} 年放假安排）"


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY
