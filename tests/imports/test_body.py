"""The body of a regulation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.body import Body, read_body, squeeze
from portal.imports.findings import Kind


def read(*lines: str, title: str = "某条例") -> Body:
    """The body of these lines."""
    return read_body("f", title, list(enumerate(lines, 1)))


def headings(body: Body) -> list[tuple[int, str]]:
    """The headings with their levels."""
    return [(p.level, p.text) for p in body.paragraphs if p.level]


def test_chapters_and_sections_keep_their_levels() -> None:
    """章 under `##`, 节 under `###`, articles as paragraphs; full-width space in a heading becomes a space."""
    body = read("## 第一章　总则", "第一条　为了甲。", "### 第一节 乙", "第二条 丙。")
    assert body.markdown == "## 第一章 总则\n\n第一条 为了甲。\n\n### 第一节 乙\n\n第二条 丙。\n"
    assert not body.findings


def test_nested_parts_are_ranked_even_when_the_source_marks_them_alike() -> None:
    """编 over 章 over 节, whatever the marks."""
    body = read("## 第一编 总则", "## 第一章 甲", "## 第一节 乙", "## 第二编 分则", "## 第一章 丙")
    assert [level for level, _ in headings(body)] == [2, 3, 4, 2, 3]


def test_an_unmarked_part_becomes_a_heading_and_is_told() -> None:
    """第一部分 alone on its line stands over what follows."""
    body = read("## 第五章 附则", "附件：", "## 一、前言", "第一部分", "## 一、甲")
    assert [level for level, _ in headings(body)] == [2, 2, 2, 3]
    assert [(f.line, f.kind) for f in body.findings] == [(4, Kind.CHANGED)]


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["第一编 甲", "第一章 乙", "第一节 丙", "丁", "一、戊"]))))
def test_levels_start_at_two_and_never_skip(marks: list[tuple[int, str]]) -> None:
    """Whatever the source's marks, no heading is above `##` or more than one below the one before it."""
    levels = [level for level, _ in headings(read(*(f"{'#' * n} {text}".strip() for n, text in marks)))]
    before = 1
    for level in levels:
        assert 2 <= level <= min(before + 1, 6)
        before = level


def test_a_title_set_wide_is_closed_up() -> None:
    """总 则 and 附 则 are words."""
    assert headings(read("## 第一章 总 则")) == [(2, "第一章 总则")]


def test_the_title_repeated_above_the_text_is_left_out_and_told() -> None:
    """One or more first lines that make up the title once more are not text."""
    body = read("国际邮轮在港口", "靠港补给的规定", "第一条 甲。", title="国际邮轮在港口靠港补给的规定")
    assert body.markdown == "第一条 甲。\n"
    assert [(f.line, f.kind) for f in body.findings] == [(1, Kind.CHANGED), (2, Kind.CHANGED)]


def test_an_opening_that_only_resembles_the_title_stays() -> None:
    """Half a title is text."""
    assert read("国际邮轮在港口", "第一条 甲。", title="国际邮轮在港口靠港补给的规定").markdown.startswith("国际邮轮")


def test_articles_run_together_are_split_where_they_count_on() -> None:
    """Consecutive numbers split; a citation of another article does not."""
    body = read("第一条 甲。 第二条 乙。 丙适用第九条 的规定。 第三条 丁。")
    assert [p.text for p in body.paragraphs] == [
        "第一条 甲。",
        "第二条 乙。",
        "丙适用第九条 的规定。",
        "第三条 丁。",
    ]
    assert [f.kind for f in body.findings] == [Kind.CHANGED]


def test_a_line_of_invisible_characters_is_told_and_marks_a_lost_chapter() -> None:
    """What stood there is lost; the chapter's name that follows is a heading without its number."""
    body = read("## 第一章 总则", "第一条 甲。", "\u200b", "网络素养促进", "第二条 乙。")
    assert headings(body) == [(2, "第一章 总则"), (2, "网络素养促进")]
    assert [(f.line, f.kind) for f in body.findings] == [(3, Kind.UNREAD), (4, Kind.CHANGED)]


@pytest.mark.parametrize("line", ["甲<b>乙</b>丙", "甲<!-- 乙 -->", "<script>alert(1)</script>"])
def test_html_is_shown_as_text_and_told(line: str) -> None:
    """Raw HTML is an error in a body: here it is the source's words."""
    body = read(line)
    assert "<" not in body.markdown
    assert body.paragraphs[0].text == line
    assert body.findings
    assert body.findings[0].line == 1


def test_a_gap_in_the_article_numbers_is_told() -> None:
    """From 第一条 to 第三条 something may be missing; an annex may start at 第一条 again; 之一 is an insertion."""
    assert [f.line for f in read("第一条 甲。", "第三条 乙。").findings] == [2]
    assert not read("第一条 甲。", "第一条之一 乙。", "第二条 丙。", "第一条 附件。").findings


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=30)))
def test_every_line_is_in_the_text_or_told(lines: list[str]) -> None:
    """Nothing is dropped silently, whatever the lines are."""
    body = read(*lines)
    said = squeeze("".join(p.text for p in body.paragraphs))
    told = {f.line for f in body.findings}
    for number, line in enumerate(lines, 1):
        assert number in told or squeeze(line.strip().lstrip("#")) in said or squeeze(line) in said
