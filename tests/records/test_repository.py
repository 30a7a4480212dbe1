"""The files of a site's folder."""

import os
from pathlib import Path

import pytest
from tiny import TinySite

from portal import HOME
from portal.problems import Problem, render
from portal.records.repository import index_numbers, read_repository, source_files


def found(tiny: TinySite) -> list[tuple[str, str]]:
    """Code and path of each problem beside a right record; each must block, and be printable."""
    tiny.news("right")
    repository = read_repository(tiny.root)
    assert [record.id for record in repository.records] == ["right"]
    return [brief(problem) for problem in repository.problems]


def brief(problem: Problem) -> tuple[str, str]:
    """Code and path; the problem must have a remedy and be such that any terminal and any file takes it."""
    assert problem.remedy
    for form in ("text", "json", "github"):
        render([problem], form).encode()
    assert problem.place.path.isprintable()
    return problem.code, problem.place.path


def test_records_and_words_are_read_from_the_folder(tiny: TinySite) -> None:
    """Every kind is read from its folder, sorted by path, along with the vocabulary."""
    tiny.entry("b")
    tiny.entry("a")
    tiny.news("c")
    tiny.page("d")
    tiny.interpretation("e", of="a")
    repository = read_repository(tiny.root)
    assert repository.problems == ()
    assert repository.vocabulary is not None
    assert [record.key for record in repository.records] == [
        ("entry", "a"), ("entry", "b"), ("interpretation", "e"), ("news", "c"), ("page", "d"),
    ]  # fmt: skip


def test_an_empty_site_is_a_problem(tiny: TinySite) -> None:
    """A folder without records stops with its sentence, not with an empty site."""
    repository = read_repository(tiny.root)
    assert [problem.code for problem in repository.problems] == ["empty-site"]


def test_a_folder_that_is_no_site_is_a_problem(tiny: TinySite) -> None:
    """An unrelated folder lacks its vocabulary and its records, and all of it is said."""
    codes = [problem.code for problem in read_repository(tiny.root / "content/files").problems]
    assert codes == ["missing-file"] * 5 + ["empty-site"]


def test_a_record_that_cannot_be_read_does_not_hide_the_others(tiny: TinySite) -> None:
    """The right records are returned beside the problems of the wrong one."""
    tiny.news("a")
    tiny.write("content/news/b.md", b"\xff")
    repository = read_repository(tiny.root)
    assert [record.id for record in repository.records] == ["a"]
    assert [str(problem.place) for problem in repository.problems] == ["content/news/b.md:1:1"]


@pytest.mark.parametrize(
    "path",
    [
        "content/files/a.md", "content/files/2026/a.md", "content/news/.a.md", "content/news/.drafts/a.md",
        "content/news/a.md~", "content/news/.a.md.swp", "content/news/a.md.orig", "content/news/#a.md#",
        "content/news/~$a.docx", "content/news/Thumbs.db", "content/news/desktop.ini", "content/news/.DS_Store", "catalog/organs.yaml", "catalog/redirects.yaml",
        "catalog/published.tsv", "catalog/workdays/2026.yaml",
    ],
)  # fmt: skip
def test_what_is_no_record_is_not_read_as_one(tiny: TinySite, path: str) -> None:
    """Attachments, hidden and backup files and the vocabularies are no records."""
    right = {"catalog/organs.yaml": tiny.root / "catalog/organs.yaml", "catalog/workdays/2026.yaml": HOME / path}
    tiny.write(path, right[path].read_bytes() if path in right else "甲")
    assert list(source_files(tiny.root)) == []
    assert [problem.code for problem in read_repository(tiny.root).problems if "redirects" not in path] in (
        ["empty-site"], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    "path", ["content/a.md", "content/other/a.md", "catalog/entries2/a.yaml", "catalog/Entries/a.md", "catalog/other/a.md",
             "content/filesystem/a.md"],
)  # fmt: skip
def test_a_record_in_a_wrong_folder_is_a_problem(tiny: TinySite, path: str) -> None:
    """A file where no record belongs is not dropped silently."""
    tiny.write(path, "---\n标题: 甲\n---\n正文")
    assert found(tiny) == [("unknown-folder", path)]


def test_a_misspelt_vocabulary_is_a_problem(tiny: TinySite) -> None:
    """A file of catalog/ that is no vocabulary is reported with the nearest one, and where entries belong."""
    tiny.write("catalog/organ.yaml", "[]")
    tiny.news("right")
    (problem,) = read_repository(tiny.root).problems
    assert brief(problem) == ("unknown-file", "catalog/organ.yaml")
    assert "organs.yaml" in problem.what
    assert "catalog/entries/" in problem.remedy


