"""Markdown to HTML by python-markdown, with what official Chinese text needs, cleaned by nh3.

python-markdown and not a CommonMark parser: each of those leaves `应当**依法公开。**各单位` unbolded, because the
flanking rules of CommonMark know no Chinese punctuation.
"""

import re
import xml.etree.ElementTree as etree
from functools import cache
from urllib.parse import urlsplit

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from portal.markup.body import Body, Heading, Rendered
from portal.markup.rules import ALLOWED_TAGS

_BLOCKS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "pre", "code", "section"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS = _BLOCKS | _TABLE | set(ALLOWED_TAGS) | {"a", "em", "strong", "img"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "class", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "p": {"class"},
    "section": {"class", "tabindex", "aria-label"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    **{tag: set(names) for tag, names in ALLOWED_TAGS.items() if names},
}
# A newline within a paragraph is a space in HTML; between Chinese characters there is none.
_WIDE = "⺀-鿿豈-﫿＀-￯　-〿“”‘’…—"
_SOFT_BREAK = re.compile(rf"(?<=[{_WIDE}])\n(?=[{_WIDE}])")
_SIGNATURE = re.compile(r".{0,40}?\d{4}年\d{1,2}月\d{1,2}日", re.DOTALL)
_STASH = re.compile("\x02[^\x03]*\x03")  # where python-markdown keeps an inline <br> until the end
_SKIP = {"a", "code", "pre", "h2", "h3", "h4", "h5", "h6"}


class _Official(Treeprocessor):
    """After inline parsing: addresses of files, links of citations, classes for alignment, anchors for headings."""

    body = Body("")
    headings: tuple[Heading, ...] = ()

    def run(self, root: etree.Element) -> None:
        files = dict(self.body.files)
        self._headings(root)
        for element in list(root.iter()):
            if element.text:
                element.text = _SOFT_BREAK.sub("", element.text)
            if element.tail:
                element.tail = _SOFT_BREAK.sub("", element.tail)
            if element.tag in {"th", "td"}:
                self._cell(element)
            elif element.tag == "img":
                element.set("src", files.get(element.get("src", "").removeprefix("files/"), element.get("src", "")))
                element.set("loading", "lazy")
            elif element.tag == "a":
                self._link(element, files)
        if self.body.citations:
            targets = dict(self.body.citations)
            longest_first = sorted(targets, key=lambda text: (-len(text), text))
            pattern = re.compile("|".join(map(re.escape, longest_first)))
            self._cite(root, pattern, targets)
        self._wrap_tables(root)
        self._sign(root)

    @staticmethod
    def _sign(root: etree.Element) -> None:
        """署名 and 成文日期 at the end stand to the right (GB/T 9704-2012, 7.3.5): one paragraph, or two."""
        last = [element for element in root if element.tag == "p"][-4:]
        for number, element in enumerate(last):
            if _SIGNATURE.fullmatch(_STASH.sub("\n", "".join(element.itertext())).strip()):
                element.set("class", "signature")
                before = last[number - 1] if number else None
                words = "".join(before.itertext()).strip() if before is not None else ""
                if before is not None and 0 < len(words) <= 30 and not words.endswith(("。", "；", "：", "，", "）")):
                    before.set("class", "signature")

    def _headings(self, root: etree.Element) -> None:
        found = []
        for number, element in enumerate((e for e in root.iter() if re.fullmatch("h[2-6]", str(e.tag))), start=1):
            anchor = f"section-{number}"
            element.set("id", anchor)
            found.append(Heading(int(element.tag[1]), "".join(element.itertext()).strip(), anchor))
        self.headings = tuple(found)

    @staticmethod
    def _cell(element: etree.Element) -> None:
        # python-markdown writes style="text-align: right;", which our CSP (style-src 'self') would refuse.
        if (style := element.attrib.pop("style", None)) and (found := re.search("center|right", style)):
            element.set("class", found[0])
        if element.tag == "th":
            element.set("scope", "col")

    @staticmethod
    def _link(element: etree.Element, files: dict[str, str]) -> None:
        target = element.get("href", "")
        if target.startswith("files/"):
            element.set("href", files.get(target.removeprefix("files/"), target))
        elif urlsplit(target).scheme in {"http", "https"}:
            element.set("class", "external")
            element.set("rel", "noopener external")

    def _cite(self, element: etree.Element, pattern: re.Pattern[str], targets: dict[str, str]) -> None:
        children = list(element)
        self._cite_text(element, None, pattern, targets)
        for child in children:
            if child.tag not in _SKIP:
                self._cite(child, pattern, targets)
            self._cite_text(element, child, pattern, targets)

    @staticmethod
    def _cite_text(
        parent: etree.Element, after: etree.Element | None, pattern: re.Pattern[str], targets: dict[str, str]
    ) -> None:
        """Split the text after a child (or at the start of the parent) into text and links."""
        text = (parent.text if after is None else after.tail) or ""
        parts = pattern.split(text)
        if len(parts) == 1:
            return
        position = 0 if after is None else list(parent).index(after) + 1
        if after is None:
            parent.text = parts[0]
        else:
            after.tail = parts[0]
        for offset, (cited, rest) in enumerate(zip(pattern.findall(text), parts[1:], strict=True)):
            link = etree.Element("a", {"href": targets[cited], "class": "citation"})
            link.text = cited
            link.tail = rest
            parent.insert(position + offset, link)

    @staticmethod
    def _wrap_tables(root: etree.Element) -> None:
        """A wide table scrolls by itself, by keyboard too, so that the page reflows at 320 px (WCAG 1.4.10)."""
        count = 0
        for parent in list(root.iter()):
            for position, child in enumerate(list(parent)):
                if child.tag == "table":
                    count += 1
                    label = f"表格 {count}"
                    attributes = {"class": "table-scroll", "tabindex": "0", "aria-label": label}
                    box = etree.Element("section", attributes)
                    box.tail, child.tail = child.tail, None
                    parent.remove(child)
                    box.append(child)
                    parent.insert(position, box)


class _OfficialExtension(Extension):
    def __init__(self) -> None:
        super().__init__()
        self.processor: _Official | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        # Raw HTML blocks are not passed through: the body rules refuse them and nh3 removes what is left.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("automail")
        # `----` under a line and four leading spaces are how people draw rules and indent, not headings and code.
        md.parser.blockprocessors.deregister("setextheader")
        md.parser.blockprocessors.deregister("code")
        self.processor = _Official(md)
        md.treeprocessors.register(self.processor, "official", 15)  # after inline (20), before prettify (10)


@cache
def _parser() -> tuple[Markdown, _Official]:
    """One parser a process: constructing one a file is 9 % of plain Pelican's time."""
    extension = _OfficialExtension()
    parser = Markdown(extensions=["tables", "sane_lists", extension], output_format="html")
    assert extension.processor is not None
    return parser, extension.processor


def to_html(body: Body) -> Rendered:
    """The HTML of a body. What the body rules refuse never reaches it: nh3 removes it as the last defence."""
    parser, processor = _parser()
    parser.reset()
    processor.body = body
    processor.headings = ()  # an empty source never reaches the processor, which would still know the last body's
    raw = parser.convert(body.source)
    html = nh3.clean(
        raw,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    return Rendered(html, processor.headings)


def to_text(body: Body) -> str:
    """The words of a body without markup, blocks on lines of their own."""
    html = re.sub(r"</(?:p|h\d|li|tr|blockquote)>|<br>", "\n", to_html(body).html)
    text = re.sub(r"<[^>]+>", "", html.replace("</td>", " ").replace("</th>", " "))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    return re.sub(r"\n\s*\n+", "\n", text).strip()
