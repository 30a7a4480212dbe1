"""What a body may not hold: raw HTML beyond a short list, headings that break the outline, unsafe or broken links."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from portal.markup import scan
from portal.problems import Problem
from portal.records.types import Record

ALLOWED_TAGS: dict[str, frozenset[str]] = {
    "br": frozenset(),
    "sub": frozenset(),
    "sup": frozenset(),
    "u": frozenset(),
    "cite": frozenset(),
    "abbr": frozenset({"title"}),
    "span": frozenset({"lang"}),  # mixed languages need it (WCAG 3.1.2)
    "ruby": frozenset(),
    "rb": frozenset(),
    "rt": frozenset(),
    "rp": frozenset(),
}
_ATTRIBUTE = re.compile(r"([A-Za-z_:@.-][\w:@.-]*)")
_SAFE_SCHEMES = {"http", "https", "mailto", "tel"}


def body_problems(record: Record) -> Iterator[Problem]:
    """Everything wrong with a record's body, with places in the source file."""
    source = record.body
    if not source:
        return
    first = record.origin.body_line - 1

    def problem(line: int, column: int, code: str, what: str, remedy: str) -> Problem:
        place = record.origin.place()
        return Problem(type(place)(place.path, first + line, column), code, "正文", what, remedy)

    for tag in scan.tags(source):
        allowed = ALLOWED_TAGS.get(tag.name)
        names = {name.lower() for name in _ATTRIBUTE.findall(re.sub(r"\"[^\"]*\"|'[^']*'|=\s*\S+", "", tag.attributes))}
        if allowed is None:
            what = "正文里有 HTML 注释。" if tag.name == "!--" else f"正文里有 HTML 标签 <{tag.name}>。"
            remedy = f"请改用 Markdown 写法；可用的标签只有：{'、'.join(ALLOWED_TAGS)}。要显示尖括号，请写 &lt;。"
            yield problem(tag.line, tag.column, "html", what, remedy)
        elif names - allowed:
            what = f"标签 <{tag.name}> 里有不允许的属性 {'、'.join(sorted(names - allowed))}。"
            yield problem(tag.line, tag.column, "html", what, "请删去该属性。")
    yield from _outline(source, problem)
    for link in scan.links(source):
        if link.image and not link.text.strip():
            remedy = "请在方括号里写图片说明：![这里写图上有什么](files/…)。看不到图的人靠它了解内容。"
            yield problem(link.line, link.column, "image-alt", "图片没有替代文字。", remedy)
        if link.image and link.file is None:
            remedy = "请把图片放进 content/files/，写作 ![说明](files/2026/图.png)；不引用别的网站的图片。"
            yield problem(link.line, link.column, "image-source", f"图片地址“{link.target}”不在本站文件里。", remedy)
        elif link.file is None and not _is_address(link.target):
            remedy = "请写 https:// 开头的网址、/ 开头的站内地址，或 files/… 下的文件。"
            yield problem(link.line, link.column, "link", f"链接地址“{link.target}”不能用。", remedy)


def _is_address(target: str) -> bool:
    if target.startswith("//"):
        return False
    if target.startswith(("/", "#")) and len(target) > 1:
        return True
    parts = urlsplit(target)
    return parts.scheme in _SAFE_SCHEMES and bool(parts.netloc or parts.path)


def _outline(source: str, problem: object) -> Iterator[Problem]:
    assert callable(problem)
    level = 1
    for mark in scan.headings(source):
        if mark.level == 1:
            yield problem(
                mark.line, 1, "heading", "正文里用了一级标题（#）。", "一级标题是本件的标题；正文从二级（##）开始。"
            )
            continue
        if mark.level > level + 1:
            what = f"标题从 {level} 级跳到了 {mark.level} 级。"
            yield problem(mark.line, 1, "heading", what, f"请改为 {'#' * (level + 1)}，逐级往下。")
        level = mark.level
