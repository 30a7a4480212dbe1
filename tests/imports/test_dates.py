"""Dates in Chinese documents."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.dates import PartialDate, find_dates, numeral, read_date, write_date

DIGITS = "零一二三四五六七八九"


def chinese(n: int) -> str:
    """1 to 99 as 一, 十, 十二, 二十, 二十一."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_written_date_is_read_back(day: date) -> None:
    """Every day written in Arabic numerals is read as itself, with what follows it."""
    assert read_date(f"{write_date(day)} 国务院令第1号公布") == (
        PartialDate(day.year, day.month, day.day),
        "国务院令第1号公布",
    )
    assert PartialDate(day.year, day.month, day.day).exact == day


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from("零〇○"))
def test_chinese_numerals_are_read_whatever_the_zero(day: date, zero: str) -> None:
    """一九八○年五月九日 is 1980-05-09, with any of the zeros in use."""
    year = "".join(DIGITS[int(c)] for c in f"{day.year:04}").replace("零", zero)
    found = read_date(f"{year}年{chinese(day.month)}月{chinese(day.day)}日")
    assert found is not None
    assert found[0].exact == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1985年度", PartialDate(1985)),
        ("1978年8月国防部颁布", PartialDate(1978, 8)),
        ("2019 年 4 月 3 日", PartialDate(2019, 4, 3)),
        ("１９９５年５月１日", PartialDate(1995, 5, 1)),
        ("一九九0年", PartialDate(1990)),
        ("2023年2月30日", PartialDate(2023, 2, 30)),
    ],
)
def test_irregular_dates_give_what_they_say(text: str, expected: PartialDate) -> None:
    """A date without a day or month stays partial; numerals may be mixed, spaced or full-width."""
    found = read_date(text)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize("partial", [PartialDate(1985), PartialDate(1985, 7), PartialDate(2023, 2, 30)])
def test_an_incomplete_or_impossible_date_has_no_exact_day(partial: PartialDate) -> None:
    """No day is made up."""
    assert partial.exact is None


def test_a_date_later_in_the_text_is_not_its_beginning() -> None:
    """read_date reads only a date with which the text begins; find_dates finds all."""
    text = "国务院1993年6月29日发布，自1993年11月1日起施行"
    assert read_date(text) is None
    assert [d.exact for _, _, d in find_dates(text)] == [date(1993, 6, 29), date(1993, 11, 1)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("二十", 20), ("一百零四", 104), ("一百二十一", 121), ("711", 711), ("一九八○", 1980)],
)
def test_numerals(text: str, value: int) -> None:
    """Article and order numbers are read in either script."""
    assert numeral(text) == value


@given(st.text(max_size=8))
def test_what_is_no_numeral_raises_value_error_only(text: str) -> None:
    """Any text is either a number or a ValueError."""
    with suppress(ValueError):
        assert numeral(text) >= 0


@given(st.text(alphabet="0123456789一二三四五六七八九十零○年月日度起 自", max_size=40))
def test_reading_never_fails(text: str) -> None:
    """No arrangement of numerals and date words raises."""
    for start, end, found in find_dates(text):
        assert 0 <= start < end <= len(text)
        assert found.exact is None or found.exact.year == found.year
