"""题注: the lines below a regulation's title that say who adopted, published and amended it, when, and by which 令.

行政法规制定程序条例 art. 27 has the order of promulgation name the regulation and its effective date; the note below
the title repeats it for each amendment (立法技术规范（试行）（一）).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.imports.dates import DATE, PartialDate, numeral, read_date
from portal.imports.findings import Finding, Kind, excerpt


class Act(StrEnum):
    """What a history line says was done."""

    ADOPTED = "通过"
    APPROVED = "批准"
    PUBLISHED = "公布"
    AMENDED = "修订"
    EFFECTIVE = "施行"
    UNSTATED = "未写明"


@dataclass(frozen=True, slots=True)
class Event:
    """One act. `on` is None when it is the day of publication (发布之日) or the line gives no exact day."""

    act: Act
    on: date | None
    makers: tuple[str, ...] = ()
    order: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The 题注 lines, what they say, a covering notice (印发通知) that stood among them, and its 文号."""

    lines: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    preface: tuple[tuple[int, str], ...] = ()
    notice_no: str | None = None
    findings: tuple[Finding, ...] = ()

    def days(self, *acts: Act) -> tuple[date, ...]:
        """The days of these acts, in the order of the lines."""
        return tuple(e.on for e in self.events if e.act in acts and e.on)


_NAME = r"[\u4e00-\u9fff]+"
_NUMBER = "[0-9０-９一二三四五六七八九十百零〇]+"
_ORDER = re.compile(rf"(?P<who>{_NAME}(?:、{_NAME})*?)(?:令第(?P<n>{_NUMBER})号|第(?P<m>{_NUMBER})号令)")
_NOTICE_NO = re.compile(r"(?P<word>[\u4e00-\u9fff]{1,10})[〔［\[（(](?P<year>\d{4})[〕］\]）)]第?(?P<n>\d+)号")
_EFFECTIVE = re.compile(rf"(?:自|从)?(?P<when>{DATE})?起?(?:正式)?(?:施行|执行|实行)")
_RELATIVE = re.compile(r"(?:自|从)?(?:公布|发布|颁布)之日起?(?:施行|执行|实行)")
_VERBS = (  # the first that is found decides: 批准修订 amends, 修正公布 publishes
    (Act.PUBLISHED, re.compile(r"(?:修正|修订|联合|颁布)?(?:公布|发布|颁布|颁发)(?:施行)?[）)]?$")),
    (Act.AMENDED, re.compile(r"(?:修订|修正|修改)(?:通过)?[）)]?$")),
    (Act.ADOPTED, re.compile(r"通过$")),
    (Act.APPROVED, re.compile(r"批准$")),
)
_MEETING = re.compile(r"第[^、]{1,8}次|会议|常务")
_SHORT = {"中央军委": "中央军事委员会", "政务院": "国务院", "中央人民政府政务院": "国务院"}


def organ_name(text: str) -> str:
    """The organ's name without 中华人民共和国 and with common short forms written out."""
    name = text.removeprefix("中华人民共和国").removeprefix("经")
    return _SHORT.get(name, name)


