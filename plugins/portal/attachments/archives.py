"""Office files as archives: what is looked at before a library may unpack and parse one."""

import zipfile
from enum import Enum, auto
from io import BytesIO

MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of an Office file: a small archive can unpack to any size."""

MAX_XML = 100 * 1024 * 1024
"""Bytes of its XML: a parsed tree takes many times as much memory. Forty times what a million characters need."""

MAX_PARTS = 20_000
"""Parts of an Office file."""

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office puts a file with a password into one of these
_MARKUP = (".xml", ".rels", ".vml")
_HEAD = 100  # bytes that show whether a part is markup
_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte-order marks, white space, the zeros of wide encodings
_DOCTYPE, _ENTITY = (
    tuple(word.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))
    for word in ("<!DOCTYPE", "<!ENTITY")
)


class Obstacle(Enum):
    """Why an Office file is not given to its library: a password, its sizes, a document type declaration."""

    LOCKED = auto()
    TOO_LARGE = auto()
    DECLARED = auto()


def obstacle(data: bytes) -> Obstacle | None:
    """Why an Office file is not given to its library, if it is not. Raises what zipfile raises for what is no archive.

    The sizes are those that the archive states; more than these zipfile does not unpack. A document type declaration
    (forbidden by ECMA-376 part 2) is the way to entities that grow.
    """
    if data.startswith(_OLD_CONTAINER):
        return Obstacle.LOCKED
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            return Obstacle.LOCKED
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            return Obstacle.TOO_LARGE
        markup = [part for part in parts if _is_markup(archive, part)]
        if sum(part.file_size for part in markup) > MAX_XML:
            return Obstacle.TOO_LARGE
        for part in markup:
            content = archive.read(part)
            if any(declaration in content for declaration in (_ENTITY if _is_drawing(part) else _DOCTYPE)):
                return Obstacle.DECLARED
    return None


def _is_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part can be parsed as XML. Libraries find parts by relations, whatever their names and folders are."""
    if part.filename.lower().endswith(_MARKUP):
        return True
    if not part.file_size:
        return False
    with archive.open(part) as content:
        head = content.read(_HEAD).lstrip(_BEFORE_MARKUP)
    return not head or head.startswith(b"<")  # white space alone: what follows may be anything


def _is_drawing(part: zipfile.ZipInfo) -> bool:
    """Whether a part is named like an SVG picture, in which a document type is usual; a sheet can be named so, too."""
    return "/media/" in part.filename and part.filename.lower().endswith(".svg")


def holds_pictures(data: bytes) -> bool:
    """Whether an Office file has media: what it shows without words is in them."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return any("/media/" in part for part in archive.namelist())
