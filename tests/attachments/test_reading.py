"""The words in an attachment's bytes: which reader, broken files, and what is no fault of the file."""

import errno
import io
import logging
import random
import sys
import warnings
import zipfile

import openpyxl
import pytest

import portal
from attachments.papers import DATA, OFFICE, rewrite, saved, sheet, word
from attachments.test_types import HEADS
from portal.attachments import docx, glyphs
from portal.attachments import pdf as pdf_reader
from portal.attachments.reading import Text, read_text

CONTENT = portal.HOME / "content" / "files"


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


def test_a_document_of_pictures_alone_is_a_scan() -> None:
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
def test_what_is_wrong_with_the_machine_is_no_broken_page(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a PDF that the machine could not read is not left out."""

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(glyphs, "strange", fail)
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
