"""Office files as archives: passwords, declarations of document types, markup by any name, archives that grow."""

import io
import zipfile

import pytest

from attachments.papers import OFFICE
from attachments.test_reading import code
from attachments.test_types import HEADS
from portal.attachments import archives
from portal.attachments.reading import Text, read_text

MAIN = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml", "pptx": "ppt/slides/slide1.xml"}


@pytest.mark.parametrize("ending", OFFICE)
def test_a_password_is_a_problem(ending: str) -> None:
    """Office encrypts into an old container; an encrypted archive is none that anybody can open."""
    for data in (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        OFFICE[ending].replace(b"\x14\0\0\0", b"\x14\0\1\0"),
    ):
        assert code(ending, data) == "attachment-unreadable"
    assert "密码" in str(read_text("a", ending, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).refusal)


@pytest.mark.parametrize("ending", OFFICE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_are_refused_before_any_parser(ending: str, encoding: str) -> None:
    """A document type declaration, the way to entities that grow without end, makes a file unreadable."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(OFFICE[ending])) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == MAIN[ending]:
                body = content.decode().split("?>", 1)[-1]
                bomb = '<!ENTITY a "哈哈"><!ENTITY b "&a;&a;">'
                content = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{bomb}]>{body}'.encode(encoding)
            new.writestr(name, content)
    assert code(ending, target.getvalue()) == "attachment-unreadable"


def renamed(data: bytes, old: str, new: str, head: bytes = b"") -> bytes:
    """A Word file whose part has another name, said wherever parts are named, and `head` before its content."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == old:
                content = head + content.split(b"?>", 1)[1]
            elif name.endswith((".rels", "[Content_Types].xml")):
                content = content.replace(old.encode(), new.encode())
            changed.writestr(new if name == old else name, content)
    return target.getvalue()


@pytest.mark.parametrize("part", ["word/document.dat", "word/media/image1.png", "word/embeddings/a.bin", "word/a"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"\n" * 5000])
def test_markup_under_another_name_is_markup(part: str, head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries find parts by relations, whatever they are called: what begins like markup is checked like markup."""
    data = renamed(OFFICE["docx"], "word/document.xml", part, head)
    assert read_text("a.docx", "docx", data).blocks == ("公开内容",)
    bomb = renamed(OFFICE["docx"], "word/document.xml", part, head + b'<!DOCTYPE x [<!ENTITY a "b">]>')
    assert code("docx", bomb) == "attachment-unreadable"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(part).file_size
        named = sum(each.file_size for each in archive.infolist() if each.filename.endswith((".xml", ".rels")))
    monkeypatch.setattr(archives, "MAX_XML", named + size - 1)
    assert code("docx", data) == "attachment-too-large"


def test_pictures_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures do not count as markup, and a drawing may have the document type that programs wrote before SVG 2."""
    data = io.BytesIO(OFFICE["docx"])
    with zipfile.ZipFile(data) as archive:
        monkeypatch.setattr(archives, "MAX_XML", sum(each.file_size for each in archive.infolist()) + 1000)
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.png", HEADS["png"] + bytes(100_000) + b"<!DOCTYPE")
        archive.writestr(
            "word/media/b.svg", '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ""><svg/>'
        )
    assert read_text("a.docx", "docx", data.getvalue()) == Text(("公开内容",), None)


def test_a_document_under_the_name_of_a_drawing_declares_no_entities() -> None:
    """The document type of drawings is let through for any part of such a name, but never what can grow."""
    part = "word/media/image1.svg"
    for head in (b"", b'<!DOCTYPE svg PUBLIC "a" "b">'):
        assert read_text("a", "docx", renamed(OFFICE["docx"], MAIN["docx"], part, head)).blocks == ("公开内容",)
    bomb = renamed(OFFICE["docx"], MAIN["docx"], part, b'<!DOCTYPE svg [<!ENTITY a "b">]>')
    assert code("docx", bomb) == "attachment-unreadable"


@pytest.mark.parametrize("ending", OFFICE)
@pytest.mark.parametrize("limit", ["MAX_UNPACKED", "MAX_XML", "MAX_PARTS"])
def test_an_archive_that_grows_is_not_unpacked(ending: str, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and number of parts are known before anything is unpacked."""
    monkeypatch.setattr(archives, limit, 3)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    assert code(ending, OFFICE[ending]) == "attachment-too-large"


def test_a_real_bomb_is_refused() -> None:
    """A megabyte that unpacks to three hundred is refused at once."""
    target = io.BytesIO(OFFICE["docx"])
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/a.bin", "w") as part:
        for _ in range(310):
            part.write(bytes(1024 * 1024))
    assert len(target.getvalue()) < 1024 * 1024
    assert code("docx", target.getvalue()) == "attachment-too-large"
