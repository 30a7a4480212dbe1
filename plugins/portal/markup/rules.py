"""What a body may not hold: raw HTML beyond a short list, headings that break the outline, unsafe or broken links."""

from collections.abc import Iterator

from portal.markup import scan
from portal.markup.addresses import is_address
from portal.markup.html import ALLOWED_TAGS, attribute_names
from portal.problems import Place, Problem

Finding = tuple[int, int, str, str, str]
"""Line and column within the body, code, what is wrong, and what to do."""


def body_problems(source: str, path: str, first_line: int) -> Iterator[Problem]:
    """Everything wrong with a body, with places in the source file, in which it begins on `first_line`."""
    for rule in (_nesting, _html, _controls, _outline, _links):
        for line, column, code, what, remedy in rule(source):
            yield Problem(Place(path, first_line - 1 + line, column), code, "正文", what, remedy)


def _nesting(source: str) -> Iterator[Finding]:
    if line := scan.too_deep(source):
        what = f"列表或引文一层套一层，超过了 {scan.DEEPEST} 层。"
        yield line, 1, "nesting", what, "请减少层次，或改用标题分层；若是多余的 -、1. 或 >，请删去。"


def _html(source: str) -> Iterator[Finding]:
    for tag in scan.tags(source):
        allowed = ALLOWED_TAGS.get(tag.name)
        if allowed is None:
            what = "正文里有 HTML 注释。" if tag.name == "!--" else f"正文里有 HTML 标签 <{tag.name}>。"
            remedy = f"请改用 Markdown 写法；可用的标签只有：{'、'.join(ALLOWED_TAGS)}。要显示尖括号，请写 &lt;。"
            yield tag.line, tag.column, "html", what, remedy
        elif wrong := attribute_names(tag.attributes) - allowed:
            what = f"标签 <{tag.name}> 里有不允许的属性 {'、'.join(sorted(wrong))}。"
            yield tag.line, tag.column, "html", what, "请删去该属性。"


def _controls(source: str) -> Iterator[Finding]:
    for mark in scan.controls(source):
        what = f"“{mark.entity}”代表看不见的控制字符，会使订阅源读不出来。"
        yield mark.line, mark.column, "control-character", what, "请删去它，或改写成要显示的文字。"


def _outline(source: str) -> Iterator[Finding]:
    level = 1
    for mark in scan.headings(source):
        if not mark.text:
            yield mark.line, 1, "heading", "标题没有文字。", "请在 # 号后面写上标题，或删去这一行。"
        elif mark.level == 1:
            what = "正文里用了一级标题（#）。"
            yield mark.line, 1, "heading", what, "一级标题是本件的标题；正文从二级（##）开始。"
        else:
            if mark.level > level + 1:
                what = f"标题从 {level} 级跳到了 {mark.level} 级。"
                yield mark.line, 1, "heading", what, f"请改为 {'#' * (level + 1)}，逐级往下。"
            level = mark.level


def _links(source: str) -> Iterator[Finding]:
    for link in scan.links(source):
        if link.image and not link.text.strip():
            remedy = "请在方括号里写图片说明：![这里写图上有什么](files/…)。看不到图的人靠它了解内容。"
            yield link.line, link.column, "image-alt", "图片没有替代文字。", remedy
        if link.image and link.file is None:
            remedy = "请把图片放进 content/files/，写作 ![说明](files/2026/图.png)；不引用别的网站的图片。"
            yield link.line, link.column, "image-source", f"图片地址“{link.target}”不在本站文件里。", remedy
        elif link.file is None and not is_address(link.target):
            remedy = "请写 https:// 开头的网址、/ 开头的站内地址，或 files/… 下的文件；网址里的标点用半角。"
            yield link.line, link.column, "link", f"链接地址“{link.target}”不能用。", remedy
