"""What the reader's side must know of a shard's index: how its terms are written, and which pages are whose."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Layout:
    """Of a shard: its buckets (how many, and which hold anything), which classes
    of pairs are frequent (a bit each, in hexadecimal), for each record the number of parts of each of its texts, and the
    length of its title in positions."""

    placed: int
    whole: int
    used: tuple[int, ...]
    frequent: str
    parts: tuple[tuple[int, ...], ...]
    titles: tuple[int, ...]

    @property
    def pages(self) -> int:
        """How many pages Pagefind knows: one a part."""
        return sum(map(sum, self.parts))

    def to_json(self) -> str:
        """As it is stored beside the index."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Layout":
        """As it was stored. Raises ValueError for what is none."""
        return msgspec.json.decode(text, type=cls)
