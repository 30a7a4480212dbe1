"""How one record names another: by 索引号, 发文字号 or id."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from portal.markup.mentions import normal_number
from portal.problems import Hints, Problem
from portal.records.types import DisclosureEntry, Interpretation
from portal.site.model import Key


class References:
    """What the names of entries lead to. `entries` is asked for them, in order, when the first name is looked up: most
    records name none. A 文号 held by two documents leads to the later one in the order given."""

    def __init__(self, entries: Callable[[], Iterable[DisclosureEntry]]) -> None:
        self._entries = entries

    @cached_property
    def keys(self) -> Mapping[str, Key]:
        """By every name of an entry, the entry."""
        keys: dict[str, Key] = {}
        entries = list(self._entries())
        for entry in entries:
            if entry.doc_no:
                keys[normal_number(entry.doc_no)] = entry.key
        for entry in entries:
            keys[entry.index_no] = entry.key
            keys[entry.id] = entry.key
        return keys

    def find(self, name: str) -> Key | None:
        """The entry that a name means, or None."""
        return self.keys.get(name) or self.keys.get(normal_number(name))


def dangling(record: DisclosureEntry | Interpretation, references: References, hints: Hints) -> list[Problem]:
    """References of a record that lead nowhere."""
    fields = ("interprets",) if isinstance(record, Interpretation) else ("repeals", "amends", "replaces")
    problems: list[Problem] = []
    for field in fields:
        label = type(record).model_fields[field].alias or field
        for number, name in enumerate(getattr(record, field)):
            found = references.find(name)
            if found is None:
                place = record.origin.place(field, number)
                hint = hints.hint(name)
                remedy = "请填本站已收录文件的索引号、发文字号或编号；本站没有收录的，先补录该文件，或只在正文中写明。"
                problems.append(Problem(place, "dangling", label, f"“{name}”在本站找不到{hint}。", remedy))
            elif found == record.key:
                place = record.origin.place(field, number)
                problems.append(
                    Problem(place, "self-reference", label, f"“{name}”就是本件自己。", "请改为另一份文件。")
                )
    return problems
