"""Which characters must stand in a text for any inline pattern to match: without one of them there is nothing to look for.

Most paragraphs of official texts have none, and python-markdown would search each of them with every pattern. The
characters are derived from the patterns as they are registered, so that another pattern cannot be forgotten.
"""

import re
from collections.abc import Iterable, Sequence
from re import _parser  # type: ignore[attr-defined]  # the one way to a pattern's structure; typeshed does not know it
from typing import Any

_REPEATED = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def triggers(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str] | None:
    """A pattern for one character of which every text that one of these patterns matches holds at least one.

    None where there is a pattern of which that cannot be said.
    """
    characters: set[str] = set()
    for pattern in patterns:
        needed = None if pattern.flags & re.IGNORECASE else _needed(_parser.parse(pattern.pattern, pattern.flags))
        if needed is None:
            return None
        characters |= needed
    return re.compile(f"[{re.escape(''.join(sorted(characters)))}]") if characters else re.compile("(?!)")


def _needed(sequence: Sequence[tuple[Any, Any]]) -> set[str] | None:
    """Characters of which a match of all these in turn holds one: the fewest that can be told, of equals the last."""
    best: set[str] | None = None
    for operation, argument in sequence:
        found = _needed_by(str(operation), argument)
        if found is not None and (best is None or len(found) <= len(best)):
            best = found
    return best


def _needed_by(operation: str, argument: Any) -> set[str] | None:
    if operation == "LITERAL":
        return {chr(argument)}
    if operation == "IN":
        kinds = {str(kind) for kind, _ in argument}
        return {chr(value) for _, value in argument} if kinds == {"LITERAL"} else None
    if operation == "SUBPATTERN":
        return _needed(argument[-1])
    if operation == "ATOMIC_GROUP":
        return _needed(argument)
    if operation == "ASSERT":
        return _needed(argument[1])
    if operation in _REPEATED:
        least, _, repeated = argument
        return _needed(repeated) if least else None
    if operation == "BRANCH":
        ways = [_needed(way) for way in argument[1]]
        return None if None in ways else {character for way in ways if way for character in way}
    return None
