"""索引号: unique, under a known prefix, and the next free one.

Forms in use are organ code + year + sequence, such as 11370000004500390J/2025-00012; the prefix is the organ's
统一社会信用代码 or organisation code, or an exception that site.yaml declares.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from portal.problems import Problem
from portal.records.types import DisclosureEntry
from portal.records.vocabulary import Vocabulary
from portal.site.visibility import rank

_FORM = re.compile(r"(?P<prefix>[0-9A-Z]+(?:-[0-9A-Z]+)*)/(?P<year>\d{4})-(?P<number>\d{5})")


def split(index_no: str) -> tuple[str, int, int] | None:
    """Prefix, year and sequence number, or None when the form is not ours."""
    found = _FORM.fullmatch(index_no)
    return (found["prefix"], int(found["year"]), int(found["number"])) if found else None


def next_free(taken: Iterable[str], prefix: str, year: int) -> str:
    """The number after the highest in use under a prefix and year; gaps are not filled, a withdrawn number is spent."""
    numbers = [parts[2] for index_no in taken if (parts := split(index_no)) and parts[:2] == (prefix, year)]
    return f"{prefix}/{year}-{max(numbers, default=0) + 1:05d}"


def number_problems(
    entries: Iterable[DisclosureEntry], vocabulary: Vocabulary, published: Mapping[str, str], now: datetime
) -> list[Problem]:
    """Wrong forms, unknown prefixes, and numbers taken twice. `published` maps an address to when it was published."""
    entries = list(entries)
    problems: list[Problem] = []
    holders: dict[str, list[DisclosureEntry]] = {}
    allowed: set[str] = set()
    for entry in entries:
        holders.setdefault(entry.index_no, []).append(entry)
        parts = split(entry.index_no)
        if parts is None:
            place = entry.origin.place("index_no")
            what = f"索引号“{entry.index_no}”的写法不对。"
            remedy = "请写作 机构代码/年-五位流水号，如 11000000MB00000001/2025-00012。"
            problems.append(Problem(place, "index-no", "索引号", what, remedy))
        elif parts[0] not in allowed and not vocabulary.index_prefix_allowed(parts[0]):
            place = entry.origin.place("index_no")
            what = f"索引号的前缀“{parts[0]}”不是已登记机构的代码。"
            remedy = (
                "请填发布机构的统一社会信用代码；确实沿用其他前缀的，在 catalog/site.yaml 的“索引号例外前缀”中说明。"
            )
            problems.append(Problem(place, "index-prefix", "索引号", what, remedy))
        else:
            allowed.add(parts[0])
    taken = list(holders)
    for index_no, sharing in holders.items():
        if len(sharing) > 1:
            keeper, *others = sorted(sharing, key=lambda entry: _seniority(entry, published, now))
            for entry in others:
                parts = split(index_no)
                free = next_free(taken, parts[0], parts[1]) if parts else ""
                taken.append(free)
                what = f"索引号 {index_no} 已被 {keeper.origin.path} 使用。"
                remedy = f"{keeper.origin.path} 保留该号；请把本件改为 {free}。" if free else "请改用下一个号。"
                problems.append(Problem(entry.origin.place("index_no"), "index-taken", "索引号", what, remedy))
    return problems


def _seniority(entry: DisclosureEntry, published: Mapping[str, str], now: datetime) -> tuple[int, str, str, str]:
    """Who keeps a number that two branches took: never a draft before a finished record, then what is already
    published, then the earlier, then by path."""
    return rank(entry, now), published.get(entry.url, "9999"), entry.first_public.isoformat(), entry.origin.path
