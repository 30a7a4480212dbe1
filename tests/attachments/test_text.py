"""The texts of the attachments that records name: the cache, and what editors are told."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from tiny import TinySite

from attachments.papers import LINE, OFFICE, SCAN, Sheet, pdf, word
from attachments.test_reading import FAULTS
from attachments.test_types import HEADS
from portal.attachments import docx, text
from portal.attachments.files import File, read_files
from portal.attachments.reading import read_text
from portal.attachments.text import TextCache, text_problems
from portal.problems import ProblemsFound, Severity


def attach(tiny: TinySite, name: str, data: bytes) -> tuple[File, Path]:
    """A file of a site, read and hashed."""
    path = tiny.file(name, data)
    tiny.news("a", 附件=[{"文件": name, "标题": "甲"}])
    files, problems = read_files(tiny.root, tiny.read().values())
    assert problems == []
    return files[name], path


def no_reading(_: bytes) -> None:
    """A reader that must not be called."""
    raise AssertionError


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_what_is_wrong_with_the_machine_is_not_stored(
    tiny: TinySite, tmp_path: Path, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build fails and says it; once the machine is whole the file is read."""

    def fail(_: bytes) -> None:
        raise fault

    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache", read_text)
    with monkeypatch.context() as broken:
        broken.setattr(docx, "blocks", fail)
        with pytest.raises(ProblemsFound if isinstance(fault, ImportError) else type(fault)):
            cache.text(file, path)
    assert not (tmp_path / "cache").exists()
    assert cache.text(file, path).blocks == ("公开内容",)


@pytest.mark.parametrize("data", [word("一", "二"), word()], ids=["text", "refusal"])
def test_the_second_time_nothing_is_read(
    tiny: TinySite, tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored equals what was read, refusals too; the bytes are not even opened."""
    file, path = attach(tiny, "a.docx", data)
    cache = TextCache(tmp_path / "cache" / "texts", read_text)
    fresh = cache.text(file, path)
    assert fresh == read_text("a.docx", "docx", data)
    monkeypatch.setattr(docx, "blocks", no_reading)
    path.unlink()
    assert TextCache(tmp_path / "cache" / "texts", read_text).text(file, path) == fresh
    assert [each.suffix for each in (tmp_path / "cache" / "texts").iterdir()] == [".json"]


def test_one_content_under_two_names_is_read_once(
    tiny: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the file that is asked for."""
    file, path = attach(tiny, "a.docx", word())
    cache = TextCache(tmp_path / "cache", read_text)
    assert "“a.docx”" in str(cache.text(file, path).refusal)
    monkeypatch.setattr(docx, "blocks", no_reading)
    assert "“b/乙.docx”" in str(cache.text(File("b/乙.docx", file.size, file.sha256, "docx"), path).refusal)


@pytest.mark.parametrize(
    "foreign",
    [b"", b'{"readers": "1', b"\xff\xfe", b"[]", b"null", b'{"blocks": []}', b"[" * 100_000, b'{"readers": 1, "blocks": [], "refusal": null}'],
)  # fmt: skip
def test_a_broken_cache_file_is_replaced(tiny: TinySite, tmp_path: Path, foreign: bytes) -> None:
    """Truncated and foreign files do not count and do not stay."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache", read_text)
    cache.text(file, path)
    (stored,) = (tmp_path / "cache").iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(foreign)
    assert cache.text(file, path).blocks == ("公开内容",)
    assert stored.read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [
        {"blocks": "甲"},
        {"blocks": [1]},
        {"refusal": ["a", "b"]},
        {"refusal": [1, 2, 3]},
        {"more": 1},
        {"refusal": "abc"},
    ],
)
def test_a_cache_file_of_another_shape_is_replaced(tiny: TinySite, tmp_path: Path, change: dict[str, object]) -> None:
    """A file that was written by something else is not believed."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache", read_text)
    fresh = cache.text(file, path)
    (stored,) = (tmp_path / "cache").iterdir()
    stored.write_text(json.dumps({**json.loads(stored.read_text("utf-8")), **change}), "utf-8")
    assert cache.text(file, path) == fresh


