"""有效性, held against an independent oracle on random graphs, dates and clocks; cycles; long chains."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import NOW, TinySite

from portal import clock
from portal.records.types import DisclosureEntry
from portal.site.due import changes
from portal.site.model import Site, Validity
from portal.site.resolve import resolve
from site_model.making import entry, vocabulary

START = date(2026, 1, 1)
DAYS = 14
ACTS = ("repeals", "amends", "replaces")


def _day(offset: int) -> str:
    return (START + timedelta(days=offset)).isoformat()


@st.composite
def graphs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries as plain facts. Acts point only to entries drawn earlier, so that there is no cycle."""
    found: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        formed = draw(st.integers(0, DAYS - 2))
        published = draw(st.integers(formed, DAYS)), draw(st.integers(0, 23)), draw(st.integers(0, 59))
        effective = draw(st.none() | st.integers(0, DAYS))
        earliest = formed if effective is None else max(formed, effective)
        fact = {
            "id": f"e{number}",
            "formed": formed,
            "published": published,
            "effective": effective,
            "expires": draw(st.none() | st.integers(earliest, DAYS + 2)),
            "status": draw(st.sampled_from(["已发布"] * 6 + ["草稿", "已撤回"])),
            "scheduled": draw(st.booleans()),
        }
        earlier = [fact["id"] for fact in found]
        for act in ACTS:
            chosen = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
            fact[act] = chosen
        found.append(fact)
    # Who was drawn first is not who was formed first: the order of ids must carry no meaning.
    names = draw(st.permutations([fact["id"] for fact in found]))
    renamed = dict(zip([fact["id"] for fact in found], names, strict=True))
    return [
        {**fact, "id": renamed[fact["id"]], **{act: [renamed[name] for name in fact[act]] for act in ACTS}}
        for fact in found
    ]


def _record(fact: dict[str, Any], spelling: int) -> DisclosureEntry:
    day, hour, minute = fact["published"]
    when = f"{_day(day)} {hour:02d}:{minute:02d}"

    def named(identifier: str) -> str:
        at = int(identifier[1:])
        return (identifier, f"TEST/2026-{at + 1:05d}", f"试发〔2026〕{at + 1}号")[(spelling + at) % 3]

    at = int(fact["id"][1:])
    fields: dict[str, Any] = {
        "doc_no": f"试发〔2026〕{at + 1}号",
        "formed": _day(fact["formed"]),
        "status": fact["status"],
        "date": None if fact["scheduled"] else when,
        "publish_at": when if fact["scheduled"] else None,
        **{act: tuple(map(named, fact[act])) for act in ACTS},
    }
    for name in ("effective", "expires"):
        if fact[name] is not None:
            fields[name] = _day(fact[name])
    if fact["status"] == "已撤回":
        fields |= {"withdrawn_on": f"{_day(DAYS + 5)} 09:00", "withdrawn_reason": "错"}
    return entry(fact["id"], at + 1, **fields)


def _records(facts: list[dict[str, Any]]) -> list[DisclosureEntry]:
    return [_record(fact, number) for number, fact in enumerate(facts)]


