"""The files that records name: read, checked and hashed."""

import hashlib
import os
from pathlib import Path

import pytest
from tiny import TinySite

from attachments.test_types import HEADS
from portal.attachments import files
from portal.attachments.files import File, by_name, named_files, read_files
from portal.attachments.types import OLD_TYPES
from portal.markup.prose import EMPTY
from portal.problems import Problem
from portal.records.types import Attachment, Origin, PressRelease, Status


def check(tiny: TinySite, *names: str) -> tuple[dict[str, File], list[Problem]]:
    """Read the files that one record names as attachments, past the reader's own check of names."""
    attachments = tuple(Attachment.model_construct(file=name, title="甲") for name in names)
    record = PressRelease.model_construct(
        attachments=attachments, body=EMPTY, image=None, status=Status.PUBLISHED, origin=Origin("content/news/a.md")
    )
    return read_files(tiny.root, [record])


def refusal(tiny: TinySite, name: str) -> Problem:
    """Why one file is refused."""
    found, problems = check(tiny, name)
    assert found == {}
    assert len(problems) == 1
    return problems[0]


@pytest.mark.parametrize("ending", HEADS)
def test_a_file_of_each_type_is_read(tiny: TinySite, ending: str) -> None:
    """A right file has its size, its SHA-256 and its type."""
    tiny.file(f"2026/a.{ending}", HEADS[ending])
    found, problems = check(tiny, f"2026/a.{ending}")
    assert problems == []
    file = found[f"2026/a.{ending}"]
    assert (file.size, file.sha256) == (len(HEADS[ending]), hashlib.sha256(HEADS[ending]).hexdigest())
    assert file.label
    assert "/" in file.media_type


def test_the_address_follows_from_the_bytes() -> None:
    """The address has twelve characters of the hash and the file's own name, percent-encoded, without its folders."""
    file = File("2026/附件 1.pdf", 1, "0123456789abcdef" * 4, "pdf")
    assert file.path == "files/0123456789ab/附件 1.pdf"
    assert file.url == "/files/0123456789ab/%E9%99%84%E4%BB%B6%201.pdf"
    assert file.media_type == "application/pdf"


def test_a_missing_file_is_reported_with_the_nearest_name(tiny: TinySite) -> None:
    """A file that is not there is a problem where it is named, and a file of a similar name is suggested."""
    tiny.file("2026/附件一.pdf")
    tiny.news("a", 附件=[{"文件": "2026/附件1.pdf", "标题": "甲"}])
    _, (problem,) = read_files(tiny.root, tiny.read().values())
    assert (problem.code, problem.field, str(problem.place)) == ("missing-file", "附件", "content/news/a.md:8:7")
    assert "content/files/2026/附件1.pdf" in problem.what
    assert "（您是不是要写“2026/附件一.pdf”？）" in problem.what


def test_a_name_in_the_wrong_case_is_missing(tiny: TinySite) -> None:
    """Names count as they are written, since the server tells them apart; the right one is suggested."""
    tiny.file("2026/Plan.PDF")
    problem = refusal(tiny, "2026/plan.pdf")
    assert problem.code == "missing-file"
    assert "“2026/Plan.PDF”" in problem.what
    assert check(tiny, "2026/Plan.PDF")[1] == []


def test_without_a_folder_of_files_a_file_is_missing(tiny: TinySite) -> None:
    """A site that has no content/files/ yet gets the same problem."""
    (tiny.root / "content/files").rmdir()
    assert refusal(tiny, "a.pdf").code == "missing-file"


def test_a_folder_is_no_file(tiny: TinySite) -> None:
    """A folder, with whatever ending, is not a file."""
    (tiny.root / "content/files/a.pdf").mkdir()
    assert refusal(tiny, "a.pdf").code == "missing-file"


@pytest.mark.parametrize("name", ["../secret.pdf", "a/../../secret.pdf", "../../content/secret.pdf"])
def test_nothing_outside_the_folder_is_read(tiny: TinySite, name: str) -> None:
    """A path that climbs out of content/files/ is a missing file, though there is one."""
    tiny.write("content/secret.pdf", HEADS["pdf"])
    tiny.file("a/b.pdf")
    assert refusal(tiny, name).code == "missing-file"


