"""Stable pagination: everyone once, full pages never change, a withdrawal touches its own page and the newest."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import NOW, TinySite

from portal.pages.pagination import Leaf, leaves

per_pages = st.integers(1, 5)


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[int], set[int], int]:
    """Slots, those of them that are shown, and slots a page."""
    count = draw(st.integers(0, 24))
    shown = (
        draw(st.sets(st.integers(0, max(count - 1, 0)), max_size=count)) if draw(st.booleans()) else set(range(count))
    )
    return list(range(count)), shown & set(range(count)), draw(per_pages)


def _numbered(found: list[Leaf[int]]) -> dict[int, tuple[int, ...]]:
    """The numbered pages; a list without any is its own only page."""
    return {leaf.number: leaf.members for leaf in found if leaf.number is not None} or {1: found[0].members}


@settings(deadline=None)
@given(lists())
def test_every_member_is_on_exactly_one_page(drawn: tuple[list[int], set[int], int]) -> None:
    """Over the numbered pages each shown member appears once, hidden ones nowhere, newest first on each page."""
    slots, shown, per_page = drawn
    pages = _numbered(leaves(slots, shown, per_page))
    members = [member for number in sorted(pages) for member in reversed(pages[number])]
    assert members == sorted(shown)
    assert all(len(page) <= per_page for page in pages.values())


@settings(deadline=None)
@given(lists())
def test_pages_that_show_nothing_are_left_out_and_neighbours_linked(drawn: tuple[list[int], set[int], int]) -> None:
    """The list's own address comes first; numbers rise from the oldest; only the last page may be empty; each page
    leads to its neighbours that are there."""
    found = leaves(*drawn)
    assert found[0].number is None
    numbers = [leaf.number for leaf in found[1:]]
    assert numbers == sorted(numbers, key=lambda number: number or 0)
    assert all(leaf.members for leaf in found[1:-1])
    for leaf in found:
        assert leaf.newer is None or leaf.newer in numbers
        assert leaf.older is None or leaf.older in numbers
    for before, after in itertools.pairwise(found[1:]):
        assert after.older == before.number
        assert before.newer in {after.number, None}
        assert before.newer == after.number or not after.members


@settings(deadline=None)
@given(lists())
def test_the_lists_own_address_shows_the_newest(drawn: tuple[list[int], set[int], int]) -> None:
    """The list's own address holds the newest that are shown, at least one full page where there are so many."""
    slots, shown, per_page = drawn
    first = leaves(slots, shown, per_page)[0].members
    newest = sorted(shown, reverse=True)
    assert list(first) == newest[: len(first)]
    assert min(len(shown), per_page) <= len(first) < 2 * per_page or not shown


