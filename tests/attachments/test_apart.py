"""Attachments read in a process apart: what goes beyond its allowances is ended, told and over; nothing is left running."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest
from tiny import TinySite

from attachments.papers import DATA, assemble
from attachments.test_text import attach
from portal.attachments.apart import Reader
from portal.attachments.limits import Limits
from portal.attachments.reading import Text, read_text
from portal.attachments.text import TextCache

LOW = Limits(least=1, per_mib=0, patience=60)


def bomb(pages: int = 5000, count: int = 1_000_000) -> bytes:
    """A PDF whose pages draw the same numbers, which takes a second or so for each page and million."""
    numbers = b"0 " * count
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    return assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(numbers), numbers),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R /Resources << /Font << /F 9999 0 R >> >> >>"] * pages,
    ])  # fmt: skip


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The source of a library that the process finds in place of pypdf; this process does not."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder / "pypdf.py"


def pid(reader: Reader) -> int:
    """The number of the process."""
    assert reader._process is not None
    return reader._process.pid


def is_running(number: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def refusal(text: Text) -> str:
    """The refusal of a file that was not read to its end."""
    assert text.blocks == ()
    assert text.refusal is not None
    assert text.refusal[0] == "attachment-too-complex"
    assert "“甲.pdf”" in text.refusal[1]
    return text.refusal[1]


def test_one_process_reads_each_type_as_it_is_read_here() -> None:
    """Words and refusals are those of read_text, from one process for all files; it is gone when the context ends."""
    with Reader() as reader:
        for ending, data in DATA.items():
            for each in (data, data[: len(data) // 2]):
                assert reader.read("甲", ending, each) == read_text("甲", ending, each)
        first = pid(reader)
        reader.read("甲.pdf", "pdf", DATA["pdf"])
        assert pid(reader) == first
    assert not is_running(first)


def test_a_file_that_takes_for_ever_is_ended_and_the_next_one_is_read() -> None:
    """Time of the processor is limited, whatever a library does with it: that is lasting, and stands in the way of none."""
    with Reader(LOW) as reader:
        text = reader.read("甲.pdf", "pdf", bomb())
        assert "读了 1 分钟还没有读完" in refusal(text)
        assert text.lasting
        assert reader.read("乙.pdf", "pdf", DATA["pdf"]) == Text(("公开内容",), None)


def test_the_time_is_that_of_one_file() -> None:
    """Files that together take more than one may are all read by one process."""
    data = bomb(1, 100_000)
    with Reader(LOW) as reader:
        found = set()
        began = os.times().children_user
        for _ in range(12):
            assert reader.read("甲.pdf", "pdf", data).lasting
            found.add(pid(reader))
    assert os.times().children_user - began > 2
    assert len(found) == 1


def test_a_file_that_waits_for_ever_is_ended(library: Path) -> None:
    """A process that uses no time of the processor is ended by the clock on the wall; the next build tries again."""
    library.write_text("import time; time.sleep(60)\n")
    with Reader(Limits(least=1, per_mib=0, patience=1)) as reader:
        text = reader.read("甲.pdf", "pdf", DATA["pdf"])
        assert "还没有读完" in refusal(text)
        assert not text.lasting
        assert reader.read("乙.csv", "csv", DATA["csv"]).blocks == ("公开内容",)


@pytest.mark.parametrize("fate", ["os.abort()", "os.kill(os.getpid(), 9)", "os._exit(0)", "raise MemoryError"])
def test_a_process_that_dies_or_has_no_memory_is_no_end_of_the_build(library: Path, fate: str) -> None:
    """A crash in a library, the kernel's out-of-memory killer, and memory beyond the limit: told, and tried again."""
    library.write_text(f"import os; {fate}\n")
    with Reader() as reader:
        text = reader.read("甲.pdf", "pdf", DATA["pdf"])
        assert "中断" in refusal(text)
        assert not text.lasting
        assert reader.read("乙.csv", "csv", DATA["csv"]).blocks == ("公开内容",)


def test_memory_is_limited() -> None:
    """What needs more memory than a file may have is refused; the same file is read where it may have more."""
    data = b"," * 20_000_000 + "\n公开内容".encode()
    with Reader(Limits(memory=128 * 1024 * 1024)) as reader:
        assert "中断" in refusal(reader.read("甲.pdf", "csv", data))
    with Reader() as reader:
        text = reader.read("甲.pdf", "csv", data)
        assert text.refusal is not None
        assert text.refusal[0] == "attachment-too-large"


