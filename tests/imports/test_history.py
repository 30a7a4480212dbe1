"""题注."""

from datetime import date

import pytest

from portal.imports.findings import Kind
from portal.imports.history import Act, Event, read_history


def only(line: str) -> Event:
    """The one event of a history of one line that is understood."""
    history = read_history("f", [(3, line)])
    assert not [f for f in history.findings if f.kind is Kind.UNREAD]
    (event,) = history.events
    return event


@pytest.mark.parametrize(
    ("line", "act", "makers", "order"),
    [
        ("2008年1月31日 中华人民共和国国务院令第517号公布", Act.PUBLISHED, ("国务院",), "国务院令第517号"),
        ("1983年9月12日 国务院发布　", Act.PUBLISHED, ("国务院",), None),
        ("1987年4月10日 国务院批准　", Act.APPROVED, ("国务院",), None),
        ("2007年3月7日 国务院第170次常务会议通过", Act.ADOPTED, ("国务院",), None),
        ("2019年4月3日 中华人民共和国国务院令第711号修订", Act.AMENDED, ("国务院",), "国务院令第711号"),
        (
            "2004年12月9日 中华人民共和国国务院、中华人民共和国中央军事委员会令第425号公布",
            Act.PUBLISHED,
            ("国务院", "中央军事委员会"),
            "国务院、中央军事委员会令第425号",
        ),
        ("2011年1月8日 《国务院关于废止和修改部分行政法规的决定》第一次修订　", Act.AMENDED, ("国务院",), None),
        ("1993年2月1日 海关总署第43号令发布　", Act.PUBLISHED, ("海关总署",), "海关总署令第43号"),
        ("1999年6月12日 国务院批准修订　", Act.AMENDED, ("国务院",), None),
        ("1951年3月1日 政务院修正公布", Act.PUBLISHED, ("国务院",), None),
        ("1987年5月1日 公安部、外交部、交通部发布", Act.PUBLISHED, ("公安部", "外交部", "交通部"), None),
        ("2004年1月1日 施行", Act.EFFECTIVE, (), None),
    ],
)
def test_a_line_says_what_was_done_by_whom(line: str, act: Act, makers: tuple[str, ...], order: str | None) -> None:
    """The act, the organs without 中华人民共和国, and the 令号 are read from each form in use."""
    event = only(line)
    assert (event.act, event.makers, event.order) == (act, makers, order)


def test_an_effective_date_may_follow_on_the_same_line() -> None:
    """`发布 自…施行` is two acts; 自发布之日施行 has no day of its own."""
    history = read_history("f", [(3, "1999年3月10日 海关总署发布 自1999年4月1日施行")])
    assert [(e.act, e.on) for e in history.events] == [
        (Act.PUBLISHED, date(1999, 3, 10)),
        (Act.EFFECTIVE, date(1999, 4, 1)),
    ]
    history = read_history("f", [(3, "1987年1月1日 国家统计局令第1号发布  自发布之日施行")])
    assert (Act.EFFECTIVE, None) in [(e.act, e.on) for e in history.events]


def test_a_sentence_cut_in_two_is_joined_and_reported() -> None:
    """1984年1月7日 国务院 / 中央军委发布 is one act of two organs."""
    history = read_history("f", [(3, "1984年1月7日 国务院"), (5, "中央军委发布"), (7, "发布之日施行")])
    assert history.lines == ("1984年1月7日 国务院 中央军委发布", "发布之日施行")
    assert history.events[0] == Event(Act.PUBLISHED, date(1984, 1, 7), ("国务院", "中央军事委员会"))
    assert [(f.line, f.kind) for f in history.findings] == [(5, Kind.CHANGED)]


def test_approval_and_publication_of_one_day_stay_two_acts() -> None:
    """国务院批准 / 文化部 / 海关总署发布: 国务院 approved, the others published."""
    lines = [(3, "1981年10月13日 国务院批准"), (5, "文化部"), (7, "海关总署发布")]
    assert [(e.act, e.makers) for e in read_history("f", lines).events] == [
        (Act.APPROVED, ("国务院",)),
        (Act.PUBLISHED, ("文化部", "海关总署")),
    ]


@pytest.mark.parametrize("tail", ["  根据", "）", "　"])
def test_leftovers_of_the_source_are_taken_off_and_told(tail: str) -> None:
    """根据 and a lone bracket belong to no line; white space alone is not worth telling."""
    history = read_history("f", [(3, f"1988年9月8日 中华人民共和国国务院令第12号发布{tail}")])
    assert history.lines == ("1988年9月8日 中华人民共和国国务院令第12号发布",)
    assert [f.kind for f in history.findings] == ([] if tail == "　" else [Kind.CHANGED])


@pytest.mark.parametrize("line", ["1985年12月30日 ", "1985年12月 国务院发布", "2017年11月22日 国务院令第692号"])
def test_what_is_not_clear_is_kept_and_reported(line: str) -> None:
    """A date without a word, a word without a full date, an order without a verb: kept in 题注, told as not understood."""
    history = read_history("f", [(3, line)])
    assert history.lines == (line.strip(),)
    assert [(f.line, f.kind) for f in history.findings] == [(3, Kind.UNREAD)]


def test_a_covering_notice_is_kept_for_the_body() -> None:
    """The words of an 印发通知 among the history lines are not 题注; its 文号 and signature are read."""
    history = read_history(
        "f",
        [
            (3, "关于印发《工资支付暂行规定》的通知"),
            (5, "劳部发［1994］489号"),
            (7, "现印发给你们，请遵照执行。"),
            (9, "中华人民共和国劳动部"),
            (11, "一九九四年十二月六日"),
            (13, "1995年1月1日 执行"),
        ],
    )
    assert history.lines == ("1995年1月1日 执行",)
    assert [n for n, _ in history.preface] == [3, 5, 7, 9, 11]
    assert history.notice_no == "劳部发〔1994〕489号"
    assert history.events[0] == Event(Act.PUBLISHED, date(1994, 12, 6), ("劳动部",))