def test_a_cache_file_that_was_cut_is_replaced(tiny: TinySite, tmp_path: Path) -> None:
    """A power failure may leave any part of a file, or as many zeros: none of it is believed."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache", read_text)
    fresh = cache.text(file, path)
    (stored,) = (tmp_path / "cache").iterdir()
    whole = stored.read_bytes()
    for length in range(len(whole)):
        for rest in (b"", bytes(len(whole) - length)):
            stored.write_bytes(whole[:length] + rest)
            assert text._load(stored, file) is None
    assert cache.text(file, path) == fresh
    assert stored.read_bytes() == whole


def test_each_source_of_the_readers_is_a_part_of_their_version(tmp_path: Path) -> None:
    """Whoever changes a reader need not remember the cache: a changed, new or renamed source is another version."""
    room = Path(text.__file__).parent
    assert text._sources(room) == text.READERS_VERSION
    copy = tmp_path / "copy"
    shutil.copytree(room, copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert text._sources(copy) == text.READERS_VERSION
    seen = {text.READERS_VERSION}
    for path in sorted(copy.iterdir()):
        path.write_bytes(path.read_bytes() + b"#")
        seen.add(text._sources(copy))
    assert len(seen) == len(list(copy.iterdir())) + 1
    (copy / "pdf.py").rename(copy / "pdf2.py")
    assert text._sources(copy) not in seen


@pytest.mark.parametrize("changed", ["ours", "python-docx", "lxml", "unicode"])
def test_changed_readers_read_again(
    tiny: TinySite, tmp_path: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of our readers, of a library or of Unicode does not use what the old one read."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache", read_text)
    cache.text(file, path)
    text._readers.cache_clear()
    if changed == "ours":
        monkeypatch.setattr(text, "READERS_VERSION", 99)
    elif changed == "unicode":
        monkeypatch.setattr(text, "unidata_version", "99")
    else:
        monkeypatch.setattr(text, "version", lambda name: "99" if name == changed else version(name))
    monkeypatch.setattr(docx, "blocks", lambda _: ["新"])
    assert cache.text(file, path).blocks == ("新",)
    text._readers.cache_clear()


def test_bytes_that_changed_are_neither_read_nor_stored(tiny: TinySite, tmp_path: Path) -> None:
    """A file that is exchanged or taken away while the site is built is a problem, and the cache stays clean."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache", read_text)
    for change in (lambda: path.write_bytes(word("别的")), path.unlink):
        change()
        read = cache.text(file, path)
        assert read.blocks == ()
        assert read.refusal is not None
        assert "变了" in read.refusal[1]
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_only_costs_time(tiny: TinySite, tmp_path: Path) -> None:
    """Where the folder's place is taken by a file the text is read each time; nothing is left beside."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    (tmp_path / "taken").write_text("")
    assert TextCache(tmp_path / "taken", read_text).text(file, path).blocks == ("公开内容",)
    (tmp_path / "cache" / f"{file.sha256}.docx.json").mkdir(parents=True)
    assert TextCache(tmp_path / "cache", read_text).text(file, path).blocks == ("公开内容",)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_reminders_stand_where_the_attachment_is_named(tiny: TinySite, tmp_path: Path) -> None:
    """Each record that names a scan as an attachment is reminded; the words of all attachments are there, by name."""
    tiny.file("scan.pdf", pdf(Sheet(pictures=[SCAN])))
    tiny.file("a.pdf", pdf(Sheet([LINE])))
    tiny.file("b.png", HEADS["png"])
    tiny.news("x", 附件=[{"文件": "a.pdf", "标题": "甲"}, {"文件": "scan.pdf", "标题": "乙"}])
    tiny.news("y", 附件=[{"文件": "scan.pdf", "标题": "丙"}, {"文件": "b.png", "标题": "丁"}])
    records = list(tiny.read().values())
    files, _ = read_files(tiny.root, records)
    texts, problems = text_problems(records, files, tiny.root, TextCache(tmp_path / "cache", read_text))
    assert {name: bool(each.blocks) for name, each in texts.items()} == {
        "a.pdf": True,
        "scan.pdf": False,
        "b.png": False,
    }
    assert [(str(p.place), p.code, p.field, p.severity) for p in problems] == [
        ("content/news/x.md:10:7", "attachment-scanned", "附件", Severity.REMIND),
        ("content/news/y.md:8:7", "attachment-scanned", "附件", Severity.REMIND),
    ]


def test_only_attachments_are_read(tiny: TinySite, tmp_path: Path) -> None:
    """Pictures and files that a body names are not searched, and a missing file has its own problem."""
    tiny.file("body.pdf", pdf(Sheet(pictures=[SCAN])))
    tiny.file("image.jpg", HEADS["jpg"])
    tiny.news(
        "x", "[甲](files/body.pdf)", 附件=[{"文件": "missing.pdf", "标题": "乙"}], 题图={"文件": "image.jpg", "替代文字": "丙"},
    )  # fmt: skip
    records = list(tiny.read().values())
    files, _ = read_files(tiny.root, records)
    assert set(files) == {"body.pdf", "image.jpg"}
    assert text_problems(records, files, tiny.root, TextCache(tmp_path / "cache", read_text)) == ({}, [])
