"""The words of workbooks."""

import datetime as dt
import random
import re
import time
import tracemalloc

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from attachments.papers import rewrite, saved, sheet
from portal.attachments import xlsx
from portal.attachments.reading import read_text

SHEET = "xl/worksheets/sheet1.xml"


def of(data: bytes) -> tuple[str, ...]:
    """The words of a workbook, which has no problem."""
    text = read_text("a.xlsx", "xlsx", data)
    assert text.refusal is None
    return text.blocks


def test_cells_come_row_by_row_under_the_name_of_their_sheet() -> None:
    """Every visible sheet is read; a name that nobody gave is none."""
    book = openpyxl.Workbook()
    book.active.append(["项目", None, 12])
    book.active.append([None, "甲"])
    other = book.create_sheet("三公经费")
    other["B3"] = "乙"
    assert of(saved(book)) == ("项目", "12", "甲", "三公经费", "乙")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_not_found(state: str) -> None:
    """A sheet that is not shown is not searched, its name neither."""
    book = openpyxl.Workbook()
    book.active.append(["公开"])
    other = book.create_sheet("内部")
    other.append(["秘密"])
    other.sheet_state = state
    assert of(saved(book)) == ("公开",)


def test_hidden_rows_and_columns_are_not_found() -> None:
    """Hidden rows, columns and groups of columns, and those without height or width, are not searched."""
    book = openpyxl.Workbook()
    page = book.active
    for number in range(1, 5):
        page.append([f"{letter}{number}" for letter in "ABCDEF"])
    page.row_dimensions[2].hidden = True
    page.column_dimensions["B"].hidden = True
    page.column_dimensions.group("D", "E", hidden=True)
    data = rewrite(
        saved(book),
        SHEET,
        lambda text: text.replace('<row r="3"', '<row r="3" ht="0"').replace("</cols>", '<col min="6" max="6" width="0"/></cols>'),
    )  # fmt: skip
    assert of(data) == ("A1", "C1", "A4", "C4")


def test_a_merged_cell_is_read_once_and_what_it_covers_is_not_found() -> None:
    """A value that a careless program left below a merged cell is hidden; wide ranges count like small ones."""
    book = openpyxl.Workbook()
    page = book.active
    page["A1"] = "标题"
    page["A2"] = "甲"
    page["C500"] = "乙"
    page.merge_cells("A1:C1")
    page.merge_cells("C500:AZ540")
    for place, row, column in (("B1", 1, 2), ("D501", 501, 4)):
        assert isinstance(page[place], MergedCell)
        page._cells[row, column] = openpyxl.cell.Cell(page, row, column, "盖住")
    data = saved(book)
    assert of(data) == ("标题", "甲", "乙")
    uncovered = rewrite(
        data, SHEET, lambda text: text[: text.index("<mergeCells")] + text[text.index("</mergeCells>") + 13 :]
    )
    assert of(uncovered).count("盖住") == 2


def merging(data: bytes, ranges: list[str]) -> bytes:
    """A workbook whose first sheet has these merged ranges; nothing is taken away from the cells."""
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in ranges)
    return rewrite(
        data, SHEET, lambda text: text.replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")
    )


def test_ranges_that_overlap_or_come_twice_cover_all_but_their_first_cells() -> None:
    """A cell is covered when any range covers it; a first cell is covered only by another range."""
    letters = "ABCDEFGH"
    data = sheet(*([f"{letter}{row}" for letter in letters] for row in range(1, 13)))
    chance = random.Random(5)
    for _ in range(20):
        boxes = []
        for _ in range(chance.randint(1, 6)):
            left, top = chance.randint(0, 7), chance.randint(1, 12)
            boxes.append((left, top, min(left + chance.randint(0, 3), 7), top + chance.randint(0, 3)))
        boxes += boxes[:1]
        shown = [
            f"{letter}{row}"
            for row in range(1, 13)
            for column, letter in enumerate(letters)
            if not any(
                left <= column <= right and top <= row <= bottom and (column, row) != (left, top)
                for left, top, right, bottom in boxes
            )
        ]
        ranges = [f"{letters[left]}{top}:{letters[right]}{bottom}" for left, top, right, bottom in boxes]
        assert list(of(merging(data, ranges))) == shown


