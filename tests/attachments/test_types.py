"""The types of file that can be published."""

import pytest

from portal.attachments.types import OLD_TYPES, TYPES, matches, type_of

HEADS = {
    "pdf": b"%PDF-1.7\n", "docx": b"PK\x03\x04\x14\x00", "xlsx": b"PK\x03\x04\x14\x00", "pptx": b"PK\x03\x04\x14\x00",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00", "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg": b"\xff\xd8\xff\xe1",
    "csv": "甲,乙\r\n1,2\r\n".encode("gbk"),
}  # fmt: skip
"""How a file of each type begins."""


def test_these_types_can_be_published_and_no_other() -> None:
    """The list is closed: a type that nobody can look into is not on it."""
    assert set(TYPES) == set(HEADS)
    assert not set(TYPES) & {"svg", "html", "zip", "exe", "js", *OLD_TYPES}


@pytest.mark.parametrize("ending", HEADS)
def test_a_file_is_of_its_type_by_its_first_bytes(ending: str) -> None:
    """The first bytes of a type are accepted for it, and those of types that begin otherwise are not."""
    kind = TYPES[ending]
    assert matches(kind, HEADS[ending])
    for other, head in HEADS.items():
        if kind.signatures and TYPES[other].signatures != kind.signatures:
            assert not matches(kind, head), other
    if kind.signatures:
        assert not matches(kind, b"")
        assert not matches(kind, b" " + HEADS[ending])
        assert not matches(kind, HEADS[ending][:2])


def test_a_table_of_text_holds_no_binary() -> None:
    """CSV is text in any encoding without NUL: an archive, an image or UTF-16 is none."""
    assert not matches(TYPES["csv"], HEADS["docx"])
    assert not matches(TYPES["csv"], "甲,乙".encode("utf-16"))
    assert matches(TYPES["csv"], "\ufeff甲,乙".encode())


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.pdf", "pdf"), ("2026/附件.1.DOCX", "docx"), ("a.JPEG", "jpg"), ("a.jpg", "jpg"), (".png", "png")],
)
def test_the_ending_names_the_type(name: str, ending: str) -> None:
    """The ending counts in either case, and jpeg is jpg."""
    found = type_of(name)
    assert found is not None
    assert found.ending == ending


@pytest.mark.parametrize("name", ["", "pdf", "a", "a.", "a.pdf.exe", "a.doc", "a.pdf ", "a.svg", "pdf/a"])
def test_another_ending_names_none(name: str) -> None:
    """A name without a known ending has no type."""
    assert type_of(name) is None


def test_old_types_lead_to_types_that_can_be_published() -> None:
    """Every old Office and WPS type has a successor on the list."""
    assert set(OLD_TYPES) == {"doc", "xls", "ppt", "wps", "et", "dps"}
    assert set(OLD_TYPES.values()) <= set(TYPES)
