"""Reading catalog/workdays/<year>.yaml: the State Council's notices on holidays (国务院办公厅关于……部分节假日安排的通知)."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from pydantic import Field

from portal.problems import Place, Problem
from portal.records import source
from portal.records.reading import compose, locate, read_fields
from portal.records.types import Part
from portal.records.values import Day, Line
from portal.workdays import SATURDAY, Arrangement, Workdays

FOLDER = "catalog/workdays"

_NAME = re.compile(r"([12][0-9]{3})\.yaml")
_LONGEST = 15
"""Days of one holiday: more is a slip of the pen."""


class Holiday(Part):
    """A holiday: its first and last free day, and the weekends worked for it."""

    name: Line = Field(alias="名称")
    first: Day = Field(alias="从")
    last: Day = Field(alias="到")
    worked: tuple[Day, ...] = Field((), alias="上班")


class Notice(Part):
    """A year's notice."""

    number: Line = Field(alias="通知")
    holidays: tuple[Holiday, ...] = Field(alias="放假", min_length=1)


def read_workdays(files: Mapping[str, bytes]) -> tuple[Workdays, list[Problem]]:
    """The working days from the files below catalog/workdays/ (name → bytes)."""
    found: list[Arrangement] = []
    problems: list[Problem] = []
    for name, data in sorted(files.items()):
        path = f"{FOLDER}/{name}"
        year = _NAME.fullmatch(name)
        if year is None:
            what = f"{FOLDER}/ 下只放每年的放假安排，文件名是年份。"
            problems.append(Problem(Place(path), "workdays", "", what, "请改名为 2026.yaml 这样的形式，或移走。"))
            continue
        arrangement, wrong = _read(path, int(year[1]), data)
        problems += wrong
        if arrangement is not None:
            found.append(arrangement)
    return Workdays(found), problems


def _read(path: str, year: int, data: bytes) -> tuple[Arrangement | None, list[Problem]]:
    node, problems = compose(path, data)
    if node is None:
        return None, problems
    if not isinstance(node, source.Fields):
        return None, [Problem(node.place, "mapping", "", "这里应当逐栏填写。", "请写成“栏名: 内容”，一栏一行。")]
    notice, problems = read_fields(node, path, Notice)
    if notice is None:
        return None, problems
    places = locate(node, Notice)
    free: dict[date, str] = {}
    worked: dict[date, str] = {}
    for number, holiday in enumerate(notice.holidays):
        place = places.get(("holidays", number), node.place)
        length = (holiday.last - holiday.first).days + 1
        days = [holiday.first + timedelta(days=past) for past in range(length)] if 1 <= length <= _LONGEST else []
        if not days:
            problems.append(_wrong(place, f"“{holiday.name}”从 {holiday.first} 到 {holiday.last}，不是几天的假期。"))
        for day in (*days, *holiday.worked):
            if not date(year - 1, 12, 20) <= day <= date(year, 12, 31):
                problems.append(_wrong(place, f"{day} 不在 {year} 年。"))
        for day in holiday.worked:
            if day.weekday() < SATURDAY:
                problems.append(_wrong(place, f"{day} 不是周末，不用写在“上班”里。"))
        if both := sorted({*free, *days} & {*worked, *holiday.worked}):
            problems.append(_wrong(place, f"{both[0]} 既写了放假又写了上班。"))
        free |= dict.fromkeys(days, holiday.name)
        worked |= dict.fromkeys(holiday.worked, holiday.name)
    return (None, problems) if problems else (Arrangement(year, notice.number, free, worked), [])


def _wrong(place: Place, what: str) -> Problem:
    return Problem(place, "workdays", "放假", what, "请对照通知核对：这里错一天，期限就会算错。")
