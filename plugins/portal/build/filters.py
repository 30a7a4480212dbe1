"""The filters that templates have: pure functions of their value."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from portal import clock
from portal.formats import day, iso, size
from portal.markup.body import Body, Heading
from portal.markup.convert import to_html
from portal.pages.parts import Shared


class RenderedBody:
    """A body's HTML, safe to print, and its headings."""

    def __init__(self, body: Body) -> None:
        rendered = to_html(body)
        self.html = Markup(rendered.html)  # noqa: S704 -- nh3 has cleaned it
        self.headings: tuple[Heading, ...] = rendered.headings


def once(macro: Callable[[Shared], Markup], value: Shared) -> Markup:
    """What a macro makes of a part that many pages share: made for the first of them. A macro sees its argument and nothing
    else (tests/test_architecture.py), so it would make the same for all."""
    known = _made.get((id(macro), id(value)))
    if known is None:
        if len(_made) >= _MOST:
            _made.clear()
        known = _made[id(macro), id(value)] = macro, value, macro(value)
    return known[2]


_MOST = 1000
_made: dict[tuple[int, int], tuple[object, Shared, Markup]] = {}
"""By the identity of macro and value, which are held, so that nothing else gets it."""


FILTERS: dict[str, Callable[..., Any]] = {
    "body": RenderedBody,
    "once": once,
    "minute": clock.format_minute,
    "day": day,
    "iso": iso,
    "size": size,
}
