"""A pasted work article as a press release: title, byline, paragraphs, reprint source, and what is wrong with it.

互联网新闻信息服务管理规定 art. 15: a reprint states its source and does not alter the text. So words are never mended
here: what looks broken is reported, and the record stays a draft until an editor has seen to it.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from portal.imports.body import Paragraph, squeeze
from portal.imports.damage import find_damage, unglossed
from portal.imports.findings import Finding, Kind, Unreadable, excerpt
from portal.imports.frontmatter import Value, record_text

_SENTENCE_END = "。；，！？：…,;!?:"
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章节]\s)")
_ITEM = re.compile(r"(?<=[。；])\s*(?=[（(][一二三四五六七八九十]{1,3}[）)])")
_ROLE = "主任|厅长|局长|处长|部长|司长|书记|院长|主席|市长|省长|县长|区长"
_BYLINE = re.compile(
    rf"(?P<office>[\u4e00-\u9fff]{{2,30}}?)(?:党组)?(?:副)?(?:{_ROLE})[\s\u3000]+(?P<name>[\u4e00-\u9fff·]{{2,8}})"
)
_LABELLED = re.compile(
    r"(?:文章|信息|稿件)?(?P<key>来源|來源|作者|责任编辑|責任編輯|编辑|記者|记者|通讯员|通訊員)\s*[:：]\s*(?P<value>[^\s:：|｜]{1,40})"
)
_DISCLAIMER = re.compile("(?:转载|轉載).{0,12}(?:媒体|媒體|网站|網站)|(?:媒体|媒體).{0,6}(?:转载|轉載)")
_TITLE_LENGTH = 60
UNNAMED_SOURCE = "其他媒体（原文未注明名称）"
"""The 来源 of a text that says it is a reprint but not whose: it is not ours, and that much is known."""


@dataclass(frozen=True, slots=True)
class ArticleSettings:
    """What only the importing office knows. `publisher` is one of its organs; the rest overrides what the text says."""

    publisher: str
    channel: str = "工作动态"
    title: str | None = None
    source: str | None = None
    source_url: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A pasted article as read. `title` is a provisional one when `title_stated` is false."""

    file: str
    title: str
    title_stated: bool
    author: str | None
    source: str | None
    editor: str | None
    paragraphs: tuple[Paragraph, ...]
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The file's name where it can be an address, else pinyin initials of the title with a hash of it."""
        stem = self.file.rsplit(".", 1)[0].lower()
        if re.fullmatch(r"(?!page-\d+$)[a-z0-9]+(?:-[a-z0-9]+)*", stem) and len(stem) <= 100:
            return stem
        letters = "".join(lazy_pinyin(self.title, style=Style.FIRST_LETTER, errors="ignore")).lower()
        digest = hashlib.sha256(self.title.encode()).hexdigest()[:6]
        return f"{re.sub('[^a-z0-9]', '', letters)[:20] or 'x'}-{digest}"

    @property
    def body(self) -> str:
        """The paragraphs as Markdown."""
        return "".join(f"{p.markdown}\n\n" for p in self.paragraphs)[:-1]


def read_article(file: str, text: str) -> Article:
    """Read a pasted article. Every line is in the paragraphs, the title or the byline, or has a finding.

    Raises Unreadable when there is no text at all.
    """
    lines = [(n, line) for n, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1) if line.strip()]
    if not lines:
        raise Unreadable(Finding(file, 1, 1, Kind.UNREAD, "", "文件里没有文字。", "请粘贴文章后再导入。"))
    findings = list(find_damage(file, lines))
    title, rest = _title(file, lines, findings)
    byline, rest = _byline(file, rest, findings)
    headings, leftover, rest = _navigation(file, rest, byline, findings)
    paragraphs = [*leftover, *_paragraphs(rest, headings)]
    source = byline.get("来源")
    disclaimer = next(((n, line) for n, line in lines if _DISCLAIMER.search(unglossed(line)[0])), None)
    if source is None and disclaimer:
        source = UNNAMED_SOURCE
        number, line = disclaimer
        why = "文中说是转载，但没有写明来源单位，“来源”暂按未注明填写。"
        findings.append(Finding(file, number, 1, Kind.UNREAD, excerpt(line), why, "请查明并填写原发布单位和网址。"))
    elif source is None:
        why = "没有找到来源，无法判断是否转载。"
        findings.append(Finding(file, 1, 1, Kind.UNREAD, excerpt(lines[0][1]), why, "请填写“来源”（--source）。"))
    provisional = f"（待拟标题）{re.split('[。；;]', unglossed(lines[0][1].strip())[0])[0]}"[:_TITLE_LENGTH]
    return Article(
        file=file,
        title=title or provisional,
        title_stated=title is not None,
        author=byline.get("作者"),
        source=source,
        editor=byline.get("责任编辑"),
        paragraphs=tuple(paragraphs),
        findings=tuple(sorted(set(findings))),
    )


def article_status(article: Article, settings: ArticleSettings) -> str:
    """已发布, or 草稿 as long as something was damaged, contradictory or not understood that the settings do not give."""
    for f in article.findings:
        if f.kind is Kind.UNREAD and (("来源" in f.why and settings.source) or ("标题" in f.why and settings.title)):
            continue
        if f.kind in (Kind.DAMAGE, Kind.UNREAD, Kind.CONFLICT):
            return "草稿"
    return "已发布"


