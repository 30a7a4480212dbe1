"""The words of PDFs."""

import io
from typing import Any

import pypdf
import pytest

from attachments.papers import LINE, SCAN, Sheet, assemble, pdf
from portal.attachments import pdf as reader
from portal.attachments.reading import Text, read_text

STAMP = (400, 400)


def read(data: bytes) -> Text:
    """The text of a PDF."""
    return read_text("2026/甲.pdf", "pdf", data)


def code(data: bytes) -> str:
    """Why a PDF has not all of its text."""
    refusal = read(data).refusal
    assert refusal is not None
    return refusal[0]


def test_chinese_text_is_read_through_the_map_of_its_font() -> None:
    """Codes that are numbers of glyphs become the characters that /ToUnicode names."""
    assert read(pdf(Sheet(["关于印发管理办法的通知"]))) == Text(("关于印发管理办法的通知",), None)


def test_a_scan_is_said_to_be_one() -> None:
    """Pages of pictures without text, or with a page number alone, are a scan."""
    data = pdf(Sheet(pictures=[SCAN]), Sheet(["2"], [SCAN]))
    assert read(data).blocks == ()
    assert code(data) == "attachment-scanned"
    assert "“2026/甲.pdf”整份是扫描件" in str(read(data).refusal)


def test_the_scanned_pages_are_named() -> None:
    """Text on the first page is read, and the pages that are pictures are counted up."""
    text = read(pdf(Sheet([LINE]), *[Sheet(pictures=[SCAN])] * 3, Sheet([LINE]), Sheet(pictures=[(1654, 200)] * 12)))
    assert text.blocks == (LINE + LINE,)
    assert text.refusal is not None
    assert text.refusal[0] == "attachment-scanned"
    assert "第 2—4、6 页" in text.refusal[1]


def test_stamps_and_figures_are_no_scan() -> None:
    """A stamp beside text, a stamp on a page of its own, a large picture under text, and a blank page are no problem."""
    pages = Sheet([LINE], [STAMP]), Sheet(["盖章"], [STAMP]), Sheet([LINE], [SCAN]), Sheet()
    assert read(pdf(*pages)).refusal is None


def test_a_picture_that_is_only_listed_does_not_count() -> None:
    """Programs list all pictures of a file with each page; only drawn ones make a scan."""
    data = pdf(Sheet([LINE]), Sheet(["二"], [SCAN]))
    assert read(data.replace(b"/P0 Do", b"/Px Do")).refusal is None


def test_a_picture_within_a_form_or_the_page_counts() -> None:
    """Scanners put the picture into a form, or into the page's own content."""
    inline = b"q 595 0 0 842 0 0 cm BI /W 1654 /H 2339 /BPC 1 /CS /G ID \x00\x00 EI Q"
    assert code(pdf(Sheet(raw=inline))) == "attachment-scanned"
    form = assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
        b"<< /Length 5 >>\nstream\n/F Do\nendstream",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I 6 0 R >> >> /Length 5 >>\n"
        b"stream\n/I Do\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width 1654 /Height 2339 /Length 1 >>\nstream\n0\nendstream",
    ])  # fmt: skip
    assert code(form) == "attachment-scanned"


def test_an_empty_pdf_is_a_problem() -> None:
    """Neither words nor pictures: a blank file, or words turned into curves."""
    assert code(pdf(Sheet(raw=b"0 0 m 100 100 l S"))) == "attachment-without-text"


def test_a_text_layer_without_a_map_is_garbled() -> None:
    """Numbers of glyphs are no words, whatever characters they happen to be."""
    data = pdf(Sheet([LINE]), mapped=False)
    assert read(data).blocks == ()
    assert code(data) == "attachment-garbled"


@pytest.mark.parametrize("algorithm", ["RC4-128", "RC4-40"])
def test_a_password_is_a_problem_and_a_mere_restriction_is_not(algorithm: str) -> None:
    """What the public cannot open is refused; a file that opens without a password is read."""
    writer = pypdf.PdfWriter(pypdf.PdfReader(io.BytesIO(pdf(Sheet([LINE])))))
    writer.encrypt("geheim", "besitzer", algorithm=algorithm)
    locked = io.BytesIO()
    writer.write(locked)
    assert code(locked.getvalue()) == "attachment-unreadable"
    assert "密" in str(read(locked.getvalue()).refusal)

    writer = pypdf.PdfWriter(pypdf.PdfReader(io.BytesIO(pdf(Sheet([LINE])))))
    writer.encrypt("", "besitzer", algorithm=algorithm)
    restricted = io.BytesIO()
    writer.write(restricted)
    assert read(restricted.getvalue()).blocks == (LINE,)


def test_encryption_that_cannot_be_undone_is_said() -> None:
    """AES needs a library that the portal does not have: the remedy is to take the protection off."""
    data = pdf(Sheet([LINE])).replace(
        b"trailer <<",
        b"trailer << /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] /Encrypt << /Filter"
        b" /Standard /V 4 /R 4 /Length 128 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /StmF /StdCF /StrF /StdCF"
        b" /CF << /StdCF << /CFM /AESV2 /AuthEvent /DocOpen /Length 16 >> >> >>",
    )  # fmt: skip
    assert code(data) == "attachment-unreadable"
    assert "加了密" in str(read(data).refusal)


def test_only_so_many_pages_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first pages of a very long file are searched, and the editor learns where that ends."""
    monkeypatch.setattr(reader, "MAX_PAGES", 2)
    text = read(pdf(*[Sheet([LINE + "。"])] * 3))
    assert text.blocks == (LINE + "。",) * 2
    assert text.refusal is not None
    assert text.refusal[0] == "attachment-too-large"
    assert "共 3 页" in text.refusal[1]
    assert "第 2 页" in text.refusal[1]


def test_forms_that_draw_forms_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten forms, each drawing the next ten times, are ten thousand million operations; a file has fewer."""
    monkeypatch.setattr(reader, "MAX_OPERATIONS", 500)
    followed: list[bytes] = []
    operation = reader._Watch.operation

    def count(watch: reader._Watch, operator: bytes, *more: object) -> None:
        followed.append(operator)
        operation(watch, operator, *more)

    monkeypatch.setattr(reader._Watch, "operation", count)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
        b"<< /Length 5 >>\nstream\n/F Do\nendstream",
    ]  # fmt: skip
    body = b"/F Do " * 10
    for number in range(10):
        objects.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {number + 6} 0 R >> >> ".encode()
            + f"/Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"
        )  # fmt: skip
    objects.append(b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 1 >>\nstream\nn\nendstream")
    assert code(assemble(objects)) == "attachment-too-large"
    assert len(followed) < 500 + 20


def test_a_broken_page_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page on which the library fails is named; the others are searched."""
    extract = pypdf.PageObject.extract_text

    def fail(page: pypdf.PageObject, **options: Any) -> str:
        text = extract(page, **options)
        if "坏" in text:
            raise RecursionError
        return text

    monkeypatch.setattr(pypdf.PageObject, "extract_text", fail)
    text = read(pdf(Sheet(["甲。"]), Sheet(["坏"]), Sheet(["乙"])))
    assert text.blocks == ("甲。", "乙")
    assert text.refusal is not None
    assert text.refusal[0] == "attachment-unreadable"
    assert "第 2 页" in text.refusal[1]
