"""依申请公开: when an application must be answered, from what has happened to it (条例 arts. 30–34, 36).

What happened is a list of events by day. From them follow the state and the next legal date, with its arithmetic: every
working day that counted, and why the others did not.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.workdays import Deadline, Workdays

CORRECTION_NOTICE = 7
"""Working days for the one notice that an application is unclear (art. 30)."""
REPLY = 20
"""Working days for the reply (art. 33)."""
EXTENSION = 20
"""Working days by which it may be extended at most (art. 33)."""
THIRD_PARTY = 15
"""Working days that a third party has to say what it thinks (art. 32)."""


class What(StrEnum):
    """What happened to an application."""

    RECEIVED = "收到"  # in person, by signed post, or confirmed by both sides (art. 31)
    CORRECTION_ASKED = "通知补正"
    CORRECTED = "收到补正"
    ASKED_THIRD_PARTY = "征求第三方意见"
    THIRD_PARTY_ANSWERED = "第三方答复"
    EXTENDED = "延期"
    REPLIED = "答复"
    WITHDRAWN = "撤回申请"
    ABANDONED = "视为放弃"  # no correction within the period that was set (art. 30)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day. `working_days` are those of an extension, or of a period set for a correction."""

    what: What
    on: date
    working_days: int = 0
    reason: str = ""


class State(StrEnum):
    """Where an application stands."""

    IN_HAND = "办理中"
    CORRECTING = "待补正"
    ASKING = "征求意见中"
    ANSWERED = "已答复"
    ENDED = "已终止"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count: after the first up to and with the last, which is None while it goes on (art. 33)."""

    after: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where an application stands, and the dates that follow.

    `due` is None where nothing runs: while a correction or a third party's answer is awaited the reply has no date, and the
    office waits until `waits`; when it is answered or ended there is nothing to wait for.
    """

    state: State
    received: date
    due: Deadline | None
    notice_by: Deadline | None = None
    waits: Deadline | None = None
    used: int = 0  # working days of the reply's period that were over when a third party was asked
    allowed: int = REPLY
    pauses: tuple[Pause, ...] = ()

    def overdue(self, today: date) -> bool:
        """Whether the reply is late."""
        return self.due is not None and today > self.due.due


class Impossible(Exception):
    """Something that the law, or what happened before, does not allow; the Chinese sentence says what and why."""


def clock(events: Iterable[Event], workdays: Workdays) -> Clock:
    """The clock after these events, in the order in which they happened. Raises Impossible."""
    found = list(events)
    if not found or found[0].what is not What.RECEIVED:
        raise Impossible("申请要先登记收到的日期（条例第三十一条），其他步骤都从那一天算起。")
    case = _Case(found[0].on)
    for before, event in itertools.pairwise(found):
        if event.on < before.on:
            raise Impossible(f"“{event.what}”的日期 {event.on} 早于前一步“{before.what}”的 {before.on}，请核对。")
        case.take(event)
    return case.clock(workdays)


class _Case:
    """An application while its events are gone through."""

    def __init__(self, received: date) -> None:
        self.received = received
        self.state = State.IN_HAND
        self.extension = 0
        self.asked: Event | None = None
        self.was_asked = False
        self.pauses: list[Pause] = []

    def take(self, event: Event) -> None:
        """The next event. Raises Impossible."""
        if self.state in (State.ANSWERED, State.ENDED):
            raise Impossible(
                f"申请已经办结（{self.state}），不能再登记“{event.what}”；确需更正的，请由管理员重新打开。"
            )
        allowed = _ALLOWED[event.what]
        if self.state not in allowed:
            raise Impossible(f"申请现在是“{self.state}”，不能登记“{event.what}”。")
        match event.what:
            case What.CORRECTION_ASKED:
                if self.was_asked:
                    raise Impossible("补正只能通知一次（条例第三十条：一次性告知），请按现有内容答复。")
                if event.working_days < 1:
                    raise Impossible("补正通知要写明合理的补正期限（条例第三十条）。")
                self.asked, self.was_asked, self.state = event, True, State.CORRECTING
            case What.CORRECTED:
                # 答复期限自行政机关收到补正内容之日起计算 (art. 30): everything before is forgotten.
                self.received, self.state, self.asked = event.on, State.IN_HAND, None
                self.pauses, self.extension = [], 0
            case What.ABANDONED | What.WITHDRAWN:
                self.asked, self.state = None, State.ENDED
            case What.ASKED_THIRD_PARTY:
                self.asked, self.state = event, State.ASKING
                self.pauses.append(Pause(event.on, None))
            case What.THIRD_PARTY_ANSWERED:
                self.pauses[-1] = Pause(self.pauses[-1].after, event.on)
                self.asked, self.state = None, State.IN_HAND
            case What.EXTENDED:
                self._extend(event)
            case What.REPLIED:
                self.asked, self.state = None, State.ANSWERED

    def _extend(self, event: Event) -> None:
        if self.extension:
            raise Impossible("答复期限已经延长过一次。")
        if not 1 <= event.working_days <= EXTENSION:
            raise Impossible(f"延长不能超过 {EXTENSION} 个工作日（条例第三十三条）。")
        if not event.reason:
            raise Impossible("延长要经公开工作机构负责人同意并告知申请人（条例第三十三条），请写明理由。")
        self.extension = event.working_days

    def clock(self, workdays: Workdays) -> Clock:
        """Where it stands."""
        allowed = REPLY + self.extension
        used = 0
        due = waits = notice = None
        if self.state is State.IN_HAND:
            due = workdays.deadline(self.received, allowed, self._paused())
            if not self.was_asked:
                notice = workdays.deadline(self.received, CORRECTION_NOTICE, self._paused())
        elif self.asked is not None:
            is_asking = self.state is State.ASKING
            waits = workdays.deadline(self.asked.on, THIRD_PARTY if is_asking else self.asked.working_days)
            if is_asking:
                paused = sum(workdays.is_worked(day) for day in self._paused())
                used = workdays.between(self.received, self.asked.on) - paused
        return Clock(self.state, self.received, due, notice, waits, used, allowed, tuple(self.pauses))

    def _paused(self) -> Mapping[date, str]:
        """The days that do not count, with the reason."""
        found: dict[date, str] = {}
        for pause in self.pauses:
            if pause.until is not None:
                found |= dict.fromkeys(_days(pause.after, pause.until), "征求第三方意见，不计入期限")
        return found


def _days(after: date, until: date) -> Sequence[date]:
    return [date.fromordinal(number) for number in range(after.toordinal() + 1, until.toordinal() + 1)]


_OPEN = (State.IN_HAND, State.CORRECTING, State.ASKING)
_ALLOWED: Mapping[What, tuple[State, ...]] = {
    What.RECEIVED: (),
    What.CORRECTION_ASKED: (State.IN_HAND,),
    What.CORRECTED: (State.CORRECTING,),
    What.ABANDONED: (State.CORRECTING,),
    What.ASKED_THIRD_PARTY: (State.IN_HAND,),
    What.THIRD_PARTY_ANSWERED: (State.ASKING,),
    What.EXTENDED: (State.IN_HAND, State.ASKING),
    What.REPLIED: (State.IN_HAND, State.ASKING),
    What.WITHDRAWN: _OPEN,
}
"""In which states something can happen."""
