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
    """A page of a list: its number (None: the list's own address), members newest first, how many pages there are."""

    number: int | None
    members: tuple[Member, ...]
    pages: int


def leaves(slots: Sequence[Member], shown: Collection[Member], per_page: int = PER_PAGE) -> list[Leaf[Member]]:
    """The pages of a list. `slots` runs from the oldest and holds every member that ever was public.

    The first leaf is the list's own address: the newest slots, at least one full page of them where there are so many.
    A list that fits on one page has no numbered pages. When the last page is just full, an empty one follows it, for
    its link to the newer page must not change when that page fills.
    """
    full, rest = divmod(len(slots), per_page)
    start = max(0, (full - 1) * per_page) if full else 0
    newest = Leaf(None, _shown(slots[start:], shown), full + 1)
    if full == 0 or (full == 1 and rest == 0):
        return [Leaf(None, newest.members, 1)]
    numbered = [
        Leaf(number + 1, _shown(slots[number * per_page : (number + 1) * per_page], shown), full + 1)
        for number in range(full + 1)
    ]
    return [newest, *numbered]


def _shown(slots: Sequence[Member], shown: Collection[Member]) -> tuple[Member, ...]:
    return tuple(member for member in reversed(slots) if member in shown)
