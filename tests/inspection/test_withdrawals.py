"""What going back to an older release would bring back is told by its address."""

from pathlib import Path

import pytest
from site_model.making import WITHDRAWN
from tiny import TinySite

from portal.inspection.withdrawals import returning


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A release, and the one after it, with a withdrawal of each kind between the two."""
    tiny = TinySite(tmp_path_factory.mktemp("withdrawals") / "site")
    tiny.entry("law")
    tiny.news("before", **WITHDRAWN)
    tiny.write("catalog/redirects.yaml", "- 原地址: /news/moved/\n  新地址: /news/\n")
    for fields in ({}, WITHDRAWN):
        tiny.entry("e", **fields)
        tiny.news("n", **fields)
        tiny.interpretation("i", "law", **fields)
        tiny.page("p", **fields)
        tiny.news("edited", f"{len(fields)}")
        tiny.build()
    return tiny.root / "releases/1", tiny.root / "releases/2"


def test_what_was_withdrawn_since_is_told(two: tuple[Path, Path]) -> None:
    """Records of every kind withdrawn between two releases are listed; edits, redirects and older withdrawals are not."""
    older, current = two
    assert returning(current, older) == ["/entries/e/", "/interpretations/i/", "/news/n/", "/pages/p/"]


def test_nothing_comes_back_the_other_way(two: tuple[Path, Path]) -> None:
    """Where the other release has the withdrawals already, or is the same, nothing would come back."""
    older, current = two
    assert returning(older, current) == []
    assert returning(current, current) == []
