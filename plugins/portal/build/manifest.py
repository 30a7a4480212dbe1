"""What a built site consists of, file by file: the fingerprint of everything that each was made from, and how it lies there.

Beside a release, not in it. By it the next build knows which files it need not make again, and notices one that somebody
touched. A manifest that is missing, damaged or of another format only means that everything is made again.
"""

import zlib
from pathlib import Path

import msgspec

_FORMAT = b"portal-manifest-2\n"


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """A file: the fingerprint of what it was made from, its size in bytes, and its modification time."""

    fingerprint: bytes
    size: int
    mtime_ns: int


class Folder(msgspec.Struct, array_like=True, frozen=True):
    """A folder that was taken over whole: the fingerprint of its contents, and the names below it."""

    fingerprint: bytes
    names: list[str]


class Manifest(msgspec.Struct, array_like=True, frozen=True):
    """Files by path, and folders that were taken over whole by theirs; files of these are among the files, too."""

    files: dict[str, Entry] = msgspec.field(default_factory=dict)
    folders: dict[str, Folder] = msgspec.field(default_factory=dict)
    is_checked: bool = False
    """Whether all links of its pages were found to lead somewhere."""


_decoder = msgspec.msgpack.Decoder(Manifest)


def to_bytes(manifest: Manifest) -> bytes:
    """The manifest with a checksum before it."""
    data = msgspec.msgpack.encode(manifest)
    return _FORMAT + zlib.crc32(data).to_bytes(4, "big") + data


def from_bytes(data: bytes) -> Manifest:
    """The manifest, or an empty one where the bytes are not whole, or nothing of the kind."""
    head, body = data[: len(_FORMAT) + 4], data[len(_FORMAT) + 4 :]
    if head == _FORMAT + zlib.crc32(body).to_bytes(4, "big"):
        try:
            return _decoder.decode(body)
        except msgspec.DecodeError:
            pass
    return Manifest()


def path_of(release: Path) -> Path:
    """Where the manifest of a release stands."""
    return release.with_name(f"{release.name}.manifest")


def read(release: Path) -> Manifest:
    """The manifest of a release; an empty one where there is none."""
    try:
        return from_bytes(path_of(release).read_bytes())
    except OSError:
        return Manifest()
