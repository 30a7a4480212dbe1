"""Lines become paragraphs."""

import pytest

from attachments.papers import LINE, Sheet, pdf
from attachments.test_pdf import read
from portal.attachments.paragraphs import paragraphs


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["通知", "", "正文"], ["通知", "正文"]),
        ([LINE, "到此为止。", "另起一段"], [LINE + "到此为止。", "另起一段"]),
        (["一、总则", "（一）目的", LINE], ["一、总则", "（一）目的", LINE]),
        (["总体情况", LINE], ["总体情况", LINE]),
        (["自", "然", "人"], ["自然人"]),
        ([LINE + "第", "（一）项" + LINE], [LINE + "第（一）项" + LINE]),
        ([LINE + "说：“好。”", "完"], [LINE + "说：“好。”完"]),
        (["甲：", "乙", LINE], ["甲：", "乙", LINE]),
    ],
)
def test_lines_become_paragraphs(lines: list[str], found: list[str]) -> None:
    """Blank lines, early ends of sentences, numbers after short lines and headings part; all else joins."""
    assert paragraphs([lines]) == found


def test_a_table_without_sentences_is_parted_somewhere() -> None:
    """Lines that never end a sentence do not make one paragraph of a whole book."""
    found = paragraphs([["甲乙丙丁", "戊"] * 5_000])
    assert len(found) > 1
    assert "".join(found) == "甲乙丙丁戊" * 5_000


def test_a_phrase_over_a_line_end_is_one_phrase() -> None:
    """Lines of a Chinese paragraph join without a space, and so does a number that the line's end cut off."""
    text = read(pdf(Sheet([LINE, "和水平。" + LINE[:-6] + "12", "件事项。"])))
    assert text.blocks == (LINE + "和水平。" + LINE[:-6] + "12件事项。",)


def test_latin_words_keep_a_space_at_a_line_end() -> None:
    """English does not run together."""
    assert read(pdf(Sheet(["Open government", "information act"]))).blocks == ("Open government information act",)


def test_a_paragraph_goes_on_over_the_page() -> None:
    """A page's end and its page number do not cut a paragraph; the end of a sentence at a page's end does."""
    text = read(pdf(Sheet([LINE, LINE, "— 1 —"]), Sheet([LINE + "。", "2"]), Sheet([LINE, "第3页 共3页"])))
    assert text.blocks == (LINE * 3 + "。", LINE)
