"""Time in Asia/Shanghai, to the minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock

MINUTES = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31)).map(  # noqa: DTZ001 (given a zone below)
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=clock.SHANGHAI)
)


@given(MINUTES)
def test_a_written_minute_reads_back(moment: datetime) -> None:
    """Every minute written by format_minute is read by parse_minute as the same moment."""
    assert clock.parse_minute(clock.format_minute(moment)) == moment


@given(st.dates(min_value=date(1, 1, 1)))
def test_a_written_day_reads_back(day: date) -> None:
    """Every day in ISO form is read as itself, with or without white space around it."""
    assert clock.parse_day(f" {day.isoformat()}\n") == day


def test_a_minute_is_aware_and_in_shanghai() -> None:
    """A minute carries the zone Asia/Shanghai, so 09:30 there is 01:30 UTC."""
    assert clock.parse_minute("2026-03-05 09:30") == datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    assert clock.parse_minute("2026-03-05 09:30").tzinfo is clock.SHANGHAI


def test_a_minute_may_be_written_with_a_t() -> None:
    """The ISO form with a T means the same minute."""
    assert clock.parse_minute("2026-03-05T09:30") == clock.parse_minute("2026-03-05 09:30")


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-03-05", "2026-3-5 09:30", "2026-03-05 9:30", "2026-03-05 09:30:00", "2026-03-05 24:00",
        "2026-03-05 09:60", "2026-02-29 09:30", "2026/03/05 09:30", "2026年3月5日", "2026-03-05 09：30",
        "0000-01-01 00:00", "2026-03-05  09:30", "12026-03-05 09:30",
    ],
)  # fmt: skip
def test_what_is_not_a_minute_is_refused(text: str) -> None:
    """Anything but year-month-day hour:minute, or a moment that does not exist, raises ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011 (the type is the promise, its message comes from datetime)
        clock.parse_minute(text)


@pytest.mark.parametrize("text", ["", "2026-3-5", "2026-02-30", "2026-03-05 09:30", "20260305", "2026-13-01", "长期"])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    """Anything but year-month-day, or a day that does not exist, raises ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011
        clock.parse_day(text)


@pytest.mark.parametrize("text", ["２０２６-０３-０５", "2026-03-0５", "٢٠٢٦-03-05"])
def test_digits_of_other_scripts_are_refused(text: str) -> None:
    """Full-width digits are not a date, as the remedy of the reader says (半角)."""
    with pytest.raises(ValueError):  # noqa: PT011
        clock.parse_day(text)
    with pytest.raises(ValueError):  # noqa: PT011
        clock.parse_minute(text + " 09:30")


@given(st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 30)))
def test_a_day_ends_when_the_next_one_starts(day: date) -> None:
    """The end of a day is the start of the next, and the last minute of the day lies before it."""
    assert clock.end_of(day) == clock.start_of(day + timedelta(days=1))
    assert clock.start_of(day) <= clock.parse_minute(f"{day.isoformat()} 23:59") < clock.end_of(day)


def test_the_last_day_of_the_calendar_has_an_end() -> None:
    """9999-12-31, which editors write for 长期有效, does not overflow."""
    assert clock.end_of(date(9999, 12, 31)) > clock.parse_minute("9999-12-31 00:00")


def test_a_moment_of_another_zone_is_written_in_shanghai() -> None:
    """format_minute shows the hour that a clock in Shanghai shows."""
    assert clock.format_minute(datetime(2026, 3, 4, 16, 5, 59, tzinfo=UTC)) == "2026-03-05 00:05"


def test_a_year_before_1000_is_written_with_four_digits() -> None:
    """A mistyped year 0026 is written as it was read, not as 26."""
    assert clock.format_minute(clock.parse_minute("0026-03-05 09:30")) == "0026-03-05 09:30"


def test_the_clock_is_read_in_shanghai_to_the_second() -> None:
    """The present moment is aware, in Asia/Shanghai, without microseconds, and near now."""
    now = clock.read()
    assert now.tzinfo is clock.SHANGHAI
    assert now.microsecond == 0
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=30)
