"""How records point at each other, read both ways, among those that are visible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portal.records.types import DisclosureEntry, Interpretation, Record
from portal.site.citations import Citable, cited
from portal.site.model import ALONE, Key, Related
from portal.site.references import References
from portal.site.validity import ACTS, acts, edges
from portal.site.visibility import open_body

KINDS = (*ACTS, "interprets", "cites")
"""The ways in which one record points at another; each is a field of Related."""


@dataclass(frozen=True)
class Relations:
    """For each way of pointing, where each record points and who points at it; and the cited texts of each body."""

    forward: Mapping[str, Mapping[Key, tuple[Key, ...]]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    backward: Mapping[str, Mapping[Key, tuple[Key, ...]]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    citations: Mapping[Key, tuple[tuple[str, Key], ...]] = field(default_factory=dict)

    @cached_property
    def related(self) -> frozenset[Key]:
        """The records that point at another, or are pointed at."""
        return frozenset(key for way in (self.forward, self.backward) for edges_of in way.values() for key in edges_of)

    def around(self, key: Key) -> Related:
        """Where a record points and who points at it."""
        if key not in self.related:
            return ALONE
        return Related(
            interprets=self.forward["interprets"].get(key, ()),
            interpreted_by=self.backward["interprets"].get(key, ()),
            repeals=self.forward["repeals"].get(key, ()),
            amends=self.forward["amends"].get(key, ()),
            replaces=self.forward["replaces"].get(key, ()),
            amended_by=self.backward["amends"].get(key, ()),
            replaced_by=self.backward["replaces"].get(key, ()),
            repealed_by=self.backward["repeals"].get(key, ()),
            cites=self.forward["cites"].get(key, ()),
            cited_by=self.backward["cites"].get(key, ()),
        )


def relate(visible: Mapping[Key, Record], references: References) -> Relations:
    """The relations among visible records: what is hidden neither points nor is pointed at."""
    forward: dict[str, dict[Key, tuple[Key, ...]]] = {kind: {} for kind in KINDS}
    entries = [record for record in visible.values() if isinstance(record, DisclosureEntry)]
    for entry in filter(acts, entries):
        for act in ACTS:
            targets = [target for name, _, target in edges(entry, references) if name == act and target in visible]
            _put(forward[act], entry.key, targets)
    for record in visible.values():
        if isinstance(record, Interpretation):
            found = [references.find(name) for name in record.interprets]
            _put(forward["interprets"], record.key, [key for key in found if key is not None and key in visible])
    named = {key: mentions for key, record in visible.items() if (mentions := open_body(record).marks.mentions)}
    replaced = [target for targets in forward["replaces"].values() for target in targets]
    citable = Citable.of(entries, named.values(), replaced)
    citations: dict[Key, tuple[tuple[str, Key], ...]] = {}
    for key, mentions in named.items() if citable else ():
        if texts := [(c.text, c.key) for c in cited(mentions, citable) if c.key != key]:
            citations[key] = tuple(dict.fromkeys(texts))
            _put(forward["cites"], key, [target for _, target in texts])
    pointing = {key for edges_of in forward.values() for key in edges_of}
    newest_first = sorted(pointing, key=lambda key: visible[key].order, reverse=True)
    return Relations(forward, {kind: _reversed(forward[kind], newest_first) for kind in KINDS}, citations)


def _put(edges_of: dict[Key, tuple[Key, ...]], source: Key, targets: Iterable[Key]) -> None:
    if unique := tuple(dict.fromkeys(targets)):
        edges_of[source] = unique


def _reversed(forward: Mapping[Key, tuple[Key, ...]], order: Iterable[Key]) -> dict[Key, tuple[Key, ...]]:
    found: dict[Key, list[Key]] = {}
    for source in order:
        for target in forward.get(source, ()):
            found.setdefault(target, []).append(source)
    return {target: tuple(sources) for target, sources in found.items()}
