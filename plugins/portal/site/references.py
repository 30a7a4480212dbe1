"""How one record names another: by 索引号, 发文字号 or id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.markup.mentions import normal_number
from portal.problems import Problem, nearest
from portal.records.types import DisclosureEntry, Interpretation
from portal.site.model import Key


@dataclass(frozen=True)
class References:
    """What the names of entries lead to."""

    keys: Mapping[str, Key]

    @classmethod
    def of(cls, entries: Iterable[DisclosureEntry]) -> "References":
        """An index of entries. A 文号 held by two documents leads to the later one in the order given."""
        keys: dict[str, Key] = {}
        for entry in entries:
            if entry.doc_no:
                keys[normal_number(entry.doc_no)] = entry.key
        for entry in entries:
            keys[entry.index_no] = entry.key
            keys[entry.id] = entry.key
        return cls(keys)

    def find(self, name: str) -> Key | None:
        """The entry that a name means, or None."""
        return self.keys.get(name) or self.keys.get(normal_number(name))


def dangling(record: DisclosureEntry | Interpretation, references: References) -> list[Problem]:
    """References of a record that lead nowhere."""
    fields = ("interprets",) if isinstance(record, Interpretation) else ("repeals", "amends", "replaces")
    problems: list[Problem] = []
    for field in fields:
        label = type(record).model_fields[field].alias or field
        for number, name in enumerate(getattr(record, field)):
            place = record.origin.place(field, number)
            found = references.find(name)
            if found is None:
                hint = nearest(name, references.keys)
                remedy = "请填本站已收录文件的索引号、发文字号或编号；本站没有收录的，先补录该文件，或只在正文中写明。"
                problems.append(Problem(place, "dangling", label, f"“{name}”在本站找不到{hint}。", remedy))
            elif found == record.key:
                problems.append(
                    Problem(place, "self-reference", label, f"“{name}”就是本件自己。", "请改为另一份文件。")
                )
    return problems
