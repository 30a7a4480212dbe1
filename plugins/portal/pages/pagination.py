"""Stable pagination: page 1 holds the oldest, a full page never changes again, the list's own address the newest.

A withdrawn record keeps its empty slot, so that withdrawing one does not shift every later page.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Member = TypeVar("Member")

PER_PAGE = 20
"""Slots on a page."""


@dataclass(frozen=True)
class Leaf(Generic[Member]):
    """A page of a list, members newest first.

    `number` is None for the list's own address. `newer` and `older` are numbers of the neighbouring pages; None means
    that the list's own address is next, or that there is nothing older.
    """

    number: int | None
    members: tuple[Member, ...]
    newer: int | None = None
    older: int | None = None


def leaves(slots: Sequence[Member], shown: Collection[Member], per_page: int = PER_PAGE) -> list[Leaf[Member]]:
    """The pages of a list. `slots` runs from the oldest and holds every member that ever was public.

    The first leaf is the list's own address: the newest pages together, until they show at least a page full. A list
    that fits on one page has no numbered pages; a numbered page that shows nothing is left out. When the last page is
    just full, an empty one follows it, for its link to the newer page must not change when that page fills.
    """
    last = len(slots) // per_page + 1
    pages = {n: _shown(slots[(n - 1) * per_page : n * per_page], shown) for n in range(1, last + 1)}
    if sum(map(len, pages.values())) <= per_page:
        return [Leaf(None, tuple(member for n in range(last, 0, -1) for member in pages[n]))]
    kept = [number for number, members in pages.items() if members or number == last]
    newest: tuple[Member, ...] = ()
    before = len(kept)
    while before and len(newest) < per_page:
        before -= 1
        newest += pages[kept[before]]
    found = [Leaf(None, newest, older=kept[before - 1] if before else None)]
    for at, number in enumerate(kept):
        newer = kept[at + 1] if at + 1 < len(kept) else None
        if newer == last and not pages[last] and newer != number + 1:
            newer = None  # an empty last page is a stop only for the full one right before it
        found.append(Leaf(number, pages[number], newer, kept[at - 1] if at else None))
    return found


def _shown(slots: Sequence[Member], shown: Collection[Member]) -> tuple[Member, ...]:
    return tuple(member for member in reversed(slots) if member in shown)
