"""Shards: a division that depends on the set of records alone, and of which one edit changes one piece."""

import dataclasses
import itertools
import random
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.markup.prose import Prose
from portal.search import shards as module
from portal.search.documents import Document, weigh
from portal.search.shards import Shard, shards
from search.making import document

WEIGHT = 400


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    """Shards of a few hundred characters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "WEIGHT", WEIGHT)
        yield


def _made(each: tuple[int, int, int]) -> Document:
    number, year, size = each
    return document(f"n{number}", "字" * size, year=year)


YEAR = st.integers(1800, 2300) | st.integers(2019, 2026)
DOCUMENTS = st.lists(
    st.tuples(st.integers(0, 10**6), YEAR, st.integers(0, 150) | st.integers(0, 1000)), max_size=40, unique_by=lambda each: each[0]
).map(lambda found: [_made(each) for each in found])  # fmt: skip
NEW = st.tuples(st.just(-1), YEAR, st.integers(0, 150) | st.integers(0, 1000)).map(_made)


def _urls(found: list[Shard] | set[Shard]) -> set[str]:
    return {each.facts.url for shard in found for each in shard.documents}


def _apart(one: list[Shard], other: list[Shard]) -> tuple[set[Shard], set[Shard]]:
    """The shards that are only in one of two divisions, by fingerprint."""
    here, there = ({shard.fingerprint: shard for shard in division} for division in (one, other))
    return {here[name] for name in here.keys() - there.keys()}, {there[name] for name in there.keys() - here.keys()}


@settings(deadline=None)
@given(DOCUMENTS)
def test_every_document_is_in_one_shard(documents: list[Document]) -> None:
    """Nothing is lost and nothing doubled; no shard is empty, and no two have one fingerprint."""
    found = shards(documents, "v")
    held = [each for shard in found for each in shard.documents]
    assert len(held) == len(documents)
    assert set(held) == set(documents)
    assert all(shard.documents for shard in found)
    assert len({shard.fingerprint for shard in found}) == len(found)


@settings(deadline=None)
@given(DOCUMENTS)
def test_no_shard_is_heavier_than_one_run_takes(documents: list[Document]) -> None:
    """A shard weighs no more than WEIGHT, unless it is a single document."""
    assert all(weigh(shard.documents) <= WEIGHT or len(shard.documents) == 1 for shard in shards(documents, "v"))


@settings(deadline=None)
@given(DOCUMENTS)
def test_few_records_are_one_shard(documents: list[Document]) -> None:
    """What one run can take is not divided."""
    found = shards(documents, "v")
    if weigh(documents) <= WEIGHT:
        assert len(found) == bool(documents)


@settings(deadline=None)
@given(DOCUMENTS, st.randoms())
def test_the_order_of_input_does_not_matter(documents: list[Document], chance: random.Random) -> None:
    """The same set in another order is divided the same, order and fingerprints included."""
    first = shards(documents, "v")
    chance.shuffle(documents)
    assert shards(documents, "v") == first
    assert shards(iter(documents), "v") == first


@settings(deadline=None)
@given(DOCUMENTS)
def test_the_newest_come_first(documents: list[Document]) -> None:
    """Shards stand by year, the newest first, and documents within a shard by publication, the newest first."""
    found = shards(documents, "v")
    years = [[min(max(each.year, 1900), 2155) for each in shard.documents] for shard in found]
    for newer, older in itertools.pairwise(years):
        assert min(newer) >= max(older)
    for shard in found:
        dates = [each.facts.date for each in shard.documents]
        assert dates == sorted(dates, reverse=True)


@settings(deadline=None)
@given(DOCUMENTS, NEW)
def test_one_document_more_or_less_changes_one_shard(documents: list[Document], new: Document) -> None:
    """A new document changes at most one shard, or splits that; taking it away again is the reverse. All others stay."""
    before, after = shards(documents, "v"), shards([*documents, new], "v")
    gone, come = _apart(before, after)
    assert len(gone) <= 1
    assert come
    assert _urls(come) == _urls(gone) | {new.facts.url}


@settings(deadline=None)
@given(DOCUMENTS.filter(bool), st.data())
def test_one_edit_changes_one_shard(documents: list[Document], data: st.DataObject) -> None:
    """An edited text changes the shard that holds it; grown it may split that, shrunk it may join it with others."""
    old = data.draw(st.sampled_from(documents))
    body = "改" * data.draw(st.integers(0, 1000))
    new = dataclasses.replace(old, body=Prose.of(body), fields=(*old.fields, "改"))
    gone, come = _apart(shards(documents, "v"), shards([new if each == old else each for each in documents], "v"))
    assert len(gone) == 1 or len(come) == 1
    assert len(gone) == 1 or new.weight < old.weight
    assert len(come) == 1 or new.weight > old.weight
    assert old.facts.url in _urls(gone)
    assert _urls(gone) == _urls(come)


@settings(deadline=None)
@given(DOCUMENTS.filter(bool), st.data())
def test_a_fingerprint_tells_every_change(documents: list[Document], data: st.DataObject) -> None:
    """A fact that changes, as small as it is, gives the shard another fingerprint and leaves its documents together."""
    old = data.draw(st.sampled_from(documents))
    new = dataclasses.replace(old, facts=msgspec.structs.replace(old.facts, organ="别厅"))
    gone, come = _apart(shards(documents, "v"), shards([new if each == old else each for each in documents], "v"))
    assert len(gone) == len(come) == 1
    assert _urls(gone) == _urls(come)


@settings(deadline=None)
@given(DOCUMENTS)
def test_another_version_changes_every_fingerprint(documents: list[Document]) -> None:
    """New code makes all shards anew, of the same documents."""
    one, other = shards(documents, "v"), shards(documents, "w")
    assert [shard.documents for shard in one] == [shard.documents for shard in other]
    assert not {shard.fingerprint for shard in one} & {shard.fingerprint for shard in other}


def test_without_documents_there_is_no_shard() -> None:
    """A site without records has no index."""
    assert shards([], "v") == []


def test_many_records_of_one_year_are_divided() -> None:
    """A year that is too heavy by itself is divided by address, into pieces of about the same weight."""
    found = shards([_made((number, 2026, 10)) for number in range(200)], "v")
    assert len(found) > 5
    assert all(weigh(shard.documents) <= WEIGHT for shard in found)
    assert sum(map(len, (shard.documents for shard in found))) == 200
