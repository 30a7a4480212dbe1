"""Working days against two libraries that know China's holidays, and the arithmetic of deadlines."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import HOME
from portal.records.holidays import FOLDER, read_workdays
from portal.workdays import Arrangement, Workdays

FILES = {path.name: path.read_bytes() for path in (HOME / FOLDER).iterdir()}
DEMO, PROBLEMS = read_workdays(FILES)
YEARS = (2024, 2025, 2026)

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def test_the_demos_years_are_those_of_two_libraries() -> None:
    """Every day of the years whose notices are here is worked or not as chinesecalendar and holidays have it."""
    assert PROBLEMS == []
    assert tuple(DEMO.notices) == YEARS
    china = holidays.country_holidays("CN", years=YEARS)
    day = date(YEARS[0], 1, 1)
    while day <= date(YEARS[-1], 12, 31):
        assert DEMO.is_worked(day) == chinese_calendar.is_workday(day) == china.is_working_day(day), day
        day += timedelta(days=1)


def test_a_deadline_shows_every_day_on_the_way() -> None:
    """七个工作日 after 2026-09-18: a worked Sunday counts, the festival does not; the day itself never does."""
    found = DEMO.deadline(date(2026, 9, 18), 7)
    assert found.due == date(2026, 9, 29)
    assert [day.number for day in found.days] == [0, 1, 2, 3, 4, 5, 0, 0, 0, 6, 7]
    assert found.days[1].text == "2026-09-20（周日）第 1 个工作日：国庆节调休上班"
    assert found.days[6].text == "2026-09-25（周五）不计：中秋节放假"
    assert found.days[0].text == "2026-09-19（周六）不计：周末"
    assert not found.is_provisional


def test_a_missing_year_is_provisional() -> None:
    """A period that runs into a year without notice is counted from Monday to Friday and says so."""
    found = DEMO.deadline(date(2026, 12, 29), 5)
    assert found.is_provisional
    assert found.missing_years == (2027,)
    assert found.due == date(2027, 1, 5)
    assert found.days[-1].text == "2027-01-05（周二）第 5 个工作日：工作日（暂定：没有 2027 年放假安排）"
    assert DEMO.missing(date(2026, 12, 29), found.due) == (2027,)
    assert not DEMO.deadline(date(2026, 12, 29), 2).is_provisional


def test_a_notice_may_change_days_of_the_year_before() -> None:
    """That of 2019 made 2018-12-29 a working day and 2018-12-31 a free one."""
    free = {date(2018, 12, 31): "元旦", date(2019, 1, 1): "元旦"}
    days = Workdays([Arrangement(2018, "", {}, {}), Arrangement(2019, "", free, {date(2018, 12, 29): "元旦"})])
    assert [days.is_worked(date(2018, 12, day)) for day in (29, 30, 31)] == [True, False, False]


def test_no_days_end_on_the_day_itself() -> None:
    """A period of none is over at once; a negative one is a mistake of who asks."""
    assert DEMO.deadline(date(2026, 3, 5), 0).due == date(2026, 3, 5)
    with pytest.raises(ValueError, match="-1"):
        DEMO.deadline(date(2026, 3, 5), -1)


@given(DAYS, st.integers(1, 40))
def test_a_deadline_and_a_count_agree(day: date, number: int) -> None:
    """From a day to a deadline there are as many working days as were asked for, and its last day is one."""
    found = DEMO.deadline(day, number)
    assert DEMO.between(day, found.due) == number
    assert DEMO.between(day, found.due - timedelta(days=1)) == number - 1
    assert DEMO.is_worked(found.due)
    assert [each.on for each in found.days] == [day + timedelta(days=past + 1) for past in range(len(found.days))]
