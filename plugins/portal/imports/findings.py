"""What an importer has to say about a line of its source, in Chinese for editors."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How serious a finding is for the record that was made from the line."""

    UNREAD = "未读懂"  # the line's meaning was not found; its words are kept where that is possible
    CONFLICT = "有矛盾"  # two places say different things; the field stays empty
    DAMAGE = "疑似损坏"  # the words themselves look broken: the record stays a draft
    CHANGED = "已规整"  # understood, but written differently from the source
    NOTICE = "提醒"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One finding. Lines and columns count from 1; `text` is what stands there."""

    file: str
    line: int
    column: int
    kind: Kind
    text: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.kind} {self.why}\n    原文：{self.text}\n    改法：{self.remedy}"


class Unreadable(Exception):
    """A source file from which no record can be made; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def excerpt(text: str, length: int = 60) -> str:
    """The text on one line, cut to `length` characters; invisible characters are shown by their code."""
    shown = "".join(c if c.isprintable() or c == "\u3000" else f"<U+{ord(c):04X}>" for c in text.strip(" \t\r\n"))
    return shown if len(shown) <= length else shown[: length - 1] + "…"
