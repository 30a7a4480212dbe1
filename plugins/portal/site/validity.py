"""有效性: which documents are in force at a moment, and what made them otherwise.

A document repeals, amends or replaces another from the day on which it itself takes effect (its 施行日期, or its
成文日期 where it names none); having been repealed later does not undo what it did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from portal import clock
from portal.problems import Problem
from portal.records.types import DisclosureEntry, Status
from portal.site.model import Key, Standing, Validity
from portal.site.references import References

ACTS = ("repeals", "amends", "replaces")
"""The fields by which one entry changes the validity of another."""


def acts(entry: DisclosureEntry) -> bool:
    """Whether an entry does anything to others. Most do not."""
    return bool(entry.repeals or entry.amends or entry.replaces)


def edges(entry: DisclosureEntry, references: References) -> Iterator[tuple[str, int, Key]]:
    """What an entry does to others: the field, the position in it, and the entry that it names."""
    for act in ACTS:
        for number, name in enumerate(getattr(entry, act)):
            target = references.find(name)
            if target is not None and target != entry.key:
                yield act, number, target


def takes_effect(entry: DisclosureEntry) -> date:
    """The day from which a document has effect on others."""
    return entry.effective or entry.formed


def cycles(entries: Iterable[DisclosureEntry], references: References) -> list[Problem]:
    """Chains of 废止, 修改 and 替代 that come back to where they began: reported once, at a draft if one takes part (it is
    what was written last, and must not stop others), else at their first entry."""
    entries = list(entries)
    graph = {entry.key: [target for _, _, target in edges(entry, references)] for entry in entries}
    by_key = {entry.key: entry for entry in entries}
    problems: list[Problem] = []
    for loop in _loops(graph):
        start = min(loop, key=lambda key: (by_key[key].status is not Status.DRAFT, key))
        turn = loop.index(start)
        ring = [*loop[turn:], *loop[:turn], start]
        entry = by_key[start]
        act, number, _ = next(edge for edge in edges(entry, references) if edge[2] == ring[1])
        label = DisclosureEntry.model_fields[act].alias or act
        what = f"废止、修改、替代的关系绕成了一圈：{' → '.join(key[1] for key in ring)}。"
        place = entry.origin.place(act, number)
        problems.append(Problem(place, "cycle", label, what, "请核对，删去其中写反的一条。"))
    return problems


def impossible_acts(
    acting: Sequence[DisclosureEntry], entries: Iterable[DisclosureEntry], references: References
) -> list[Problem]:
    """Acts on a document that did not exist yet when the act took effect."""
    by_key = {entry.key: entry for entry in entries} if acting else {}
    problems: list[Problem] = []
    for entry in acting:
        for act, number, target in edges(entry, references):
            if target in by_key and takes_effect(entry) < by_key[target].formed:
                label = DisclosureEntry.model_fields[act].alias or act
                what = f"“{getattr(entry, act)[number]}”成文于 {by_key[target].formed}，晚于本件生效的 {takes_effect(entry)}。"
                place = entry.origin.place(act, number)
                problems.append(Problem(place, "act-order", label, what, "请核对两件的日期，或者这一栏是否写反了。"))
    return problems


def _loops(graph: Mapping[Key, list[Key]]) -> Iterator[list[Key]]:
    """One loop for each group of entries that reach each other; iterative, for chains of any length."""
    state: dict[Key, int] = {}  # 1: on the path, 2: done
    for root in sorted(graph):
        if root in state:
            continue
        path: list[Key] = [root]
        stack = [iter(graph[root])]
        state[root] = 1
        while stack:
            target = next(stack[-1], None)
            if target is None:
                state[path.pop()] = 2
                stack.pop()
            elif state.get(target) == 1:
                yield path[path.index(target) :]
            elif target not in state and target in graph:
                state[target] = 1
                path.append(target)
                stack.append(iter(graph[target]))


def standings(entries: Iterable[DisclosureEntry], references: References, now: datetime) -> dict[Key, Standing]:
    """The validity of every entry at a moment. `entries` are those public then: a hidden document has no effect."""
    entries = list(entries)
    by_act: dict[str, dict[Key, list[DisclosureEntry]]] = {act: {} for act in ACTS}
    for entry in entries:
        if acts(entry) and clock.start_of(takes_effect(entry)) <= now:
            for act, _, target in edges(entry, references):
                by_act[act].setdefault(target, []).append(entry)
    touched = {target for targets in by_act.values() for target in targets}
    found = {}
    for entry in entries:
        key = entry.key
        if key not in touched and entry.expires is None and entry.effective is None:
            found[key] = _IN_FORCE
        else:
            found[key] = _standing(entry, by_act, now)
    return found


_IN_FORCE = Standing(Validity.IN_FORCE)


def _standing(
    entry: DisclosureEntry, by_act: Mapping[str, Mapping[Key, list[DisclosureEntry]]], now: datetime
) -> Standing:
    def by(act: str) -> list[DisclosureEntry]:
        return sorted(by_act[act].get(entry.key, []), key=lambda other: (takes_effect(other), other.key))

    if enders := sorted([*by("repeals"), *by("replaces")], key=lambda other: (takes_effect(other), other.key)):
        first = enders[0]
        if entry.expires and entry.expires < takes_effect(first):  # it had ended by itself before
            return Standing(Validity.EXPIRED, entry.expires)
        # A version that is both repealed and replaced is shown as replaced: the reader wants the new text.
        replaced = bool(by("replaces"))
        keys = tuple(dict.fromkeys(other.key for other in enders))
        return Standing(Validity.REPEALED, takes_effect(first), keys, replaced)
    if entry.expires and clock.end_of(entry.expires) <= now:
        return Standing(Validity.EXPIRED, entry.expires)
    if entry.effective and clock.start_of(entry.effective) > now:
        return Standing(Validity.NOT_YET, entry.effective)
    if amenders := by("amends"):
        return Standing(Validity.AMENDED, takes_effect(amenders[-1]), tuple(other.key for other in amenders))
    return Standing(Validity.IN_FORCE, entry.effective)
