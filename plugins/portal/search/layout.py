"""What the reader's side must know of a shard's index: how its terms are written, and which pages are whose."""

import json
from dataclasses import asdict, dataclass


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
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Layout":
        """As it was stored. Raises ValueError, KeyError or TypeError for what is none."""
        found = json.loads(text)
        return cls(
            placed=int(found["placed"]),
            whole=int(found["whole"]),
            used=tuple(map(int, found["used"])),
            frequent=str(found["frequent"]),
            parts=tuple(tuple(map(int, parts)) for parts in found["parts"]),
            titles=tuple(map(int, found["titles"])),
        )
