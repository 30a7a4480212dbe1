"""The words of attachments: dispatch, limits, hostile files, the cache, and what editors are told."""

import errno
import io
import json
import logging
import random
import shutil
import sys
import time
import warnings
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import openpyxl
import pytest
from tiny import TinySite

import portal
from attachments.papers import Sheet, pdf, rewrite, saved, sheet, slides, word
from attachments.test_pdf import LINE, SCAN
from attachments.test_types import HEADS
from portal.attachments import docx, text
from portal.attachments import pdf as pdf_reader
from portal.attachments.files import File, read_files
from portal.attachments.text import Text, TextCache, read_text, text_problems
from portal.problems import Severity

CONTENT = portal.HOME / "content" / "files"
OFFICE = {"docx": word("公开内容"), "xlsx": sheet(["公开内容"]), "pptx": slides("公开内容")}
DATA = {**OFFICE, "pdf": pdf(Sheet(["公开内容"])), "csv": "公开内容".encode()}
MAIN = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml", "pptx": "ppt/slides/slide1.xml"}


def code(ending: str, data: bytes) -> str:
    """Why a file has no text."""
    found = read_text(f"a.{ending}", ending, data)
    assert found.blocks == ()
    assert found.refusal is not None
    assert all(found.refusal)
    assert f"“a.{ending}”" in found.refusal[1]
    return found.refusal[0]


@pytest.mark.parametrize("ending", DATA)
def test_each_type_has_its_reader(ending: str) -> None:
    """The words come out of each type that can have any."""
    assert read_text(f"a.{ending}", ending, DATA[ending]) == Text(("公开内容",), None)


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_picture_has_no_words_and_no_problem(ending: str) -> None:
    """Pictures are not expected to hold text."""
    assert read_text(f"a.{ending}", ending, HEADS[ending]) == Text((), None)


DEMO = {
    "2024/shiyan-dongwu-xuke-shenqingshu.docx": ["实验动物许可申请书", "统一社会信用代码", "3.表格不够的可以加行，申请书一式一份。"],
    "2026/xiangmu-shenbaoshu.docx": ["省科技计划项目申报书（格式）", "考核方式", "省级财政（万元）"],
    "2026/2025-gongkai-nianbao.pdf": ["示例省科学技术厅2025年政府信息公开工作年度报告", "连同上年结转的4件", "第三方权益", "青年科技人才挑大梁的若干意见"],
    "2026/2026-shiwuwu-guihua.pdf": ["规模达到每年3亿元", "因地制宜发展新质生产力", "一、发展基础", "示例省科学技术厅"],
    "2026/2026-zhongdian-yanfa-zhinan.pdf": ["高寒环境工程装备可靠性设计", "申请植物新品种权不少于2项", "青年项目2年"],
    "2026/2025-rd-jingfei-shuju.csv": ["R&D经费投入强度", "531.5", "亿元"],
    "2026/2026-bumen-yusuan-biao.xlsx": ["2026年部门收支总表（单位：万元）", "128640.50", "三公经费", "-0.80"],
    "2026/2026-quanze-qingdan.xlsx": ["科技成果登记与技术合同认定登记", "示科规〔2025〕2号合并办理"],
    "2026/2026-shiwuwu-guihua-fabuhui.pptx": ["新闻发布会", "召开座谈会41场", "投入更讲长期：团队五年一评、十年支持"],
}  # fmt: skip


def test_every_attachment_of_the_demo_has_text() -> None:
    """What the demo publishes is searched, in the characters that people type."""
    found = {path.relative_to(CONTENT).as_posix(): path for path in CONTENT.rglob("*.*")}
    readable = {name for name in found if not name.endswith((".png", ".jpg"))}
    assert readable == set(DEMO)
    for name, words in DEMO.items():
        read = read_text(name, name.rsplit(".", 1)[-1], found[name].read_bytes())
        assert read.refusal is None, name
        whole = "\n".join(read.blocks)
        assert [word for word in words if word not in whole] == [], name
        assert not [each for each in whole if "\u2e80" <= each <= "\u2fd5"], name


