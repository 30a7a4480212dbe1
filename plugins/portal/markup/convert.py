"""Markdown to HTML with what official Chinese text needs: one parse, changes to its tree, and cleaning."""

import html
import re
import xml.etree.ElementTree as etree

from portal.markup.addresses import FILES, file_name, is_web, plain
from portal.markup.body import Body, Heading, Rendered
from portal.markup.html import clean, text_of
from portal.markup.lines import join_lines
from portal.markup.parser import HEADINGS, STASHED, Document, parse, serialize, walk

_HEADING = re.compile(r'<h([2-6]) id="(section-[0-9]+)">(.*?)</h\1>', re.DOTALL)
_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
# The organ stands on a line of its own or is set off by spaces: a sentence may end in a date as well.
_SIGNATURE = re.compile(rf"(?:[^。；：，\n]{{1,40}}\s)?\s*{_DATE}")
_UNCITED = HEADINGS | {"a", "code", "pre"}


def to_html(body: Body) -> Rendered:
    """The HTML of a body, safe to print. Never raises: what cannot be converted is shown as it was written."""
    document = parse(body.source)
    raw = _convert(document, body) if document else None
    if raw is None:
        paragraphs = (html.escape(each.strip(), quote=False) for each in body.source.split("\n\n") if each.strip())
        raw = "\n".join(f"<p>{each}</p>" for each in paragraphs)
    cleaned = clean(raw)
    found = _HEADING.findall(cleaned) if "<h" in cleaned else []
    return Rendered(cleaned, tuple(Heading(int(level), text_of(inner), anchor) for level, anchor, inner in found))


def _convert(document: Document, body: Body) -> str | None:
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
    try:
        return serialize(document)
    except RecursionError:  # lists hundreds deep
        return None


def _address(target: str, files: dict[str, str]) -> str:
    """Where a link leads: to the address of the file that it names, else where it says."""
    name = file_name(plain(target).strip())
    return html.escape(files[name]) if name in files else target


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
    for element, begins, text in walk(paragraph):
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
    within = 0
    for element, begins, _ in list(walk(root)):
        if element.tag in _UNCITED:
            within += 1 if begins else -1
        if within == 0 and begins and element.text:
            _cite_text(element, None, pattern, targets)
    for parent in list(root.iter()):
        ...


