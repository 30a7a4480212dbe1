"""Sums of stored files: what was written is read, and nothing else."""

import random
from pathlib import Path

import pytest

from portal.search.sums import SUMS, read_checked, read_sums, seal, sum_of, unseal, write_sums


def test_what_was_sealed_is_read() -> None:
    """The data comes out as it went in, an empty one, too."""
    for data in (b"", b"\0", b"abc" * 1000):
        assert unseal(seal(data)) == data


def test_a_damaged_seal_is_refused() -> None:
    """One bit anywhere, a byte more or less, nothing at all."""
    sealed = seal(random.Random("seal").randbytes(40))
    for place in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(ValueError, match="sealed"):
            unseal(bytes(flipped))
    for damaged in (b"", b"\0\0\0", sealed[:-1], sealed + b"\0", bytes(len(sealed))):
        with pytest.raises(ValueError, match="sealed"):
            unseal(damaged)


def test_files_are_held_against_their_sums(tmp_path: Path) -> None:
    """A file is read as it was written, else refused; so is one that nobody noted, and a list that is damaged."""
    (tmp_path / "a").write_bytes(b"one")
    write_sums(tmp_path, {"b": sum_of(b""), "a": sum_of(b"one")})
    sums = read_sums(tmp_path)
    assert list(sums) == ["a", "b"]
    assert read_checked(tmp_path, "a", sums) == b"one"
    (tmp_path / "a").write_bytes(b"two")
    with pytest.raises(ValueError, match="damaged"):
        read_checked(tmp_path, "a", sums)
    with pytest.raises(FileNotFoundError):
        read_checked(tmp_path, "b", sums)
    (tmp_path / "c").write_bytes(b"")
    with pytest.raises(KeyError):
        read_checked(tmp_path, "c", sums)
    for damaged in (b"", seal(b"\x01"), seal(b"\x81\xa1a\x01")):
        (tmp_path / SUMS).write_bytes(damaged)
        with pytest.raises(ValueError, match=r"sealed|xpected"):
            read_sums(tmp_path)