def article_text(article: Article, published: str, settings: ArticleSettings) -> str:
    """The press release as the text of its file. `published` is its 发布日期, `YYYY-MM-DD HH:MM`."""
    fields: dict[str, Value | None] = {
        "编号": settings.id or article.id,
        "标题": settings.title or article.title,
        "发布日期": published,
        "发布机构": settings.publisher,
        "频道": settings.channel,
        "来源": settings.source or article.source,
        "来源网址": settings.source_url,
        "作者": article.author,
        "责任编辑": article.editor,
        "状态": article_status(article, settings),
    }
    return record_text(fields, article.body, article.file)


Lines = Sequence[tuple[int, str]]


def _title(file: str, lines: Lines, findings: list[Finding]) -> tuple[str | None, Lines]:
    number, line = lines[0]
    text = re.sub(r"\s+", " ", line).strip().removeprefix("# ")
    if len(text) <= _TITLE_LENGTH and text[-1] not in _SENTENCE_END and not _NUMBERED.match(text) and len(lines) > 1:
        return text, lines[1:]
    why = "没有标题：第一行就是正文。标题暂取首句。"
    findings.append(Finding(file, number, 1, Kind.UNREAD, excerpt(line), why, "请拟定标题（--title）。"))
    return None, lines


def _byline(file: str, lines: Lines, findings: list[Finding]) -> tuple[dict[str, str], Lines]:
    """Labelled lines such as `来源：… 作者：…`: read and taken out when nothing else stands on them."""
    names = {"來源": "来源", "責任編輯": "责任编辑", "编辑": "责任编辑"}
    found: dict[str, str] = {}
    rest = []
    for number, line in lines:
        matches = list(_LABELLED.finditer(line)) if len(line) <= 120 else []
        for m in matches:
            key = names.get(m["key"], m["key"])
            found.setdefault(key if key in ("来源", "责任编辑") else "作者", m["value"])
        left = _LABELLED.sub("", line)
        if matches and not re.search(
            r"[\u4e00-\u9fffA-Za-z]", re.sub(r"发布时间|发布日期|时间|日期|浏览次数|[年月日]", "", left)
        ):
            why = "署名行，已读入“来源”“作者”等栏，不放在正文里。"
            findings.append(Finding(file, number, 1, Kind.CHANGED, excerpt(line), why, "请核对署名。"))
        else:
            rest.append((number, line))
    return found, rest


def _navigation(
    file: str, lines: Lines, byline: dict[str, str], findings: list[Finding]
) -> tuple[frozenset[str], list[Paragraph], Lines]:
    """A table of contents run together on the first line: its `●` items are headings of the text below.

    It is navigation when at least four of its parts stand in the text below; parts that do not, stay in the body.
    """
    if not lines:
        return frozenset(), [], lines
    number, line = lines[0]
    below = squeeze("".join(text for _, text in lines[1:]))
    groups = [re.split(r"\s{2,}|\u3000+", group) for group in line.split("●")]
    parts = [part for group in groups for part in group if part.strip()]
    repeated = [part for part in parts if squeeze(part) in below]
    if len(repeated) < 4:
        return frozenset(), [], lines
    leftover = []
    for part in parts:
        if part in repeated:
            continue
        m = _BYLINE.fullmatch(part.strip())
        if m and "作者" not in byline:
            byline["作者"] = m["name"]
            byline.setdefault("来源", m["office"])
            why = f"署名“{part.strip()}”：作者读作“{m['name']}”，没有另写来源，来源取其单位“{byline['来源']}”。"
            findings.append(
                Finding(
                    file, number, line.index(part) + 1, Kind.NOTICE, part.strip(), why, "请核对来源，并补上来源网址。"
                )
            )
        else:
            leftover.append(Paragraph(number, part.strip()))
            why = "夹在目录里，正文中没有相同的文字，已保留在正文开头。"
            findings.append(
                Finding(file, number, line.index(part) + 1, Kind.UNREAD, excerpt(part), why, "请移到合适的位置。")
            )
    why = f"目录与正文连在一起：{len(repeated)} 个标题都在下文出现，没有重复写入正文。"
    findings.append(Finding(file, number, 1, Kind.CHANGED, excerpt(line), why, "无需处理。"))
    return frozenset(squeeze(p) for p in repeated), leftover, lines[1:]


def _paragraphs(lines: Lines, headings: frozenset[str]) -> list[Paragraph]:
    """Paragraphs split where the paste lost its line breaks: at full-width spaces and before (一) items."""
    found = []
    for number, line in lines:
        pieces = [p.strip() for part in re.split(r"\u3000{2,}", line) for p in _ITEM.split(part)]
        for piece in filter(None, pieces):
            alone = len(piece) <= 60 and piece[-1] not in _SENTENCE_END
            heading = alone and (squeeze(piece) in headings or _NUMBERED.match(piece) is not None)
            found.append(Paragraph(number, piece, 2 if heading else 0))
    return found
