"""A record as data and back is the same record: of the demo, with all fields, drafts, lists, with problems."""

import datetime as dt
import types
import typing
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from site_model.making import rich
from tiny import TinySite

from portal import HOME, clock
from portal.build import stored
from portal.markup.prose import EMPTY, Prose
from portal.problems import Place, Problem, Severity
from portal.records.reading import read_file
from portal.records.repository import Repository, read_repository, source_files
from portal.records.types import KINDS, Attachment, Correction, Image, Origin, Record, SecrecyReview, Status


def again(path: str, records: list[Record], problems: list[Problem]) -> tuple[list[Record], list[Problem]]:
    """The same from data."""
    words = [record.body.markdown for record in records]
    places = [record.origin.places for record in records]
    return stored.from_bytes(path, stored.to_bytes(records, problems), words.__getitem__, places.__getitem__)


def assert_same(one: Record, other: Record) -> None:
    """Equal in every respect that anybody asks for: of an empty body nobody asks where it begins."""
    assert type(one) is type(other)
    for name in type(one).model_fields:
        if name not in {"origin", "body"}:
            assert getattr(one, name) == getattr(other, name)
            assert type(getattr(one, name)) is type(getattr(other, name))
    assert (one.body.digest, one.body.size, one.body.marks) == (other.body.digest, other.body.size, other.body.marks)
    assert one.body.markdown == other.body.markdown
    assert one.origin.path == other.origin.path
    assert dict(one.origin.places) == dict(other.origin.places)
    assert one.origin.body_line == other.origin.body_line or not one.body
    for name in ("key", "url", "first_public", "order", "modified", "year"):
        assert getattr(one, name) == getattr(other, name)
    assert one.model_dump(mode="json", exclude_defaults=True) == other.model_dump(mode="json", exclude_defaults=True)
    assert one.first_public.tzinfo is other.first_public.tzinfo is clock.SHANGHAI
    assert isinstance(other.status, Status)
    assert hash(one.key) == hash(other.key)


@pytest.mark.parametrize("path", list(source_files(HOME)))
def test_the_records_of_the_demo(path: str) -> None:
    """Each file of the demo, as it stands."""
    records, problems = read_file(path, (HOME / path).read_bytes())
    found, told = again(path, records, problems)
    assert told == problems
    assert len(found) == len(records) > 0
    for one, other in zip(records, found, strict=True):
        assert_same(one, other)


def test_the_records_of_a_site_with_something_of_everything(tmp_path: Path) -> None:
    """All kinds and states, with relations, attachments and pictures."""
    tiny = rich(TinySite(tmp_path / "site"))
    count = 0
    for path in source_files(tiny.root):
        records, problems = read_file(path, (tiny.root / path).read_bytes())
        for one, other in zip(records, again(path, records, problems)[0], strict=True):
            assert_same(one, other)
            count += 1
    assert count > 60


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2999, 12, 31)).map(  # noqa: DTZ001 -- the zone follows
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=clock.SHANGHAI)
)
DAYS = st.dates(dt.date(1, 1, 1))
BODIES = st.one_of(
    st.just(EMPTY),
    st.text(st.characters(codec="utf-8")).map(Prose.of),
    st.just(Prose.of("见[甲](/news/a/)、《办法》（试发〔2026〕1号）、![图](files/b.png)。\n\n请填写。")),
)
BY_ANNOTATION: dict[Any, Any] = {dt.datetime: MOMENTS, dt.date: DAYS, str: LINES}


