"""One regulation from its file."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.findings import Kind, Unreadable
from portal.imports.regulations import Basis, Regulation, read_regulation

BODY = "第一条 为了甲，制定本条例。\n\n第二条 本条例自{}起施行。\n"


def read(notes: str = "", effect: str = "2008年5月12日", file: str = "护士条例(2008-01-31).md") -> Regulation:
    """A regulation with these history lines and effect."""
    return read_regulation(file, f"# 护士条例\n\n{notes}\n\n<!-- INFO END -->\n\n{BODY.format(effect)}")


def test_a_regular_text_is_read_whole() -> None:
    """Title, version, 令号, effective date, maker, summary: all from where the text states them."""
    r = read("2008年1月31日 中华人民共和国国务院令第517号公布")
    assert (r.title, r.version, r.doc_no, r.effective) == (
        "护士条例",
        date(2008, 1, 31),
        "国务院令第517号",
        date(2008, 5, 12),
    )
    assert (r.maker, r.summary, r.findings) == ("国务院", "为了甲，制定本条例。", ())
    assert r.version_in_history


def test_an_amended_version_does_not_claim_the_first_version_s_effective_date() -> None:
    """The text still says when its first version took effect: of this version that is unknown."""
    r = read("2008年1月31日 中华人民共和国国务院令第517号公布", file="护士条例(2020-03-27).md")
    assert r.effective is None
    assert Basis.EFFECT_EARLIER in r.basis
    assert r.doc_no == "国务院令第517号"
    assert not r.version_in_history


def test_from_the_day_of_publication_needs_a_publication_on_the_version_s_day() -> None:
    """自公布之日起 is the version's date only where the history says that it was published that day."""
    published = "2008年1月31日 中华人民共和国国务院令第517号公布"
    assert read(published, "公布之日").effective == date(2008, 1, 31)
    assert read(published, "公布之日", "护士条例(2020-03-27).md").effective is None
    assert read("", "公布之日").effective is None


def test_two_effective_dates_leave_the_field_empty() -> None:
    """History and text disagree: reported, not chosen."""
    r = read("2008年1月31日 中华人民共和国国务院令第517号公布\n\n2008年6月1日 施行")
    assert r.effective is None
    assert [f.kind for f in r.findings] == [Kind.CONFLICT]


def test_a_retroactive_first_version_keeps_its_date() -> None:
    """A day before the publication is possible for the first version only."""
    assert read("2008年1月31日 国务院发布", "2008年1月1日").effective == date(2008, 1, 1)


def test_the_order_of_the_version_wins_over_the_first() -> None:
    """A revision by a new 令 is published under it."""
    notes = "2008年1月31日 国务院令第517号公布\n\n2020年3月27日 国务院令第726号修订"
    assert read(notes, file="护士条例(2020-03-27).md").doc_no == "国务院令第726号"


def test_without_history_nothing_is_made_up() -> None:
    """No 令号, no maker named: 国务院 by the kind of text, and counted as assumed."""
    r = read()
    assert (r.doc_no, r.maker) == (None, "国务院")
    assert {Basis.NO_HISTORY, Basis.MAKER_ASSUMED} <= set(r.basis)


def test_a_ministry_that_published_is_the_maker_until_the_state_council_amends() -> None:
    """国务院批准 交通部发布 is the ministry's text; a later version is amended by the State Council."""
    notes = "1987年1月1日 国务院批准\n\n1987年1月5日 交通部发布"
    assert read(notes, "1987年2月1日", "护士条例(1987-01-05).md").maker == "交通部"
    assert read(notes, "1987年2月1日", "护士条例(2019-03-02).md").maker == "国务院"


def test_a_file_date_before_publication_is_a_conflict() -> None:
    """The file's name is taken at its word, and the doubt is told."""
    r = read("1985年7月6日 林业部公布", file="护士条例(1958-07-06).md")
    assert r.version == date(1958, 7, 6)
    assert Kind.CONFLICT in {f.kind for f in r.findings}


def test_a_recent_text_without_effective_date_has_probably_lost_its_end() -> None:
    """立法法 requires the date; three articles without it are not the whole text."""
    text = "# 某条例\n\n<!-- INFO END -->\n\n第一条 为了甲，制定本条例。\n"
    assert [f.kind for f in read_regulation("某条例(2016-02-06).md", text).findings] == [Kind.UNREAD]
    assert [f.kind for f in read_regulation("某条例(1952-08-11).md", text).findings] == [Kind.NOTICE]


def test_a_missing_marker_is_found_by_the_first_undated_line() -> None:
    """Without INFO END the history ends where the lines stop beginning with a date."""
    r = read_regulation("甲(2008-01-31).md", "# 甲条例\n2008年1月31日 国务院发布\n第一条 为了乙，制定本条例。\n")
    assert r.history.lines == ("2008年1月31日 国务院发布",)
    assert r.body.markdown == "第一条 为了乙，制定本条例。\n"


@pytest.mark.parametrize(
    ("file", "text"),
    [("甲.md", "# 甲"), ("甲(2019-02-30).md", "# 甲"), ("甲(2019-02-03).md", "\n\n"), ("x(2019-02-03).md", "#")],
)
def test_without_date_or_title_there_is_no_record(file: str, text: str) -> None:
    """Unreadable carries the finding."""
    with pytest.raises(Unreadable) as error:
        read_regulation(file, text)
    assert error.value.finding.file == file


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No content raises anything but Unreadable."""
    with suppress(Unreadable):
        read_regulation("甲(2019-04-03).md", text)
