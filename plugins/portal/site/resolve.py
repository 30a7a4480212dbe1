"""Resolve: all records at one clock become the Site, with everything that is wrong between them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from portal import clock
from portal.attachments.files import File, by_name, named_files
from portal.markup import scan
from portal.markup.body import Body
from portal.markup.rules import body_problems
from portal.problems import Problem, soften
from portal.records.types import (
    Access,
    DisclosureEntry,
    Interpretation,
    PressRelease,
    Record,
    Status,
)
from portal.records.vocabulary import Organ, Vocabulary
from portal.site.citations import Citable, cited
from portal.site.groups import groups_of
from portal.site.model import Group, Item, Key, NamedFile, Site, Standing, Tombstone
from portal.site.names import duplicate_ids, name_problems
from portal.site.numbers import number_problems
from portal.site.references import References, dangling
from portal.site.validity import cycles, edges, standings


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
        problems += body_problems(record)
        problems += _future_date(record, now)
    problems += duplicate_ids(records)
    entries = [record for record in records if isinstance(record, DisclosureEntry)]
    problems += number_problems(entries, vocabulary, published or {})
    references = References.of(sorted(entries, key=lambda entry: (entry.formed, entry.key)))
    for record in records:
        if isinstance(record, DisclosureEntry | Interpretation):
            problems += dangling(record, references)
    problems += cycles(entries, references)
    visible = {record.key: record for record in records if is_public(record, now) or (preview and _shows(record))}
    problems += _hidden_objects(visible.values(), references, {record.key: record for record in records}, visible)
    if any(problem.code.startswith(("unknown-", "duplicate-id")) for problem in problems):
        # Names that resolve to nothing leave no site to speak of; the problems stop every caller before it is used.
        visible = {key: record for key, record in visible.items() if not any(name_problems(record, vocabulary))}
    site = _site(visible, records, vocabulary, files, references, now, preview)
    return Resolution(site, tuple(sorted(set(_drafts_softened(problems, records)))))


def _drafts_softened(problems: Iterable[Problem], records: Iterable[Record]) -> list[Problem]:
    finished = {record.origin.path for record in records if record.status is not Status.DRAFT}
    drafts = {record.origin.path for record in records} - finished
    return [problem for found in problems for problem in (soften([found]) if found.place.path in drafts else [found])]


def is_public(record: Record, now: datetime) -> bool:
    """Whether the public may see a record at a moment: published, due, and not withdrawn."""
    return record.status is Status.PUBLISHED and record.first_public <= now


def was_public(record: Record, now: datetime) -> bool:
    """Whether a withdrawn record was public before: only then does it leave a tombstone."""
    return (
        record.status is Status.WITHDRAWN
        and record.withdrawn_on is not None
        and record.first_public <= record.withdrawn_on
        and record.first_public <= now
    )


def _shows(record: Record) -> bool:
    return record.status is not Status.WITHDRAWN


def _future_date(record: Record, now: datetime) -> list[Problem]:
    if record.status is Status.DRAFT:
        return []
    problems = []
    if record.date and record.date > now and record.status is Status.PUBLISHED:
        what = f"发布日期 {clock.format_minute(record.date)} 还没有到。"
        remedy = (
            "要到时自动公开，请把“发布日期”改为“定时发布”；否则填公众实际能看到的时间（伪造发稿日期是一票否决项）。"
        )
        problems.append(Problem(record.origin.place("date"), "future-date", "发布日期", what, remedy))
    for number, correction in enumerate(record.corrections):
        if correction.on > now:
            place = record.origin.place("corrections", number, "on")
            problems.append(Problem(place, "future-date", "更正说明", "更正的时间还没有到。", "请填实际更正的时间。"))
    if record.withdrawn_on and record.withdrawn_on > now:
        what, remedy = "撤回的时间还没有到。", "撤回立即生效，请填实际撤回的时间。"
        problems.append(Problem(record.origin.place("withdrawn_on"), "future-date", "撤回日期", what, remedy))
    return problems


def _hidden_objects(
    visible: Iterable[Record], references: References, known: Mapping[Key, Record], public: Mapping[Key, Record]
) -> list[Problem]:
    """An interpretation of something that the public cannot see yet explains nothing. A withdrawn policy is no fault."""
    problems = []
    for record in visible:
        if isinstance(record, Interpretation):
            for number, name in enumerate(record.interprets):
                key = references.find(name)
                if key and key not in public and known[key].status is not Status.WITHDRAWN:
                    what = f"解读对象“{name}”还没有公开。"
                    remedy = "解读与文件同步公开（国办发〔2016〕80号）：请把本件改为“定时发布”，与文件同一时间。"
                    place = record.origin.place("interprets", number)
                    problems.append(Problem(place, "hidden-object", "解读对象", what, remedy))
    return problems


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
    acts = {entry.key: _acts(entry, references, visible) for entry in entries}
    replaced = [target for found in acts.values() for target in found["replaces"]]
    citable = Citable.of(entries, replaced)
    cites: dict[Key, tuple[tuple[str, Key], ...]] = {}
    for record in visible.values():
        found = cited(_open_body(record), citable)
        cites[record.key] = tuple(dict.fromkeys((c.text, c.key) for c in found if c.key != record.key))
    back = _Back(visible, references, acts, cites)
    items = {
        key: _item(record, vocabulary, files, standing.get(key), cites[key], back, now)
        for key, record in visible.items()
    }
    members: dict[Group, list[tuple[datetime, Key]]] = {}
    tombstones = []
    for key, item in items.items():
        for group in groups_of(item):
            members.setdefault(group, []).append((item.record.first_public, key))
    for record in records:
        if was_public(record, now) and not any(name_problems(record, vocabulary)):
            # Its group memberships, and nothing else of it, outlive the record: lists keep its slot, feeds its notice.
            shape = _item(record, vocabulary, {}, None, (), _Back({}, references, {}, {}), now)
            stone = _tombstone(record, tuple(groups_of(shape)))
            tombstones.append(stone)
            for group in stone.groups:
                members.setdefault(group, []).append((record.first_public, record.key))
    groups = {group: tuple(key for _, key in sorted(found)) for group, found in sorted(members.items())}
    tombstones.sort(key=lambda stone: (stone.withdrawn_on, stone.key), reverse=True)
    return Site(now, vocabulary, items, tuple(tombstones), groups, preview)


def _tombstone(record: Record, groups: tuple[Group, ...]) -> Tombstone:
    assert record.withdrawn_on is not None
    assert record.withdrawn_reason is not None
    index_no = record.index_no if isinstance(record, DisclosureEntry) else None
    return Tombstone(
        record.kind,
        record.id,
        record.url,
        index_no,
        record.withdrawn_on,
        record.withdrawn_reason,
        groups,
        record.first_public,
    )


def _open_body(record: Record) -> str:
    """The body, if it may be seen: a second lock behind the rule that an entry not open has none."""
    closed = isinstance(record, DisclosureEntry) and record.access is not Access.OPEN
    return "" if closed else record.body


def _acts(entry: DisclosureEntry, references: References, visible: Mapping[Key, Record]) -> dict[str, tuple[Key, ...]]:
    found: dict[str, dict[Key, None]] = {"repeals": {}, "amends": {}, "replaces": {}}
    for act, _, target in edges(entry, references):
        if target in visible:
            found[act][target] = None
    return {act: tuple(targets) for act, targets in found.items()}


class _Back:
    """The relations read backwards, among visible records only."""

    def __init__(
        self,
        visible: Mapping[Key, Record],
        references: References,
        acts: Mapping[Key, Mapping[str, tuple[Key, ...]]],
        cites: Mapping[Key, tuple[tuple[str, Key], ...]],
    ) -> None:
        self.acts = acts
        self.interprets: dict[Key, tuple[Key, ...]] = {}
        self.reverse: dict[str, dict[Key, list[Key]]] = {
            name: {} for name in ("interprets", "repeals", "amends", "replaces", "cites")
        }
        for key, record in visible.items():
            if isinstance(record, Interpretation):
                found = [references.find(name) for name in record.interprets]
                self.interprets[key] = tuple(dict.fromkeys(k for k in found if k and k in visible))
                self._add("interprets", key, self.interprets[key])
        for key, by_act in acts.items():
            for act, targets in by_act.items():
                self._add(act, key, targets)
        for key, citations in cites.items():
            self._add("cites", key, dict.fromkeys(target for _, target in citations))
        self.order = {key: (record.first_public, key) for key, record in visible.items()}

    def _add(self, name: str, source: Key, targets: Iterable[Key]) -> None:
        for target in targets:
            self.reverse[name].setdefault(target, []).append(source)

    def to(self, name: str, key: Key) -> tuple[Key, ...]:
        """Who points at a record in this way, newest first."""
        return tuple(sorted(self.reverse[name].get(key, ()), key=self.order.__getitem__, reverse=True))


def _item(
    record: Record,
    vocabulary: Vocabulary,
    files: Mapping[str, File],
    standing: Standing | None,
    citations: tuple[tuple[str, Key], ...],
    back: _Back,
    now: datetime,
) -> Item:
    key = record.key
    publisher: Organ = vocabulary.organ_by_name[record.publisher or vocabulary.identity.organ]
    source = _open_body(record)
    closed = isinstance(record, DisclosureEntry) and record.access is not Access.OPEN
    attached = () if closed else record.attachments
    named = () if closed else tuple(files[name] for name, _, _ in named_files(record) if name in files)
    addresses = {target: f"/entries/{target[1]}/" for _, target in citations}
    item = Item(
        record=record,
        publisher=publisher,
        themes=tuple(vocabulary.theme_by_name[theme] for theme in record.themes),
        body=Body(
            source,
            by_name(files, scan.files(source)),
            tuple((text, addresses[target]) for text, target in citations),
        ),
        attachments=tuple(NamedFile(a.title, files[a.file]) for a in attached if a.file in files),
        files=tuple(dict.fromkeys(named)),
        # Of a document that nobody may read there is no saying to the public whether it is in force.
        standing=None if isinstance(record, DisclosureEntry) and record.access is Access.CLOSED else standing,
        interprets=back.interprets.get(key, ()),
        interpreted_by=back.to("interprets", key),
        cites=tuple(dict.fromkeys(target for _, target in citations)),
        cited_by=back.to("cites", key),
        amended_by=back.to("amends", key),
        replaced_by=back.to("replaces", key),
        repealed_by=back.to("repeals", key),
        reprint=record.source is not None and record.source not in vocabulary.organ_by_name,
        preview="" if is_public(record, now) else _preview_mark(record),
    )
    if isinstance(record, DisclosureEntry):
        acts = back.acts.get(key, {})
        item = replace(
            item,
            genre=vocabulary.genre_by_name[record.genre],
            column=vocabulary.column_by_name[record.column],
            repeals=acts.get("repeals", ()),
            amends=acts.get("amends", ()),
            replaces=acts.get("replaces", ()),
        )
    if isinstance(record, PressRelease) and record.image and record.image.file in files:
        item = replace(item, image=NamedFile(record.image.alt, files[record.image.file]))
    return item


def _preview_mark(record: Record) -> str:
    if record.status is Status.DRAFT:
        return "草稿"
    return f"定时发布 {clock.format_minute(record.first_public)}"
