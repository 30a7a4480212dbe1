"""The words of a workbook: the cells of visible sheets as a person reads them."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import WorkSheetParser

from portal.attachments.number_formats import shown

MAX_CELLS = 500_000
"""Cells of one sheet that are kept."""

_YES = {"1", "true"}
_LAST_COLUMN = 16_384
_PLAIN_TITLE = re.compile(r"(?:Sheet|工作表|表)\s*\d*")
_DAY, _MONTH, _SHORT, _TIME = 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', 'm"月"d"日"', 'h"时"mm"分"'
_CHINESE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), _MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _SHORT),
    **dict.fromkeys((30,), "m-d-yy"),
    **dict.fromkeys((31,), _DAY),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), _TIME),
}
"""Number formats that a Chinese Excel does not write out (ECMA-376 part 1, 18.8.30, zh-cn); openpyxl has none of them."""


def blocks(data: bytes) -> Iterator[str]:
    """For each visible sheet its name, where it has one of its own, and its cells row by row.

    Left out: hidden sheets, rows and columns, cells covered by a merged one, formulas (their last values count),
    comments, charts. A part that several sheets name, which no program writes, is read for the first. Raises what openpyxl raises for a broken file.
    """
    book: Any = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    read: set[str] = set()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            if not _PLAIN_TITLE.fullmatch(sheet.title):
                yield sheet.title
            if sheet._worksheet_path not in read:
                read.add(sheet._worksheet_path)
                yield from _cells(book, sheet)


def _cells(book: Any, sheet: Any) -> Iterator[str]:
    """The shown cells of a sheet.

    openpyxl's read-only sheet knows neither what is hidden nor what is merged, and its full sheet takes fifty times
    the file's size in memory; so the parser that both use is used here. Merged ranges stand behind the cells.
    """
    with sheet._get_source() as source:
        parser: Any = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        found: list[tuple[int, int, str]] = []
        for number, cells in parser.parse():
            if not _is_hidden(parser.row_dimensions.pop(str(number), {}), "ht"):
                for cell in cells:
                    if len(found) <= MAX_CELLS and (text := _shown(book, cell)):
                        found.append((number, cell["column"], text))
    hidden = _hidden_columns(parser.column_dimensions.values())
    found = [each for each in found if each[1] not in hidden]
    merged = parser.merged_cells
    covered = _covered({each[:2] for each in found}, (each.bounds for each in merged.mergeCell)) if merged else set()
    for row, column, text in found:
        if (row, column) not in covered:
            yield text


def _hidden_columns(dimensions: Iterable[dict[str, str]]) -> set[int]:
    """The columns in hidden groups. Groups may overlap, thousands of them; no column is listed twice."""
    groups = sorted(
        (int(each["min"]), min(int(each.get("max", each["min"])), _LAST_COLUMN))
        for each in dimensions
        if _is_hidden(each, "width")
    )
    hidden: set[int] = set()
    reached = 0
    for first, last in groups:
        hidden.update(range(max(first, reached + 1), last + 1))
        reached = max(reached, last)
    return hidden


def _covered(cells: set[tuple[int, int]], ranges: Iterable[tuple[int, int, int, int]]) -> set[tuple[int, int]]:
    """Those of the cells (row, column) that lie under a range (left, top, right, bottom), but for each range's first.

    Sheets with tens of thousands of ranges are real, and a file of a few kilobytes can name ranges of a billion cells:
    so only the given cells are looked at, row after row, and no cell is held against every range. A tree of sums
    (Fenwick's) counts the ranges that are open at each column; a cell that more ranges hold than begin in it is covered.
    """
    columns = sorted({column for _, column in cells})
    firsts: Counter[tuple[int, int]] = Counter()
    changes: list[tuple[int, int, int, int]] = []  # from a row on so many more ranges between two places in `columns`
    for left, top, right, bottom in ranges:
        start, end = bisect_left(columns, left), bisect_right(columns, right)
        if start < end:
            changes += [(top, 1, start, end), (bottom + 1, -1, start, end)]
            firsts[top, left] += 1
    changes.sort(reverse=True)
    sums = [0] * (len(columns) + 1)

    def add(place: int, number: int) -> None:
        place += 1
        while place < len(sums):
            sums[place] += number
            place += place & -place

    covered = set()
    for row, column in sorted(cells) if changes else ():
        while changes and changes[-1][0] <= row:
            _, number, start, end = changes.pop()
            add(start, number)
            add(end, -number)
        place, holding = bisect_right(columns, column), 0
        while place:
            holding += sums[place]
            place -= place & -place
        if holding > firsts.get((row, column), 0):
            covered.add((row, column))
    return covered


def _is_hidden(dimension: dict[str, str], size: str) -> bool:
    return dimension.get("hidden") in _YES or (size in dimension and float(dimension[size]) == 0)


def _shown(book: Any, cell: dict[str, Any]) -> str:
    """A cell's value as the sheet shows it; errors such as #N/A are no words."""
    value = cell["value"]
    if value is None or cell["data_type"] == "e":
        return ""
    identifier = book._cell_styles[cell["style_id"]].numFmtId
    if identifier >= BUILTIN_FORMATS_MAX_SIZE:
        form = book._number_formats[identifier - BUILTIN_FORMATS_MAX_SIZE]
    else:
        form = BUILTIN_FORMATS.get(identifier) or _CHINESE_FORMATS.get(identifier, "General")
        if identifier in _CHINESE_FORMATS and isinstance(value, int | float):
            with suppress(OverflowError, ValueError):  # a number that is no day of the calendar stays a number
                value = from_excel(value, book.epoch)
    return shown(value, form)