def test_what_a_library_prints_is_no_answer(library: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither Python's nor C's output gets between the answers; and what cannot be imported is raised as such."""
    library.write_text("import os; print('x' * 99, flush=True); os.write(1, b'y' * 99); raise ImportError('weg')\n")
    with Reader() as reader:
        with pytest.raises(ImportError, match="weg"):
            reader.read("甲.pdf", "pdf", DATA["pdf"])
        assert reader.read("乙.csv", "csv", DATA["csv"]).blocks == ("公开内容",)
    assert "xxx" in capfd.readouterr().err


@pytest.mark.parametrize("failure", ["raise AttributeError('weg')", "raise SyntaxError('weg')"])
def test_a_library_that_fails_while_it_is_imported_is_a_broken_installation(library: Path, failure: str) -> None:
    """Two versions that do not fit each other say it by any error; no file is blamed."""
    library.write_text(failure)
    with Reader() as reader, pytest.raises(ImportError, match="weg"):
        reader.read("甲.pdf", "pdf", DATA["pdf"])


def test_an_exhausted_machine_is_said_to_be_one(library: Path) -> None:
    """Where no file can be opened any more the build stops, as it does when that happens to itself."""
    library.write_text("import errno; raise OSError(errno.EMFILE, 'Too many open files')\n")
    with Reader() as reader, pytest.raises(OSError, match="Too many open files"):
        reader.read("甲.pdf", "pdf", DATA["pdf"])


def test_a_process_that_does_not_start_is_a_broken_installation(library: Path) -> None:
    """Then no file could be read, and none is to blame."""
    (library.parent / "portal.py").write_text("raise SystemExit(1)\n")
    with Reader() as reader, pytest.raises(ImportError, match="启动不了"):
        reader.read("甲.pdf", "pdf", DATA["pdf"])


def test_a_process_that_ended_while_it_had_nothing_to_do_is_replaced() -> None:
    """The next file is read by another one."""
    with Reader() as reader:
        reader.read("甲.csv", "csv", DATA["csv"])
        os.kill(pid(reader), signal.SIGKILL)
        os.waitid(os.P_PID, pid(reader), os.WEXITED | os.WNOWAIT)
        assert reader.read("乙.csv", "csv", DATA["csv"]).blocks == ("公开内容",)


def test_ctrl_c_leaves_nothing_running(library: Path) -> None:
    """The process is in a session of its own, which Ctrl+C does not reach: the context ends it, in the middle of a file."""
    library.write_text("import time; time.sleep(60)\n")
    seen: list[int] = []
    reader = Reader()
    reader.read("甲.csv", "csv", DATA["csv"])

    def interrupt(_: int, __: FrameType | None) -> None:
        seen.append(pid(reader))
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt), reader:
            reader.read("甲.pdf", "pdf", DATA["pdf"])
    finally:
        signal.signal(signal.SIGALRM, before)
    (number,) = seen
    assert not is_running(number)


def test_what_took_too_much_time_is_not_tried_again(tiny: TinySite, tmp_path: Path) -> None:
    """The refusal is kept by the content, under the name that is asked for: the next build spends no time."""
    file, path = attach(tiny, "甲.pdf", bomb())
    with Reader(LOW) as reader:
        fresh = TextCache(tmp_path / "cache", reader.read).text(file, path)
        refusal(fresh)
        assert TextCache(tmp_path / "cache", lambda *_: pytest.fail("read again")).text(file, path) == fresh


def test_what_may_go_better_is_tried_again(tiny: TinySite, tmp_path: Path, library: Path) -> None:
    """A process that was killed says nothing of the file: it is not kept, and the words are there once it can be read."""
    file, path = attach(tiny, "甲.pdf", DATA["pdf"])
    library.write_text("import os; os.abort()\n")
    with Reader() as reader:
        refusal(TextCache(tmp_path / "cache", reader.read).text(file, path))
    assert not (tmp_path / "cache").exists()
    library.unlink()
    with Reader() as reader:
        assert TextCache(tmp_path / "cache", reader.read).text(file, path).blocks == ("公开内容",)


def test_a_site_is_built_around_a_file_that_cannot_be_read(
    tiny: TinySite, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build succeeds, with a reminder at the place that names the file; a build that has all texts starts no process,
    and pictures need none."""
    library.write_text("import os; os.abort()\n")
    tiny.file("a.pdf", DATA["pdf"])
    tiny.file("b.csv", DATA["csv"])
    tiny.news("n", 附件=[{"文件": "a.pdf", "标题": "甲"}, {"文件": "b.csv", "标题": "乙"}])
    ((place, code),) = [(str(each.place), each.code) for each in tiny.build().problems if "a.pdf" in each.what]
    assert place.startswith("content/news/n.md:")
    assert code == "attachment-too-complex"
    library.unlink()
    assert not [each for each in tiny.build().problems if "a.pdf" in each.what]
    monkeypatch.setattr(Reader, "_started", lambda _: pytest.fail("started"))
    tiny.build()


def test_libraries_are_loaded_in_the_process_alone() -> None:
    """What a library does to the process that it runs in, it does to none that builds."""
    program = (
        "import sys\nfrom portal.build import engine\nfrom portal.attachments.apart import Reader\n"
        f"with Reader() as reader:\n    assert reader.read('a', 'pdf', {DATA['pdf']!r}).blocks\n"
        "print(sorted({'pypdf', 'docx', 'openpyxl', 'pptx'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("size", "seconds"), [(0, 300), (14_000, 300), (5 * 1024 * 1024, 600), (100 * 1024 * 1024, 1200)]
)
def test_a_larger_file_may_take_more_time(size: int, seconds: int) -> None:
    """A bomb is small; a file of thousands of pages is not."""
    assert Limits().seconds(size) == seconds