def _oracle(facts: list[dict[str, Any]], minute: int) -> dict[str, tuple[str, str | None, frozenset[str], bool]]:
    """Validity, since, by and replaced of every public entry, by the words of the design and minutes since the start."""

    def born(fact: dict[str, Any]) -> int:
        day, hour, minutes = fact["published"]
        return day * 1440 + hour * 60 + minutes

    public = [fact for fact in facts if fact["status"] == "已发布" and born(fact) <= minute]

    def force(fact: dict[str, Any]) -> int:
        return fact["formed"] if fact["effective"] is None else fact["effective"]

    answer = {}
    for fact in public:
        acting = [other for other in public if force(other) * 1440 <= minute]
        ends = [o for o in acting if fact["id"] in o["repeals"] or fact["id"] in o["replaces"]]
        alters = [o for o in acting if fact["id"] in o["amends"]]
        by = frozenset(o["id"] for o in ends)
        expired_before = fact["expires"] is not None and ends and fact["expires"] < min(map(force, ends))
        if ends and not expired_before:
            replaced = any(fact["id"] in o["replaces"] for o in ends)
            answer[fact["id"]] = ("废止", _day(min(map(force, ends))), by, replaced)
        elif fact["expires"] is not None and (fact["expires"] + 1) * 1440 <= minute:
            answer[fact["id"]] = ("失效", _day(fact["expires"]), frozenset(), False)
        elif fact["effective"] is not None and fact["effective"] * 1440 > minute:
            answer[fact["id"]] = ("尚未施行", _day(fact["effective"]), frozenset(), False)
        elif alters:
            answer[fact["id"]] = ("已修改", _day(max(map(force, alters))), frozenset(o["id"] for o in alters), False)
        else:
            since = None if fact["effective"] is None else _day(fact["effective"])
            answer[fact["id"]] = ("有效", since, frozenset(), False)
    return answer


def _moment(minute: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(minutes=minute)


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(0, (DAYS + 4) * 1440))
def test_validity_is_what_the_oracle_says(facts: list[dict[str, Any]], minute: int) -> None:
    """For any acyclic acts, dates and clock the standing of every public entry is the oracle's."""
    site = resolve(_records(facts), vocabulary(), {}, _moment(minute)).site
    found = {}
    for (_, identifier), item in site.items.items():
        standing = item.standing
        assert standing is not None
        since = standing.since.isoformat() if standing.since else None
        by = frozenset(key[1] for key in standing.by)
        found[identifier] = (standing.validity.value, since, by, standing.replaced)
    assert found == _oracle(facts, minute)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_no_acyclic_graph_is_a_cycle(facts: list[dict[str, Any]]) -> None:
    """Acts that never come back to where they began are no problem."""
    assert not [p for p in resolve(_records(facts), vocabulary(), {}, NOW).problems if p.code == "cycle"]


def _has_cycle(edges: dict[int, set[int]]) -> bool:
    """Kahn's way: take away what nobody points at until nothing or a cycle is left."""
    left = {node: set(targets) for node, targets in edges.items()}
    while left:
        free = [node for node in left if not any(node in targets for targets in left.values())]
        if not free:
            return True
        for node in free:
            del left[node]
    return False


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.sampled_from(ACTS)), max_size=9),
        )
    )
)
def test_a_cycle_is_found_if_and_only_if_there_is_one(drawn: tuple[int, list[tuple[int, int, str]]]) -> None:
    """In any directed graph of acts a cycle is reported exactly when there is one; a self-reference is another problem."""
    n, arrows = drawn
    edges: dict[int, set[int]] = {node: set() for node in range(n)}
    acts: dict[int, dict[str, dict[str, None]]] = {node: {act: {} for act in ACTS} for node in range(n)}
    for source, target, act in arrows:
        acts[source][act][f"e{target}"] = None
        if source != target:
            edges[source].add(target)
    records = [entry(f"e{node}", node + 1, **{a: tuple(acts[node][a]) for a in ACTS}) for node in range(n)]
    problems = resolve(records, vocabulary(), {}, NOW).problems
    found = [problem for problem in problems if problem.code == "cycle"]
    assert bool(found) is _has_cycle(edges)
    assert ("self-reference" in {p.code for p in problems}) is any(a == b for a, b, _ in arrows)
    for problem in found:
        ring = problem.what.split("：", 1)[1].rstrip("。").split(" → ")
        assert ring[0] == ring[-1]
        for one, two in pairwise(ring):
            assert int(two[1:]) in edges[int(one[1:])], "the ring that is told must be one that is there"


def test_a_cycle_is_told_once_with_its_ring_and_a_place() -> None:
    """Three documents that repeal, amend and replace each other in a ring are one problem, at the first of them."""
    records = [
        entry("b", 2, amends=("c",)),
        entry("c", 3, replaces=("a",)),
        entry("a", 1, repeals=("b",)),
        entry("d", 4, repeals=("a",)),
    ]
    (problem,) = resolve(records, vocabulary(), {}, NOW).problems
    assert problem.what.endswith("a → b → c → a。")
    assert problem.place.path == "catalog/entries/2026/a.md"
    assert problem.field == "废止"