@pytest.mark.parametrize("folder", ["content/news", "content", "content/pages/sub", "catalog/entries/2026"])
@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.csv", "a.pdf", "README", "a.md.bak", "a.markdown", "公告.TXT"])
def test_another_type_of_file_among_the_records_stops_the_build(tiny: TinySite, folder: str, name: str) -> None:
    """What an editor may believe to be published is said not to be, with the two places where it can go."""
    tiny.write(f"{folder}/{name}", b"PK\x03\x04\xff")
    tiny.news("right")
    (problem,) = read_repository(tiny.root).problems
    assert brief(problem) == ("file-type", f"{folder}/{name}")
    assert problem.severity.value == "阻断"
    assert ".md" in problem.remedy
    assert "content/files/" in problem.remedy


@pytest.mark.parametrize(("name", "right"), [("a.MD", "a.md"), ("a.Yaml", "a.yaml")])
def test_an_ending_in_capitals_is_a_problem_with_the_right_name(tiny: TinySite, name: str, right: str) -> None:
    """A record under an ending in capitals is not read, and the remedy names the name to give it."""
    tiny.write(f"content/news/{name}", "---\n标题: 甲\n---\n正文")
    tiny.news("right")
    (problem,) = read_repository(tiny.root).problems
    assert brief(problem) == ("file-type", f"content/news/{name}")
    assert right in problem.remedy


def test_a_link_that_leads_nowhere_is_a_problem(tiny: TinySite) -> None:
    """A broken link, a link to itself and a pipe among the records are told, and end no reading."""
    (tiny.root / "content/news/a.md").symlink_to("nowhere.md")
    (tiny.root / "content/news/b.md").symlink_to("b.md")
    (tiny.root / "catalog/entries/c.md").symlink_to("/no/such/file")
    os.mkfifo(tiny.root / "content/pages/d.md")
    assert found(tiny) == [
        ("unreadable", "catalog/entries/c.md"), ("unreadable", "content/news/a.md"),
        ("unreadable", "content/news/b.md"), ("unreadable", "content/pages/d.md"),
    ]  # fmt: skip
    assert index_numbers(tiny.root) == []


def test_a_vocabulary_that_is_a_broken_link_is_named_and_not_called_missing(tiny: TinySite) -> None:
    """Where the lists cannot be read, that is the one problem: nobody is sent to make a new site."""
    path = tiny.root / "catalog/themes.yaml"
    path.unlink()
    path.symlink_to("nowhere.yaml")
    assert found(tiny) == [("unreadable", "catalog/themes.yaml")]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_may_not_be_read_is_a_problem(
    tiny: TinySite, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    """Missing permission and a failing disk are told at the file; the others are read."""
    right = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "a.md":
            raise error
        return right(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    tiny.news("a")
    assert found(tiny) == [("unreadable", "content/news/a.md")]


def test_a_folder_that_may_not_be_read_is_a_problem(tiny: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The records of a closed folder are not silently left out."""
    right = os.scandir

    def scan(path: str | Path) -> object:
        if str(path).endswith("pages"):
            raise PermissionError(13, "Permission denied", str(path))
        return right(path)

    monkeypatch.setattr(os, "scandir", scan)
    assert found(tiny) == [("unreadable", "content/pages")]


def test_a_name_that_is_not_utf_8_is_a_problem_that_can_be_printed(tiny: TinySite) -> None:
    """Names in GBK, as archives from Windows leave them, and names with control characters are shown escaped."""
    news = os.fsencode(tiny.root / "content/news")
    for name in ("公告.md".encode("gb18030"), "通\n知.md".encode(), "丙\x1b[31m.txt".encode()):
        Path(os.fsdecode(news + b"/" + name)).write_text("甲", encoding="utf-8")
    os.mkdir(news + b"/\xff")
    Path(os.fsdecode(news + b"/\xff/a.md")).write_text("甲", encoding="utf-8")
    assert set(found(tiny)) == {
        ("file-name", r"content/news/\xb9\xab\xb8\xe6.md"), ("file-name", r"content/news/通\n知.md"),
        ("file-name", r"content/news/丙\x1b[31m.txt"), ("file-name", r"content/news/\xff/a.md"),
    }  # fmt: skip


@pytest.mark.parametrize("folder", ["content/news/2026", "content/notices", "catalog/entries/2025"])
def test_a_linked_folder_is_a_problem(tiny: TinySite, tmp_path: Path, folder: str) -> None:
    """A folder that is a link is not followed, and the editor is told that nothing in it is published."""
    (tmp_path / "outside").mkdir()
    (tiny.root / folder).symlink_to(tmp_path / "outside")
    assert found(tiny) == [("linked-folder", folder)]


def test_attachments_may_lie_behind_a_link(tiny: TinySite, tmp_path: Path) -> None:
    """content/files may be a link to where an office keeps its large files; hidden links concern nobody."""
    (tiny.root / "content/files").rmdir()
    (tiny.root / "content/files").symlink_to(tmp_path)
    (tiny.root / "content/.drafts").symlink_to(tmp_path)
    assert found(tiny) == []
