"""What a site consists of, as it is noted beside a release: whole, or as if there were none."""

from pathlib import Path
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.build.manifest import Entry, Folder, Manifest, from_bytes, path_of, read, to_bytes

PATHS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
ENTRIES = st.builds(Entry, st.binary(max_size=16), st.integers(0, 2**40), st.integers(-(2**63), 2**63 - 1))
FOLDERS = st.builds(Folder, st.binary(max_size=16), st.lists(PATHS, max_size=3))
MANIFESTS = st.builds(
    Manifest, st.dictionaries(PATHS, ENTRIES, max_size=4), st.dictionaries(PATHS, FOLDERS, max_size=2), st.booleans()
)

SOME = Manifest({"a/b": Entry(b"f", 1, 2)}, {"a": Folder(b"g", ["b"])}, is_checked=True)
"""A manifest that has something of everything."""


@given(MANIFESTS)
def test_a_manifest_comes_back_as_it_was(manifest: Manifest) -> None:
    """Every field of any manifest, and whether its links were checked."""
    assert from_bytes(to_bytes(manifest)) == manifest


@given(MANIFESTS, st.data())
def test_a_flipped_bit_is_noticed(manifest: Manifest, data: st.DataObject) -> None:
    """Wherever it is: then nothing is known of the release."""
    told = bytearray(to_bytes(manifest))
    told[data.draw(st.integers(0, len(told) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert from_bytes(bytes(told)) == Manifest()


@given(MANIFESTS, st.data())
def test_a_piece_of_a_manifest_is_none(manifest: Manifest, data: st.DataObject) -> None:
    """Cut off anywhere, with more behind it, or with bytes of another in it: then nothing is known of the release."""
    told = to_bytes(manifest)
    cut = data.draw(st.integers(0, len(told) - 1))
    assert from_bytes(told[:cut]) == Manifest()
    assert from_bytes(told + data.draw(st.binary(min_size=1, max_size=4))) == Manifest()
    assert from_bytes(told[:cut] + b"\0" * 8 + told[cut + 8 :]) in (Manifest(), manifest)


@given(st.binary(max_size=64))
def test_other_bytes_are_no_manifest(data: bytes) -> None:
    """Whatever else stands there is taken for nothing, and raises nothing."""
    assert from_bytes(data) == Manifest()


@pytest.mark.parametrize(
    "other", [{"a": 1}, [], [{"a/b": ["f", 1, 2]}, {}, True], [{"a": [b"f", 1]}, {}], b"\xc1", None]
)
def test_a_checksum_does_not_make_a_manifest(other: object) -> None:
    """Data of another shape is taken for nothing, though it is whole."""
    told = to_bytes(SOME)
    begin = len(told) - len(msgspec.msgpack.encode(SOME)) - 4
    body = other if isinstance(other, bytes) else msgspec.msgpack.encode(other)
    found = from_bytes(told[:begin] + crc32(body).to_bytes(4, "big") + body)
    assert found == Manifest()


@pytest.mark.parametrize("head", [b"portal-manifest-1\n", b"portal-manifest-3\n", b""])
def test_a_manifest_of_another_format_is_none(head: bytes) -> None:
    """What an older or newer portal wrote is not guessed at."""
    told = to_bytes(SOME)
    assert from_bytes(head + told[len(b"portal-manifest-2\n") :]) == Manifest()


def test_links_count_as_unchecked_unless_somebody_says_so() -> None:
    """A manifest of a site of which nothing was checked does not claim that it was."""
    assert not Manifest().is_checked
    assert not from_bytes(to_bytes(Manifest(SOME.files))).is_checked


def test_manifests_do_not_share_what_they_hold() -> None:
    """An empty manifest that is filled fills no other."""
    Manifest().files["a"] = Entry(b"", 0, 0)
    Manifest().folders["a"] = Folder(b"", [])
    assert Manifest() == Manifest({}, {})


def test_it_stands_beside_the_release(tmp_path: Path) -> None:
    """Not in it, where the public would see it; and each release has its own."""
    (tmp_path / "12").mkdir()
    path_of(tmp_path / "12").write_bytes(to_bytes(SOME))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["12.manifest"]
    assert read(tmp_path / "12") == SOME
    assert read(tmp_path / "1") == Manifest()


def test_where_there_is_no_file_there_is_no_manifest(tmp_path: Path) -> None:
    """A file that is missing, a folder in its place, and a damaged one are all the same: everything is made again."""
    assert read(tmp_path / "1") == Manifest()
    path_of(tmp_path / "1").mkdir()
    assert read(tmp_path / "1") == Manifest()
    path_of(tmp_path / "2").write_bytes(to_bytes(SOME)[:-1])
    assert read(tmp_path / "2") == Manifest()
