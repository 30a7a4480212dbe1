"""Regulations as entries."""

from datetime import date, datetime

import pytest

from portal.imports.entries import Entry, Held, entry_fields, entry_text, genre, make_entries
from portal.imports.naming import Name
from portal.imports.regulations import Regulation, read_regulation

WHEN = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001 - only its minute is written


def regulation(title: str, day: str, text: str = "") -> Regulation:
    """A regulation of one article and this text."""
    body = f"第一条 为了甲，制定本条例。\n\n{text or '第二条 本条例自公布之日起施行。'}\n"
    return read_regulation(f"{title}({day}).md", f"# {title}\n\n<!-- INFO END -->\n\n{body}")


def by_title(*regulations: Regulation, held: Held | None = None) -> dict[tuple[str, str], Entry]:
    """The entries by title and day."""
    entries, findings = make_entries(regulations, WHEN, held)
    assert not findings
    return {(e.regulation.title, str(e.regulation.version)): e for e in entries}


def test_each_version_replaces_the_next_older_one() -> None:
    """So only the newest is in force; with or without 中华人民共和国 it is the same title."""
    e = by_title(
        regulation("道路条例", "2019-03-02"),
        regulation("中华人民共和国道路条例", "2023-07-20"),
        regulation("道路条例", "2022-03-29"),
    )
    assert e["道路条例", "2019-03-02"].replaces == ()
    assert e["道路条例", "2022-03-29"].replaces == ("dltl-20190302",)
    assert e["中华人民共和国道路条例", "2023-07-20"].replaces == ("dltl-20220329",)


def test_what_the_text_repeals_is_linked_when_held_and_older() -> None:
    """A held text with a later date than the clause was not ended by it; a title of its own is its older version."""
    clause = "第二条 本条例自2022年3月1日起施行。《公司登记条例》、《市场条例》、《无此条例》、《后出条例》同时废止。"
    e = by_title(
        regulation("市场条例", "2021-07-27", clause),
        regulation("中华人民共和国公司登记条例", "2016-02-06"),
        regulation("后出条例", "2023-01-01"),
    )
    assert e["市场条例", "2021-07-27"].repeals == ("gsdjtl-20160206",)


def test_what_a_site_holds_keeps_its_name_and_date() -> None:
    """A later import changes no address, no 索引号 and no 发布日期."""
    key = ("护士条例", date(2020, 3, 27))
    held = Held({key: Name("hushi", "IMPORT-XZFG/2020-00001")}, {key: "2025-01-01 08:00"})
    entry = by_title(regulation("护士条例", "2020-03-27"), held=held)["护士条例", "2020-03-27"]
    assert (entry.name.id, entry.date) == ("hushi", "2025-01-01 08:00")
    assert entry.path == "catalog/entries/2020/hushi.md"


def test_the_same_version_twice_is_told_and_written_once() -> None:
    """Two files with one title and date: the first by name is taken."""
    first = regulation("护士条例", "2020-03-27")
    second = read_regulation("护士(2020-03-27).md", "# 护士条例\n\n<!-- INFO END -->\n\n第一条 乙。\n")
    entries, findings = make_entries([first, second], WHEN)
    assert [e.regulation.file for e in entries] == ["护士(2020-03-27).md"]
    assert [f.file for f in findings] == ["护士条例(2020-03-27).md"]


def test_the_record_has_the_required_fields_and_no_empty_ones() -> None:
    """条例 art. 12: index, title, summary, date; an unknown effective date or 令号 is not written."""
    entry = by_title(regulation("护士条例", "2020-03-27"))["护士条例", "2020-03-27"]
    fields = entry_fields(entry)
    assert fields["成文日期"] == "2020-03-27"
    assert fields["发布日期"] == "2026-03-01 09:30"
    assert (fields["公开方式"], fields["状态"], fields["体裁分类"]) == ("主动公开", "已发布", "条例")
    text = entry_text(entry)
    assert "发文字号" not in text
    assert "施行日期" not in text
    assert text.endswith("\n\n第一条 为了甲，制定本条例。\n\n第二条 本条例自公布之日起施行。\n")


@pytest.mark.parametrize(
    ("title", "expected"),
    [("某实施细则", "细则"), ("某暂行规定", "规定"), ("某的命令", "命令（令）"), ("某若干意见稿", "其他")],
)
def test_the_genre_is_the_title_s_last_word(title: str, expected: str) -> None:
    """Anything else is 其他."""
    assert genre(title) == expected


def test_the_order_of_files_does_not_matter() -> None:
    """The same regulations give the same texts in any order."""
    some = [regulation(t, d) for t, d in (("甲条例", "2019-03-02"), ("假条例", "2019-03-02"), ("甲条例", "2020-03-02"))]
    assert list(map(entry_text, make_entries(some, WHEN)[0])) == list(
        map(entry_text, make_entries(some[::-1], WHEN)[0])
    )
