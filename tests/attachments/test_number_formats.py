"""Values under number formats."""

import datetime as dt

import pytest

from portal.attachments.number_formats import shown


@pytest.mark.parametrize(
    ("value", "form", "found"),
    [
        (5, "General", "5"), (-2.0, "0.00", "-2.00"), (0.1 + 0.2, "General", "0.3"), (2.675, "0.00", "2.68"), (1e20, "0.00", "1e+20"),
        (1234.5, "#,##0", "1,235"), (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"), (-5, "0;[Red]0", "5"), (12, '0"件"', "12件"),
        (3.5, "¥#,##0.00", "¥3.50"), (3.5, "[$￥-804]#,##0.00", "￥3.50"), (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "-"),
        (1500000, '#,##0,"千元"', "1,500千元"), (7, "000", "7"), (1.5, "0.0##", "1.5"), (2, "0.##", "2"), (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "12345"), (5, "[>100]0.0;0", "5"), (8, 'G/通用格式"元"', "8"), (float("nan"), "0", ""), (float("inf"), "General", ""),
        (9, ";;;", ""), ("密", ";;;", ""), ("字", "0.00", "字"), (dt.time(9, 5), "h:mm", "09:05"), (dt.timedelta(hours=30), "[h]:mm", "30:00"),
        (dt.datetime(2026, 3, 1), "m/d/yy", "2026-03-01"), (dt.datetime(2026, 3, 1), 'yyyy"年"m"月"', "2026年3月"), (0.1, "0." + "0" * 400, "0.1000000000"),  # noqa: DTZ001
        (True, "0", "TRUE"), (13800000000, "000 0000 0000", "13800000000"), (-0.5, "0%", "-50%"),
    ],
)  # fmt: skip
def test_number_formats(value: object, form: str, found: str) -> None:
    """What each kind of format shows; a format that is not understood gives the plain number."""
    assert shown(value, form) == found
