"""The words of a PDF: its pages as pypdf reads them, and what is said of those that have no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from io import BytesIO
from typing import Any

from pypdf import Configuration, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError

from portal.attachments import glyphs
from portal.attachments.faults import is_of_machine
from portal.attachments.paragraphs import body, paragraphs
from portal.attachments.refusals import Refusal

MAX_PAGES = 5_000
"""Pages that are read."""

MAX_OPERATIONS = 20_000_000
"""Drawing operations that are followed in one file: a page may draw a form that draws a form, each many times."""

_LIMITS = Configuration(
    array_based_stream_maximum_output_length=30_000_000,  # what one page draws; pictures are not unpacked
    zlib_maximum_output_length=30_000_000,
    lzw_maximum_output_length=30_000_000,
    run_length_maximum_output_length=30_000_000,
    stream_parsing_work_maximum_count=1_000_000,
    disable_legacy_handling=True,
)
_FEW = 20  # characters that a scanned page may have: a page number, the mark of a scanning app
_LARGE = 300_000  # pixels of a page's pictures together, from which on they can be a scanned page; a stamp has fewer
_GARBLED = 0.3  # share of characters that are none
_FORM_DEPTH = 5


class _State(Enum):
    """What a page is for somebody who looks for words in it."""

    TEXT = auto()
    BLANK = auto()
    PICTURE = auto()
    GARBLED = auto()
    BROKEN = auto()


class _TooMuch(Exception):
    """More operations than a document is given."""


def read(name: str, data: bytes, limit: int) -> tuple[list[str], Refusal | None]:
    """The paragraphs of a PDF, and why there are none or only a part of them.

    At least the first `limit` characters are read where there are as many. A page that breaks pypdf is left out and
    said; a file that breaks it altogether raises what pypdf raises. Text behind a page's edge or under a picture is
    read like any other, and so is the invisible text that OCR lays over a scan.
    """
    with apply_configuration(_LIMITS):
        reader = PdfReader(BytesIO(data))
        try:
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                return [], _locked(name)
            count = len(reader.pages)
        except (DependencyError, FileNotDecryptedError):  # pypdf has no AES without a library of its own
            return [], _locked(name)
        if not count:
            raise ValueError("no pages")
        pages: list[list[str]] = []
        states: list[_State] = []
        left = _Budget(MAX_OPERATIONS)
        characters = 0
        while len(pages) < min(count, MAX_PAGES) and characters <= limit and left.operations > 0:
            lines, state = _page(reader, len(pages), left)
            pages.append(lines)
            states.append(state)
            characters += sum(map(len, lines))
    is_cut = len(states) < count or left.operations < 0
    return paragraphs(pages), _refusal(name, states, count, is_cut=is_cut)


@dataclass
class _Budget:
    """How many operations may still be followed."""

    operations: int


class _Watch:
    """Sees what a page draws while pypdf reads its words: pictures by name, inline pictures, fonts without a map."""

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._fonts: dict[int, bool] = {}
        self.drawn: set[object] = set()
        self.inline = 0
        self.unmapped = 0

    def operation(self, operator: bytes, operands: Any, *_: object) -> None:
        """Called before each operation, those of forms too. Raises _TooMuch."""
        self._budget.operations -= 1
        if self._budget.operations < 0:
            raise _TooMuch
        if operator == b"Do" and operands:
            self.drawn.add(operands[0])
        elif operator == b"INLINE IMAGE":
            settings = operands.get("settings", {})
            self.inline += _area(settings.get("/W"), settings.get("/H"))

    def text(self, text: str, _cm: object, _tm: object, font: Any, _size: object) -> None:
        """Called with each piece of text and the dictionary of its font."""
        if id(font) not in self._fonts:
            self._fonts[id(font)] = _has_no_map(font)
        if self._fonts[id(font)]:
            self.unmapped += len(text.strip())


def _has_no_map(font: Any) -> bool:
    """Whether codes of this font are numbers of glyphs, which pypdf takes for Unicode where no map is given."""
    if not font or font.get("/Subtype") != "/Type0" or "/ToUnicode" in font:
        return False
    encoding = font.get("/Encoding")
    return not (isinstance(encoding, str) and encoding.startswith(("/GB", "/Uni", "/ETen", "/90ms")))


def _page(reader: PdfReader, number: int, budget: _Budget) -> tuple[list[str], _State]:
    """The lines of a page, without its page number, and what it is."""
    watch = _Watch(budget)
    try:
        page = reader.pages[number]
        text = page.extract_text(visitor_operand_before=watch.operation, visitor_text=watch.text)
        pixels = watch.inline + _pixels(page.get("/Resources"), watch.drawn, _FORM_DEPTH)
    except Exception as error:  # whatever a hostile page makes of the library, the other pages are still read
        if is_of_machine(error):
            raise
        return [], _State.BROKEN
    lines = body([line.strip() for line in glyphs.meant(text).split("\n")], number + 1)
    total = sum(not character.isspace() for character in text)
    if total and (watch.unmapped > _GARBLED * total or glyphs.strange(text) > _GARBLED):
        return [], _State.GARBLED
    if total < _FEW and pixels >= _LARGE:
        return lines, _State.PICTURE
    return lines, _State.TEXT if total else _State.BLANK


def _pixels(resources: Any, drawn: set[object], depth: int) -> int:
    """The pixels of the drawn pictures among a page's resources, those within forms too."""
    total = 0
    resources = resources.get_object() if resources is not None else {}
    for name, reference in resources.get("/XObject", {}).get_object().items() if "/XObject" in resources else ():
        found = reference.get_object()
        if name not in drawn or not hasattr(found, "get"):
            continue
        if found.get("/Subtype") == "/Image":
            total += _area(found.get("/Width"), found.get("/Height"))
        elif depth:
            total += _pixels(found.get("/Resources"), drawn, depth - 1)
    return total


