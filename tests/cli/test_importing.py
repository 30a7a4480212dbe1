"""import article: what an operator types becomes a file inside the site, or a sentence and nothing."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tiny import NOW, TinySite

from portal import clock
from portal.cli import main


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The clock stands, and commands that change the folder change it back."""
    monkeypatch.setattr(clock, "read", lambda: NOW)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def paste(tmp_path: Path) -> Path:
    """A pasted article."""
    path = tmp_path / "paste.txt"
    path.write_text("省科技厅召开会议\n来源：某报\n会议于三月五日召开。\n", encoding="utf-8")
    return path


def article(tiny: TinySite, paste: Path, *options: str) -> Result:
    """Run `portal import article` in the tiny site; a traceback fails the test."""
    return CliRunner().invoke(
        main, ["-C", str(tiny.root), "import", "article", str(paste), *options], catch_exceptions=False
    )


def files(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


def test_an_article_is_written_under_its_id(tiny: TinySite, paste: Path) -> None:
    """A right identifier is the name of the file."""
    done = article(tiny, paste, "--id", "2026-huiyi")
    assert done.exit_code == 0, done.output
    assert set(tiny.read()) == {"2026-huiyi"}


@pytest.mark.parametrize(
    "name", ["../../escaped", "/tmp/escaped", "坏 id", "A", "a_b", "a/b", "page-1", "", "a" * 101, "a\x00", ".."]
)
def test_an_id_that_is_no_address_writes_nothing(tiny: TinySite, paste: Path, name: str) -> None:
    """An identifier that the reader refuses is refused in Chinese, and no file is made anywhere."""
    before = files(tiny.root.parent)
    done = article(tiny, paste, f"--id={name}")
    assert done.exit_code == 1
    assert "编号" in done.output or "控制字符" in done.output
    assert "没有写入任何文件" in done.output
    assert files(tiny.root.parent) == before
    assert not Path("/tmp/escaped.md").exists()


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--title", "长" * 201, "标题"), ("--title", "甲\x07", "标题"), ("--source-url", "www.a.cn", "完整的网址"),
        ("--source", "甲\udcff", "UTF-8"), ("--publisher", "试验厅室", "试验厅"),
    ],
)  # fmt: skip
def test_an_option_that_the_reader_would_refuse_writes_nothing(
    tiny: TinySite, paste: Path, option: str, value: str, word: str
) -> None:
    """A title, source, address or organ that no record may have is refused before a record has it."""
    before = files(tiny.root)
    done = article(tiny, paste, option, value)
    assert done.exit_code == 1
    assert word in done.output
    assert files(tiny.root) == before


def test_a_name_that_is_not_utf_8_is_imported(tiny: TinySite, paste: Path) -> None:
    """A file whose name is in GBK gives a record that can be read, under an identifier from its title."""
    named = Path(os.fsdecode(os.fsencode(paste.parent) + "/会议\n纪要.txt".encode("gb18030")))
    paste.rename(named)
    done = article(tiny, named)
    assert done.exit_code == 0, done.output
    assert len(tiny.read()) == 1


@pytest.mark.parametrize("text", [b"- \xff", b"a: b", b"- ["])
def test_regulations_need_lists_that_can_be_read(tiny: TinySite, tmp_path: Path, text: bytes) -> None:
    """A broken list stops the import before anything is written: the words of the entries could not be added to it."""
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws/护士条例(2020-03-27).md").write_text(
        "# 护士条例\n\n<!-- INFO END -->\n\n第一条 为了甲，制定本条例。\n", encoding="utf-8"
    )
    tiny.write("catalog/themes.yaml", text)
    before = tiny.tree(tiny.root)
    command = ["-C", str(tiny.root), "import", "regulations", str(tmp_path / "laws")]
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 1
    assert "portal check" in done.output
    assert tiny.tree(tiny.root) == before
