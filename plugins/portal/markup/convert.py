"""Markdown to HTML with what official Chinese text needs: one parse, changes to its tree, and cleaning."""

import html
import re
import xml.etree.ElementTree as etree

from portal.markup.addresses import file_name, is_web, plain
from portal.markup.body import Body, Heading, Rendered
from portal.markup.html import clean, text_of
from portal.markup.lines import join_lines
from portal.markup.parser import HEADINGS, STASHED, Document, in_order, render

_HEADING = re.compile(r'<h([2-6]) id="(section-[0-9]+)">(.*?)</h\1>', re.DOTALL)
_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
# The organ stands on a line of its own or is set off by spaces: a sentence may end in a date as well.
_SIGNATURE = re.compile(rf"(?:[^。；：，\n]{{1,40}}\s)?\s*{_DATE}")
_UNCITED = HEADINGS | {"a", "code", "pre"}


def to_html(body: Body) -> Rendered:
    """The HTML of a body, safe to print. Never raises: what cannot be converted is shown as it was written."""
    source = body.source.markdown
    raw = render(source, lambda document: _change(document, body))
    if raw is None:
        paragraphs = (html.escape(each.strip(), quote=False) for each in source.split("\n\n") if each.strip())
        raw = "\n".join(f"<p>{each}</p>" for each in paragraphs)
    cleaned = clean(raw)
    found = _HEADING.findall(cleaned) if "<h" in cleaned else []
    return Rendered(cleaned, tuple(Heading(int(level), text_of(inner), anchor) for level, anchor, inner in found))


def _change(document: Document, body: Body) -> None:
    root = document.root
    join_lines(document)
    _number_headings(root)
    files = dict(body.files)
    for element in root.iter():
        if element.tag in {"th", "td"}:
            _cell(element)
        elif element.tag == "img":
            element.set("src", _address(element.get("src", ""), files))
            element.set("loading", "lazy")
        elif element.tag == "a":
            _link(element, files)
    if body.citations:
        _cite(root, dict(body.citations))
    _wrap_tables(root)
    _sign(document)


def _address(target: str, files: dict[str, str]) -> str:
    """Where a link leads: to the address of the file that it names, else where it says."""
    return files.get(file_name(plain(target).strip()) or "", target)


def _link(element: etree.Element, files: dict[str, str]) -> None:
    target = element.get("href", "")
    element.set("href", _address(target, files))
    if is_web(plain(target).strip()):
        element.set("class", "external")
        element.set("rel", "noopener external")


def _number_headings(root: etree.Element) -> None:
    found = (element for element in root.iter() if element.tag in HEADINGS and element.tag != "h1")
    for number, element in enumerate(found, start=1):
        element.set("id", f"section-{number}")


def _cell(element: etree.Element) -> None:
    # python-markdown writes style="text-align: right;", which our CSP (style-src 'self') would refuse.
    if (style := element.attrib.pop("style", None)) and (found := re.search("center|right", style)):
        element.set("class", found[0])
    if element.tag == "th":
        element.set("scope", "col")


def _sign(document: Document) -> None:
    """署名 and 成文日期 at the end stand to the right (GB/T 9704-2012, 7.3.5): one paragraph, or two."""
    last = [element for element in document.root if element.tag == "p"][-4:]
    texts = [_lines_of(element, document) for element in last]
    for number, element in enumerate(last):
        if _SIGNATURE.fullmatch(texts[number]):
            element.set("class", "signature")
            before = texts[number - 1] if number else ""
            if 0 < len(before) <= 30 and not before.endswith(("。", "；", "：", "，", "）")):
                last[number - 1].set("class", "signature")


def _lines_of(paragraph: etree.Element, document: Document) -> str:
    """The words of a paragraph, with a line's end for every break."""
    parts = []
    for element, begins, text in in_order(paragraph):
        if begins and element.tag == "br":
            parts.append("\n")
        if begins or element is not paragraph:
            parts.append(text or "")
    text = STASHED.sub(lambda found: _as_line(document.stashed[int(found[1])]), "".join(parts))
    return plain(text).strip()


def _as_line(stashed: str) -> str:
    return stashed if stashed.startswith("&") else "\n" if stashed.lower().startswith("<br") else ""


def _cite(root: etree.Element, targets: dict[str, str]) -> None:
    """Make a link of each cited text, the longest first, but where no link can stand."""
    pattern = re.compile("|".join(map(re.escape, sorted(targets, key=lambda text: (-len(text), text)))))
    waiting = [root]
    while waiting:
        element = waiting.pop()
        children = list(element)
        _cite_text(element, None, pattern, targets)
        for child in children:
            if child.tag not in _UNCITED:
                waiting.append(child)
            _cite_text(element, child, pattern, targets)


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


def _wrap_tables(root: etree.Element) -> None:
    """A wide table scrolls by itself, by keyboard too, so that the page reflows at 320 px (WCAG 1.4.10)."""
    count = 0
    for parent in list(root.iter()):
        for position, child in enumerate(list(parent)):
            if child.tag == "table":
                count += 1
                attributes = {"class": "table-scroll", "tabindex": "0", "aria-label": f"表格 {count}"}
                box = etree.Element("section", attributes)
                box.tail, child.tail = child.tail, None
                parent.remove(child)
                box.append(child)
                parent.insert(position, box)
