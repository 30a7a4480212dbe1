"""Which documents a text cites: 文号, 《…》（X〔年〕N号), and 《…》 where the portal holds the title."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.markup.mentions import Mentions, NumberMention, TitleMention, normal_number
from portal.records.types import DisclosureEntry
from portal.site.model import Key
from portal.value import Value

_OF_YEAR = re.compile(r"(.+?)(〔\d{4}〕\d+号)")
_OF_ORDER = re.compile(r"(.+?)令第?0*(\d+)号")
_ISSUED = re.compile(r"关于(?:印发|发布|公布|修订印发|修改印发)《(.+)》的(?:通知|公告|决定|令)")
_BEFORE = re.compile(
    "(?:^|根据|依据|依照|按照|参照|遵照|执行|落实|贯彻|印发|转发|发布|公布|制定|废止|修改|替代|代替|引用|参见|详见|同时|以及|原|见|即"
    "|和|与|及|或|对|将|以|由|为|是|在|的|了|于|因|从|至|并|经|用|把|按|照|本厅|我厅|该厅|省厅|本局|我局|本部|我部|我省|我市|中华人民共和国)$"
)
"""What may stand right before a 文号. 科发〔2025〕1号 within 国科发〔2025〕1号 is another organ's number: no link in doubt."""


_Rank = tuple[bool, date, Key]
"""Which of several entries of one name is meant: the greatest."""


class Citation(Value, frozen=True):
    """A cited text as it stands, where it starts, and the entry that it means."""

    text: str
    start: int
    key: Key
    next: str = ""  # the character that follows a number

    @property
    def end(self) -> int:
        """Where the text goes on."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Citable:
    """What can be cited: for the tail of a 文号, the prefixes under which documents bear it; titles."""

    numbers: Mapping[str, tuple[tuple[str, Key], ...]]
    titles: Mapping[str, Key]

    @classmethod
    def of(
        cls, entries: Iterable[DisclosureEntry], named: Iterable[Mentions], replaced: Iterable[Key] = ()
    ) -> "Citable":
        """An index of those public entries that may be `named`; a title held in several versions means the one not yet
        replaced, and of several the latest."""
        titles_named = {title.title for mentions in named for title in mentions.titles}
        tails_named = {number.tail for mentions in named for number in mentions.numbers}
        numbers: dict[str, list[tuple[_Rank, str]]] = {}
        issued: dict[str, _Rank] = {}
        titles: dict[str, _Rank] = {}
        old = set(replaced)
        for entry in entries:
            key, title = entry.key, entry.title
            rank = key not in old, entry.formed, key
            if (
                tails_named
                and entry.doc_no
                and (split := _split(normal_number(entry.doc_no)))
                and split[1] in tails_named
            ):
                numbers.setdefault(split[1], []).append((rank, split[0]))
            if "《" in title and (found := _ISSUED.search(title)) and found[1] in titles_named:
                issued[found[1]] = max(rank, issued.get(found[1], rank))
            if title in titles_named:
                titles[title] = max(rank, titles.get(title, rank))
        return cls(
            {tail: tuple((prefix, rank[2]) for rank, prefix in sorted(found)) for tail, found in numbers.items()},
            # A full title wins over one that is only issued by another document.
            {title: rank[2] for title, rank in (issued | titles).items()},
        )

    def __bool__(self) -> bool:
        return bool(self.numbers or self.titles)

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
    if found := _OF_YEAR.fullmatch(number):
        return found[1], found[2]
    if found := _OF_ORDER.fullmatch(number):
        return found[1], f"令{found[2]}号"
    return None


def cited(named: Mentions, citable: Citable) -> list[Citation]:
    """The citations among what a text names, in order and without overlap; 《…》（…号） is one citation."""
    numbers = [citation for mention in named.numbers if (citation := _number(mention, citable))]
    titles = [citation for mention in named.titles if (citation := _title(mention, numbers, citable))]
    longest: list[Citation] = []
    for citation in sorted([*titles, *numbers], key=lambda c: (c.start, -len(c.text))):
        if not longest or citation.start >= longest[-1].end:
            longest.append(citation)
    return longest


def _number(mention: NumberMention, citable: Citable) -> Citation | None:
    if mention.tail in citable.numbers and (held := citable.number(mention.before, mention.tail)):
        prefix, key = held
        return Citation(prefix + mention.written, mention.start - len(prefix), key, mention.next)
    return None


def _title(mention: TitleMention, numbers: Iterable[Citation], citable: Citable) -> Citation | None:
    if mention.next in {"（", "("}:
        inside = mention.start + len(mention.written) + 1
        number = next((number for number in numbers if number.start == inside), None)
        if number is not None and number.next in {"）", ")"}:
            # The number decides: titles are often cited in a shortened form.
            text = f"{mention.written}{mention.next}{number.text}{number.next}"
            return Citation(text, mention.start, number.key)
    held = citable.titles.get(mention.title)
    return Citation(mention.written, mention.start, held) if held else None