@pytest.mark.parametrize("act", ACTS)
def test_chains_of_two_thousand_need_no_recursion(act: str) -> None:
    """Each of 2,000 versions acting on the one before it resolves; closing the chain is found as a cycle."""
    count = 2000
    records = [entry(f"e{n}", n + 1, **({act: (f"e{n - 1}",)} if n else {})) for n in range(count)]
    resolution = resolve(records, vocabulary(), {}, NOW)
    assert not resolution.problems
    expected = {"repeals": Validity.REPEALED, "replaces": Validity.REPEALED, "amends": Validity.AMENDED}[act]
    standings = [resolution.site.items["entry", f"e{n}"].standing for n in range(count)]
    assert [standing.validity for standing in standings if standing] == [*[expected] * (count - 1), Validity.IN_FORCE]
    if act == "repeals":
        closed = [entry("e0", 1, repeals=(f"e{count - 1}",)), *records[1:]]
        assert [problem.code for problem in resolve(closed, vocabulary(), {}, NOW).problems] == ["cycle"]


def _validities(site: Site, *names: str) -> list[str]:
    standings = [site.items["entry", name].standing for name in names]
    return [standing.validity.value for standing in standings if standing]


def test_having_been_repealed_does_not_undo_what_a_document_did() -> None:
    """A repeals B, C repeals A: B stays repealed."""
    records = [entry("b", 2), entry("a", 1, repeals=("b",)), entry("c", 3, repeals=("a",))]
    site = resolve(records, vocabulary(), {}, NOW).site
    assert _validities(site, "a", "b", "c") == ["废止", "废止", "有效"]


def test_an_act_waits_for_the_day_on_which_it_takes_effect() -> None:
    """What a published document repeals is in force until the first minute of that document's 施行日期."""
    records = [entry("old", 1), entry("new", 2, repeals=("old",), effective="2026-07-01")]

    def validities(moment: str) -> list[str]:
        return _validities(resolve(records, vocabulary(), {}, clock.parse_minute(moment)).site, "old", "new")

    assert validities("2026-06-30 23:59") == ["有效", "尚未施行"]
    assert validities("2026-07-01 00:00") == ["废止", "有效"]


def test_a_document_is_in_force_to_the_end_of_its_last_day() -> None:
    """失效日期 is the last day in force, not the first day without."""
    records = [entry("a", 1, expires="2026-06-30")]

    def validity(moment: str) -> str:
        standing = resolve(records, vocabulary(), {}, clock.parse_minute(moment)).site.items["entry", "a"].standing
        assert standing is not None
        return standing.validity.value

    assert validity("2026-06-30 23:59") == "有效"
    assert validity("2026-07-01 00:00") == "失效"


def _state(site: Site) -> tuple[object, ...]:
    return dict(site.items), dict(site.groups), site.tombstones


@settings(max_examples=40, deadline=None)
@given(graphs(), st.integers(0, DAYS * 1440))
def test_nothing_changes_that_is_not_due(facts: list[dict[str, Any]], minute: int) -> None:
    """Between now and the first moment of `due`, and between any two of its moments, the site stays as it is."""
    # A withdrawal still to come is refused, so there is none here.
    facts = [fact | {"status": "草稿" if fact["status"] == "已撤回" else fact["status"]} for fact in facts]
    records = [r.model_copy(update={"date": None, "publish_at": r.first_public}) for r in _records(facts)]
    now = _moment(minute)
    turns = sorted({change.at for change in changes(records, now)})
    ends = [*turns, _moment((DAYS + 6) * 1440)]
    start = now
    for end in ends:
        last = end - timedelta(minutes=1)
        if last > start:
            one, other = (_state(resolve(records, vocabulary(), {}, moment).site) for moment in (start, last))
            assert one == other, f"the site changes between {start} and {last}, and nothing is due"
        start = end


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"date": None, "publish_at": "2026-07-01 08:00"}, "定时发布"),
        ({"effective": "2026-07-01"}, "施行"),
        ({"expires": "2026-07-01"}, "失效"),
    ],
)
def test_the_site_changes_when_something_is_due(fields: dict[str, Any], what: str) -> None:
    """定时发布, 施行日期 and 失效日期 each change the site at the very minute that `due` names, not one earlier."""
    records = [entry("a", 1, **fields)]
    if fields.get("publish_at"):
        records = [records[0].model_copy(update={"date": None})]
    (change,) = changes(records, NOW)
    assert change.what == what
    before, after = (
        _state(resolve(records, vocabulary(), {}, moment).site)
        for moment in (change.at - timedelta(minutes=1), change.at)
    )
    assert before != after


