"""The words of a Word document that a reader sees: no deleted, hidden or computed-away text."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.parser import parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PARAGRAPH, _RUN, _ROW, _BOX, _FIELD = (_W + name for name in ("p", "r", "tr", "txbxContent", "fldChar"))
_WORDS = {_W + "t", _M + "t"}
_MARKS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_UNSEEN = {
    *(
        _W + name
        for name in ("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "tblPr")
    ),
    _W + "rt",  # how a character is pronounced, over it
    _MC + "Fallback",  # says again what mc:Choice says
}
_NO = {"0", "false", "off"}


def blocks(data: bytes) -> Iterator[str]:
    """Paragraphs in reading order, those of tables and text boxes too, then footnotes and endnotes.

    A text box follows the paragraph that it is anchored in. Left out: tracked deletions and the old places of moved
    text, hidden text (w:vanish, by itself or by its style), the instructions of fields, headers, footers, comments.
    Numbers that Word counts by itself are not in the file. Raises what python-docx raises for a broken file.
    """
    document = Document(BytesIO(data))
    story = _Story(_hidden_styles(document.styles.element))
    yield from story.flow(document.element.body)
    relations = [each for each in document.part.rels.values() if each.reltype.endswith(("/footnotes", "/endnotes"))]
    for part in dict.fromkeys(each.target_part for each in relations if not each.is_external):  # each once
        for note in parse_xml(part.blob):
            if note.get(_W + "type") is None:  # the others are the lines that separate notes from the text
                yield from story.flow(note)


class _Story:
    """One run through a document: fields may begin in one paragraph and end in another."""

    def __init__(self, hidden_styles: set[str]) -> None:
        self._hidden_styles = hidden_styles
        self._fields: list[bool] = []  # for each open field: whether this is its instruction, not its result

    def flow(self, element: Any) -> Iterator[str]:
        """The paragraphs below an element."""
        for child in element:
            if child.tag == _PARAGRAPH:
                yield from self._paragraph(child)
            elif isinstance(child.tag, str) and child.tag not in _UNSEEN and not _row_is_gone(child):
                yield from self.flow(child)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        words: list[str] = []
        boxes: list[Any] = []
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        self._inline(paragraph, words, boxes, hidden=self._hides(style))
        yield "".join(words)
        for box in boxes:
            yield from self.flow(box)

    def _inline(self, element: Any, words: list[str], boxes: list[Any], *, hidden: bool) -> None:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _UNSEEN:  # comments and entities have no string for a tag
                continue
            if tag == _FIELD:
                self._field(child.get(_W + "fldCharType"))
            elif tag == _RUN:
                self._inline(child, words, boxes, hidden=self._run_is_hidden(child, hidden))
            elif tag == _BOX:
                boxes += [] if hidden else [child]
            elif tag in _WORDS or tag in _MARKS:
                if not hidden and not any(self._fields):
                    words.append(_MARKS.get(tag) or child.text or "")
            else:
                self._inline(child, words, boxes, hidden=hidden)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _run_is_hidden(self, run: Any, hidden: bool) -> bool:
        """A run's own word counts before its style's, and that before its paragraph's."""
        own = run.find(f"{_W}rPr/{_W}vanish")
        if own is not None:
            return own.get(_W + "val") not in _NO
        return hidden or self._hides(run.find(f"{_W}rPr/{_W}rStyle"))

    def _hides(self, style: Any) -> bool:
        return style is not None and style.get(_W + "val") in self._hidden_styles


def _row_is_gone(element: Any) -> bool:
    """Whether this is a table row that is hidden, or deleted with tracked changes."""
    return element.tag == _ROW and any(element.find(f"{_W}trPr/{_W}{name}") is not None for name in ("hidden", "del"))


def _hidden_styles(styles: Any) -> set[str]:
    """The ids of the styles whose text is hidden, by themselves or by what they are based on."""
    own: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in styles.iterfind(_W + "style"):
        identifier = style.get(_W + "styleId", "")
        vanish, base = style.find(f"{_W}rPr/{_W}vanish"), style.find(_W + "basedOn")
        if vanish is not None:
            own[identifier] = vanish.get(_W + "val") not in _NO
        if base is not None:
            based[identifier] = base.get(_W + "val", "")

    def hides(identifier: str) -> bool:
        seen = set()
        while identifier not in own and identifier in based and identifier not in seen:
            seen.add(identifier)
            identifier = based[identifier]
        return own.get(identifier, False)

    return {identifier for identifier in own.keys() | based.keys() if hides(identifier)}
