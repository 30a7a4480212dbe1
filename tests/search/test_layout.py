"""What the reader's side must know of a shard: stored as JSON, read back or refused."""

import json
import re
from dataclasses import astuple, replace

import pytest

from portal.search.layout import Layout

LAYOUT = Layout(placed=3, whole=2, used=(0, 2, 4), frequent="0a" * 512, parts=((1, 2), (1,)), titles=(7, 0))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"3", b'{"placed":1}', b'{"placed":1,"whole":1,"used":5,"frequent":"","parts":[],"titles":[]}', b"\xff"])  # fmt: skip
def test_a_layout_that_is_not_whole_is_refused(content: bytes) -> None:
    """Cut off, foreign or unreadable: no layout."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        Layout.from_json(content)


def test_a_layout_is_numbers_alone() -> None:
    """The layout is JSON that holds no text of any record."""
    written = LAYOUT.to_json()
    assert Layout.from_json(written) == Layout.from_json(written.encode()) == LAYOUT
    assert json.loads(written)["placed"] == 3
    assert re.fullmatch("[0-9a-f]+", LAYOUT.frequent)
    assert not any(letter.isalpha() for value in astuple(replace(LAYOUT, frequent="")) for letter in str(value))
