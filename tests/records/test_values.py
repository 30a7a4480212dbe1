"""The values that a field can hold."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from portal import clock
from portal.records.values import Day, FileName, Identifier, Line, Minute, Moment, Url
from portal.records.values import refusal as portal_refusal


def value(kind: Any, text: object) -> Any:
    """What a field of this kind holds for a text."""
    return TypeAdapter(kind).validate_python(text)


def refusal(kind: Any, text: object) -> dict[str, Any]:
    """Why a field of this kind refuses a text: code, what, remedy."""
    with pytest.raises(ValidationError) as error:
        value(kind, text)
    found = error.value.errors()[0]
    assert found["type"] == "portal", "refused by pydantic, whose words are not the editors'"
    return found["ctx"]


@pytest.mark.parametrize("kind", [Line, Minute, Day, Moment, Identifier, Url, FileName])
@pytest.mark.parametrize("other", [None, 5, ["甲"], {"甲": "乙"}, True])
def test_only_text_is_read(kind: Any, other: object) -> None:
    """A list, mapping, number or nothing where text must stand is refused in Chinese."""
    assert refusal(kind, other)["code"] == "type"


def test_white_space_in_a_line_is_folded() -> None:
    """Line breaks, tabs and repeated or full-width spaces become one space, and none stays at the ends."""
    assert value(Line, "  甲\n 乙\t丙　　丁 ") == "甲 乙 丙 丁"


@pytest.mark.parametrize("text", ["", " ", "\n", "　"])
def test_an_empty_line_is_refused(text: str) -> None:
    """White space alone is no text."""
    assert refusal(Line, text)["code"] == "empty"


@given(st.text())
def test_braces_and_all_else_reach_the_message_as_written(text: str) -> None:
    """Whatever stands in a refused value, the refusal quotes it and does not take it for a template."""
    found = refusal(Day, "{what}" + text)
    assert f"“{{what}}{text}”" in found["what"]


def test_a_minute_is_read() -> None:
    """A publication time is an aware moment in Shanghai."""
    assert value(Minute, "2026-03-05 09:30") == datetime(2026, 3, 5, 9, 30, tzinfo=clock.SHANGHAI)


def test_a_day_is_no_publication_time() -> None:
    """A day without hour and minute is refused with the article that asks for them and the form to write."""
    found = refusal(Minute, "2026-03-05")
    assert "没有时和分" in found["what"]
    assert "47号" in found["remedy"]
    assert "2026-03-05 09:30" in found["remedy"]


@pytest.mark.parametrize("kind", [Minute, Day, Moment])
@pytest.mark.parametrize("text", ["2026年3月5日", "2026-3-5", "2026/03/05", "2026-02-30", "2026-02-30 09:30", "明天"])
def test_other_forms_of_dates_are_refused(kind: Any, text: str) -> None:
    """Dates in other forms, and days that do not exist, are refused with the right form."""
    found = refusal(kind, text)
    assert found["code"] == "date"
    assert "2026-03-05" in found["remedy"]


def test_a_day_takes_no_time() -> None:
    """A field of days refuses hour and minute."""
    assert value(Day, "2026-03-05") == date(2026, 3, 5)
    assert refusal(Day, "2026-03-05 09:30")["code"] == "date"


def test_a_moment_is_a_minute_or_the_start_of_a_day() -> None:
    """A correction's time may be a day, which then is its first moment."""
    assert value(Moment, "2026-03-05 09:30") == clock.parse_minute("2026-03-05 09:30")
    assert value(Moment, "2026-03-05") == clock.parse_minute("2026-03-05 00:00")


@pytest.mark.parametrize("text", ["a", "2026-keyan-banfa", "0", "page", "page-a", "page-1-a", "xpage-1", "a" * 100])
def test_good_identifiers_are_accepted(text: str) -> None:
    """Small letters, digits and single hyphens between them make an identifier."""
    assert value(Identifier, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "甲",
        "a_b",
        "a b",
        "-a",
        "a-",
        "a--b",
        "a/b",
        "..",
        "a.b",
        "a\n",
        "é",
        "１",
        "page-1",
        "page-007",
        "a" * 101,
    ],
)
def test_bad_identifiers_are_refused(text: str) -> None:
    """What cannot be an address for ever, or is kept for the pages of lists, is refused."""
    assert refusal(Identifier, text)["code"] == "id"


@pytest.mark.parametrize("text", ["https://www.kjt.example", "http://a.cn/b?c=d#e", "https://例子.中国/甲"])
def test_whole_addresses_are_accepted(text: str) -> None:
    """An http or https address with a host is kept as written."""
    assert value(Url, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "www.a.cn", "//a.cn", "ftp://a.cn", "javascript:alert(1)", "https://", "https:///x", "http://a b.cn",
        'https://a.cn/"x', "https://a.cn/<x>", "https://a.cn\\b", "https://a.cn/\nb", "/entries/a/", "mailto:a@b.cn",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(text: str) -> None:
    """No scheme, another scheme, no host, or characters that break HTML: refused."""
    assert refusal(Url, text)["code"] == "url"


@pytest.mark.parametrize("text", ["http://[x", "https://www.a.cn：8080/", "https://www.a.cn？a=b"])
def test_addresses_that_cannot_be_taken_apart_are_refused_as_addresses(text: str) -> None:
    """A full-width colon or question mark in an address is refused as a wrong address, with the right form."""
    assert refusal(Url, text)["code"] == "url"


@pytest.mark.parametrize("text", ["附件1.pdf", "2026/附件 1.pdf", "a..b.pdf", ".a.pdf"])
def test_paths_below_the_files_are_accepted(text: str) -> None:
    """A relative path of plain names is a file name."""
    assert value(FileName, text) == text


@pytest.mark.parametrize(
    "text",
    ["", "/etc/passwd", "../a.pdf", "a/../../b.pdf", "a/./b.pdf", "a//b.pdf", "a/", "~/a.pdf", "a\\b.pdf", "..", "."],
)
def test_paths_that_lead_elsewhere_are_refused(text: str) -> None:
    """Absolute paths, dots, empty parts, home folders and backslashes are refused."""
    assert refusal(FileName, text)["code"] == "file"


@pytest.mark.parametrize(
    ("kind", "text", "word"),
    [
        (Identifier, "坏 id", "坏 id"), (Identifier, "../a", "连字符"), (Url, "www.a.cn", "https://"), (Line, " ", "空"),
        (Line, "甲\udcff", "UTF-8"), (Line, "甲\x07", "控制字符"), (Identifier, "a", ""), (Line, "甲　乙", ""),
    ],
)  # fmt: skip
def test_an_option_is_refused_in_the_words_of_its_field(kind: Any, text: str, word: str) -> None:
    """A command says of an option what the reader would say of the field; what it takes gives an empty text."""
    said = portal_refusal(kind, text)
    assert word in said
    assert bool(said) == bool(word)