@pytest.mark.parametrize("status", ["草稿", "已撤回"])
def test_what_is_not_published_is_never_due(status: str) -> None:
    """Drafts and withdrawn records change nothing by the clock."""
    more = {"withdrawn_on": "2026-02-01 09:00", "withdrawn_reason": "错"} if status == "已撤回" else {}
    record = entry("a", 1, status=status, effective="2026-07-01", expires="2026-08-01", **more)
    assert list(changes([record], NOW)) == []


def test_changes_are_listed_nearest_first() -> None:
    """`due` lists every change still to come in order of time, with file and title."""
    records = [
        entry("b", 2, effective="2026-09-01", expires="2026-12-31"),
        entry("a", 1, effective="2026-07-01"),
        entry("past", 3, effective="2026-02-01"),
    ]
    found = [
        (clock.format_minute(change.at), change.what, change.path.rsplit("/", 1)[1]) for change in changes(records, NOW)
    ]
    assert found == [
        ("2026-07-01 00:00", "施行", "a.md"),
        ("2026-09-01 00:00", "施行", "b.md"),
        ("2027-01-01 00:00", "失效", "b.md"),
    ]


@pytest.mark.parametrize(
    "records",
    [
        pytest.param(
            [entry("old", 1, expires="2026-07-31"), entry("new", 2, repeals=("old",))], id="expiry of what is repealed"
        ),
        pytest.param(
            [
                entry("a", 1, effective="2026-07-01").model_copy(
                    update={"date": None, "publish_at": clock.parse_minute("2026-08-01 08:00")}
                )
            ],
            id="in force before it is public",
        ),
    ],
)
def test_nothing_is_due_that_does_not_change(records: list[DisclosureEntry]) -> None:
    """Every moment that `due` names changes the site: cron must not be sent to rebuild the same bytes."""
    for change in changes(records, NOW):
        before, after = (
            _state(resolve(records, vocabulary(), {}, moment).site)
            for moment in (change.at - timedelta(minutes=1), change.at)
        )
        assert before != after, f"{change.what} of {change.path} at {change.at} changes nothing"


def test_an_act_on_what_did_not_exist_yet_is_a_problem(tiny: TinySite) -> None:
    """A document of 2009 cannot repeal one of 2020: the entry that says so is told, at the place."""
    tiny.entry("late", 成文日期="2020-01-02")
    tiny.entry("early", 成文日期="2009-01-01", 废止=["late"])
    (problem,) = [p for p in tiny.resolve().problems if p.code == "act-order"]
    assert problem.place.path.endswith("early.md")
    assert problem.field == "废止"


def test_what_expired_before_it_was_repealed_stays_expired(tiny: TinySite) -> None:
    """Of expiry and a later repeal the earlier one ended the document."""
    tiny.entry("old", 成文日期="2010-01-02", 失效日期="2015-12-31")
    tiny.entry("new", 成文日期="2026-03-01", 废止=["old"])
    standing = tiny.resolve().site.items["entry", "old"].standing
    assert standing is not None
    assert (standing.validity, str(standing.since)) == (Validity.EXPIRED, "2015-12-31")