@pytest.mark.parametrize("ending", DATA)
def test_broken_files_never_raise(ending: str) -> None:
    """Cut, changed and overwritten bytes give a text or a refusal, no exception, no warning, no line of a log."""
    data = DATA[ending]
    chance = random.Random(7)
    broken = [data[: len(data) * part // 10] for part in range(10)]
    for _ in range(25):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        broken.append(bytes(changed))
    for each in broken:
        read = read_text("a", ending, each)
        assert read.blocks or read.refusal


@pytest.mark.parametrize("ending", [*OFFICE, "pdf"])
def test_what_is_no_such_file_is_unreadable(ending: str) -> None:
    """Bytes of another kind, and an archive of something else, are unreadable."""
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "甲")
    for data in (b"", b"%PDF-1.7\n%%EOF", HEADS["docx"], other.getvalue(), HEADS["png"]):
        assert code(ending, data) == "attachment-unreadable"


@pytest.mark.parametrize("ending", OFFICE)
def test_a_password_is_a_problem(ending: str) -> None:
    """Office encrypts into an old container; an encrypted archive is none that anybody can open."""
    for data in (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        OFFICE[ending].replace(b"\x14\0\0\0", b"\x14\0\1\0"),
    ):
        assert code(ending, data) == "attachment-unreadable"
    assert "密码" in str(read_text("a", ending, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).refusal)


@pytest.mark.parametrize("ending", OFFICE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_are_refused_before_any_parser(ending: str, encoding: str) -> None:
    """A document type declaration, the way to entities that grow without end, makes a file unreadable."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(OFFICE[ending])) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == MAIN[ending]:
                body = content.decode().split("?>", 1)[-1]
                bomb = '<!ENTITY a "哈哈"><!ENTITY b "&a;&a;">'
                content = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{bomb}]>{body}'.encode(encoding)
            new.writestr(name, content)
    assert code(ending, target.getvalue()) == "attachment-unreadable"


def renamed(data: bytes, old: str, new: str, head: bytes = b"") -> bytes:
    """A Word file whose part has another name, said wherever parts are named, and `head` before its content."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == old:
                content = head + content.split(b"?>", 1)[1]
            elif name.endswith((".rels", "[Content_Types].xml")):
                content = content.replace(old.encode(), new.encode())
            changed.writestr(new if name == old else name, content)
    return target.getvalue()


@pytest.mark.parametrize("part", ["word/document.dat", "word/media/image1.png", "word/embeddings/a.bin", "word/a"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"\n" * 5000])
def test_markup_under_another_name_is_markup(part: str, head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries find parts by relations, whatever they are called: what begins like markup is checked like markup."""
    data = renamed(OFFICE["docx"], "word/document.xml", part, head)
    assert read_text("a.docx", "docx", data).blocks == ("公开内容",)
    bomb = renamed(OFFICE["docx"], "word/document.xml", part, head + b'<!DOCTYPE x [<!ENTITY a "b">]>')
    assert code("docx", bomb) == "attachment-unreadable"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(part).file_size
        named = sum(each.file_size for each in archive.infolist() if each.filename.endswith((".xml", ".rels")))
    monkeypatch.setattr(text, "MAX_XML", named + size - 1)
    assert code("docx", data) == "attachment-too-large"


def test_pictures_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures do not count as markup, and a drawing may have the document type that programs wrote before SVG 2."""
    data = io.BytesIO(OFFICE["docx"])
    with zipfile.ZipFile(data) as archive:
        monkeypatch.setattr(text, "MAX_XML", sum(each.file_size for each in archive.infolist()) + 1000)
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.png", HEADS["png"] + bytes(100_000) + b"<!DOCTYPE")
        archive.writestr(
            "word/media/b.svg", '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ""><svg/>'
        )
    assert read_text("a.docx", "docx", data.getvalue()) == Text(("公开内容",), None)


def test_a_document_under_the_name_of_a_drawing_declares_no_entities() -> None:
    """The document type of drawings is let through for any part of such a name, but never what can grow."""
    part = "word/media/image1.svg"
    for head in (b"", b'<!DOCTYPE svg PUBLIC "a" "b">'):
        assert read_text("a", "docx", renamed(OFFICE["docx"], MAIN["docx"], part, head)).blocks == ("公开内容",)
    bomb = renamed(OFFICE["docx"], MAIN["docx"], part, b'<!DOCTYPE svg [<!ENTITY a "b">]>')
    assert code("docx", bomb) == "attachment-unreadable"


@pytest.mark.parametrize("ending", OFFICE)
@pytest.mark.parametrize("limit", ["MAX_UNPACKED", "MAX_XML", "MAX_PARTS"])
def test_an_archive_that_grows_is_not_unpacked(ending: str, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and number of parts are known before anything is unpacked."""
    monkeypatch.setattr(text, limit, 3)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    assert code(ending, OFFICE[ending]) == "attachment-too-large"


def test_a_real_bomb_is_refused() -> None:
    """A megabyte that unpacks to three hundred is refused at once."""
    target = io.BytesIO(OFFICE["docx"])
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/a.bin", "w") as part:
        for _ in range(310):
            part.write(bytes(1024 * 1024))
    assert len(target.getvalue()) < 1024 * 1024
    assert code("docx", target.getvalue()) == "attachment-too-large"


@pytest.mark.parametrize(
    ("limit", "value", "kept"), [("MAX_CHARACTERS", 5, ("一二三", "四五")), ("MAX_BLOCKS", 1, ("一二三",))]
)
def test_only_the_first_part_of_a_long_text_is_kept(
    limit: str, value: int, kept: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor learns that only the beginning is searched; a text that just fits is whole."""
    monkeypatch.setattr(text, limit, value)
    read = read_text("a.docx", "docx", word("一二三", "四五六"))
    assert read.blocks == kept
    assert read.refusal is not None
    assert read.refusal[0] == "attachment-too-large"
    monkeypatch.setattr(text, limit, {"MAX_CHARACTERS": 6, "MAX_BLOCKS": 2}[limit])
    assert read_text("a.docx", "docx", word("一二三", "四五六")).refusal is None


@pytest.mark.parametrize("invisible", ["\u200b" * 1_000_000, " ", ""])
def test_what_cannot_be_seen_counts_too(invisible: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that end up empty cost as much as others: reading ends at the limits, however many there are."""
    monkeypatch.setattr(text, "MAX_BLOCKS", 10)
    taken = 0

    def endless(_: bytes) -> Iterator[str]:
        nonlocal taken
        yield "甲"
        while taken < 100:
            taken += 1
            yield invisible

    monkeypatch.setattr(docx, "blocks", endless)
    read = read_text("a.docx", "docx", OFFICE["docx"])
    assert read.blocks == ("甲",)
    assert read.refusal is not None
    assert read.refusal[0] == "attachment-too-large"
    assert taken <= 10


def test_no_more_is_made_normal_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """One block as long as the file is cut before anything is done with it."""
    given: list[int] = []
    normal = text.normal
    monkeypatch.setattr(text, "MAX_CHARACTERS", 5)
    monkeypatch.setattr(text, "normal", lambda each: given.append(len(each)) or normal(each))
    monkeypatch.setattr(docx, "blocks", lambda _: ["甲" * 1_000_000, "乙"])
    assert read_text("a.docx", "docx", OFFICE["docx"]).blocks == ("甲" * 5,)
    assert given == [5]


@pytest.mark.parametrize("space", ["\u3000", " ", "\n", "\u3000\n", "中\u3000", "中 \n"])
def test_any_amount_of_white_space_is_made_normal_in_no_time(space: str) -> None:
    """The wide space is both white and wide; a run of it is looked at once, not once from each of its places."""
    began = time.process_time()
    assert text.normal("中" + space * 100_000).startswith("中")
    assert time.process_time() - began < 2


def test_a_document_of_pictures_alone_is_a_scan(tmp_path: Path) -> None:
    """Scans pasted into Word have no words; neither has an empty document, which is another problem."""
    import docx as library

    image = CONTENT / "2026/2026-kepu-jinxiaoyuan.jpg"
    document = library.Document()
    document.add_picture(str(image))
    assert code("docx", saved(document)) == "attachment-scanned"
    assert code("docx", word()) == "attachment-without-text"
    assert code("xlsx", saved(openpyxl.Workbook())) == "attachment-without-text"


def test_memory_that_ends_is_not_a_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with the machine is not said to be wrong with the file."""

    def fail(_: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr(docx, "blocks", fail)
    with pytest.raises(MemoryError):
        read_text("a.docx", "docx", OFFICE["docx"])


FAULTS = [
    MemoryError(),
    ModuleNotFoundError("lxml"),
    ImportError("libxml2.so.2: cannot open shared object file"),
    OSError(errno.EMFILE, "Too many open files"),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_what_is_wrong_with_the_machine_is_not_stored(
    tiny: TinySite, tmp_path: Path, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build fails and says it; once the machine is whole the file is read."""

    def fail(_: bytes) -> None:
        raise fault

    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache")
    with monkeypatch.context() as broken:
        broken.setattr(docx, "blocks", fail)
        with pytest.raises(type(fault)):
            cache.text(file, path)
    assert not (tmp_path / "cache").exists()
    assert cache.text(file, path).blocks == ("公开内容",)


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_what_is_wrong_with_the_machine_is_no_broken_page(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a PDF that the machine could not read is not left out."""

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(pdf_reader, "_strange", fail)
    monkeypatch.setattr(pdf_reader, "_pixels", fail)
    with pytest.raises(type(fault)):
        read_text("a.pdf", "pdf", DATA["pdf"])


@pytest.mark.parametrize("ending", DATA)
def test_a_reader_that_is_not_installed_is_not_a_broken_file(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that cannot be imported is a broken installation, and said to be one; files are not blamed."""
    module = f"portal.attachments.{ending}"
    monkeypatch.delattr(sys.modules["portal.attachments"], ending, raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError):
        read_text("a", ending, DATA[ending])


@pytest.mark.parametrize("fault", [OSError(errno.EINVAL, "Invalid argument"), OSError("broken"), RecursionError()])
def test_other_errors_of_a_library_are_the_files(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries raise OSError for what they find in a file, too."""

    def fail(_: bytes) -> None:
        raise fault

    monkeypatch.setattr(docx, "blocks", fail)
    assert code("docx", OFFICE["docx"]) == "attachment-unreadable"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (" 甲\u3000乙\t丙\r\n ", "甲 乙 丙"), ("关于\n印发", "关于印发"), ("关于 \n 印发", "关于印发"), ("a\nb", "a b"), ("2026\n年", "2026 年"),
        ("公\x00开\ud800内\x7f容\ufffe", "公开内容"), ("公\u200b开\u00ad\ufeff\u202e", "公开"), ("𠮷野", "𠮷野"), ("①〔2026〕Ａ示", "①〔2026〕Ａ示"),
        ("\u0639\u200c\u0644", "\u0639\u200c\u0644"), ("\x0b\x0c", ""), ("甲\x85乙\u2028丙", "甲 乙 丙"),
        ("关于\u3000\n\u3000印发", "关于印发"), ("a\u3000\n\u3000b", "a b"), ("a\u3000\n中", "a 中"),
    ],
)  # fmt: skip
def test_blocks_are_normal_strings(raw: str, found: str) -> None:
    """One line, no control character, no lone surrogate, nothing invisible; published characters stay as they are."""
    assert text.normal(raw) == found
    found.encode()


def test_libraries_say_nothing_to_the_editor(caplog: pytest.LogCaptureFixture) -> None:
    """Neither warnings nor log lines of a library get out, and their switches are put back."""
    logger = logging.getLogger("pypdf")
    before = logger.level, list(warnings.filters)
    broken = DATA["pdf"].replace(b"startxref\n", b"startxref\n9")
    assert read_text("a.pdf", "pdf", broken).blocks == ("公开内容",)
    dated = rewrite(
        sheet([1]),
        "xl/styles.xml",
        lambda s: s.replace('<cellXfs count="1"><xf numFmtId="0"', '<cellXfs count="1"><xf numFmtId="14"'),
    )
    dated = rewrite(dated, "xl/worksheets/sheet1.xml", lambda s: s.replace("<v>1</v>", "<v>99999999</v>"))
    assert code("xlsx", dated) == "attachment-without-text"
    assert caplog.records == []
    assert (logger.level, list(warnings.filters)) == before


# The cache


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


@pytest.mark.parametrize("data", [word("一", "二"), word()], ids=["text", "refusal"])
def test_the_second_time_nothing_is_read(
    tiny: TinySite, tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored equals what was read, refusals too; the bytes are not even opened."""
    file, path = attach(tiny, "a.docx", data)
    cache = TextCache(tmp_path / "cache" / "texts")
    fresh = cache.text(file, path)
    assert fresh == read_text("a.docx", "docx", data)
    monkeypatch.setattr(docx, "blocks", no_reading)
    path.unlink()
    assert TextCache(tmp_path / "cache" / "texts").text(file, path) == fresh
    assert [each.suffix for each in (tmp_path / "cache" / "texts").iterdir()] == [".json"]


def test_one_content_under_two_names_is_read_once(
    tiny: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the file that is asked for."""
    file, path = attach(tiny, "a.docx", word())
    cache = TextCache(tmp_path / "cache")
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
    cache = TextCache(tmp_path / "cache")
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
    cache = TextCache(tmp_path / "cache")
    fresh = cache.text(file, path)
    (stored,) = (tmp_path / "cache").iterdir()
    stored.write_text(json.dumps({**json.loads(stored.read_text("utf-8")), **change}), "utf-8")
    assert cache.text(file, path) == fresh


def test_a_cache_file_that_was_cut_is_replaced(tiny: TinySite, tmp_path: Path) -> None:
    """A power failure may leave any part of a file, or as many zeros: none of it is believed."""
    file, path = attach(tiny, "a.docx", OFFICE["docx"])
    cache = TextCache(tmp_path / "cache")
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
    cache = TextCache(tmp_path / "cache")
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
    cache = TextCache(tmp_path / "cache")
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
    assert TextCache(tmp_path / "taken").text(file, path).blocks == ("公开内容",)
    (tmp_path / "cache" / f"{file.sha256}.docx.json").mkdir(parents=True)
    assert TextCache(tmp_path / "cache").text(file, path).blocks == ("公开内容",)
    assert len(list((tmp_path / "cache").iterdir())) == 1


# What editors are told


def test_reminders_stand_where_the_attachment_is_named(tiny: TinySite, tmp_path: Path) -> None:
    """Each record that names a scan as an attachment is reminded; the words of all attachments are there, by name."""
    tiny.file("scan.pdf", pdf(Sheet(pictures=[SCAN])))
    tiny.file("a.pdf", pdf(Sheet([LINE])))
    tiny.file("b.png", HEADS["png"])
    tiny.news("x", 附件=[{"文件": "a.pdf", "标题": "甲"}, {"文件": "scan.pdf", "标题": "乙"}])
    tiny.news("y", 附件=[{"文件": "scan.pdf", "标题": "丙"}, {"文件": "b.png", "标题": "丁"}])
    records = list(tiny.read().values())
    files, _ = read_files(tiny.root, records)
    texts, problems = text_problems(records, files, tiny.root, TextCache(tmp_path / "cache"))
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
    assert text_problems(records, files, tiny.root, TextCache(tmp_path / "cache")) == ({}, [])