def test_an_absolute_path_is_not_read(tiny: TinySite) -> None:
    """A path from the root of the machine is a missing file."""
    outside = tiny.write("secret.pdf", HEADS["pdf"])
    assert refusal(tiny, str(outside)).code == "missing-file"


def test_a_folder_beside_the_files_is_outside(tiny: TinySite) -> None:
    """A folder whose name begins as content/files does is not below it."""
    tiny.write("content/files-old/a.pdf", HEADS["pdf"])
    assert refusal(tiny, "../files-old/a.pdf").code == "missing-file"


def test_a_symbolic_link_does_not_lead_out(tiny: TinySite) -> None:
    """A link to a file or a folder elsewhere is a missing file; one within the folder is followed."""
    outside = tiny.write("private/secret.pdf", HEADS["pdf"])
    folder = tiny.root / "content/files"
    tiny.file("right.pdf")
    (folder / "file.pdf").symlink_to(outside)
    (folder / "dir").symlink_to(outside.parent)
    (folder / "within.pdf").symlink_to(folder / "right.pdf")
    (folder / "broken.pdf").symlink_to(folder / "no.pdf")
    for name in ("file.pdf", "dir/secret.pdf", "broken.pdf"):
        assert refusal(tiny, name).code == "missing-file"
    assert check(tiny, "within.pdf")[1] == []


def test_the_folder_itself_may_be_a_link(tiny: TinySite, tmp_path: Path) -> None:
    """A site whose content/files is a link to a large disk works."""
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "a.pdf").write_bytes(HEADS["pdf"])
    (tiny.root / "content/files").rmdir()
    (tiny.root / "content/files").symlink_to(disk)
    assert check(tiny, "a.pdf")[1] == []


@pytest.mark.parametrize("name", ["a\0b.pdf", "长" * 200 + ".pdf", "a/" * 3000 + "a.pdf"])
def test_a_name_that_no_file_can_have_is_missing(tiny: TinySite, name: str) -> None:
    """A name too long or with impossible characters is a missing file, not the end of the build."""
    assert refusal(tiny, name).code == "missing-file"


@pytest.mark.parametrize("ending", OLD_TYPES)
def test_an_old_office_file_is_told_what_to_become(tiny: TinySite, ending: str) -> None:
    """For old Office and WPS files the remedy is 另存为 and the new type."""
    tiny.file(f"a.{ending.upper()}", b"\xd0\xcf\x11\xe0")
    problem = refusal(tiny, f"a.{ending.upper()}")
    assert problem.code == "file-type"
    assert f"另存为 {OLD_TYPES[ending]}" in problem.remedy


@pytest.mark.parametrize("name", ["a.zip", "a.svg", "a.html", "a", "a.pdf.exe", ".htaccess"])
def test_other_types_cannot_be_published(tiny: TinySite, name: str) -> None:
    """A file of another type is refused with the list of those that can be published."""
    tiny.file(name, b"PK\x03\x04")
    problem = refusal(tiny, name)
    assert problem.code == "file-type"
    assert "csv、docx、jpg、pdf、png、pptx、xlsx" in problem.remedy


def test_an_empty_file_is_refused(tiny: TinySite) -> None:
    """A file without bytes is said to be empty, whatever its type."""
    for name in ("a.pdf", "a.csv"):
        tiny.file(name, b"")
        assert refusal(tiny, name).code == "file-empty"


@pytest.mark.parametrize(("name", "head"), [("a.pdf", "docx"), ("a.docx", "pdf"), ("a.png", "jpg"), ("a.csv", "xlsx")])
def test_a_file_that_was_only_renamed_is_refused(tiny: TinySite, name: str, head: str) -> None:
    """A file whose bytes are not of the type that its ending names is refused."""
    tiny.file(name, HEADS[head])
    problem = refusal(tiny, name)
    assert problem.code == "file-content"
    assert "另存为" in problem.remedy


