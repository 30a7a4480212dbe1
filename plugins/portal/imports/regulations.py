"""One regulation's text and file name, read into a value. Nothing is guessed: what is not stated stays empty.

The form is that of the public collection LawRefBook/Laws: `# title`, history lines, `<!-- INFO END -->`, the body;
the file is named `title(YYYY-MM-DD).md` after the version's date.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.imports.body import Body, Paragraph, read_body, squeeze
from portal.imports.clauses import effects, purpose, repealed
from portal.imports.dates import read_date, write_date
from portal.imports.findings import Finding, Kind, Unreadable, excerpt
from portal.imports.history import Act, History, read_history

_FILE_NAME = re.compile(r"(?P<name>.+?)[（(](?P<day>\d{4}-\d{1,2}-\d{1,2})[）)]\.md")
_MARKER = re.compile(r"<!--\s*INFO END\s*-->")
MAKER = "国务院"
"""Who makes 行政法规 (立法法 art. 72); assumed where the history names nobody."""


class Basis(StrEnum):
    """Where a field's value came from, or why it is empty. The report counts them."""

    ORDER_OF_VERSION = "令号：题注中本版本的令"
    ORDER_OF_PUBLICATION = "令号：题注中原公布（发布）的令"
    NOTICE_NUMBER = "令号：印发通知的文号"
    NO_ORDER = "令号：题注没有写"
    NO_HISTORY = "令号：没有题注"
    EFFECT_BOTH = "施行日期：题注与正文一致"
    EFFECT_HISTORY = "施行日期：题注"
    EFFECT_TEXT = "施行日期：正文"
    EFFECT_PUBLICATION = "施行日期：自公布（发布）之日起，即本版本日期"
    EFFECT_EARLIER = "施行日期：正文写的是较早版本的，本版本的不明"
    EFFECT_RELATIVE = "施行日期：自公布（发布）之日起，本版本的公布日不明"
    EFFECT_UNREADABLE = "施行日期：有写，但日期不完整或前后不一"
    EFFECT_ABSENT = "施行日期：没有写"
    SUMMARY_PURPOSE = "内容概述：取自立法目的"
    SUMMARY_TITLE = "内容概述：没有立法目的，按标题拟写"
    MAKER_NAMED = "发布机构：题注写明"
    MAKER_ASSUMED = "发布机构：题注未写明，按行政法规由国务院制定"


@dataclass(frozen=True, slots=True)
class Regulation:
    """One version of one regulation as its source gives it."""

    file: str
    title: str
    version: date
    history: History
    body: Body
    doc_no: str | None
    effective: date | None
    maker: str
    summary: str
    repeals: tuple[str, ...]
    repeals_before: date
    basis: tuple[Basis, ...]
    findings: tuple[Finding, ...]

    @property
    def key(self) -> tuple[str, date]:
        """What names a version: the title and the version's date."""
        return self.title, self.version

    @property
    def version_in_history(self) -> bool:
        """Whether the history names the version's date."""
        return any(e.on == self.version for e in self.history.events)


def read_regulation(file: str, text: str) -> Regulation:
    """Read one regulation from its file name (without folder) and text.

    Raises Unreadable when the file name has no date or the text no title: then there is nothing to index.
    """
    version = _version(file)
    lines = list(enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1))
    written = [(n, line) for n, line in lines if line.strip()]
    findings: list[Finding] = []
    if not written or not (head := re.fullmatch(r"#?\s*(.*?)\s*", written[0][1])) or not head[1]:
        raise Unreadable(Finding(file, 1, 1, Kind.UNREAD, "", "没有标题。", "第一行应写“# 标题”。"))
    title = re.sub(r"\s+", " ", head[1])
    marker = next((i for i, (_, line) in enumerate(written) if _MARKER.fullmatch(line.strip())), None)
    if marker is None:
        marker = next((i for i, (_, line) in enumerate(written[1:], 1) if not read_date(line)), len(written)) - 1
        number, line = written[min(marker + 1, len(written) - 1)]
        why = "没有 <!-- INFO END --> 标记，从第一行不以日期开头的文字起作为正文。"
        findings.append(Finding(file, number, 1, Kind.CHANGED, excerpt(line), why, "请核对题注与正文的分界。"))
        notes = written[1 : marker + 1]
    else:
        notes = written[1:marker]
    history = read_history(file, notes)
    body = read_body(file, title, written[marker + 1 :])
    spoken = [(p.line, p.text) for p in body.paragraphs if not p.level]
    texts = [text for _, text in spoken]
    # What stood among the history lines as a covering notice opens the body, so that its words are kept.
    body = Body((*(Paragraph(n, text) for n, text in history.preface), *body.paragraphs), body.findings)
    doc_no, doc_basis = _doc_no(history, version)
    effective, effect_basis = _effective(file, history, version, spoken, findings)
    maker, maker_basis = _maker(history, version)
    clause = purpose(texts)
    published = history.days(Act.PUBLISHED)
    if published and version < min(published):
        why = f"文件名日期 {version} 早于题注中的公布日期 {min(published)}，成文日期仍取文件名日期。"
        findings.append(Finding(file, 1, 1, Kind.CONFLICT, file, why, "请对照国务院公报，核对哪个日期对。"))
    return Regulation(
        file=file,
        title=title,
        version=version,
        history=history,
        body=body,
        doc_no=doc_no,
        effective=effective,
        maker=maker,
        summary=clause or f"《{title}》{write_date(version)}版本的全文。",
        repeals=tuple(dict.fromkeys(t for t in repealed(texts) if squeeze(t) != squeeze(title))),
        repeals_before=_first_effect(history, version, spoken),
        basis=(doc_basis, effect_basis, Basis.SUMMARY_PURPOSE if clause else Basis.SUMMARY_TITLE, maker_basis),
        findings=tuple(sorted((*findings, *history.findings, *body.findings))),
    )


