"""Problems: collected, sorted, raised once, rendered in three forms."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.problems import Hints, Place, Problem, ProblemsFound, Severity, blocking, nearest, render

STOP = Problem(Place("content/news/b.md", 3, 5), "missing", "标题", "缺少“标题”。", "请加一行。")
REMIND = Problem(Place("content/news/a.md", 9), "late", "", "晚了。", "请说明。", Severity.REMIND)


def test_a_problem_reads_as_place_severity_field_reason_and_remedy() -> None:
    """A problem as text names the file, line, column, severity, field and reason, and the remedy below."""
    assert str(STOP) == "content/news/b.md:3:5 阻断 〔标题〕缺少“标题”。\n    改法：请加一行。"


def test_a_problem_without_a_field_shows_no_empty_brackets() -> None:
    """When no field is at fault, none is shown; a place without line and column is the start of the file."""
    assert str(REMIND) == "content/news/a.md:9:1 提醒 晚了。\n    改法：请说明。"


def test_problems_are_raised_sorted_and_once() -> None:
    """The exception holds each problem once, by file, line and column as numbers, and shows all of them."""
    places = [Place("b.md", 1), Place("a.md", 10), Place("a.md", 9, 12), Place("a.md", 9, 3)]
    found = ProblemsFound([Problem(place, "x", "", "甲", "乙") for place in [*places, *places]])
    assert [str(problem.place) for problem in found.problems] == ["a.md:9:3", "a.md:9:12", "a.md:10:1", "b.md:1:1"]
    assert str(found) == render(found.problems, "text")
    assert found.exitcode == 1


def test_only_blocking_problems_stop_a_build() -> None:
    """A reminder is no reason to stop; the rest are sorted and each given once."""
    other = Problem(Place("a.md"), "x", "", "甲", "乙")
    assert blocking([STOP, REMIND, other, STOP]) == (other, STOP)


def test_text_ends_with_the_count() -> None:
    """The text form lists the problems in order and ends with how many stop the build."""
    text = render([STOP, REMIND, STOP], "text")
    assert text == f"{REMIND}\n{STOP}\n共 2 处：阻断 1，提醒 1。"


def test_text_says_that_nothing_was_found() -> None:
    """No problem is said in a sentence, not by silence."""
    assert render([], "text") == "没有发现问题。"


def test_json_holds_every_part() -> None:
    """The JSON form carries place, code, field, severity, reason and remedy, with Chinese readable."""
    text = render([STOP, STOP], "json")
    assert json.loads(text) == {
        "problems": [
            {
                "path": "content/news/b.md", "line": 3, "column": 5, "code": "missing", "field": "标题",
                "severity": "阻断", "what": "缺少“标题”。", "remedy": "请加一行。",
            }
        ]
    }  # fmt: skip
    assert "缺少" in text
    assert json.loads(render([], "json")) == {"problems": []}


def test_github_annotates_the_line() -> None:
    """A blocking problem is an error annotation and a reminder a warning, on its line and column."""
    first, second = render([STOP, REMIND], "github").split("\n")
    assert first == "::warning file=content/news/a.md,line=9,col=1,title=late::晚了。 改法：请说明。"
    assert second.startswith("::error file=content/news/b.md,line=3,col=5,title=missing::缺少")
    assert render([], "github") == ""


def test_github_escapes_what_would_cut_the_line() -> None:
    """Percent, CR and LF are escaped in the message, colon and comma in the file name too, percent first."""
    problem = Problem(Place("a,b:c%.md"), "x", "", "100%\r\n完：了，a,b", "%0A")
    line = render([problem], "github")
    assert "file=a%2Cb%3Ac%25.md,line=1" in line
    assert line.endswith("::100%25%0D%0A完：了，a,b 改法：%250A")


@given(st.text(), st.text())
def test_an_annotation_is_always_one_line_that_decodes_to_its_message(what: str, remedy: str) -> None:
    """Whatever the message, the annotation is one line without raw percent signs, and unescaping gives it back."""
    line = render([Problem(Place("a.md"), "x", "", what, remedy)], "github")
    message = line.split("::", 2)[2]
    assert not re.search("[\r\n]", line)
    decoded = re.sub("%(0A|0D|25)", lambda found: chr(int(found[1], 16)), message)
    assert decoded == f"{what} 改法：{remedy}"


@given(st.lists(st.builds(Problem, st.builds(Place, st.text(), st.integers(1, 99)), st.just("x"), *[st.text()] * 3)))
def test_json_gives_back_what_was_found(problems: list[Problem]) -> None:
    """Whatever the words, the JSON form reads back to as many problems as there are different ones."""
    assert len(json.loads(render(problems, "json"))["problems"]) == len(set(problems))


@pytest.mark.parametrize(
    ("word", "hint"),
    [("标提", "（您是不是要写“标题”？）"), ("发布日", "（您是不是要写“发布日期”？）"), ("xyz", ""), ("", "")],
)
def test_the_nearest_known_word_is_the_hint(word: str, hint: str) -> None:
    """The nearest known word is suggested, and none when no word is near."""
    assert nearest(word, ["标题", "发布日期", "状态"]) == hint


def test_hints_list_what_is_known_once_and_end() -> None:
    """The nearest word is told for the first wrong ones; what is known is listed once, and not before it is needed."""
    listed = []

    def known() -> list[str]:
        listed.append(1)
        return ["科技", "教育"]

    hints = Hints(known, most=2)
    assert listed == []
    assert [hints.hint("科枝"), hints.hint("教肓"), hints.hint("科枝")] == [
        "（您是不是要写“科技”？）",
        "（您是不是要写“教育”？）",
        "",
    ]
    assert listed == [1]
