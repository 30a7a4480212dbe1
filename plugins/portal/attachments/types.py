"""The types of file that can be published, each known by its ending and its first bytes.

A type without an entry here cannot be published: nobody could read what is hidden in it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileType:
    """A type: the ending, its media type, the name that people use, and how its bytes begin (empty: text)."""

    ending: str
    media_type: str
    label: str
    signatures: tuple[bytes, ...] = ()


_ZIP = (b"PK\x03\x04",)
_OFFICE = "application/vnd.openxmlformats-officedocument."

TYPES: dict[str, FileType] = {
    kind.ending: kind
    for kind in (
        FileType("pdf", "application/pdf", "PDF", (b"%PDF-",)),
        FileType("docx", _OFFICE + "wordprocessingml.document", "Word", _ZIP),
        FileType("xlsx", _OFFICE + "spreadsheetml.sheet", "Excel", _ZIP),
        FileType("pptx", _OFFICE + "presentationml.presentation", "PPT", _ZIP),
        FileType("csv", "text/csv", "CSV"),
        FileType("png", "image/png", "PNG", (b"\x89PNG\r\n\x1a\n",)),
        FileType("jpg", "image/jpeg", "JPG", (b"\xff\xd8\xff",)),
    )
}
TYPES["jpeg"] = TYPES["jpg"]

OLD_TYPES = {"doc": "docx", "xls": "xlsx", "ppt": "pptx", "wps": "docx", "et": "xlsx", "dps": "pptx"}
"""Old Office and WPS files and the type that they are saved as instead."""


def type_of(name: str) -> FileType | None:
    """The type by the file's ending, or None."""
    return TYPES.get(name.rsplit(".", 1)[-1].lower()) if "." in name else None


def matches(kind: FileType, head: bytes) -> bool:
    """Whether a file's first bytes are those of its type; text must hold no NUL."""
    if kind.signatures:
        return head.startswith(kind.signatures)
    return b"\0" not in head
