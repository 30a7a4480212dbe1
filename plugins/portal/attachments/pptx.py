"""The words on the slides of a presentation, without notes and hidden slides."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.oxml import parse_xml

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CELL = _A + "tc"
_YES = {"1", "true"}


def blocks(data: bytes) -> Iterator[str]:
    """The paragraphs of each slide's shapes in the order of the file: titles, lists, groups, tables, SmartArt.

    Left out: speaker notes, hidden slides, hidden shapes, slide numbers, what stands on the master alone, charts.
    A slide or a SmartArt that is named again, which no program does, is read once. Raises what python-pptx raises for a
    broken file.
    """
    read: set[Any] = set()
    for slide in Presentation(BytesIO(data)).slides:
        if slide.part not in read and slide.element.get("show") not in {"0", "false"}:
            read.add(slide.part)
            yield from _paragraphs(slide.element, slide.part, read)


def _paragraphs(element: Any, part: Any, read: set[Any]) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag == _MC + "Fallback":  # it says again what mc:Choice says
            continue
        if tag == _A + "p":
            yield "".join(_words(child))
        elif tag == _DIAGRAM:  # SmartArt keeps its words in a part of its own
            diagram = part.related_part(child.get(_R + "dm"))
            if diagram not in read:
                read.add(diagram)
                yield from _paragraphs(parse_xml(diagram.blob), part, read)
        elif not _is_hidden(child):
            yield from _paragraphs(child, part, read)


def _words(paragraph: Any) -> Iterator[str]:
    for child in paragraph:
        if child.tag == _A + "br":
            yield "\n"
        elif child.tag == _A + "r" or (child.tag == _A + "fld" and child.get("type") != "slidenum"):
            yield child.findtext(_A + "t") or ""


def _is_hidden(element: Any) -> bool:
    """Whether a shape is switched off in the selection pane, or a table cell is covered by a merged one."""
    if element.tag == _CELL:
        return element.get("hMerge") in _YES or element.get("vMerge") in _YES
    properties = element[0] if len(element) else None
    return (
        properties is not None
        and isinstance(properties.tag, str)
        and any(str(each.tag).endswith("}cNvPr") and each.get("hidden") in _YES for each in properties)
    )
