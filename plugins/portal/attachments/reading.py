"""The words in an attachment's bytes: which reader a type has, and what is said where there are none."""

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from portal.attachments import archives, blocks
from portal.attachments.archives import Obstacle
from portal.attachments.faults import is_of_machine
from portal.attachments.refusals import Refusal
from portal.attachments.types import TYPES

LIBRARIES: dict[str, tuple[str, ...]] = {
    "pdf": ("pypdf",),
    "docx": ("python-docx", "lxml"),
    "xlsx": ("openpyxl", "lxml"),
    "pptx": ("python-pptx", "lxml"),
    "csv": (),
}
"""The types that can have words, each with the distributions that read it."""

_ARCHIVES = {"docx", "xlsx", "pptx"}


@dataclass(frozen=True, slots=True)
class Text:
    """The words of an attachment.

    `blocks`: one normal string a paragraph, heading, list item, table cell, slide paragraph or CSV cell, in reading
    order, published characters kept, no empty ones. `refusal`: why there are none or only a part; a type that has no
    words (a picture) has neither. `lasting`: whether the same bytes give the same again, so that they need not be read
    again; where reading was broken off the next try may go better.
    """

    blocks: tuple[str, ...]
    refusal: Refusal | None
    lasting: bool = True


def read_text(name: str, ending: str, data: bytes) -> Text:
    """The words in an attachment's bytes; `name` is what the refusal calls it, `ending` its type (see types.TYPES).

    Pure, and never raises for bad input: whatever the libraries raise is a refusal. What is wrong with the machine or
    the installation is raised (see faults): MemoryError, ImportError, OSError where too many files are open.
    """
    if ending not in LIBRARIES:
        return Text((), None)
    read = _reader(name, ending)
    try:
        with _quiet():
            return _read(name, ending, data, read)
    except Exception as error:  # the libraries document no closed list of what they raise for a broken file
        if is_of_machine(error):
            raise
        return Text((), _unreadable(name, ending))


_Reader = Callable[[bytes], tuple[Iterable[str], Refusal | None]]


def _reader(name: str, ending: str) -> _Reader:
    """What reads files of a type. Raises ImportError where its library is missing or broken.

    Readers are imported when a file must be read: a build whose cache has all texts needs no library.
    """
    if ending == "pdf":
        from portal.attachments import pdf

        return lambda data: pdf.read(name, data, blocks.MAX_CHARACTERS)
    if ending == "docx":
        from portal.attachments import docx

        return lambda data: (docx.blocks(data), None)
    if ending == "xlsx":
        from portal.attachments import xlsx

        return lambda data: (xlsx.blocks(data), None)
    if ending == "pptx":
        from portal.attachments import pptx

        return lambda data: (pptx.blocks(data), None)
    from portal.attachments import csv

    return lambda data: (csv.blocks(data), None)


def _read(name: str, ending: str, data: bytes, read: _Reader) -> Text:
    if ending in _ARCHIVES and (obstacle := archives.obstacle(data)):
        return Text((), _refused(obstacle, name, ending))
    raw, refusal = read(data)
    kept, is_cut = blocks.within_limits(raw)
    if is_cut:
        what = f"“{name}”的文字太多，只有前面的部分能搜索到。"
        return Text(tuple(kept), ("attachment-too-large", what, "请分成几个文件，每个写明标题。"))
    if not kept and refusal is None:
        refusal = _without_text(name, pictures=ending in _ARCHIVES and archives.holds_pictures(data))
    return Text(tuple(kept), refusal)


@contextmanager
def _quiet() -> Iterator[None]:
    """What libraries say of a file is for their authors; the editor gets one sentence."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _refused(obstacle: Obstacle, name: str, ending: str) -> Refusal:
    match obstacle:
        case Obstacle.LOCKED:
            what = f"“{name}”加了密码，读不出文字，公众也打不开。"
            return "attachment-unreadable", what, "请去掉密码，另存后换上新文件。"
        case Obstacle.TOO_LARGE:
            what = f"“{name}”解压后太大，没有读，里面的文字搜索不到。"
            return "attachment-too-large", what, "请删去用不到的内容，压缩图片，或者分成几个文件。"
        case Obstacle.DECLARED:
            return _unreadable(name, ending)


def _unreadable(name: str, ending: str) -> Refusal:
    label = TYPES[ending].label if ending in TYPES else ""
    what = f"“{name}”读不出来（文件已经损坏，或者不是规范的 {label} 文件），里面的文字搜索不到，公众也可能打不开。"
    return "attachment-unreadable", what, f"请用原来的软件打开检查，重新另存为 {ending} 后换上。"


def _without_text(name: str, *, pictures: bool) -> Refusal:
    if pictures:
        what = f"“{name}”里只有图片，没有文字，搜索不到，读屏软件也读不出（GB/T 37668-2019 要求非文本内容有文本替代）。"
        return "attachment-scanned", what, "请发布文字版；只有纸质件的，请先做文字识别（OCR）。"
    what = f"“{name}”里没有文字，搜索不到。"
    return "attachment-without-text", what, "请检查是不是放错了文件，换上正确的。"
