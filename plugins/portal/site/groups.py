"""Facets: the groups that a record belongs to, each with a list page, a feed and a count."""

from functools import cache

from portal.records.types import PressRelease, Record, StandingPage
from portal.records.vocabulary import Genre, Organ, SubColumn, ThemePath
from portal.site.model import Dimension, Group, Standing, Validity

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


def reading_order(of: Group) -> tuple[int, str]:
    """A sort key within a dimension: as declared for kinds, channels and validity, newest first for years, else by id."""
    if of.dimension is Dimension.YEAR:
        return -int(of.id), ""
    return (_DECLARED.index(of.id) if of.id in _DECLARED else 0), of.id


@cache
def group(dimension: Dimension, identifier: str, name: str) -> Group:
    """A group; the same object each time, so that ten thousand records share a few hundred."""
    return Group(dimension, identifier, name)


def kind_group(record: type[Record] | Record) -> Group:
    """The group of all records of a kind."""
    return group(Dimension.KIND, KIND_IDS[record.kind], record.label)


def theme_group(theme: ThemePath) -> Group:
    """The group of a theme."""
    return group(Dimension.THEME, theme.id, theme.full)


def organ_group(organ: Organ) -> Group:
    """The group of what an organ publishes."""
    return group(Dimension.ORGAN, organ.id, organ.name)


def genre_group(genre: Genre) -> Group:
    """The group of a genre."""
    return group(Dimension.GENRE, genre.id, genre.name)


def column_group(column: SubColumn) -> Group:
    """The group of a column, without those below it."""
    return group(Dimension.COLUMN, column.id, column.name)


def channel_groups() -> tuple[Group, ...]:
    """The groups of all channels, in the order in which the public finds them."""
    return tuple(group(Dimension.CHANNEL, identifier, name) for name, identifier in CHANNEL_IDS.items())


def groups_of(
    record: Record,
    publisher: Organ,
    themes: tuple[ThemePath, ...],
    genre: Genre | None,
    column: SubColumn | None,
    standing: Standing | None,
) -> tuple[Group, ...]:
    """The groups of a record whose names are resolved. Standing pages are furniture: they are in none."""
    if isinstance(record, StandingPage):
        return ()
    found = [kind_group(record), year_group(record.year), organ_group(publisher)]
    if len(themes) == 1:
        found += map(theme_group, themes[0].lineage)
    else:
        found += map(theme_group, dict.fromkeys(above for theme in themes for above in theme.lineage))
    if genre is not None:
        found.append(genre_group(genre))
    if column is not None:
        found.append(column_group(column))
    if standing is not None:
        found.append(_VALIDITY_GROUPS[standing.validity])
    if isinstance(record, PressRelease):
        found.append(group(Dimension.CHANNEL, CHANNEL_IDS[record.channel.value], record.channel.value))
    return tuple(found)


@cache
def year_group(year: int) -> Group:
    """The group of a year."""
    return group(Dimension.YEAR, str(year), f"{year}年")


_VALIDITY_GROUPS = {
    validity: group(Dimension.VALIDITY, identifier, validity.value) for validity, identifier in VALIDITY_IDS.items()
}