def read_history(file: str, lines: Sequence[tuple[int, str]]) -> History:
    """Read the non-empty lines (number, text) between a regulation's title and its body.

    Every line is in `lines` or `preface` of the answer; what was altered or not understood has a finding.
    """
    notes: list[str] = []
    acts: list[list[Event]] = []  # of each note
    signed: list[Event] = []
    findings: list[Finding] = []
    preface: list[tuple[int, str]] = []
    notice_no = None
    last = 0  # the line of the latest note, whose finding a continuation settles

    def report(number: int, text: str, kind: Kind, why: str, remedy: str) -> None:
        findings.append(Finding(file, number, 1, kind, excerpt(text), why, remedy))

    for number, raw in lines:
        text = _tidy(raw)
        if _squeeze(text) != _squeeze(raw):
            why = f"行末的“{_squeeze(raw)[len(_squeeze(text)) :]}”是从下一条或题注括号断下来的，题注中已去掉。"
            report(number, raw, Kind.CHANGED, why, "无需处理；如有疑问请对照国务院公报。")
        dated = read_date(text)
        if dated and not dated[1] and preface:
            # The day below the signature of a covering notice, not an act of its own.
            preface.append((number, text))
            signed.append(Event(Act.PUBLISHED, dated[0].exact, (organ_name(preface[-2][1]),)))
            report(number, raw, Kind.UNREAD, "印发通知的落款日期，不是题注，已放在正文之前。", "请核对印发通知的位置。")
        elif dated:
            found = _read_acts(*dated)
            notes.append(text)
            last = number
            acts.append(found)
            if dated[0].exact is None:
                report(number, raw, Kind.UNREAD, "日期不完整，题注照录，日期未读入。", "请查明月、日。")
            elif any(e.act is Act.UNSTATED for e in found):
                report(number, raw, Kind.UNREAD, "没有写明是公布、批准还是修订，题注照录。", "请查明这一日期的含义。")
        elif _RELATIVE.fullmatch(text):
            notes.append(text)
            acts.append([Event(Act.EFFECTIVE, None)])
        elif not preface and notes and _continues(text):
            # 1984年1月7日 国务院 / 中央军委发布 was one line before the source was taken apart.
            notes[-1] = f"{notes[-1]} {text}"
            if (joined := read_date(notes[-1])) is not None:
                acts[-1] = _read_acts(*joined)
            findings[:] = [f for f in findings if f.kind is not Kind.UNREAD or f.line != last]
            report(number, raw, Kind.CHANGED, "与上一行本是一句，题注中已连成一行。", "无需处理。")
        else:
            if m := _NOTICE_NO.fullmatch(text):
                notice_no = f"{m['word']}〔{m['year']}〕{m['n']}号"
            preface.append((number, text))
            report(
                number, raw, Kind.UNREAD, "不是题注的写法（似为印发通知），已放在正文之前。", "请核对印发通知的位置。"
            )
    events = [*signed, *(event for found in acts for event in found)]
    return History(tuple(notes), tuple(events), tuple(preface), notice_no, tuple(findings))


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _tidy(raw: str) -> str:
    text = re.sub(r"\s+", " ", raw).strip()
    text = re.sub(r"\s*根据$", "", text)
    if text.endswith("）") and text.count("）") > text.count("（"):
        text = text[:-1].rstrip()
    return text


def _continues(text: str) -> bool:
    """Whether a line without a date can only be the rest of the line before: organs, perhaps with 发布 or 公布."""
    return re.fullmatch(r"[\u4e00-\u9fff、]{2,30}?(?:[部委会院局署军委])(?:公布|发布)?", text) is not None


def _read_acts(day: PartialDate, rest: str) -> list[Event]:
    """The acts of one line: what follows its date, and an effective date that may be appended to it."""
    events: list[Event] = []
    if m := re.match(r"(\S+批准) (?=\S)", rest):
        # 国务院批准 文化部 海关总署发布: approved by one, published by others, on the same day.
        return [*_read_acts(day, m[1]), *_read_acts(day, rest[m.end() :])]
    words = rest.split(" ")
    tail = words[-1]
    if len(words) > 1 and (_RELATIVE.fullmatch(tail) or _EFFECTIVE.fullmatch(tail)):
        rest = " ".join(words[:-1])
        stated = read_date(tail.removeprefix("自").removeprefix("从"))
        events.append(Event(Act.EFFECTIVE, stated[0].exact if stated else None))
    if _EFFECTIVE.fullmatch(rest):
        return [Event(Act.EFFECTIVE, day.exact), *events]
    orders = list(_ORDER.finditer(rest))
    act = next((act for act, verb in _VERBS if verb.search(rest)), Act.UNSTATED)
    order = None
    if orders:
        names = [organ_name(n) for n in orders[0]["who"].split("、")]
        order = f"{'、'.join(names)}令第{numeral(orders[0]['n'] or orders[0]['m'])}号"
    return [Event(act, day.exact, _makers(rest, orders), order), *events]


def _makers(rest: str, orders: Sequence[re.Match[str]]) -> tuple[str, ...]:
    if rest.startswith("《"):
        # 《国务院、中央军事委员会关于修改…的决定》: the decision names its makers.
        m = re.match(r"《([^《》〈〉]*?)关于", rest)
        text = m[1] if m else ""
    elif orders:
        text = "、".join(m["who"] for m in orders)
    else:
        text = rest
        for _, verb in _VERBS:
            text = verb.sub("", text)
        text = re.sub(r"(?:批准)?第[一二三四五六七八九十]+次$|批准$", "", text)
        if _MEETING.search(text):
            text = text.split("第", 1)[0] if text.startswith("国务院") else ""
    names = (organ_name(n) for n in re.split(r"[、\s]+", text))
    return tuple(dict.fromkeys(n for n in names if re.fullmatch(_NAME, n)))
