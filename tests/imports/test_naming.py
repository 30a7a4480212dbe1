"""Ids and 索引号."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.imports.naming import PREFIX, Name, base_id, name_all

KEYS = st.sets(
    st.tuples(
        st.text(alphabet="中华人民共和国护士条例办法规定abc（）", min_size=1, max_size=8),
        st.dates(date(2018, 1, 1), date(2020, 12, 31)),
    ),
    max_size=30,
)


def test_an_id_is_readable() -> None:
    """Initials and the day; 中华人民共和国 is left out; a long title is cut."""
    assert base_id("护士条例", date(2020, 3, 27)) == "hstl-20200327"
    assert base_id("中华人民共和国契税暂行条例", date(2019, 3, 2)) == "qszxtl-20190302"
    assert len(base_id("国务院" * 30, date(2019, 3, 2))) == 24 + 9


@given(KEYS)
def test_names_are_unique_and_well_formed(keys: set[tuple[str, date]]) -> None:
    """Every version has an address and an 索引号 of its own, in the forms the portal asks for."""
    names = name_all(keys)
    assert set(names) == keys
    assert len({n.id for n in names.values()}) == len({n.index_no for n in names.values()}) == len(keys)
    for (_, day), name in names.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name.id)
        assert re.fullmatch(rf"{PREFIX}/{day.year}-\d{{5}}", name.index_no)


@given(KEYS, KEYS)
def test_names_stay_when_files_are_added(first: set[tuple[str, date]], more: set[tuple[str, date]]) -> None:
    """What the site holds keeps its names whatever comes later."""
    before = name_all(first)
    after = name_all(first | more, before)
    assert {key: after[key] for key in first} == before


def test_titles_with_the_same_initials_are_told_apart() -> None:
    """Both get a hash of their title; an id that another record holds is not taken."""
    day = date(2019, 3, 2)
    names = name_all([("护士条例", day), ("获释条例", day)])
    assert all(re.fullmatch(r"hstl-20190302-[0-9a-f]{6}", n.id) for n in names.values())
    assert name_all([("护士条例", day)], reserved={"hstl-20190302"})["护士条例", day].id != "hstl-20190302"


def test_a_meeting_number_moves_on() -> None:
    """Where two hashes meet, the later takes the next free number."""
    key = ("护士条例", date(2019, 3, 2))
    number = name_all([key])[key].index_no
    moved = name_all([key], {("甲", date(2019, 1, 1)): Name("jia", number)})[key].index_no
    assert int(moved[-5:]) == int(number[-5:]) + 1