def _area(width: object, height: object) -> int:
    return int(width) * int(height) if isinstance(width, int) and isinstance(height, int) else 0


def _refusal(name: str, states: Sequence[_State], count: int, *, is_cut: bool) -> Refusal | None:
    """The gravest thing that is wrong with the pages."""
    if is_cut:
        what = f"“{name}”共 {count} 页，太长或者太复杂，只读到第 {len(states)} 页，后面的内容搜索不到。"
        return "attachment-too-large", what, "请分成几个文件，每个写明标题。"
    for state, code, what, remedy in _WRONG:
        pages = [number for number, each in enumerate(states, 1) if each is state]
        if pages:
            whole = not any(each is _State.TEXT for each in states)
            where = "整份" if whole and len(pages) == count else f"第 {_ranges(pages)} 页"
            return code, what.format(name=name, where=where), remedy
    if not any(state is _State.TEXT for state in states):
        what = f"“{name}”里没有文字（可能是空白文件，或者文字已经转成线条），搜索不到，读屏软件也读不出。"
        return (
            "attachment-without-text",
            what,
            "请换上由原文件直接导出的 PDF，不要把文字转成曲线；如果放错了文件，请换上正确的。",
        )
    return None


_WRONG = (
    (
        _State.BROKEN,
        "attachment-unreadable",
        "“{name}”{where}读不出来（已经损坏，或者过于复杂），里面的文字搜索不到，公众也可能打不开。",
        "请从原文件重新导出 PDF，换上新文件。",
    ),
    (
        _State.GARBLED,
        "attachment-garbled",
        "“{name}”{where}的文字层是乱码（字体没有附带文字编码），看得见，但是搜索不到，复制和读屏也会出错。",
        "请从原文件重新导出 PDF，并选择嵌入字体、保留文字；没有原文件的，请重新做文字识别（OCR）。",
    ),
    (
        _State.PICTURE,
        "attachment-scanned",
        "“{name}”{where}是扫描件或者图片，没有文字，搜索不到，读屏软件也读不出（GB/T 37668-2019 要求非文本内容有文本替代）。",
        "请发布由原文件导出的文字版；只有纸质件的，请先做文字识别（OCR），再发布带文字层的 PDF。",
    ),
)


def _locked(name: str) -> Refusal:
    what = f"“{name}”加了密（要密码才能打开，或者限制了复制），读不出文字，搜索不到，公众也可能打不开。"
    return "attachment-unreadable", what, "请去掉密码和使用限制，另存后换上新文件。"


def _ranges(numbers: Sequence[int]) -> str:
    """`1、3—5`."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "、".join(str(first) if first == last else f"{first}—{last}" for first, last in ranges)
