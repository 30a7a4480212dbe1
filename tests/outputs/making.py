"""Files that outputs plan, made."""

from collections.abc import Iterable

from portal.build.made import Made


def made_by(planned: Iterable[Made]) -> dict[str, bytes]:
    """By path, the bytes of each file."""
    return {each.path: each.make(each.value) for each in planned}
