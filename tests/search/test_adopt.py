"""A folder of the cache in the site: copied whole and checked, or not at all."""

from pathlib import Path

import pytest

from portal.build.manifest import Manifest, to_bytes
from portal.build.staging import Damaged, Staging, staged
from portal.search.sums import Sums, sum_of
from search.reading import files

HELD = {"a/one": b"1", "a/two": bytes(100_000), "three": b""}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder of the cache."""
    for name, data in HELD.items():
        path = tmp_path / "cache" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "cache"


def _sums() -> Sums:
    return {name: sum_of(data) for name, data in HELD.items()}


def _in_site() -> dict[str, bytes]:
    return {f"s/x/{name}": data for name, data in HELD.items()}


def _release(folder: Path, **others: bytes) -> Manifest:
    staging = Staging(folder)
    for path, data in others.items():
        staging.put(path, data)
    found = staging.finish()
    folder.with_name(f"{folder.name}.manifest").write_bytes(to_bytes(found))
    return found


def test_files_are_copied_and_noted(source: Path, tmp_path: Path) -> None:
    """The site has the same bytes in other files; each is claimed as it lies there, and the folder as a whole."""
    staging = Staging(tmp_path / "new")
    staging.adopt("s/x", source, "f", _sums)
    found = staging.finish()
    assert files(tmp_path / "new") == _in_site()
    assert sorted(found.files) == sorted(_in_site())
    for path, entry in found.files.items():
        status = (tmp_path / "new" / path).stat()
        assert (entry.size, entry.mtime_ns, status.st_nlink) == (status.st_size, status.st_mtime_ns, 1)
    assert (found.folders["s/x"].fingerprint, found.folders["s/x"].names) == (b"f", sorted(HELD))


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("damage", [b"0", b"", b"10", None], ids=["other", "empty", "longer", "gone"])
def test_a_damaged_file_is_not_taken_over(source: Path, tmp_path: Path, name: str, damage: bytes | None) -> None:
    """Then nothing is claimed and nothing is left, and the folder can be taken over once it is whole again."""
    if damage == HELD[name]:
        damage = b"1"
    path = source / name
    path.unlink() if damage is None else path.write_bytes(damage)
    staging = Staging(tmp_path / "new")
    with pytest.raises(Damaged) as caught:
        staging.adopt("s/x", source, "f", _sums)
    assert caught.value.name == name
    assert list(staging) == []
    assert files(tmp_path / "new") == {}
    path.write_bytes(HELD[name])
    staging.adopt("s/x", source, "f", _sums)
    assert files(tmp_path / "new") == _in_site()


def test_without_files_nothing_is_taken_over(source: Path, tmp_path: Path) -> None:
    """Nobody knows what belongs to it."""
    with pytest.raises(FileNotFoundError, match="cache"):
        Staging(tmp_path / "new").adopt("s/x", source, "f", dict)


def test_an_address_is_claimed_once(source: Path, tmp_path: Path) -> None:
    """Neither the folder, nor a file in it, nor one that stands where it belongs, nor a folder outside the site."""
    for path in ("s/x", "s/x/three", "s/x/other"):
        staging = Staging(tmp_path / path.replace("/", "-"))
        staging.put(path, b"mine")
        with pytest.raises(ValueError, match="two pages"):
            staging.adopt("s/x", source, "f", _sums)
        assert (staging.folder / path).read_bytes() == b"mine"
    staging = Staging(tmp_path / "new")
    with pytest.raises(ValueError, match="outside"):
        staging.adopt("../x", source, "f", _sums)
    staging.adopt("s/x", source, "f", _sums)
    with pytest.raises(ValueError, match="two pages"):
        staging.put("s/x/three", b"")


@pytest.mark.parametrize("there", ["s", "s/x", "s/x/three", "s/x/old", "s/x/a"])
def test_what_the_last_site_had_there_is_replaced(source: Path, tmp_path: Path, there: str) -> None:
    """A file where the folder belongs, or above it, and other files in it."""
    held = _release(tmp_path / "1", **{there: b"old"})
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        staging.adopt("s/x", source, "f", _sums)
        assert sorted(staging.finish().files) == sorted(_in_site())
    assert files(tmp_path / "2") == _in_site()
    assert files(tmp_path / "1") == {there: b"old"}


def test_what_was_not_touched_stays_and_is_not_asked_about(source: Path, tmp_path: Path) -> None:
    """The same folder as in the last site is neither copied nor looked up; one in which somebody wrote is copied anew."""
    staging = Staging(tmp_path / "1")
    staging.adopt("s/x", source, "f", _sums)
    held = staging.finish()
    with staged(tmp_path / "2", tmp_path / "1", held) as staging:
        staging.adopt("s/x", tmp_path / "none", "f", lambda: pytest.fail("asked"))
        assert staging.finish() == held
    assert (tmp_path / "1/s/x/three").samefile(tmp_path / "2/s/x/three")
    (tmp_path / "1/s/x/a/one").write_bytes(b"?")
    with staged(tmp_path / "3", tmp_path / "1", held) as staging:
        staging.adopt("s/x", source, "f", _sums)
        staging.finish()
    assert files(tmp_path / "3") == _in_site()
    assert files(source) == HELD
