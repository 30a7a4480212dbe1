"""How much of a record's attachments is searched: a record is indexed at once, and that takes memory by the character."""

import unicodedata
from collections.abc import Sequence

MAX_OF_RECORD = 1_000_000
"""Characters of all attachments of a record together, a thousand printed pages: about 600 MiB while they are indexed.
Counted as they are indexed, in NFKC: one character can stand for eighteen."""


def searched(texts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of the blocks of each attachment of a record, in order, those within the limit: whole blocks, from the beginning."""
    if sum(_length(block) for blocks in texts for block in blocks) <= MAX_OF_RECORD:
        return list(texts)
    left = MAX_OF_RECORD
    found = []
    for blocks in texts:
        kept = 0
        while kept < len(blocks) and (length := _length(blocks[kept])) <= left:
            left -= length
            kept += 1
        if kept < len(blocks):
            left = 0
        found.append(blocks[:kept])
    return found


def _length(block: str) -> int:
    return len(block) if block.isascii() else len(unicodedata.normalize("NFKC", block))
