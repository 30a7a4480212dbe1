"""The filters that templates have: pure functions of their value."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from portal import clock
from portal.formats import day, iso, size
from portal.markup.body import Body, Heading
from portal.markup.convert import to_html


class RenderedBody:
    """A body's HTML, safe to print, and its headings."""

    def __init__(self, body: Body) -> None:
        rendered = to_html(body)
        self.html = Markup(rendered.html)  # noqa: S704 -- nh3 has cleaned it
        self.headings: tuple[Heading, ...] = rendered.headings


FILTERS: dict[str, Callable[[Any], Any]] = {
    "body": RenderedBody,
    "minute": clock.format_minute,
    "day": day,
    "iso": iso,
    "size": size,
}
