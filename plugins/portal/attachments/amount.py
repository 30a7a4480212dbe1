"""How much of a record's attachments is searched: a record is indexed at once, and that takes memory by the character."""

from collections.abc import Sequence

MAX_OF_RECORD = 1_000_000
"""Characters of all attachments of a record together, a thousand printed pages: about 600 MiB while they are indexed."""


def searched(texts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of the blocks of each attachment of a record, in order, those within the limit: whole blocks, from the beginning."""
    if sum(len(block) for blocks in texts for block in blocks) <= MAX_OF_RECORD:
        return list(texts)
    left = MAX_OF_RECORD
    found = []
    for blocks in texts:
        kept = 0
        while kept < len(blocks) and len(blocks[kept]) <= left:
            left -= len(blocks[kept])
            kept += 1
        if kept < len(blocks):
            left = 0
        found.append(blocks[:kept])
    return found
