"""依申请公开: every date that the Regulation knows, worked out by hand from a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.law.application import EXTENSION, REPLY, Clock, Event, Impossible, State, What, clock
from portal import HOME
from portal.records.holidays import FOLDER, read_workdays

WORKDAYS, _ = read_workdays({path.name: path.read_bytes() for path in (HOME / FOLDER).iterdir()})

RECEIVED = Event(What.RECEIVED, date(2026, 9, 14))  # a Monday, before the festivals


def day(month: int, number: int) -> date:
    """A day of 2026."""
    return date(2026, month, number)


def after(*events: Event) -> Clock:
    """The clock of an application received on 2026-09-14."""
    return clock([RECEIVED, *events], WORKDAYS)


def test_a_reply_is_due_after_twenty_working_days() -> None:
    """Art. 33, over the worked Sundays and the free weeks of September and October: 09-15 is the first day, 10-16 the last."""
    found = after()
    assert (found.state, found.allowed) == (State.IN_HAND, REPLY)
    assert found.due is not None
    assert found.due.due == day(10, 16)
    assert found.due.days[-1].text == "2026-10-16（周五）第 20 个工作日：工作日"
    assert not found.overdue(day(10, 16))
    assert found.overdue(day(10, 17))


def test_the_one_notice_is_due_after_seven() -> None:
    """Art. 30: an application that is unclear is told so within seven working days, once."""
    found = after()
    assert found.notice_by is not None
    assert found.notice_by.due == day(9, 22)
    asked = Event(What.CORRECTION_ASKED, day(9, 17), 10)
    waiting = after(asked)
    assert (waiting.state, waiting.due, waiting.notice_by) == (State.CORRECTING, None, None)
    assert waiting.waits is not None
    assert waiting.waits.due == day(10, 8)
    corrected = after(asked, Event(What.CORRECTED, day(9, 21)))
    assert corrected.notice_by is None
    with pytest.raises(Impossible, match="只能通知一次"):
        after(asked, Event(What.CORRECTED, day(9, 21)), Event(What.CORRECTION_ASKED, day(9, 22), 5))


def test_a_correction_starts_the_clock_again() -> None:
    """Art. 30: twenty working days from the day on which it arrived, whatever had passed."""
    found = after(Event(What.CORRECTION_ASKED, day(9, 17), 10), Event(What.CORRECTED, day(9, 30)))
    assert found.received == day(9, 30)
    assert found.due is not None
    assert found.due.after == day(9, 30)
    assert found.due.due == day(11, 3)


def test_without_correction_an_application_is_taken_for_given_up() -> None:
    """Art. 30; only after it was asked for."""
    asked = Event(What.CORRECTION_ASKED, day(9, 17), 10)
    assert after(asked, Event(What.ABANDONED, day(10, 9))).state is State.ENDED
    with pytest.raises(Impossible, match="不能登记"):
        after(Event(What.ABANDONED, day(10, 9)))


def test_an_extension_is_at_most_twenty_days_and_once() -> None:
    """Art. 33: with the consent of the head, and a reason."""
    extended = Event(What.EXTENDED, day(10, 12), 20, "需要检索大量档案")
    found = after(extended)
    assert found.due is not None
    assert (found.due.due, found.allowed) == (day(11, 13), 40)
    with pytest.raises(Impossible, match="延长过一次"):
        after(extended, extended)
    with pytest.raises(Impossible, match="20 个工作日"):
        after(Event(What.EXTENDED, day(10, 12), EXTENSION + 1, "多"))
    with pytest.raises(Impossible, match="理由"):
        after(Event(What.EXTENDED, day(10, 12), 5))


def test_while_a_third_party_is_asked_the_clock_stands_still() -> None:
    """Arts. 32, 33: it has fifteen working days, and these are not the office's."""
    asked = Event(What.ASKED_THIRD_PARTY, day(9, 18))
    waiting = after(asked)
    assert (waiting.state, waiting.due, waiting.used) == (State.ASKING, None, 4)
    assert waiting.waits is not None
    assert waiting.waits.due == day(10, 15)
    found = after(asked, Event(What.THIRD_PARTY_ANSWERED, day(9, 24)))
    assert found.due is not None
    assert [each.number for each in found.due.days[:12]] == [1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]
    assert found.due.days[5].text == "2026-09-20（周日）不计：征求第三方意见，不计入期限"
    assert found.due.due == day(10, 23)


def test_every_notice_of_a_missing_year_makes_a_date_provisional() -> None:
    """A deadline that runs into 2027 is 暂定 as long as nobody knows its holidays."""
    found = clock([Event(What.RECEIVED, day(12, 10))], WORKDAYS)
    assert found.due is not None
    assert found.due.is_provisional
    assert found.due.missing_years == (2027,)


@pytest.mark.parametrize("end", [What.REPLIED, What.WITHDRAWN])
def test_what_is_ended_runs_no_more(end: What) -> None:
    """No date follows, and nothing can happen to it."""
    ended = Event(end, day(9, 20))
    found = after(ended)
    assert (found.due, found.waits, found.notice_by) == (None, None, None)
    assert not found.overdue(date(2030, 1, 1))
    with pytest.raises(Impossible, match="已经办结"):
        after(ended, Event(What.EXTENDED, day(9, 21), 5, "理由"))


def test_steps_out_of_order_are_refused() -> None:
    """A day before the step before, and a case that nobody received, are slips of the pen."""
    with pytest.raises(Impossible, match="早于"):
        after(Event(What.REPLIED, day(9, 13)))
    with pytest.raises(Impossible, match="第三十一条"):
        clock([Event(What.REPLIED, day(9, 13))], WORKDAYS)
    with pytest.raises(Impossible, match="不能登记"):
        after(Event(What.CORRECTED, day(9, 15)))
    with pytest.raises(Impossible, match="补正期限"):
        after(Event(What.CORRECTION_ASKED, day(9, 15)))


@given(st.lists(st.tuples(st.sampled_from(What), st.integers(0, 30), st.integers(0, 25)), max_size=8))
def test_whatever_happens_there_is_a_clock_or_a_sentence(steps: list[tuple[What, int, int]]) -> None:
    """Any sequence has one of the two; a case in hand has a date for its reply, that leaves the office all of its days."""
    events, on = [RECEIVED], RECEIVED.on
    for what, later, days in steps:
        on += timedelta(days=later)
        events.append(Event(what, on, days, "理由"))
    try:
        found = clock(events, WORKDAYS)
    except Impossible:
        return
    assert (found.due is not None) == (found.state is State.IN_HAND)
    assert (found.waits is not None) == (found.state in (State.CORRECTING, State.ASKING))
    if found.due is not None:
        assert found.due.days[-1].number == found.allowed <= REPLY + EXTENSION
