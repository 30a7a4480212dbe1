"""The site: one immutable value at one clock, everything that is public then and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from portal.attachments.files import File
from portal.markup.body import Body
from portal.records.types import DisclosureEntry, Interpretation, Position, PressRelease, Record, StandingPage
from portal.records.vocabulary import Genre, Organ, SubColumn, ThemePath, Vocabulary
from portal.value import Value

Key = tuple[str, str]
"""Kind and id of a record."""


class Validity(StrEnum):
    """有效性, derived and never written."""

    NOT_YET = "尚未施行"
    IN_FORCE = "有效"
    AMENDED = "已修改"
    EXPIRED = "失效"
    REPEALED = "废止"


class Standing(Value, frozen=True):
    """The validity of an entry: since when (None: since ever), and the entries that made it so."""

    validity: Validity
    since: date | None = None
    by: tuple[Key, ...] = ()
    replaced: bool = False  # repealed by a newer version of itself

    @property
    def label(self) -> str:
        """有效性 as pages, feeds and exports say it; what a newer version replaced is 废止, and says why."""
        return f"{self.validity.value}（已被替代）" if self.replaced else self.validity.value


class NamedFile(Value, frozen=True):
    """An attachment as its record names it."""

    title: str
    file: File


class Related(Value, frozen=True):
    """Where a record points, in the order in which it says so, and who points at it, the newest first."""

    interprets: tuple[Key, ...] = ()
    interpreted_by: tuple[Key, ...] = ()
    repeals: tuple[Key, ...] = ()
    amends: tuple[Key, ...] = ()
    replaces: tuple[Key, ...] = ()
    amended_by: tuple[Key, ...] = ()
    replaced_by: tuple[Key, ...] = ()
    repealed_by: tuple[Key, ...] = ()
    cites: tuple[Key, ...] = ()
    cited_by: tuple[Key, ...] = ()


ALONE = Related()
"""Of a record that neither points at another nor is pointed at."""


class Item(Value, frozen=True):
    """A public record with every name resolved. Relations are keys, to be looked up in the Site."""

    record: Record
    publisher: Organ
    themes: tuple[ThemePath, ...]
    body: Body
    attachments: tuple[NamedFile, ...]
    groups: tuple["Group", ...] = ()
    files: tuple[File, ...] = ()  # every file that the record names: attachments, image, and those in the body
    genre: Genre | None = None
    column: SubColumn | None = None
    image: NamedFile | None = None
    standing: Standing | None = None
    related: Related = ALONE
    reprint: bool = False  # the text comes from elsewhere: source and disclaimer are shown
    preview: str = ""  # 草稿 or 定时发布 2026-…: only in a preview

    @property
    def key(self) -> Key:
        """Kind and id."""
        return self.record.key

    @property
    def url(self) -> str:
        """The site path."""
        return self.record.url


class Tombstone(Value, frozen=True):
    """All that remains of a record withdrawn after it was public: address, 索引号, 撤回日期, 撤回原因.

    `groups` and `order` place it among its feeds and in the slots of paginated lists; they are never shown.
    """

    kind: str
    id: str
    url: str
    index_no: str | None
    withdrawn_on: datetime
    reason: str
    groups: tuple["Group", ...]
    order: tuple[datetime, date, Key]

    @property
    def key(self) -> Key:
        """Kind and id."""
        return self.kind, self.id


class Dimension(StrEnum):
    """What records are grouped by, and the folder under which a group has its page."""

    KIND = "kinds"
    THEME = "themes"
    ORGAN = "organs"
    YEAR = "years"
    GENRE = "genres"
    VALIDITY = "validity"
    COLUMN = "columns"
    CHANNEL = "channels"


class Group(Value, frozen=True, order=True):
    """A facet value: all records of one theme, organ, year and so on."""

    dimension: Dimension
    id: str
    name: str

    @property
    def url(self) -> str:
        """The address of the group's list; facet pages come and go, no promise is made about them."""
        return f"/{self.dimension.value}/{self.id}/"


@dataclass(frozen=True)
class Site:
    """Everything public at `now`. No template ever receives it: pages are functions of narrow views."""

    now: datetime
    vocabulary: Vocabulary
    items: Mapping[Key, Item]
    tombstones: tuple[Tombstone, ...]
    groups: Mapping[Group, tuple[Key, ...]]  # members by first publication, oldest first, withdrawn ones included
    preview: bool = False
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The blocks of attachments' texts, by SHA-256."""

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Item, ...]]:
        found: dict[str, list[Item]] = {}
        for item in sorted(self.items.values(), key=lambda item: item.record.order, reverse=True):
            found.setdefault(item.record.kind, []).append(item)
        return {kind: tuple(items) for kind, items in found.items()}

    def newest(self, kind: str) -> tuple[Item, ...]:
        """The items of a kind, newest first."""
        return self._by_kind.get(kind, ())

    @property
    def entries(self) -> tuple[Item, ...]:
        """Disclosure entries, newest first."""
        return self.newest(DisclosureEntry.kind)

    @property
    def news(self) -> tuple[Item, ...]:
        """Press releases, newest first."""
        return self.newest(PressRelease.kind)

    @property
    def interpretations(self) -> tuple[Item, ...]:
        """Interpretations, newest first."""
        return self.newest(Interpretation.kind)

    @property
    def pages(self) -> tuple[Item, ...]:
        """Standing pages, newest first."""
        return self.newest(StandingPage.kind)

    def standing_pages(self, position: Position) -> tuple[Item, ...]:
        """The standing pages at a position, newest first."""
        return tuple(
            item for item in self.pages if isinstance(item.record, StandingPage) and item.record.position is position
        )

    @cached_property
    def files(self) -> tuple[File, ...]:
        """Every file that a public record names, each address once."""
        found = {file.path: file for item in self.items.values() for file in item.files}
        return tuple(found[path] for path in sorted(found))

    def members(self, group: Group) -> tuple[Item, ...]:
        """The public items of a group, newest first."""
        return self._members.get(group, ())

    @cached_property
    def _members(self) -> dict[Group, tuple[Item, ...]]:
        return {
            group: tuple(self.items[key] for key in reversed(keys) if key in self.items)
            for group, keys in self.groups.items()
        }
