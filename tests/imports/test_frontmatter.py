"""The text of a record's file."""

import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from portal.imports.frontmatter import imported, read_fields, record_text, untouched

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(TEXT, st.lists(TEXT, min_size=1))
@example(
    "no",
    [
        "0123",
        "12:30",
        "null",
        "~",
        "2020-01-01",
        "1e3",
        "- 甲",
        "甲: 乙",
        "#甲",
        "《甲》'\"",
        "&a",
        "*a",
        "!甲",
        "@",
        "---",
        "%",
    ],
)
def test_values_are_read_back_exactly_as_strings(value: str, items: list[str]) -> None:
    """A reader that takes every scalar as a string gets the very value, and so does an ordinary one but for dates."""
    text = record_text({"标题": value, "题注": items}, "", "f")
    head = re.fullmatch(r"---\n(.*)---\n", text, re.DOTALL)
    assert head is not None
    assert yaml.load(head[1], Loader=yaml.BaseLoader) == {"标题": value, "题注": items}
    assert "\n---\n" not in head[1]


def test_dates_stay_plain_and_empty_fields_are_left_out() -> None:
    """成文日期: 2020-03-27 as an editor writes it."""
    text = record_text(
        {"成文日期": "2020-03-27", "发布日期": "2026-03-01 09:30", "施行日期": None, "替代": ()}, "甲\n", "f"
    )
    assert "成文日期: 2020-03-27\n发布日期: 2026-03-01 09:30\n# 由" in text
    assert text.endswith("---\n\n甲\n")
    assert "施行日期" not in text


@given(TEXT, TEXT, TEXT)
def test_the_seal_knows_an_editor_s_change(value: str, body: str, source: str) -> None:
    """As written it is untouched; one more character anywhere and it is not."""
    text = record_text({"标题": value}, body, source)
    assert untouched(text)
    assert untouched(text.replace("\n", "\r\n")) or "\r" in text
    assert not untouched(text + "改")
    assert not untouched(text.replace("---\n", "---\n主题: 甲\n", 1))
    assert imported(text + "改")


@pytest.mark.parametrize("text", ["", "甲", "---\n标题: [\n---\n", "---\n- 甲\n---\n"])
def test_reading_the_fields_of_a_broken_file_gives_none(text: str) -> None:
    """The portal's reader reports such a file; the importer only looks for its own."""
    assert read_fields(text) == {}
    assert not imported(text)
    assert not untouched(text)
