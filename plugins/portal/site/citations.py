"""Which documents a text cites: 文号, 《…》（X〔年〕N号), and 《…》 where the portal holds the title."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.records.types import DisclosureEntry
from portal.site.model import Key
from portal.site.references import normal_number

_YEAR_NUMBER = re.compile(r"[\[(【〔［（]\s*[0-9０-９]{4}\s*[\])】〕］）]\s*第?\s*[0-9０-９]{1,5}\s*号")
_ORDER = re.compile(r"令\s*第?\s*([0-9０-９]{1,5})\s*号")
_TITLE = re.compile(r"《([^《》\n]{2,150}(?:《[^《》\n]+》[^《》\n]*)?)》")
_ISSUED = re.compile(r"关于(?:印发|发布|公布|修订印发|修改印发)《(.+)》的(?:通知|公告|决定|令)")
_BEFORE = re.compile(
    "(?:^|根据|依据|依照|按照|参照|遵照|执行|落实|贯彻|印发|转发|发布|公布|制定|废止|修改|替代|代替|引用|参见|详见|同时|以及|原|见|即"
    "|和|与|及|或|对|将|以|由|为|是|在|的|了|于|因|从|至|并|经|用|把|按|照|本厅|我厅|该厅|省厅|本局|我局|本部|我部|我省|我市|中华人民共和国)$"
)
"""What may stand right before a 文号. 科发〔2025〕1号 within 国科发〔2025〕1号 is another organ's number: no link in doubt."""
_HAN_TAIL = re.compile(r"[一-鿿]+$")


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited text as it stands, where it starts, and the entry that it means."""

    text: str
    start: int
    key: Key


@dataclass(frozen=True)
class Citable:
    """What can be cited: for the tail of a 文号, the prefixes under which documents bear it; titles."""

    numbers: Mapping[str, tuple[tuple[str, Key], ...]]
    titles: Mapping[str, Key]

    @classmethod
    def of(cls, entries: Iterable[DisclosureEntry], replaced: Iterable[Key] = ()) -> "Citable":
        """An index of public entries; a title held in several versions means the one not yet replaced."""
        numbers: dict[str, list[tuple[str, Key]]] = {}
        titles: dict[str, Key] = {}
        old = set(replaced)
        ordered = sorted(entries, key=lambda entry: (entry.key not in old, entry.formed, entry.key))
        for entry in ordered:
            if entry.doc_no and (split := _split(normal_number(entry.doc_no))):
                numbers.setdefault(split[1], []).append((split[0], entry.key))
        for entry in ordered:
            if issued := _ISSUED.search(entry.title):
                titles[issued[1]] = entry.key
        for entry in ordered:
            titles[entry.title] = entry.key  # a full title wins over one that is only issued by another document
        return cls({tail: tuple(found) for tail, found in numbers.items()}, titles)

    def number(self, before: str, tail: str) -> tuple[str, Key] | None:
        """The prefix that the text before a 文号's tail ends with, and the entry; the longest prefix wins."""
        matching = [
            (prefix, key)
            for prefix, key in self.numbers.get(tail, ())
            if before.endswith(prefix) and _BEFORE.search(before.removesuffix(prefix))
        ]
        return max(matching, key=lambda found: len(found[0]), default=None)


def _split(number: str) -> tuple[str, str] | None:
    """A normal 文号 as prefix and tail: 示科发 + 〔2025〕12号, 国务院 + 令711号."""
    if found := re.fullmatch(r"(.+?)(〔\d{4}〕\d+号)", number):
        return found[1], found[2]
    if found := re.fullmatch(r"(.+?)令第?0*(\d+)号", number):
        return found[1], f"令{found[2]}号"
    return None


def cited(text: str, citable: Citable) -> list[Citation]:
    """The citations in a text, in order and without overlap; 《…》（…号） is one citation."""
    found: list[Citation] = []
    if "号" in text:
        found += _numbers(text, citable)
    if "《" in text:
        found += _titles(text, citable, {citation.start: citation for citation in found})
    longest: list[Citation] = []
    for citation in sorted(found, key=lambda c: (c.start, -len(c.text))):
        if not longest or citation.start >= longest[-1].start + len(longest[-1].text):
            longest.append(citation)
    return longest


def _numbers(text: str, citable: Citable) -> Iterator[Citation]:
    for match in _YEAR_NUMBER.finditer(text):
        yield from _number(text, match, normal_number(match[0]), citable)
    for match in _ORDER.finditer(text):
        yield from _number(text, match, f"令{int(normal_number(match[1]))}号", citable)


def _number(text: str, match: re.Match[str], tail: str, citable: Citable) -> Iterator[Citation]:
    before = _HAN_TAIL.search(text[max(0, match.start() - 30) : match.start()])
    if before and (held := citable.number(before[0], tail)):
        start = match.start() - len(held[0])
        yield Citation(text[start : match.end()], start, held[1])


def _titles(text: str, citable: Citable, numbers: Mapping[int, Citation]) -> Iterator[Citation]:
    for match in _TITLE.finditer(text):
        end = match.end()
        number = numbers.get(end + 1) if text[end : end + 1] in {"（", "("} else None
        closed = number is not None and text[end + 1 + len(number.text) : end + 2 + len(number.text)] in {"）", ")"}
        if number is not None and closed:
            # The number decides: titles are often cited in a shortened form.
            yield Citation(text[match.start() : end + 2 + len(number.text)], match.start(), number.key)
        elif held := citable.titles.get(match[1]):
            yield Citation(match[0], match.start(), held)