def test_a_file_may_be_as_large_as_the_limit(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte more than the limit is refused."""
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    tiny.file("a.pdf", b"%PDF-67890")
    tiny.file("b.pdf", b"%PDF-678901")
    assert check(tiny, "a.pdf")[1] == []
    assert refusal(tiny, "b.pdf").code == "file-size"


def test_a_file_is_read_once_and_reported_wherever_it_is_named(tiny: TinySite) -> None:
    """Two records that name one file share it, and a refused file is a problem at each place that names it."""
    tiny.file("a.pdf")
    for name in ("x", "y"):
        tiny.news(name, "[甲](files/no.pdf)", 附件=[{"文件": "a.pdf", "标题": "甲"}])
    found, problems = read_files(tiny.root, tiny.read().values())
    assert list(found) == ["a.pdf"]
    assert [str(problem.place) for problem in problems] == ["content/news/x.md:12:1", "content/news/y.md:12:1"]
    assert {problem.field for problem in problems} == {"正文"}


def test_a_record_names_files_in_attachments_picture_and_body(tiny: TinySite) -> None:
    """Each named file has its place and the field that names it."""
    tiny.news(
        "a", "甲\n\n乙![丙](files/c.png)[丁](https://a.cn)",
        附件=[{"文件": "a.pdf", "标题": "甲"}], 题图={"文件": "b.jpg", "替代文字": "乙"},
    )  # fmt: skip
    assert [(name, str(place()), field) for name, field, place in named_files(tiny.read()["a"])] == [
        ("a.pdf", "content/news/a.md:8:7", "附件"),
        ("b.jpg", "content/news/a.md:11:7", "题图"),
        ("c.png", "content/news/a.md:17:2", "正文"),
    ]


def test_a_body_gets_the_addresses_of_its_files() -> None:
    """Each file that a body names and that can be published is paired with its address, once."""
    held = {"a.pdf": File("a.pdf", 1, "a" * 64, "pdf"), "b.pdf": File("b.pdf", 1, "b" * 64, "pdf")}
    assert by_name(held, ["a.pdf", "no.pdf", "a.pdf"]) == (("a.pdf", f"/files/{'a' * 12}/a.pdf"),)


def test_reading_does_not_depend_on_the_current_folder(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site in another folder is read there, by a relative path too."""
    tiny.file("a.pdf")
    monkeypatch.chdir(tiny.root.parent)
    relative = Path(os.path.relpath(tiny.root))
    record = PressRelease.model_construct(
        attachments=(Attachment(file="a.pdf", title="甲"),), body=EMPTY, image=None, origin=Origin("a.md")
    )
    assert list(read_files(relative, [record])[0]) == ["a.pdf"]


def test_two_files_for_one_address_are_refused(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Different bytes whose hashes begin alike, under one name, are a problem of the second; the same bytes are not."""
    monkeypatch.setattr(File, "path", property(lambda file: f"files/000000000000/{file.base_name}"))
    tiny.file("1/a.pdf", b"%PDF-one")
    tiny.file("2/a.pdf", b"%PDF-two")
    tiny.file("3/a.pdf", b"%PDF-one")
    found, (problem,) = check(tiny, "1/a.pdf", "2/a.pdf", "3/a.pdf")
    assert set(found) == {"1/a.pdf", "3/a.pdf"}
    assert problem.code == "file-address"
    assert "2/a.pdf" in problem.what
    assert "1/a.pdf" in problem.what


def test_hints_list_the_folder_once_and_end(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many files are missing, the folder is listed once, and only the first twenty are compared with it."""
    tiny.file("2026/a00.pdf")
    listed: list[object] = []
    rglob = Path.rglob

    def count(self: Path, pattern: str) -> object:
        listed.append(self)
        return rglob(self, pattern)

    monkeypatch.setattr(Path, "rglob", count)
    _, problems = check(tiny, *(f"2026/a{number:02d}.pdf" for number in range(1, 40)))
    assert len(problems) == 39
    assert sum("您是不是要写" in problem.what for problem in problems) == 20
    assert len(listed) == 1
