"""The values that a field can hold, each read strictly from the string that the editor wrote."""

import re
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, InstanceOf, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from portal import clock
from portal.markup.prose import Prose

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED_ID = re.compile(r"page-\d+")
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_MAX_ID = 100  # a folder of this name is made; file systems take 255 bytes, and people fewer


def wrong(code: str, what: str, remedy: str) -> PydanticCustomError:
    """A finding about one value, as pydantic carries it: `what` is the message, `remedy` travels in the context."""
    # Braces in an editor's value must not be taken for a placeholder of the message template.
    return PydanticCustomError("portal", "{what}", {"code": code, "what": what, "remedy": remedy})


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong("type", "这里应当是一段文字。", "请改为“栏名: 文字”的写法。")
    return value


def _line(value: Any) -> str:
    text = " ".join(_string(value).split())
    if not text:
        raise wrong("empty", "这里是空的。", "请填写内容，或删去这一栏。")
    return text


def _minute(value: Any) -> datetime:
    text = _string(value)
    try:
        return clock.parse_minute(text)
    except ValueError:
        pass
    try:
        day = clock.parse_day(text)
    except ValueError:
        raise wrong("date", f"“{text}”不是可用的时间。", "请写作 2026-03-05 09:30（年-月-日 时:分，半角）。") from None
    remedy = f"发布时间要精确到分（国办发〔2017〕47号），请写作 {day} 09:30 这样的形式，填公众实际可以看到的时间。"
    raise wrong("date", f"“{text}”没有时和分。", remedy)


def _day(value: Any) -> date:
    text = _string(value)
    try:
        return clock.parse_day(text)
    except ValueError:
        raise wrong(
            "date", f"“{text}”不是可用的日期。", "请写作 2026-03-05（年-月-日，两位月、两位日，半角）。"
        ) from None


def _moment(value: Any) -> datetime:
    text = _string(value)
    try:
        return clock.parse_minute(text)
    except ValueError:
        return clock.start_of(_day(text))


def _identifier(value: Any) -> str:
    text = _string(value)
    if not _ID.fullmatch(text):
        raise wrong(
            "id",
            f"编号“{text}”不能用作网址。",
            "只用小写英文字母、数字和连字符，如 2026-keyan-banfa；没有写“编号”的，文件名就是编号。",
        )
    if len(text) > _MAX_ID:
        raise wrong("id", f"编号“{text[:20]}…”超过 {_MAX_ID} 个字符。", "请换一个短的编号。")
    if _RESERVED_ID.fullmatch(text):
        raise wrong("id", f"编号“{text}”留给列表分页使用。", "请换一个编号。")
    return text


def _url(value: Any) -> str:
    text = _string(value)
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"\\：？]", text)
    except ValueError:  # full-width punctuation in the host, brackets that do not close
        right = False
    if not right:
        raise wrong("url", f"“{text}”不是完整的网址。", "请写以 https:// 或 http:// 开头的完整网址。")
    return text


def _file(value: Any) -> str:
    text = _string(value)
    if text.startswith(("/", "~")) or "\\" in text or any(part in {"", ".", ".."} for part in text.split("/")):
        raise wrong(
            "file", f"“{text}”不是 content/files/ 下的文件。", "请写 content/files/ 之后的路径，如 2026/附件1.pdf。"
        )
    return text


Line = Annotated[str, BeforeValidator(_line)]
"""Text on one line; white space is folded."""
Minute = Annotated[datetime, BeforeValidator(_minute)]
"""A moment to the minute in Asia/Shanghai."""
Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day."""
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A minute, or a day taken as its first moment."""
Identifier = Annotated[str, BeforeValidator(_identifier)]
"""A part of an address that never changes."""
Url = Annotated[str, BeforeValidator(_url)]
"""An http or https address."""
Body = Annotated[InstanceOf[Prose], BeforeValidator(Prose.of)]
"""The Markdown of a body."""
FileName = Annotated[str, BeforeValidator(_file)]
"""A path below content/files/."""


def refusal(kind: Any, text: str) -> str:
    """What and remedy as one text where a value of this kind cannot be so; empty where it can. For options of commands."""
    if _UNWRITABLE.search(text):
        return "含有控制字符，或者不是 UTF-8 编码的文字。请重新输入。"
    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        return f"{context['what']}{context['remedy']}"
    return ""
