"""Blocks as they are kept: normal strings within limits."""

import time
from collections.abc import Iterator

import pytest

from attachments.papers import OFFICE, word
from portal.attachments import blocks, docx
from portal.attachments.reading import read_text


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (" 甲\u3000乙\t丙\r\n ", "甲 乙 丙"), ("关于\n印发", "关于印发"), ("关于 \n 印发", "关于印发"), ("a\nb", "a b"), ("2026\n年", "2026 年"),
        ("公\x00开\ud800内\x7f容\ufffe", "公开内容"), ("公\u200b开\u00ad\ufeff\u202e", "公开"), ("𠮷野", "𠮷野"), ("①〔2026〕Ａ示", "①〔2026〕Ａ示"),
        ("\u0639\u200c\u0644", "\u0639\u200c\u0644"), ("\x0b\x0c", ""), ("甲\x85乙\u2028丙", "甲 乙 丙"),
        ("关于\u3000\n\u3000印发", "关于印发"), ("a\u3000\n\u3000b", "a b"), ("a\u3000\n中", "a 中"),
    ],
)  # fmt: skip
def test_blocks_are_normal_strings(raw: str, found: str) -> None:
    """One line, no control character, no lone surrogate, nothing invisible; published characters stay as they are."""
    assert blocks.normal(raw) == found
    found.encode()


@pytest.mark.parametrize("space", ["\u3000", " ", "\n", "\u3000\n", "中\u3000", "中 \n"])
def test_any_amount_of_white_space_is_made_normal_in_no_time(space: str) -> None:
    """The wide space is both white and wide; a run of it is looked at once, not once from each of its places."""
    began = time.process_time()
    assert blocks.normal("中" + space * 100_000).startswith("中")
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("limit", "value", "kept"), [("MAX_CHARACTERS", 5, ("一二三", "四五")), ("MAX_BLOCKS", 1, ("一二三",))]
)
def test_only_the_first_part_of_a_long_text_is_kept(
    limit: str, value: int, kept: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor learns that only the beginning is searched; a text that just fits is whole."""
    monkeypatch.setattr(blocks, limit, value)
    read = read_text("a.docx", "docx", word("一二三", "四五六"))
    assert read.blocks == kept
    assert read.refusal is not None
    assert read.refusal[0] == "attachment-too-large"
    monkeypatch.setattr(blocks, limit, {"MAX_CHARACTERS": 6, "MAX_BLOCKS": 2}[limit])
    assert read_text("a.docx", "docx", word("一二三", "四五六")).refusal is None


@pytest.mark.parametrize("invisible", ["\u200b" * 1_000_000, " ", ""])
def test_what_cannot_be_seen_counts_too(invisible: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that end up empty cost as much as others: reading ends at the limits, however many there are."""
    monkeypatch.setattr(blocks, "MAX_BLOCKS", 10)
    taken = 0

    def endless(_: bytes) -> Iterator[str]:
        nonlocal taken
        yield "甲"
        while taken < 100:
            taken += 1
            yield invisible

    monkeypatch.setattr(docx, "blocks", endless)
    read = read_text("a.docx", "docx", OFFICE["docx"])
    assert read.blocks == ("甲",)
    assert read.refusal is not None
    assert read.refusal[0] == "attachment-too-large"
    assert taken <= 10


def test_no_more_is_made_normal_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """One block as long as the file is cut before anything is done with it."""
    given: list[int] = []
    normal = blocks.normal
    monkeypatch.setattr(blocks, "MAX_CHARACTERS", 5)
    monkeypatch.setattr(blocks, "normal", lambda each: given.append(len(each)) or normal(each))
    monkeypatch.setattr(docx, "blocks", lambda _: ["甲" * 1_000_000, "乙"])
    assert read_text("a.docx", "docx", OFFICE["docx"]).blocks == ("甲" * 5,)
    assert given == [5]
