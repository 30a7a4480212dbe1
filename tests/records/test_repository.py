"""The files of a site's folder."""

import pytest
from tiny import TinySite

from portal.records.repository import read_repository, source_files


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
        "content/news/a.md~", "content/news/.a.md.swp", "catalog/organs.yaml", "catalog/redirects.yaml",
        "catalog/published.tsv", "catalog/workdays/2026.yaml",
    ],
)  # fmt: skip
def test_what_is_no_record_is_not_read_as_one(tiny: TinySite, path: str) -> None:
    """Attachments, hidden and backup files and the vocabularies are no records."""
    tiny.write(path, "甲")
    assert list(source_files(tiny.root)) == []


@pytest.mark.parametrize(
    "path",
    ["content/a.md", "content/other/a.md", "catalog/organ.yaml", "catalog/entries2/a.yaml", "content/filesystem/a.md"],
)
def test_a_record_in_a_wrong_folder_is_a_problem(tiny: TinySite, path: str) -> None:
    """A file where no record belongs, or a misspelt vocabulary, is not dropped silently."""
    tiny.write(path, "---\n标题: 甲\n---\n正文")
    assert [(p.code, p.place.path) for p in read_repository(tiny.root).problems] == [("unknown-folder", path)]


@pytest.mark.parametrize("name", ["a.MD", "a.docx", "a.yml", "a"])
def test_another_type_of_file_among_the_records_is_not_dropped(tiny: TinySite, name: str) -> None:
    """A file of another type among the records gives a problem."""
    tiny.write(f"content/news/{name}", b"PK\x03\x04\xff")
    assert [problem.place.path for problem in read_repository(tiny.root).problems] == [f"content/news/{name}"]