def _strategy(annotation: Any) -> Any:
    """Values of a field by its annotation; of all that the models have, or the test says what is missing."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return _strategy(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.none() if each is type(None) else _strategy(each) for each in arguments])
    if origin is tuple:
        return st.lists(_strategy(arguments[0]), max_size=3).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    return BY_ANNOTATION[annotation]


def _model(model: type[BaseModel]) -> Any:
    fields = {
        name: _strategy(info.annotation) for name, info in model.model_fields.items() if name not in {"body", "origin"}
    }

    def made(values: dict[str, Any]) -> Any:
        return model.model_construct(**values)

    return st.fixed_dictionaries(fields).map(made)


def _record(kind: type[Record]) -> Any:
    fields = {
        name: _strategy(info.annotation) for name, info in kind.model_fields.items() if name not in {"body", "origin"}
    }
    fields |= {"body": BODIES, "date": MOMENTS, "origin": st.builds(
        Origin, st.just("content/a.md"),
        st.dictionaries(st.tuples(LINES), st.builds(Place, LINES, st.integers(1, 9), st.integers(1, 9)), max_size=3),
        st.integers(1, 99),
    )}  # fmt: skip
    return st.fixed_dictionaries(fields).map(lambda values: kind.model_construct(**values))


FAST = settings(
    max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_records_of_all_fields(kind: type[Record]) -> None:
    """Whatever the fields of a kind hold, among them those that a later version adds."""

    @FAST
    @given(st.lists(_record(kind), max_size=3))
    def every(records: list[Record]) -> None:
        found, _ = again("content/a.md", records, [])
        for one, other in zip(records, found, strict=True):
            assert_same(one, other)

    every()


PROBLEMS = st.builds(
    Problem,
    st.builds(Place, LINES, st.integers(1, 10**6), st.integers(1, 10**6)),
    LINES, LINES, LINES, LINES, st.sampled_from(Severity),
)  # fmt: skip


@FAST
@given(st.lists(PROBLEMS, max_size=5))
def test_problems_with_places(problems: list[Problem]) -> None:
    """Problems are told again word for word, and sort as they did."""
    _, found = again("content/a.md", [], problems)
    assert found == problems
    assert sorted(found) == sorted(problems)
    assert all(isinstance(problem.severity, Severity) for problem in found)


def test_nested_values_are_models_again() -> None:
    """Attachments, corrections, pictures and reviews, each of its own kind."""
    kind = KINDS[1]
    review = SecrecyReview(by="甲", on="2026-01-01", basis="条例", result="可公开", digest="0" * 64)
    record = kind.model_validate(
        {
            "id": "a", "title": "甲", "status": "已发布", "date": "2026-01-06 09:00", "channel": "工作动态",
            "attachments": [{"file": "a.pdf", "title": "一"}], "image": {"file": "b.png", "alt": "图"},
            "corrections": [{"on": "2026-02-01 10:00", "note": "改"}, {"on": "2026-02-02", "note": "再改"}],
            "secrecy_review": review, "body": "正文",
        }
    )  # fmt: skip
    ((found,), _) = again("", [record], [])
    assert_same(record, found)
    assert [type(each) for each in (found.attachments[0], found.corrections[1], found.secrecy_review)] == [
        Attachment, Correction, SecrecyReview,
    ]  # fmt: skip
    assert isinstance(found.image, Image)  # type: ignore[attr-defined]
    assert found.corrections[0].on.tzinfo is clock.SHANGHAI


def test_a_stored_record_is_frozen_like_any_other() -> None:
    """It cannot be changed, and a copy of it with another value is one of its kind."""
    path = next(source_files(HOME))
    ((found, *_), _) = again(path, *read_file(path, (HOME / path).read_bytes()))
    with pytest.raises(ValueError, match="frozen"):
        found.title = "乙"  # type: ignore[misc]
    assert found.model_copy(update={"title": "乙"}).title == "乙"


def test_words_and_places_are_read_when_they_are_asked_for() -> None:
    """Making a record from data asks for neither."""
    path = "content/news/a.md"
    source = "---\n标题: 甲\n状态: 已发布\n发布日期: 2026-01-06 09:00\n发布机构: 试验厅\n频道: 工作动态\n---\n\n正文\n".encode()
    records, problems = read_file(path, source)
    asked: list[Any] = []

    def words(number: int) -> str:
        asked.append(("words", number))
        return "正文\n"

    def places(number: int) -> dict[tuple[str, ...], Place]:
        asked.append(("places", number))
        return {("title",): Place(path, 2, 5)}

    ((found,), _) = stored.from_bytes(path, stored.to_bytes(records, problems), words, places)
    assert (found.title, found.body.digest, found.url, bool(found.body)) == (
        "甲",
        records[0].body.digest,
        "/news/a/",
        True,
    )
    assert asked == []
    assert found.origin.place("title") == Place(path, 2, 5)
    assert found.origin.place("summary") == Place(path)
    assert found.body.markdown == "正文\n"
    assert asked == [("places", 0), ("words", 0)]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\x92\x90", b"\x92\x91\x93\xa4news\x80\xc0\x90", msgspec.msgpack.encode([[["news", {"id": 5}, None]], []]),
     msgspec.msgpack.encode([[["news", 7, None]], []]), msgspec.msgpack.encode([[], [["x"]]])],
)  # fmt: skip
def test_what_is_no_record_is_refused(data: bytes) -> None:
    """By the one error that the cache passes over."""
    with pytest.raises(msgspec.DecodeError):
        stored.from_bytes("a.md", data, lambda number: "", lambda number: {})


def test_a_record_of_a_kind_that_there_is_no_longer_is_refused() -> None:
    """By the other."""
    data = msgspec.msgpack.encode([[["poem", {}, None]], []])
    with pytest.raises(KeyError):
        stored.from_bytes("a.md", data, lambda number: "", lambda number: {})


def test_the_demo_is_the_same_through_data() -> None:
    """All of the demo at once, as the engine reads it."""
    plain: Repository = read_repository(HOME)

    def through(root: Path, files: list[Any]) -> Any:
        for file in files:
            yield again(file.path, *read_file(file.path, (root / file.path).read_bytes()))

    assert read_repository(HOME, through) == plain
