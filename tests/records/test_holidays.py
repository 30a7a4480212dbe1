"""Reading the State Council's notices on holidays."""

from datetime import date

import pytest
from tiny import TinySite

from portal.records.holidays import read_workdays
from portal.records.repository import read_repository

RIGHT = "通知: 国办发明电〔2025〕7号\n放假:\n  - {名称: 元旦, 从: 2026-01-01, 到: 2026-01-03, 上班: [2026-01-04]}\n"


def _said(text: str, name: str = "2026.yaml") -> list[str]:
    days, problems = read_workdays({name: text.encode()})
    assert days.notices == {}
    return [f"{problem.place}: {problem.what}" for problem in problems]


def test_a_notice_is_read() -> None:
    """Its number, the free days and the worked ones."""
    days, problems = read_workdays({"2026.yaml": RIGHT.encode()})
    assert problems == []
    assert days.notices == {2026: "国办发明电〔2025〕7号"}
    assert [days.is_worked(date(2026, 1, day)) for day in (1, 2, 3, 4, 5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("2026-01-03", "2026-02-03"), "2026.yaml:3:5: “元旦”从 2026-01-01 到 2026-02-03，不是几天的假期。"),
        (("2026-01-03", "2025-12-31"), "2026.yaml:3:5: “元旦”从 2026-01-01 到 2025-12-31，不是几天的假期。"),
        (("[2026-01-04]", "[2026-01-05]"), "2026.yaml:3:5: 2026-01-05 不是周末，不用写在“上班”里。"),
        (("[2026-01-04]", "[2026-01-03]"), "2026.yaml:3:5: 2026-01-03 既写了放假又写了上班。"),
        (("[2026-01-04]", "[2027-01-09]"), "2026.yaml:3:5: 2027-01-09 不在 2026 年。"),
        (("通知: 国办发明电〔2025〕7号\n", ""), "2026.yaml:1:1: 缺少“通知”。"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(wrong: tuple[str, str], said: str) -> None:
    """A slip of the pen would make every deadline wrong: each is told where it stands."""
    assert _said(RIGHT.replace(*wrong)) == [f"catalog/workdays/{said}"]


def test_a_file_of_another_name_is_told() -> None:
    """Nothing that lies there is passed over in silence."""
    assert _said(RIGHT, "二〇二六.yaml") == [
        "catalog/workdays/二〇二六.yaml:1:1: catalog/workdays/ 下只放每年的放假安排，文件名是年份。"
    ]
    assert _said("- 1\n")[0].endswith("这里应当逐栏填写。")


def test_a_site_reads_its_notices(tiny: TinySite) -> None:
    """They belong to the vocabulary; a wrong one stops the build."""
    tiny.write("catalog/workdays/2026.yaml", RIGHT)
    tiny.news("one")
    vocabulary = read_repository(tiny.root).vocabulary
    assert vocabulary is not None
    assert vocabulary.workdays.knows(2026)
    tiny.write("catalog/workdays/2026.yaml", RIGHT.replace("2026-01-04", "2026-01-05"))
    assert [problem.code for problem in read_repository(tiny.root).problems] == ["workdays"]
