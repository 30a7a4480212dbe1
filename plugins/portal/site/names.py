"""The names that records use, held against the vocabulary, and identifiers held against each other."""

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.problems import Problem, nearest
from portal.records.types import DisclosureEntry, Record
from portal.records.vocabulary import Vocabulary
from portal.site.visibility import rank


@dataclass(frozen=True)
class Known:
    """The names that can mean only one thing, for a quick look at ten thousand records of which nearly all are right."""

    organs: Container[str | None]
    themes: frozenset[str]
    genres: Container[str]
    columns: Container[str]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Known":
        """Those of a vocabulary."""
        return cls(
            {None, *vocabulary.organ_by_name},
            frozenset(vocabulary.theme_by_name) - frozenset(vocabulary.ambiguous_themes),
            set(vocabulary.genre_by_name),
            set(vocabulary.column_by_name) - set(vocabulary.ambiguous_columns),
        )

    def all_of(self, record: Record) -> bool:
        """Whether there is nothing that `name_problems` could find."""
        if record.publisher not in self.organs or not self.themes.issuperset(record.themes):
            return False
        return not isinstance(record, DisclosureEntry) or (
            record.genre in self.genres and record.column in self.columns
        )


def name_problems(record: Record, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Unknown organs, themes, genres and columns, with the nearest known word."""

    def problem(field: str, number: int | None, what: str, remedy: str) -> Problem:
        place = record.origin.place(field) if number is None else record.origin.place(field, number)
        alias = type(record).model_fields[field].alias or field
        return Problem(place, f"unknown-{field}", alias, what, remedy)

    def unknown(field: str, number: int | None, value: str, label: str, known: Iterable[str], file: str) -> Problem:
        what = f"没有“{value}”这个{label}{nearest(value, known)}。"
        remedy = f"请改用 catalog/{file} 中已有的{label}；确需新增的，先加进该文件。"
        return problem(field, number, what, remedy)

    def ambiguous(field: str, number: int | None, value: str, label: str, forms: Iterable[str]) -> Problem:
        return problem(field, number, f"“{value}”不止一个{label}叫这个名字。", f"请写全：{'、'.join(forms)}。")

    if record.publisher and record.publisher not in vocabulary.organ_by_name:
        yield unknown("publisher", None, record.publisher, "机构", vocabulary.organ_by_name, "organs.yaml")
    for number, theme in enumerate(record.themes):
        if forms := vocabulary.ambiguous_themes.get(theme):
            yield ambiguous("themes", number, theme, "主题", forms)
        elif theme not in vocabulary.theme_by_name:
            yield unknown("themes", number, theme, "主题", vocabulary.theme_by_name, "themes.yaml")
    if isinstance(record, DisclosureEntry):
        if record.genre not in vocabulary.genre_by_name:
            yield unknown("genre", None, record.genre, "体裁", vocabulary.genre_by_name, "genres.yaml")
        if forms := vocabulary.ambiguous_columns.get(record.column):
            yield ambiguous("column", None, record.column, "栏目", forms)
        elif record.column not in vocabulary.column_by_name:
            yield unknown("column", None, record.column, "栏目", vocabulary.column_by_name, "columns.yaml")


def duplicate_ids(records: Collection[Record], now: datetime) -> list[Problem]:
    """Two records of one kind under one id would have one address: reported at every one but the first published."""
    if len({record.key for record in records}) == len(records):
        return []
    holders: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        holders.setdefault(record.key, []).append(record)
    problems: list[Problem] = []
    for (_, identifier), sharing in holders.items():
        if len(sharing) > 1:
            keeper, *others = sorted(
                sharing, key=lambda record: (rank(record, now), record.first_public, record.origin.path)
            )
            for record in others:
                what = f"编号“{identifier}”已被 {keeper.origin.path} 使用，两件会占同一个网址。"
                problems.append(
                    Problem(record.origin.place("id"), "duplicate-id", "编号", what, "请改本件的文件名（或“编号”栏）。")
                )
    return problems
