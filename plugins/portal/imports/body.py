"""The body of a regulation as Markdown: headings from `##` without skipped levels, one paragraph a source line.

Structure follows 立法法 art. 65: 编, 章, 节, 条, 款, 项, 目. Only 编, 章 and 节 are headings; an article is a paragraph.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.imports.dates import numeral
from portal.imports.findings import Finding, Kind, excerpt
from portal.imports.markdown import escape

_N = "[零〇一二三四五六七八九十百千0-9]+"
_MARKED = re.compile(r"(#{1,6})[ \t\u3000]*(.*)")
_RANKED = re.compile(rf"第{_N}(编|分编|部分|章|节)(?:[\s\u3000]+(\S.*))?")
_RANK = {"编": 0, "部分": 0, "分编": 1, "章": 2, "节": 3}
_ARTICLE = re.compile(rf"第({_N})条(之{_N})?(?:[\s\u3000]+|$)")
_GLUED = re.compile(rf"(?<=[。；：”）)]) *(?=第({_N})条[ \u3000])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LEVELS = 6  # HTML has no seventh heading


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of the body: plain text, and its heading level (0 for a paragraph of text)."""

    line: int
    text: str
    level: int = 0

    @property
    def markdown(self) -> str:
        """The block as Markdown."""
        return f"{'#' * self.level} {escape(self.text)}" if self.level else escape(self.text)


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks in order, and what was altered or not understood."""

    paragraphs: tuple[Paragraph, ...]
    findings: tuple[Finding, ...]

    @property
    def markdown(self) -> str:
        """The whole body, ending with a newline unless it is empty."""
        return "".join(f"{p.markdown}\n\n" for p in self.paragraphs)[:-1]


def squeeze(text: str) -> str:
    """The text without white space and invisible characters, for comparing what is said rather than how it is set."""
    return re.sub(r"\s+", "", _INVISIBLE.sub("", text))


def read_body(file: str, title: str, lines: Sequence[tuple[int, str]]) -> Body:
    """Read the source lines (number, text) below the history. Empty lines only separate and may be left out.

    Every other line is in the answer's paragraphs, or has a finding that says why not.
    """
    repeated = _repeated_title(title, lines)
    findings: list[Finding] = []
    paragraphs: list[Paragraph] = []
    levels = _Levels()
    lost_heading = False

    def report(number: int, column: int, text: str, kind: Kind, why: str, remedy: str) -> None:
        findings.append(Finding(file, number, column, kind, excerpt(text), why, remedy))

    for number, raw in lines:
        text, alterations = _clean(raw)
        for column, shown, why in alterations:
            kind = Kind.CHANGED if text else Kind.UNREAD
            report(number, column, shown, kind, why, "请对照国务院公报，看这里原来是什么。")
        if not text:
            lost_heading = lost_heading or bool(alterations)
            continue
        if number in repeated:
            report(number, 1, raw, Kind.CHANGED, "正文开头重复了标题，没有写入正文。", "无需处理。")
            continue
        marked = _MARKED.fullmatch(text)
        ranked = _RANKED.fullmatch(marked[2] if marked else text)
        if marked and marked[2]:
            level = levels.place(len(marked[1]), ranked)
            paragraphs.append(Paragraph(number, _heading(marked[2]), level))
        elif ranked and len(text) <= 40 and not text.endswith(("。", "；", "，")):
            paragraphs.append(Paragraph(number, _heading(text), levels.place(None, ranked)))
            report(
                number,
                1,
                text,
                Kind.CHANGED,
                "这一行是编、章、节标题，但没有标题记号，已作为标题。",
                "请核对标题层级。",
            )
        elif lost_heading and len(text) <= 30 and not re.search(r"[。；：，、]$|^第", text):
            paragraphs.append(Paragraph(number, _heading(text), levels.place(2, None)))
            why = "上一行只剩看不见的字符，这一行似为缺了序号的章名，已作为标题，序号没有补。"
            report(number, 1, text, Kind.CHANGED, why, "请对照国务院公报补上章的序号。")
        else:
            pieces = _split_glued(text)
            if len(pieces) > 1:
                why = f"一行里连着 {len(pieces)} 段（几条条文没有分行），已按条分段。"
                report(number, 1, text, Kind.CHANGED, why, "请对照国务院公报核对分段。")
            paragraphs += [Paragraph(number, piece) for piece in pieces]
        lost_heading = False
    findings += _gaps(file, paragraphs)
    return Body(tuple(paragraphs), tuple(findings))


def _repeated_title(title: str, lines: Sequence[tuple[int, str]]) -> frozenset[int]:
    """The first lines when together they are the title once more (公报 sets it again above the text)."""
    said, numbers = "", []
    for number, raw in lines:
        if not squeeze(raw):
            continue
        said += squeeze(raw)
        numbers.append(number)
        if said == squeeze(title):
            return frozenset(numbers)
        if not squeeze(title).startswith(said):
            break
    return frozenset()


def _clean(raw: str) -> tuple[str, list[tuple[int, str, str]]]:
    """The line without outer white space and invisible characters, and (column, text, reason) for what is to be told."""
    text = _INVISIBLE.sub("", raw).strip()
    loss = "已去掉。" if text else "本行别无内容，原有的文字可能已丢失。"
    told = [(m.start() + 1, raw, f"有看不见的字符 U+{ord(m[0]):04X}，{loss}") for m in _INVISIBLE.finditer(raw)]
    if text and re.fullmatch(r"#{1,6}", text):
        return "", [*told, (1, raw, "只有标题记号，没有标题。")]
    told += [(m.start() + 1, raw, "有无法显示的字符（�），原字已丢失。") for m in re.finditer("\ufffd", raw)]
    told += [
        (m.start() + 1, m[0], "像是 HTML 标记，按文字照录，不作标记。") for m in re.finditer(r"<[A-Za-z!/][^>]*>", raw)
    ]
    # After a number only a space is wanted: 第一条　为了, as the source sets it, and 第一条 为了 are one thing.
    return re.sub(rf"^(第{_N}条(?:之{_N})?)[\s\u3000]+", r"\1 ", text), told


def _heading(text: str) -> str:
    text = re.sub(r"[\s\u3000]+", " ", text).strip()
    # 总 则 is set wide for the eye; screen readers and search want the word.
    return re.sub(r"(^|(?<= ))([\u4e00-\u9fff]) ([\u4e00-\u9fff])$", r"\1\2\3", text)


class _Levels:
    """Gives each heading its level: by rank (编 章 节) where it has one, else by the source's marks; never skipping."""

    def __init__(self) -> None:
        self._open: list[tuple[int | None, int, int]] = []  # rank, marks in the source, level given

    def place(self, marks: int | None, ranked: re.Match[str] | None) -> int:
        rank = _RANK[ranked[1]] if ranked else None
        marks = marks if marks is not None else 1  # what the source forgot to mark stands above what it marked
        while self._open and not self._below(rank, marks, self._open[-1]):
            self._open.pop()
        level = min(self._open[-1][2] + 1 if self._open else 2, _LEVELS)
        self._open.append((rank, marks, level))
        return level

    @staticmethod
    def _below(rank: int | None, marks: int, above: tuple[int | None, int, int]) -> bool:
        if rank is not None and above[0] is not None:
            return rank > above[0]
        return marks > above[1]


def _split_glued(text: str) -> list[str]:
    """Split where consecutively numbered articles run on in one line; within such a line a space ends a paragraph."""
    first = _ARTICLE.match(text)
    if not first:
        return [text]
    expected = numeral(first[1]) + 1
    cuts = []
    for m in _GLUED.finditer(text):
        if numeral(m[1]) == expected:
            cuts.append(m.start())
            expected += 1
    if not cuts:
        return [text]
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return [part.strip() for piece in pieces for part in re.split(r"(?<=[。；：]) +", piece) if part.strip()]


def _gaps(file: str, paragraphs: Sequence[Paragraph]) -> list[Finding]:
    """Articles are numbered through (立法法 art. 65): a jump forward means that text may be missing."""
    found = []
    previous = 0
    for p in paragraphs:
        m = _ARTICLE.match(p.text) if not p.level else None
        if m is None or m[2]:
            continue
        number = numeral(m[1])
        if number not in (previous + 1, 1):
            why = f"条文序号从第{previous}条跳到第{number}条，其间可能缺漏。"
            found.append(
                Finding(file, p.line, 1, Kind.UNREAD, excerpt(p.text, 20), why, "请对照国务院公报核对条文是否完整。")
            )
        previous = number
    return found
