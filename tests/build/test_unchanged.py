"""Attachments that were read before: when a file is read again, and when it is not."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.attachments.files import File
from portal.attachments.refusals import Refusal
from portal.build import unchanged
from portal.build.unchanged import PATH, Unchanged

NAME = "content/files/a.pdf"


class Read:
    """Reads a file of a site through notes of its own each time, and counts how often it is read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / NAME
        self.count = 0
        self.path.parent.mkdir(parents=True)
        self.write("甲乙丙")

    def write(self, words: str) -> None:
        """Other words in the very file."""
        self.path.write_text(words, encoding="utf-8")
        time.sleep(0.02)  # longer than a tick

    def content(self) -> File | Refusal:
        """As the attachments' own reader: a file without words is refused."""
        self.count += 1
        words = self.path.read_text("utf-8")
        return File("a.pdf", len(words.encode()), words, "pdf") if words else ("file-empty", "空", "换")

    def __call__(self, read: Callable[[], File | Refusal] | None = None) -> str:
        """What is in it, and how often it was read for that."""
        notes = Unchanged(self.root)
        before = self.count
        found = notes.read(self.path, read or self.content)
        notes.save()
        return f"{found.sha256 if isinstance(found, File) else found[0]} {self.count - before}"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A file that was read once."""
    read = Read(tmp_path / "site")
    assert read() == "甲乙丙 1"
    return read


def test_a_file_that_has_not_changed_is_not_read(read: Read) -> None:
    """Nor written down again, however often it is asked for; a site that is moved is the same."""
    noted = (read.root / PATH).stat()
    assert [read(), read()] == ["甲乙丙 0"] * 2
    assert (read.root / PATH).stat() == noted
    read.root.rename(read.root.with_name("moved"))
    read.root = read.root.with_name("moved")
    read.path = read.root / NAME
    assert read() == "甲乙丙 0"


@pytest.mark.parametrize("kept", ["size", "size and mtime", "size, mtime and inode"])
def test_other_words_of_the_same_length_are_read(read: Read, kept: str) -> None:
    """Whatever else is as it was noted, a time that no program sets back tells."""
    before = read.path.stat()
    if "inode" not in kept:
        shutil.copyfile(read.path, read.path.with_name("copy"))
        os.replace(read.path.with_name("copy"), read.path)
    read.write("丁乙丙")
    if "mtime" in kept:
        os.utime(read.path, ns=(0, before.st_mtime_ns))
    assert read.path.stat().st_size == before.st_size
    assert read().startswith("丁乙丙 1")


def test_a_file_that_is_written_in_the_tick_of_the_reading_is_not_noted(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could be written once more with the same times."""
    read.write("丁乙丙")
    with monkeypatch.context() as coarse:
        coarse.setattr(unchanged, "tick", lambda _: read.path.stat().st_mtime_ns)
        assert [read(), read()] == ["丁乙丙 1"] * 2
    assert [read(), read()] == ["丁乙丙 1", "丁乙丙 0"]


def test_a_file_that_changes_while_it_is_read_is_not_noted(read: Read) -> None:
    """What was found may be of neither state."""
    read.write("丁乙丙")

    def then_written() -> File | Refusal:
        found = read.content()
        read.write("戊乙丙")
        return found

    assert read(then_written) == "丁乙丙 1"
    assert read() == "戊乙丙 1"


def test_what_is_refused_is_looked_at_each_time(read: Read) -> None:
    """Only what was found right is noted; a file that is gone or comes back is no other case."""
    read.write("")
    assert [read(), read()] == ["file-empty 1"] * 2
    read.write("甲乙丙")
    assert [read(), read()] == ["甲乙丙 1", "甲乙丙 0"]


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "foreign", "a folder"])
def test_notes_that_are_damaged_are_made_anew(read: Read, damage: str) -> None:
    """The file is read, and that is noted where it can be."""
    notes = read.root / PATH
    data = notes.read_bytes()
    notes.unlink()
    match damage:
        case "cut":
            notes.write_bytes(data[:-3])
        case "flipped":
            notes.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        case "foreign":
            notes.write_bytes(b"SQLite format 3\0")
        case "a folder":
            notes.mkdir()
    assert read() == "甲乙丙 1"
    assert read() == ("甲乙丙 1" if damage == "a folder" else "甲乙丙 0")


def test_notes_of_other_code_are_not_believed(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is right by other rules may be wrong by these."""
    monkeypatch.setattr(unchanged, "code_version", lambda: "another")
    assert [read(), read()] == ["甲乙丙 1", "甲乙丙 0"]
