"""The edge: folders and files."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from portal.imports.article import ArticleSettings
from portal.imports.findings import Unreadable
from portal.imports.folders import held_by, import_article, import_regulations, read_source

WHEN = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001
LATER = datetime(2026, 6, 1, 9, 30)  # noqa: DTZ001
TEXT = "# 护士条例\n\n<!-- INFO END -->\n\n第一条 为了甲，制定本条例。\n\n第二条 本条例自公布之日起施行。\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with two versions of one regulation."""
    folder = tmp_path / "source"
    folder.mkdir()
    for day in ("2008-01-31", "2020-03-27"):
        (folder / f"护士条例({day}).md").write_text(TEXT, encoding="utf-8")
    return folder


def files(site: Path) -> dict[str, bytes]:
    """All files of a site."""
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def test_a_second_import_changes_nothing(source: Path, tmp_path: Path) -> None:
    """The same bytes, though it is later: the date of first publication stays."""
    site = tmp_path / "site"
    first = import_regulations(source, site, WHEN).report
    before = files(site)
    assert sorted(before) == sorted(first.written)
    again = import_regulations(source, site, LATER).report
    assert (again.written, again.kept, len(again.unchanged)) == ((), (), 2)
    assert files(site) == before


def test_a_new_file_leaves_the_others_alone(source: Path, tmp_path: Path) -> None:
    """A newer version is added and linked; the older files keep their bytes."""
    site = tmp_path / "site"
    import_regulations(source, site, WHEN)
    before = files(site)
    (source / "护士条例(2023-07-20).md").write_text(TEXT, encoding="utf-8")
    report = import_regulations(source, site, LATER).report
    assert report.written == ("catalog/entries/2023/hstl-20230720.md",)
    assert before.items() <= files(site).items()


def test_an_editor_s_change_is_not_overwritten(source: Path, tmp_path: Path) -> None:
    """It is reported, and a changed source rewrites only what nobody touched."""
    site = tmp_path / "site"
    import_regulations(source, site, WHEN)
    mine = site / "catalog/entries/2020/hstl-20200327.md"
    mine.write_text(mine.read_text("utf-8").replace("为了甲", "为了乙"), encoding="utf-8")
    for path in source.iterdir():
        path.write_text(TEXT.replace("为了甲", "为了丙"), encoding="utf-8")
    report = import_regulations(source, site, LATER).report
    assert report.kept == ("catalog/entries/2020/hstl-20200327.md",)
    assert report.written == ("catalog/entries/2008/hstl-20080131.md",)
    assert "为了乙" in mine.read_text("utf-8")


def test_an_id_of_another_record_is_not_taken(source: Path, tmp_path: Path) -> None:
    """The office's own entry keeps its address."""
    own = tmp_path / "site/catalog/entries/2020/hstl-20200327.md"
    own.parent.mkdir(parents=True)
    own.write_text("---\n标题: 本厅文件\n---\n", encoding="utf-8")
    assert held_by(tmp_path / "site").other_ids == {"hstl-20200327"}
    import_regulations(source, tmp_path / "site", WHEN)
    assert own.read_text("utf-8") == "---\n标题: 本厅文件\n---\n"


def test_files_that_cannot_be_read_are_counted(source: Path, tmp_path: Path) -> None:
    """A wrong encoding or name is a finding; the others are imported."""
    (source / "甲(2001-01-01).md").write_bytes("# 甲\n乙".encode("gb18030"))
    (source / "无日期.md").write_text(TEXT, encoding="utf-8")
    seen = []
    report = import_regulations(
        source, tmp_path / "site", WHEN, progress=lambda n, total: seen.append((n, total))
    ).report
    assert (report.files, report.entries) == (4, 2)
    assert {f.file for f in report.findings} >= {"甲(2001-01-01).md", "无日期.md"}
    assert seen[-1] == (4, 4)


def test_an_article_is_written_once(tmp_path: Path) -> None:
    """Again unchanged, and kept when an editor took it over."""
    paste = tmp_path / "a.txt"
    paste.write_text("标题\n来源：某报\n正文。\n", encoding="utf-8")
    site = tmp_path / "site"
    settings = ArticleSettings("示例省科学技术厅")
    assert import_article(paste, site, WHEN, settings)[1:] == ("content/news/a.md", "written")
    assert import_article(paste, site, LATER, settings)[2] == "unchanged"
    with (site / "content/news/a.md").open("a", encoding="utf-8") as file:
        file.write("编辑加的一段。\n")
    assert import_article(paste, site, LATER, settings)[2] == "kept"


def test_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    """UTF-8 only, said in Chinese."""
    path = tmp_path / "a.txt"
    path.write_bytes("甲\n".encode() + "乙".encode("gb18030"))
    with pytest.raises(Unreadable) as error:
        read_source(path)
    assert error.value.finding.line == 2


def test_a_source_that_cannot_be_opened_is_told(source: Path, tmp_path: Path) -> None:
    """A broken link, a folder and a name that is no UTF-8 are findings that can be printed; the others are imported."""
    (source / "断链(2001-01-01).md").symlink_to("nowhere")
    (source / "夹(2001-01-01).md").mkdir()
    (source / os.fsdecode(b"\xd2\xd2.md")).write_text(TEXT, "utf-8")
    report = import_regulations(source, tmp_path / "site", WHEN).report
    assert report.entries == 2
    assert {f.file for f in report.findings} >= {"断链(2001-01-01).md", "夹(2001-01-01).md", r"\xd2\xd2.md"}
    str(report).encode()


def test_broken_links_among_the_entries_do_not_end_an_import(source: Path, tmp_path: Path) -> None:
    """What cannot be read in the site is passed by here; checking the site tells it."""
    folder = tmp_path / "site/catalog/entries/2020"
    folder.mkdir(parents=True)
    (folder / "a.md").symlink_to("nowhere")
    assert import_regulations(source, tmp_path / "site", WHEN).report.entries == 2


def test_an_import_does_not_write_through_a_link(tmp_path: Path) -> None:
    """Where the record's file is a link, what it leads to stays as it is, or absent."""
    paste = tmp_path / "a.txt"
    paste.write_text("标题\n来源：某报\n正文。\n", encoding="utf-8")
    target = tmp_path / "site/content/news/a.md"
    target.parent.mkdir(parents=True)
    target.symlink_to(tmp_path / "outside.md")
    assert import_article(paste, tmp_path / "site", WHEN, ArticleSettings("示例省科学技术厅"))[2] == "kept"
    assert not (tmp_path / "outside.md").exists()
