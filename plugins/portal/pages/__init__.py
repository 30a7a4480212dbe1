"""Plan: Site → Page(path, template, view), one module a page family."""

from collections.abc import Iterator

from portal import signals
from portal.pages import (
    alphabet,
    changes,
    contact,
    furniture,
    lists,
    numbers,
    platform,
    records,
    redirects,
    search,
    subscriptions,
    tombstones,
)
from portal.pages.parts import Chrome, Page
from portal.site.model import Site

FAMILIES = (
    furniture,
    changes,
    search,
    alphabet,
    numbers,
    contact,
    subscriptions,
    platform,
    lists,
    records,
    tombstones,
    redirects,
)
"""The page families, each a module with `plan(site, chrome)`."""


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """Every page of the site."""
    for family in FAMILIES:
        yield from family.plan(site, chrome)


def register() -> None:
    """Pelican's entry: plan all page families."""
    signals.pages_planned.connect(_plan_all)


def _plan_all(_build: object, *, site: Site, chrome: Chrome, pages: list[Page]) -> None:
    pages.extend(plan(site, chrome))
