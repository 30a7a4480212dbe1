"""Resolve: all records at one clock become the Site, with everything that is wrong between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from portal.attachments.files import File
from portal.problems import Hints, Problem, soften
from portal.records.types import DisclosureEntry, Interpretation, Record, Status
from portal.records.vocabulary import Vocabulary
from portal.site.items import item, tombstone
from portal.site.model import Group, Key, Site
from portal.site.names import Known, duplicate_ids, name_problems
from portal.site.numbers import number_problems
from portal.site.references import References, dangling
from portal.site.relations import relate
from portal.site.unfinished import unfinished
from portal.site.validity import acts, cycles, impossible_acts, standings
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
    names = Known.of(vocabulary)
    misnamed = {record.key for record in records if not names.all_of(record)}
    for record in records:
        if record.key in misnamed:
            problems += name_problems(record, vocabulary)
        problems += future_dates(record, now)
    problems += duplicate_ids(records, now)
    entries = [record for record in records if isinstance(record, DisclosureEntry)]
    problems += number_problems(entries, vocabulary, published or {}, now)
    references = References(lambda: sorted(entries, key=lambda e: (-rank(e, now), e.formed, e.key)))
    hints = Hints(lambda: references.keys)
    acting = [entry for entry in entries if acts(entry)]
    naming: list[DisclosureEntry | Interpretation] = [*acting]
    naming += [record for record in records if isinstance(record, Interpretation)]
    for each in naming:
        problems += dangling(each, references, hints)
    problems += cycles(acting, references)
    problems += impossible_acts(acting, entries, references)
    visible = {
        record.key: record
        for record in records
        if is_public(record, now) or (preview and record.status is not Status.WITHDRAWN)
    }
    problems += hidden_objects(visible.values(), references, records, visible, now)
    if any(problem.code.startswith(("unknown-", "duplicate-id")) for problem in problems):
        # Names that resolve to nothing leave no site to speak of; the problems stop every caller before it is used.
        visible = {key: record for key, record in visible.items() if key not in misnamed}
    problems += unfinished(vocabulary, visible.values())
    stones = [record for record in records if was_public(record, now) and record.key not in misnamed]
    site = _site(visible, stones, vocabulary, files, references, now, preview)
    return Resolution(site, tuple(sorted(set(_drafts_softened(problems, records)))))


def _drafts_softened(problems: Iterable[Problem], records: Iterable[Record]) -> list[Problem]:
    if not problems:
        return []
    finished = {record.origin.path for record in records if record.status is not Status.DRAFT}
    drafts = {record.origin.path for record in records} - finished
    return [problem for found in problems for problem in (soften([found]) if found.place.path in drafts else [found])]


def _site(
    visible: Mapping[Key, Record],
    withdrawn: Iterable[Record],
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
    tombstones = [tombstone(record, vocabulary, now) for record in withdrawn]
    # Lists keep the slot of what was withdrawn, and feeds its notice.
    slots = [(each.record.order, key, each.groups) for key, each in items.items()]
    slots += [(stone.order, stone.key, stone.groups) for stone in tombstones]
    slots.sort(key=itemgetter(0, 1))
    members: dict[int, tuple[Group, list[Key]]] = {}  # by identity: there is one object for each group
    for _, key, of in slots:
        for group in of:
            if (found := members.get(id(group))) is None:
                found = members[id(group)] = group, []
            found[1].append(key)
    groups = {group: tuple(keys) for group, keys in sorted(members.values(), key=itemgetter(0))}
    tombstones.sort(key=lambda stone: (stone.withdrawn_on, stone.key), reverse=True)
    return Site(now, vocabulary, items, tuple(tombstones), groups, preview)