@settings(deadline=None)
@given(lists(), st.integers(1, 12))
def test_newer_members_never_change_a_full_page(drawn: tuple[list[int], set[int], int], more: int) -> None:
    """However many newer members come, a numbered page that was full has the same number and members."""
    slots, shown, per_page = drawn
    grown = slots + list(range(len(slots), len(slots) + more))
    before = {leaf.number: leaf.members for leaf in leaves(slots, shown, per_page) if leaf.number is not None}
    after = {leaf.number: leaf.members for leaf in leaves(grown, shown | set(grown[len(slots) :]), per_page)}
    for number in range(1, len(slots) // per_page + 1):
        if number in before:
            assert after[number] == before[number]


@settings(deadline=None)
@given(lists(), st.data())
def test_a_withdrawal_changes_its_own_page_and_the_newest_only(
    drawn: tuple[list[int], set[int], int], data: st.DataObject
) -> None:
    """Hiding one member changes the numbered page that holds its slot, and at most the list's own address besides."""
    slots, shown, per_page = drawn
    if not shown:
        return
    hidden = data.draw(st.sampled_from(sorted(shown)))
    own = hidden // per_page + 1
    before = {leaf.number: leaf for leaf in leaves(slots, shown, per_page)}
    after = {leaf.number: leaf for leaf in leaves(slots, shown - {hidden}, per_page)}
    if own not in after or not after[own].members:
        return  # the list fits on one page now, or its page shows nothing more: the neighbours close up
    assert {number for number in before | after if before.get(number) != after.get(number)} <= {own, None}


WITHDRAWN = {"状态": "已撤回", "撤回日期": "2026-06-01 10:00", "撤回原因": "错"}


def _news(tiny: TinySite, numbers: range, **fields: object) -> None:
    for number in numbers:
        tiny.news(f"n{number:03d}", 发布日期=f"2026-0{1 + number // 28}-{1 + number % 28:02d} 10:00", **fields)


def _lists(tiny: TinySite, prefix: str) -> dict[str, bytes]:
    """The list pages below an address as the engine would write them."""
    prepared = tiny.portal().prepare(NOW)
    pages = [p for p in prepared.pages if p.template == "list.html" and p.path.startswith(prefix)]
    return {page.path: prepared.theme.render(page) for page in pages}


@pytest.mark.parametrize("count", [20, 21, 40, 45])
def test_full_pages_keep_their_bytes_when_newer_records_come(tmp_path: Path, count: int) -> None:
    """On the built site, too, a full page of a list has the same bytes after 1 and after 25 more records."""
    tiny = TinySite(tmp_path / "site")
    _news(tiny, range(count))
    before = _lists(tiny, "news/page-")
    for more in (1, 25):
        _news(tiny, range(count, count + more))
        after = _lists(tiny, "news/page-")
        full = [f"news/page-{number}/index.html" for number in range(1, count // 20 + 1)]
        for path in full:
            if path in before:
                assert after[path] == before[path], f"{path} changed when {more} newer came"
    assert len(before) == (0 if count <= 20 else count // 20 + 1)


def test_a_withdrawal_changes_one_page_of_a_built_list(tmp_path: Path) -> None:
    """Withdrawing an old record rewrites its own numbered page; of the others only the newest, for its count."""
    tiny = TinySite(tmp_path / "site")
    _news(tiny, range(65))
    before = _lists(tiny, "channels/work/")
    _news(tiny, range(25, 26), **WITHDRAWN)
    after = _lists(tiny, "channels/work/")
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert changed == {"channels/work/page-2/index.html", "channels/work/index.html"}


def _documents(tiny: TinySite, repealed: set[int]) -> None:
    for number in range(45):
        ended = {"失效日期": "2026-05-31"} if number in repealed else {}
        tiny.entry(
            f"e{number:03d}", 索引号=f"TEST/2026-{number + 1:05d}", 成文日期="2026-01-01",
            发布日期=f"2026-0{1 + number // 28}-{1 + number % 28:02d} 10:00", **ended,
        )  # fmt: skip


def test_a_document_that_ends_leaves_its_column_page_and_no_other(tmp_path: Path) -> None:
    """When a document expires, the page of the column that held it changes, and no other numbered page."""
    tiny = TinySite(tmp_path / "site")
    _documents(tiny, {44})
    before = _lists(tiny, "columns/normative/page-")
    _documents(tiny, {44, 3})
    after = _lists(tiny, "columns/normative/page-")
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert changed == {"columns/normative/page-1/index.html"}


def test_a_newly_ended_document_changes_one_page_of_the_ended(tmp_path: Path) -> None:
    """When an old document ends, the full pages of 废止和失效 stay as they are, but for the one that it belongs on."""
    tiny = TinySite(tmp_path / "site")
    _documents(tiny, set(range(1, 45)))
    before = _lists(tiny, "columns/normative/ended/page-")
    _documents(tiny, set(range(45)))
    after = _lists(tiny, "columns/normative/ended/page-")
    full = ["columns/normative/ended/page-1/index.html", "columns/normative/ended/page-2/index.html"]
    assert set(full) <= set(before)
    assert sum(before[path] != after[path] for path in full) <= 1