def test_merged_ranges_take_no_memory_for_cells_that_are_not_there() -> None:
    """Thousands of ranges over empty cells, which fit into a few kilobytes, cost what the ranges cost, not their area."""
    data = merging(sheet(["甲", "盖住"]), [f"A{row}:ALK{row}" for row in range(1, 3001)])
    tracemalloc.start()
    try:
        assert of(data) == ("甲",)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_many_wide_ranges_are_not_tried_for_each_cell() -> None:
    """Fifteen thousand cells beside as many wide ranges are read in seconds: no cell is held against every range."""
    data = merging(sheet(*([f"甲{row}"] for row in range(15_000))), [f"B{row}:BZZ{row}" for row in range(1, 15_001)])
    began = time.process_time()
    assert len(of(data)) == 15_000
    assert time.process_time() - began < 3


def test_hidden_columns_that_are_said_again_and_again_take_no_time() -> None:
    """Every column may begin a hidden group that reaches to the last one."""
    columns = "".join(f'<col min="{number}" max="16384" hidden="1"/>' for number in range(2, 16_385))
    data = rewrite(
        sheet(["甲", "藏"]), SHEET, lambda text: text.replace("<sheetData>", f"<cols>{columns}</cols><sheetData>")
    )
    began = time.process_time()
    assert of(data) == ("甲",)
    assert time.process_time() - began < 1


def test_formulas_count_by_their_last_value() -> None:
    """The value is what is seen; a formula that was never computed shows nothing, and errors are no words."""
    book = openpyxl.Workbook()
    book.active.append(["合计", "=1+1", "=2+2", "#N/A"])
    data = rewrite(
        saved(book),
        SHEET,
        lambda text: text.replace("<f>1+1</f><v />", "<f>1+1</f><v>2</v>").replace(
            "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>"
        ),
    )
    assert of(data) == ("合计", "2")


def test_numbers_and_dates_are_read_as_the_sheet_shows_them() -> None:
    """Formats that people see in cells are what they search for."""
    book = openpyxl.Workbook()
    rows = [
        (1234.0, "General"), (0.125, "0.0%"), (1234567.5, "#,##0.00"), (dt.date(2026, 3, 1), "yyyy-mm-dd"),
        (dt.datetime(2026, 3, 1, 9, 30), "yyyy/m/d h:mm"), (dt.date(2026, 3, 1), 'yyyy"年"m"月"d"日"'), ("0012", "@"), (True, "General"),  # noqa: DTZ001
    ]  # fmt: skip
    for number, (value, form) in enumerate(rows, 1):
        book.active.cell(number, 1, value).number_format = form
    expected = ("1234", "12.5%", "1,234,567.50", "2026-03-01", "2026-03-01 09:30", "2026年3月1日", "0012", "TRUE")
    assert of(saved(book)) == expected


@pytest.mark.parametrize(
    ("number", "value", "found"),
    [
        (31, 46082, "2026年3月1日"),
        (57, 46082, "2026年3月"),
        (58, 46082, "3月1日"),
        (32, 0.5, "12:00"),
        (31, 99999999, "99999999"),
    ],
)
def test_formats_that_a_chinese_excel_does_not_write_out(number: int, value: float, found: str) -> None:
    """Dates under the built-in Chinese formats are dates, not the days since 1900; what is no day stays a number."""
    data = rewrite(
        sheet([value]), "xl/styles.xml", lambda text: text.replace('<cellXfs count="1"><xf numFmtId="0"', f'<cellXfs count="1"><xf numFmtId="{number}"')
    )  # fmt: skip
    assert of(data) == (found,)


def test_only_so_many_cells_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of more cells is read to its end, for what is merged stands there, but not kept whole."""
    monkeypatch.setattr(xlsx, "MAX_CELLS", 3)
    assert of(sheet(list("abcdef"))) == tuple("abcd")


def test_a_wrong_dimension_loses_nothing() -> None:
    """Programs write wrong dimensions; every cell is read all the same."""
    data = rewrite(sheet(["甲", "乙"], ["丙"]), SHEET, lambda text: text.replace('ref="A1:B2"', 'ref="A1"'))
    assert of(data) == ("甲", "乙", "丙")


def test_a_part_that_many_sheets_name_is_read_once() -> None:
    """A file of kilobytes can name one large sheet a thousand times; the sheets' own names are still words."""
    data = rewrite(
        sheet(["甲"]),
        "xl/workbook.xml",
        lambda text: re.sub(
            r'<sheet [^>]*name="[^"]*"[^>]*/>',
            lambda found: "".join(
                re.sub('sheetId="1"', f'sheetId="{number}"', re.sub('name="[^"]*"', f'name="名{number}"', found[0]))
                for number in (1, 2, 3)
            ),
            text,
        ),
    )
    assert of(data) == ("名1", "甲", "名2", "名3")
