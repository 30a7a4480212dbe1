"""What a regulation says of itself: its purpose, when it takes effect, what it repeals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.imports.dates import PartialDate, read_date

_SELF = r"本(?:暂行|实施|补充)?(?:条例|办法|规定|细则|规则|命令|通知|决定|方案|章程|标准)"
_EFFECT = re.compile(
    rf"{_SELF}，?(?:自|从|由|于)(?P<when>[^，。；]{{2,24}}?)(?:零时)?起?(?:正式)?(?:施行|实行|执行|生效|实施)(?![前后])"
)
# 本办法经国务院批准，由交通部发布施行: in force as it is published.
_AT_ONCE = re.compile(rf"{_SELF}(?:经|由)[^。；]{{2,30}}?(?P<when>(?:发布|公布))施行")
_ENACT = re.compile(r"制定|制订|特作|作如下|规定如下|订立|颁布|发布")
_REPEAL = re.compile(
    r"((?:《(?:[^《》]|《[^》]*》)*》(?:[（(][^）)]*[）)])?[、和以及，]*(?:[^《。；，]{0,40}(?=《))?)+)"
    r"[^《。；]{0,20}(?:同时废止|即行废止|同时失效|即行失效|予以废止)"
)


@dataclass(frozen=True, slots=True)
class Effect:
    """A statement of when the text takes effect: a date, or words such as 公布之日."""

    words: str
    stated: PartialDate | None
    line: int = 1

    @property
    def on(self) -> date | None:
        """The exact day, if the words give one."""
        return self.stated.exact if self.stated else None

    @property
    def relative(self) -> bool:
        """Whether it is the day of publication (公布, 发布, 颁布之日)."""
        return re.fullmatch(r"(?:修订)?(?:公布|发布|颁布|颁发)之日", self.words) is not None


def effects(paragraphs: Sequence[tuple[int, str]]) -> tuple[Effect, ...]:
    """Every different statement `本…自…起施行` in the paragraphs (line, text), in order.

    立法法 art. 61: a law states its effective date; 行政法规制定程序条例 art. 29 allows 自公布之日起施行.
    """
    found: dict[str, Effect] = {}
    for line, text in paragraphs:
        for m in _EFFECT.finditer(text):
            read = read_date(m["when"])
            if read or re.search(r"[年月日]", m["when"]):
                found.setdefault(m["when"], Effect(m["when"], read[0] if read else None, line))
        for m in _AT_ONCE.finditer(text):
            found.setdefault(f"{m['when']}之日", Effect(f"{m['when']}之日", None, line))
    return tuple(found.values())


def purpose(paragraphs: Sequence[str]) -> str | None:
    """The clause that says why the text was made: of article 1, else of the opening paragraph; None when there is none.

    立法技术规范（试行）（一）: article 1 states the purpose, 为了…，制定本条例。
    """
    opening = list(paragraphs[:4])
    for text in opening:
        m = re.match(r"第一条\s+", text)
        words = text[m.end() :] if m else text
        sentence = re.match(r"[^。：]*", words)
        clause = sentence[0].strip() if sentence else ""
        if re.match(r"为|根据|依照|依据", clause) and (_ENACT.search(clause) or m):
            return f"{clause}。"
        if m:
            return None
    return None


def repealed(paragraphs: Sequence[str]) -> Iterator[str]:
    """The titles that the text says are repealed with its taking effect, as it writes them."""
    for text in paragraphs:
        for m in _REPEAL.finditer(text):
            yield from (re.sub(r"\s", "", t) for t in _titles(m[1]))


def _titles(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for at, c in enumerate(text):
        if c == "《":
            depth += 1
            start = at + 1 if depth == 1 else start
        elif c == "》" and depth:
            depth -= 1
            if depth == 0:
                yield text[start:at]
