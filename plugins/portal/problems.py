"""What is wrong with what an editor wrote: where, what, why, and what to do, in Chinese.

Problems are collected, sorted and raised once, so that an editor mends a whole commit in one go.
"""

import difflib
import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Literal

from msgspec import structs

from portal.value import Value


class Severity(StrEnum):
    """阻断 stops the build; 提醒 is shown and the build goes on."""

    BLOCK = "阻断"
    REMIND = "提醒"


class Place(Value, frozen=True, order=True):
    """A position in a source file; `path` is relative to the site's folder, line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Problem(Value, frozen=True, order=True):
    """One finding. `code` is stable and English for machines; `field`, `what` and `remedy` are Chinese for people."""

    place: Place
    code: str
    field: str
    what: str
    remedy: str
    severity: Severity = Severity.BLOCK

    def __str__(self) -> str:
        field = f"〔{self.field}〕" if self.field else ""
        return f"{self.place} {self.severity} {field}{self.what}\n    改法：{self.remedy}"


class Stopped(Exception):
    """What stops a command beside what editors wrote; the message is Chinese, for whoever runs it. Pelican exits with
    `exitcode`."""

    exitcode = 1


class ProblemsFound(Exception):
    """Raised once with everything found, sorted by place. Pelican exits with `exitcode`."""

    exitcode = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(render(self.problems, "text"))


def soften(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as reminders: a draft goes nowhere, so what it still lacks must not stop the work of others."""
    return [structs.replace(problem, severity=Severity.REMIND) for problem in problems]


def blocking(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that stop a build, sorted."""
    return tuple(sorted({p for p in problems if p.severity is Severity.BLOCK}))


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint `（您是不是要写“…”？）` with the nearest known word, or an empty string when none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"（您是不是要写“{found[0]}”？）" if found else ""


class Hints:
    """The nearest known word for a wrong one. What is known is listed when it is first needed, and after `most` hints
    there are no more: where a whole folder was moved, thousands of comparisons would say the same thing."""

    def __init__(self, known: Callable[[], Iterable[str]], most: int = 20) -> None:
        self._list = known
        self._known: list[str] | None = None
        self._left = most

    def hint(self, word: str) -> str:
        """The hint, or nothing."""
        if not self._left:
            return ""
        self._left -= 1
        if self._known is None:
            self._known = sorted(self._list())
        return nearest(word, self._known)


def render(problems: Iterable[Problem], form: Literal["text", "json", "github"]) -> str:
    """The problems as text for people, JSON for programs, or annotations that a CI service shows on the lines."""
    found = sorted(set(problems))
    if form == "json":
        rows = [
            {
                "path": p.place.path,
                "line": p.place.line,
                "column": p.place.column,
                "code": p.code,
                "field": p.field,
                "severity": p.severity.value,
                "what": p.what,
                "remedy": p.remedy,
            }
            for p in found
        ]
        return json.dumps({"problems": rows}, ensure_ascii=False, indent=2)
    if form == "github":
        return "\n".join(_annotation(p) for p in found)
    stops = sum(p.severity is Severity.BLOCK for p in found)
    lines = [str(p) for p in found]
    lines.append(f"共 {len(found)} 处：阻断 {stops}，提醒 {len(found) - stops}。" if found else "没有发现问题。")
    return "\n".join(lines)


def _annotation(problem: Problem) -> str:
    """GitHub's workflow command; `%`, CR, LF, `:` and `,` must be escaped there or the line is cut."""

    def escape(text: str, more: str = "") -> str:
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return text

    kind = "error" if problem.severity is Severity.BLOCK else "warning"
    place = problem.place
    head = f"::{kind} file={escape(place.path, ':,')},line={place.line},col={place.column},title={problem.code}"
    return f"{head}::{escape(problem.what + ' 改法：' + problem.remedy)}"
