"""Resolve: all records at one clock become the Site, with everything that is wrong between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.attachments.files import File
from portal.problems import Problem, soften
from portal.records.types import DisclosureEntry, Interpretation, Record, Status
from portal.records.vocabulary import Vocabulary
from portal.site.groups import groups_of
from portal.site.items import item, tombstone
from portal.site.model import Group, Key, Site
from portal.site.names import duplicate_ids, name_problems
from portal.site.numbers import number_problems
from portal.site.references import References, dangling
from portal.site.relations import relate
from portal.site.unfinished import unfinished
from portal.site.validity import cycles, impossible_acts, standings
from portal.site.visibility import future_dates, hidden_objects, is_public, rank, was_public


@dataclass(frozen=True)
class Resolution:
    """The site, and the problems found on the way; with a blocking one the site must not be built."""

    site: Site
    problems: tuple[Problem, ...]


def resolve(
    records: Iterable[Record],
    vocabulary: Vocabulary,
    files: Mapping[str, File],
    now: datetime,
    *,
    published: Mapping[str, str] | None = None,
    preview: bool = False,
) -> Resolution:
    """The site at a moment.

    `published` (address → first publication, from catalog/published.tsv) decides who keeps a 索引号. With `preview`,
    drafts and scheduled records are in the site, marked; nothing else about the resolution differs.
    """
    records = sorted(records, key=lambda record: record.key)
    problems: list[Problem] = []
    for record in records:
        problems += name_problems(record, vocabulary)
        problems += future_dates(record, now)
    problems += duplicate_ids(records, now)
    entries = [record for record in records if isinstance(record, DisclosureEntry)]
    problems += number_problems(entries, vocabulary, published or {}, now)
    references = References.of(sorted(entries, key=lambda entry: (-rank(entry, now), entry.formed, entry.key)))
    for record in records:
        if isinstance(record, DisclosureEntry | Interpretation):
            problems += dangling(record, references)
    problems += cycles(entries, references)
    problems += impossible_acts(entries, references)
    known = {record.key: record for record in sorted(records, key=lambda record: -rank(record, now))}
    visible = {
        record.key: record
        for record in records
        if is_public(record, now) or (preview and record.status is not Status.WITHDRAWN)
    }
    problems += hidden_objects(visible.values(), references, known, visible)
    if any(problem.code.startswith(("unknown-", "duplicate-id")) for problem in problems):
        # Names that resolve to nothing leave no site to speak of; the problems stop every caller before it is used.
        visible = {key: record for key, record in visible.items() if not any(name_problems(record, vocabulary))}
    problems += unfinished(vocabulary, visible.values())
    site = _site(visible, records, vocabulary, files, references, now, preview)
    return Resolution(site, tuple(sorted(set(_drafts_softened(problems, records)))))


def _drafts_softened(problems: Iterable[Problem], records: Iterable[Record]) -> list[Problem]:
    finished = {record.origin.path for record in records if record.status is not Status.DRAFT}
    drafts = {record.origin.path for record in records} - finished
    return [problem for found in problems for problem in (soften([found]) if found.place.path in drafts else [found])]


def _site(
    visible: Mapping[Key, Record],
    records: Iterable[Record],
    vocabulary: Vocabulary,
    files: Mapping[str, File],
    references: References,
    now: datetime,
    preview: bool,
) -> Site:
    entries = [record for record in visible.values() if isinstance(record, DisclosureEntry)]
    standing = standings(entries, references, now)
    relations = relate(visible, references)
    items = {key: item(record, vocabulary, files, standing.get(key), relations, now) for key, record in visible.items()}
    tombstones = [
        tombstone(record, vocabulary, now)
        for record in records
        if was_public(record, now) and not any(name_problems(record, vocabulary))
    ]
    members: dict[Group, list[tuple[tuple[datetime, date, Key], Key]]] = {}
    for key, each in items.items():
        for group in groups_of(each):
            members.setdefault(group, []).append((each.record.order, key))
    for stone in tombstones:  # lists keep its slot, feeds its notice
        for group in stone.groups:
            members.setdefault(group, []).append((stone.order, stone.key))
    groups = {group: tuple(key for _, key in sorted(found)) for group, found in sorted(members.items())}
    tombstones.sort(key=lambda stone: (stone.withdrawn_on, stone.key), reverse=True)
    return Site(now, vocabulary, items, tuple(tombstones), groups, preview)
