"""Pages of a record of which only the words were edited: made at once, before the whole site is looked at again.

For the development server: whoever saves a text waits for its page and for nothing else. What else may follow from the
words (search, feeds, who cites whom) comes with the whole build right afterwards, which finds the page as it should be.
"""

from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from portal.build.engine import Prepared
from portal.build.fingerprints import Fingerprints
from portal.build.manifest import Entry
from portal.build.staging import Staging
from portal.markup.body import Body
from portal.markup.mentions import Mentions
from portal.pages.parts import Page, Shared
from portal.records.reading import read_file
from portal.records.types import Record
from portal.site.model import Item
from portal.value import Value

V = TypeVar("V", bound=Value)


class Edited:
    """Knows which pages of a prepared site show which bodies."""

    def __init__(self, prepared: Prepared, fingerprints: Fingerprints) -> None:
        self._render = prepared.theme.render
        self._fingerprints = fingerprints
        self._items = {item.record.origin.path: item for item in prepared.site.items.values()}
        self._pages: dict[int, list[Page]] = {}  # by the identity of the body that they show
        for page in prepared.pages:
            for body in _bodies(page.view):
                self._pages.setdefault(id(body), []).append(page)

    def write(self, root: Path, path: str, staging: Staging) -> dict[str, Entry]:
        """Put the pages of a record whose file was saved in their place; empty where `pages` is."""
        pages = self.pages(root, path)
        return {page.path: staging.write(page.path, self._render(page), self._fingerprints.of(page)) for page in pages}

    def pages(self, root: Path, path: str) -> list[Page]:
        """The pages of a record after its file was saved; none where more than its words may have changed, or where
        something is wrong with it."""
        item = self._items.get(path)
        if item is None or not path.endswith(".md"):
            return []
        try:
            records, problems = read_file(path, (root / path).read_bytes())
        except OSError:
            return []
        if problems or len(records) != 1 or not _same_but_for_words(item.record, records[0]):
            return []
        body = structs.replace(item.body, source=records[0].body)
        shown = [
            Page(page.path, page.template, _with(page.view, item.body, body))
            for page in self._pages.get(id(item.body), ())
        ]
        self._take(item, records[0], body, shown)
        return shown

    def _take(self, item: Item, record: Record, body: Body, shown: list[Page]) -> None:
        """The next edit starts from this one."""
        self._items[record.origin.path] = structs.replace(item, record=record, body=body)
        self._pages[id(body)] = shown


def _same_but_for_words(old: Record, new: Record) -> bool:
    """Whether all that lists, checks and other records may use of a record is as it was."""
    if old.key != new.key or old.model_dump() != new.model_dump():  # body and origin are not in it
        return False
    one, other = old.body.marks, new.body.marks
    return (
        bool(old.body) == bool(new.body)
        and [(link.image, link.target) for link in one.links] == [(link.image, link.target) for link in other.links]
        and _named(one.mentions) == _named(other.mentions)
    )


def _named(mentions: Mentions) -> set[str]:
    return {each.written for each in mentions.numbers} | {each.written for each in mentions.titles}


def _bodies(value: Value) -> list[Body]:
    """The bodies in a view."""
    found: list[Body] = []
    for name in value.__struct_fields__:
        each = getattr(value, name)
        if isinstance(each, Body):
            found.append(each)
        elif isinstance(each, Value) and not isinstance(each, Shared):
            found += _bodies(each)
    return found


def _with(value: V, old: Body, new: Body) -> V:
    """A view with one body in place of another."""
    changes: dict[str, Any] = {}
    for name in value.__struct_fields__:
        each = getattr(value, name)
        if each is old:
            changes[name] = new
        elif isinstance(each, Value) and not isinstance(each, Shared | Body) and old in _bodies(each):
            changes[name] = _with(each, old, new)
    return structs.replace(value, **changes) if changes else value
