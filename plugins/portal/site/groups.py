"""Facets: the groups that a record belongs to, each with a list page, a feed and a count."""

from collections.abc import Iterator

from portal.records.types import DisclosureEntry, PressRelease, Record, StandingPage
from portal.records.vocabulary import Genre, Organ, SubColumn, ThemePath
from portal.site.model import Dimension, Group, Item, Validity

KIND_IDS = {"entry": "entries", "news": "news", "interpretation": "interpretations", "page": "pages"}
CHANNEL_IDS = {"工作动态": "work", "通知公告": "notices", "新闻发布会": "conferences", "回应关切": "responses"}
VALIDITY_IDS = {
    Validity.IN_FORCE: "in-force",
    Validity.AMENDED: "amended",
    Validity.NOT_YET: "not-yet",
    Validity.EXPIRED: "expired",
    Validity.REPEALED: "repealed",
}

_DECLARED = [*KIND_IDS.values(), *CHANNEL_IDS.values(), *VALIDITY_IDS.values()]


def reading_order(group: Group) -> tuple[int, str]:
    """A sort key within a dimension: as declared for kinds, channels and validity, newest first for years, else by id."""
    if group.dimension is Dimension.YEAR:
        return -int(group.id), ""
    return (_DECLARED.index(group.id) if group.id in _DECLARED else 0), group.id


def kind_group(record: type[Record] | Record) -> Group:
    """The group of all records of a kind."""
    return Group(Dimension.KIND, KIND_IDS[record.kind], record.label)


def theme_group(theme: ThemePath) -> Group:
    """The group of a theme."""
    return Group(Dimension.THEME, theme.id, theme.full)


def organ_group(organ: Organ) -> Group:
    """The group of what an organ publishes."""
    return Group(Dimension.ORGAN, organ.id, organ.name)


def genre_group(genre: Genre) -> Group:
    """The group of a genre."""
    return Group(Dimension.GENRE, genre.id, genre.name)


def column_group(column: SubColumn) -> Group:
    """The group of a column, without those below it."""
    return Group(Dimension.COLUMN, column.id, column.name)


def channel_groups() -> tuple[Group, ...]:
    """The groups of all channels, in the order in which the public finds them."""
    return tuple(Group(Dimension.CHANNEL, identifier, name) for name, identifier in CHANNEL_IDS.items())


def groups_of(item: Item) -> Iterator[Group]:
    """The groups of an item. Standing pages are furniture: they are in none."""
    record = item.record
    if isinstance(record, StandingPage):
        return
    yield kind_group(record)
    yield Group(Dimension.YEAR, str(record.year), f"{record.year}年")
    yield organ_group(item.publisher)
    for above in dict.fromkeys(above for theme in item.themes for above in theme.lineage):
        yield theme_group(above)
    if isinstance(record, DisclosureEntry):
        assert item.genre is not None
        assert item.column is not None
        yield genre_group(item.genre)
        yield column_group(item.column)
        if item.standing is not None:
            yield Group(Dimension.VALIDITY, VALIDITY_IDS[item.standing.validity], item.standing.validity.value)
    if isinstance(record, PressRelease):
        yield Group(Dimension.CHANNEL, CHANNEL_IDS[record.channel.value], record.channel.value)
