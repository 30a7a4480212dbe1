"""Files for tests, made by hand or by the libraries that offices' programs write like."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import docx
import openpyxl
import pptx


@dataclass(frozen=True)
class Sheet:
    """A page of a PDF: lines of text, the sizes of pictures in pixels, and raw drawing operations."""

    lines: Sequence[str] = ()
    pictures: Sequence[tuple[int, int]] = ()
    raw: bytes = b""


def pdf(*sheets: Sheet, mapped: bool = True, more: dict[str, str] | None = None) -> bytes:
    """A PDF with a Type0 font whose codes are numbers of glyphs, as Word and WPS write it.

    With `mapped` it has a /ToUnicode map, in which `more` replaces characters; pictures are drawn from streams without
    real content, since nobody unpacks them.
    """
    letters = sorted({letter for sheet in sheets for line in sheet.lines for letter in line})
    codes = {letter: number for number, letter in enumerate(letters, 1)}
    changed = more or {}
    rows = "\n".join(
        f"<{code:04X}> <{changed.get(letter, letter).encode('utf-16-be').hex()}>" for letter, code in codes.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{rows}\nendbfchar\nendcmap end end"
    )
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the page tree: known at the end
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] "
        + (b"/ToUnicode 5 0 R " if mapped else b"")
        + b">>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(cmap.encode()),
    ]
    kids = []
    for sheet in sheets:
        drawn = [
            f"BT /F1 12 Tf 1 0 0 1 72 {760 - 20 * number} Tm <{''.join(f'{codes[letter]:04X}' for letter in line)}> Tj ET"
            for number, line in enumerate(sheet.lines)
        ]
        names = []
        for number, (width, height) in enumerate(sheet.pictures):
            objects.append(
                _stream(b"\0", f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 ")
            )
            names.append(f"/P{number} {len(objects)} 0 R")
            drawn.append(f"q 100 0 0 100 0 0 cm /P{number} Do Q")
        objects.append(_stream("\n".join(drawn).encode() + b"\n" + sheet.raw))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> /XObject << {' '.join(names)} >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return assemble(objects)


def _stream(content: bytes, more: str = "") -> bytes:
    return f"<< {more}/Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def assemble(objects: Sequence[bytes]) -> bytes:
    """The bytes of a PDF of these objects, the first of which is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return bytes(out) + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def word(*paragraphs: str) -> bytes:
    """A Word file of paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def sheet(*rows: Sequence[object]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def slides(*titles: str) -> bytes:
    """A presentation of title slides."""
    deck = pptx.Presentation()
    for title in titles:
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = title
    return saved(deck)


class Saves(Protocol):
    """A document of any of the libraries."""

    def save(self, target: Any, /) -> None:
        """Write its file."""


def saved(document: Saves) -> bytes:
    """The bytes that a library's document saves."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def rewrite(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """An Office file in which one part's XML is changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return target.getvalue()


LINE = "各地区各部门要认真落实政府信息公开条例的各项规定不断提高公开的质量"
"""A line of a PDF that reaches the right edge."""

SCAN = (1654, 2339)
"""The pixels of a scanned page."""

OFFICE = {"docx": word("公开内容"), "xlsx": sheet(["公开内容"]), "pptx": slides("公开内容")}
DATA = {**OFFICE, "pdf": pdf(Sheet(["公开内容"])), "csv": "公开内容".encode()}
"""A file of each type that can have words."""
