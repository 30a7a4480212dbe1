"""The words of CSV tables."""

import pytest

from portal.attachments.reading import read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_cells_are_read_in_the_encodings_that_offices_save(encoding: str) -> None:
    """Cells come row by row, without the mark at the beginning; empty ones are left out."""
    text = read_text("a.csv", "csv", "年份,指标\r\n2025,研发经费\r\n,\r\n".encode(encoding))
    assert text.blocks == ("年份", "指标", "2025", "研发经费")
    assert text.refusal is None


def test_quoted_cells_hold_commas_and_lines() -> None:
    """A quoted cell is one block, its line end none between Chinese characters."""
    text = read_text("a.csv", "csv", '"甲,乙","关于\n印发","x\ny"\n'.encode())
    assert text.blocks == ("甲,乙", "关于印发", "x y")


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_part_cells(separator: str) -> None:
    """Tables that a tab or semicolon separates have cells, too."""
    assert read_text("a.csv", "csv", f"年份{separator}指标\n甲,乙{separator}丙\n".encode()).blocks == (
        "年份",
        "指标",
        "甲,乙",
        "丙",
    )


def test_an_unknown_encoding_is_refused() -> None:
    """Bytes that are neither UTF-8 nor GB 18030 are no text."""
    refusal = read_text("a.csv", "csv", b"\xff\xff\xff,\x80").refusal
    assert refusal is not None
    assert refusal[0] == "attachment-unreadable"


def test_a_stray_quote_is_no_end() -> None:
    """A quote that nobody closes swallows the rows behind it, but not their words."""
    text = read_text("a.csv", "csv", '甲,"乙\n丙,丁\n'.encode())
    assert "丙,丁" in " ".join(text.blocks)


def test_a_table_of_separators_has_no_text() -> None:
    """Empty cells alone are an attachment without text."""
    refusal = read_text("a.csv", "csv", b",,\n,,\n").refusal
    assert refusal is not None
    assert refusal[0] == "attachment-without-text"