def _version(file: str) -> date:
    m = _FILE_NAME.fullmatch(file)
    try:
        return date(*map(int, m["day"].split("-"))) if m else _no_date(file)
    except ValueError:
        return _no_date(file)


def _no_date(file: str) -> date:
    why = "文件名末尾没有可用的日期，无法确定是哪个版本。"
    raise Unreadable(Finding(file, 1, 1, Kind.UNREAD, file, why, "请把文件命名为“标题(2019-04-03).md”。"))


def _doc_no(history: History, version: date) -> tuple[str | None, Basis]:
    """The 令号 under which this version, or else the regulation first, was promulgated (行政法规制定程序条例 art. 27)."""
    orders = [e for e in history.events if e.order]
    for event in orders:
        if event.on == version:
            return event.order, Basis.ORDER_OF_VERSION
    earlier = [e for e in orders if e.act is not Act.AMENDED and (e.on is None or e.on <= version)] or orders
    if earlier:
        return earlier[-1].order, Basis.ORDER_OF_PUBLICATION
    if history.notice_no:
        return history.notice_no, Basis.NOTICE_NUMBER
    return None, Basis.NO_ORDER if history.lines else Basis.NO_HISTORY


def _effective(
    file: str, history: History, version: date, spoken: list[tuple[int, str]], findings: list[Finding]
) -> tuple[date | None, Basis]:
    """When this version took effect. A text that was amended still states when its first version did: not this one."""
    told = [e for e in history.events if e.act is Act.EFFECTIVE]
    said = effects(spoken)
    published = version in history.days(Act.PUBLISHED)
    noted = {e.on for e in told if e.on}
    stated = {e.on for e in said if e.on}
    days = noted | stated
    # A day before the version's own can only be this version's when the version is the first one, made retroactive.
    usable = {day for day in days if day >= version or published}
    if len(usable) == 1 and usable == days:
        return usable.pop(), (
            Basis.EFFECT_BOTH if noted == stated else Basis.EFFECT_HISTORY if noted else Basis.EFFECT_TEXT
        )
    if days and not usable:
        return None, Basis.EFFECT_EARLIER
    if days:
        why = f"施行日期有几种说法：{'、'.join(sorted(map(str, days)))}，没有读入。"
        findings.append(Finding(file, 1, 1, Kind.CONFLICT, file, why, "请核实后填写“施行日期”。"))
        return None, Basis.EFFECT_UNREADABLE
    if any(e.on is None for e in told) or any(e.relative for e in said):
        return (version, Basis.EFFECT_PUBLICATION) if published else (None, Basis.EFFECT_RELATIVE)
    if said:
        why = f"施行日期写作“{said[0].words}”，不是确切的日期。"
        findings.append(Finding(file, said[0].line, 1, Kind.UNREAD, said[0].words, why, "请核实后填写“施行日期”。"))
        return None, Basis.EFFECT_UNREADABLE
    number, last = spoken[-1] if spoken else (1, "")
    # 行政法规制定程序条例 (2002) requires an effective date; a later text that states none has most likely lost its end.
    kind = Kind.UNREAD if version.year >= 2002 else Kind.NOTICE
    why = "题注和正文都没有说何时施行：" + (
        "正文末尾很可能缺漏。" if kind is Kind.UNREAD else "较早的文本可能本来没有，也可能缺漏。"
    )
    findings.append(Finding(file, number, 1, kind, excerpt(last), why, "请对照国务院公报，看正文是否完整。"))
    return None, Basis.EFFECT_ABSENT


def _maker(history: History, version: date) -> tuple[str, Basis]:
    """Who made this version: whom its act of publication or amendment names; of several, 国务院 if it is among them,
    else the first, which is the lead organ of a joint document (党政机关公文处理工作条例 art. 9)."""
    acts = [e for e in history.events if e.act in (Act.PUBLISHED, Act.AMENDED) and e.makers]
    own = [e for e in acts if e.on == version]
    published = [e for e in acts if e.act is Act.PUBLISHED]
    # An amendment later than everything the history tells is the State Council's, who alone amends 行政法规.
    latest = history.days(Act.PUBLISHED, Act.AMENDED, Act.EFFECTIVE)
    chosen = own or (published if latest and version <= max(latest) else [])
    if not chosen:
        return MAKER, Basis.MAKER_ASSUMED
    makers = chosen[-1].makers
    return (MAKER if MAKER in makers else makers[0]), Basis.MAKER_NAMED


def _first_effect(history: History, version: date, spoken: list[tuple[int, str]]) -> date:
    """The day on which the text's closing clauses first took effect; what they repeal must be older."""
    days = [e.on for e in effects(spoken) if e.on] or list(history.days(Act.PUBLISHED)) or [version]
    return min(days)
