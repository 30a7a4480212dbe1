"""What stored files were when they were written, so that no damage is published: a list of sums in each folder.

Against accidents (a disk, a power cut, an editor that wrote through a link), not against attackers: CRC-32 finds them.
"""

import zlib
from pathlib import Path

import msgspec

Sum = tuple[int, int]
"""The length of a file and its CRC-32."""

Sums = dict[str, Sum]
"""The files below a folder: path and sum."""

SUMS = "sums"
"""Beside the files of a folder: what each is."""

_DECODER = msgspec.msgpack.Decoder(Sums)


def sum_of(data: bytes) -> Sum:
    """The sum of a file that holds these bytes."""
    return len(data), zlib.crc32(data)


def seal(data: bytes) -> bytes:
    """The data after its own checksum, for a file that is in no list."""
    return zlib.crc32(data).to_bytes(4, "big") + data


def unseal(sealed: bytes) -> bytes:
    """The data that was sealed. Raises ValueError."""
    data = sealed[4:]
    if seal(data) != sealed:
        raise ValueError("not what was sealed")
    return data


def write_sums(folder: Path, sums: Sums) -> None:
    """Note what the files of a folder are."""
    (folder / SUMS).write_bytes(seal(msgspec.msgpack.encode(dict(sorted(sums.items())))))


def read_sums(folder: Path) -> Sums:
    """What the files of a folder were when they were written. Raises OSError, and ValueError where the list is damaged."""
    return _DECODER.decode(unseal((folder / SUMS).read_bytes()))


def read_checked(folder: Path, name: str, sums: Sums) -> bytes:
    """A file as it was written. Raises OSError, KeyError, and ValueError where it is damaged."""
    data = (folder / name).read_bytes()
    if sum_of(data) != sums[name]:
        raise ValueError(f"{folder / name} is damaged")
    return data
