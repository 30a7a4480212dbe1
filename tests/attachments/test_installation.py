"""A library of the readers that is missing or broken: said to whoever runs a command, and no fault of a file."""

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny import NOW, TinySite

from attachments.papers import DATA
from portal import clock
from portal.attachments import text
from portal.attachments.apart import Reader
from portal.attachments.files import read_files
from portal.attachments.text import TextCache
from portal.cli import main
from portal.problems import ProblemsFound

PLACE = "content/files/a.pdf:1:1"


def not_importable(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """pypdf cannot be imported by the process that reads."""
    folder.mkdir()
    (folder / "pypdf.py").write_text("raise ImportError('pypdf')")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def not_installed(monkeypatch: pytest.MonkeyPatch, _: Path) -> None:
    """pypdf is not among what pip knows to be installed."""

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    text._readers.cache_clear()
    monkeypatch.setattr(text, "version", missing)


@pytest.mark.parametrize("broken", [not_importable, not_installed])
@pytest.mark.parametrize(
    "command", [["check"], ["build"], ["build", "--diff"], ["publish", "--no-commit"]], ids=" ".join
)
def test_a_missing_library_is_told_with_what_to_do(
    tiny: TinySite,
    tmp_path: Path,
    command: list[str],
    broken: Callable[[pytest.MonkeyPatch, Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each command that reads attachments ends with exit code 1 and says what is missing, that the file is not to blame,
    and that `make setup` mends it; there is no traceback, nothing is published, and nothing is kept."""
    tiny.file("a.pdf", DATA["pdf"])
    tiny.news("n", 附件=[{"文件": "a.pdf", "标题": "甲"}])
    monkeypatch.setattr(clock, "read", lambda: NOW)
    monkeypatch.chdir(tiny.root)
    monkeypatch.syspath_prepend(str(tiny.root))
    monkeypatch.delitem(sys.modules, "pelicanconf", raising=False)
    broken(monkeypatch, tmp_path / "broken")
    result = CliRunner().invoke(main, command)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 1
    assert f"{PLACE} 阻断" in result.output
    assert "pypdf" in result.output
    assert "make setup" in result.output
    assert "Traceback" not in result.output
    assert not tiny.output.exists()
    assert not (tiny.root / ".cache/attachments").exists()


def test_a_whole_installation_reads_the_file_again(
    tiny: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be read is not remembered: after `make setup` the words are there."""
    path = tiny.file("a.pdf", DATA["pdf"])
    tiny.news("n", 附件=[{"文件": "a.pdf", "标题": "甲"}])
    file = read_files(tiny.root, tiny.read().values())[0]["a.pdf"]
    with Reader() as reader:
        cache = TextCache(tmp_path / "cache", reader.read)
        with monkeypatch.context() as broken:
            not_importable(broken, tmp_path / "broken")
            with pytest.raises(ProblemsFound, match="pypdf"):
                cache.text(file, path)
        assert cache.text(file, path).blocks == ("公开内容",)
