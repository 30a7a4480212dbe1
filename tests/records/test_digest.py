"""The canonical digest: what a record says itself, and nothing else."""

from typing import Any

import pytest
from site_model.making import entry

from portal.records.digest import LIFE, canonical_digest
from portal.records.types import KINDS

FILES = {"a.pdf": "0" * 64}


def _digest(**fields: Any) -> str:
    return canonical_digest(entry("a", 1, **fields), FILES)


def test_it_is_the_same_for_ever() -> None:
    """Reviews and lists hold it: this value may change only with a decision, never by refactoring."""
    assert _digest() == _digest()
    assert _digest() == "30c1ce77c00f200871e44e271c877cafe4997990257aa5da483762fa113b0a57"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "别的"}, {"body": "正文。"}, {"formed": "2026-01-02"}, {"keywords": ("甲",)}, {"id": "b"},
        {"corrections": ({"on": "2026-02-01 09:00", "note": "改"},)}, {"attachments": ({"file": "a.pdf", "title": "甲"},)},
    ],
)  # fmt: skip
def test_it_changes_with_what_the_record_says(fields: dict[str, Any]) -> None:
    """Title, text, days, words, corrections, attachments: each is in it."""
    assert _digest(**fields) != _digest()


def test_it_changes_with_a_file() -> None:
    """Other bytes of an attachment, or another attachment, are another content."""
    record = entry("a", 1)
    digests = {canonical_digest(record, files) for files in ({}, FILES, {"a.pdf": "1" * 64}, {"b.pdf": "0" * 64})}
    assert len(digests) == 4


def test_the_order_of_files_does_not_matter() -> None:
    """The files are a set of names."""
    record = entry("a", 1)
    two = {"a": "0", "b": "1"}
    assert canonical_digest(record, two) == canonical_digest(record, dict(reversed(two.items())))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "草稿"}, {"date": "2026-02-02 09:00"}, {"date": None, "publish_at": "2026-08-01 09:00"},
        {"status": "已撤回", "withdrawn_on": "2026-03-01 09:00", "withdrawn_reason": "错"},
        {"secrecy_review": {"by": "甲", "on": "2026-01-01", "basis": "乙", "result": "丙", "digest": "0"}},
    ],
)  # fmt: skip
def test_where_it_stands_in_its_life_is_not_content(fields: dict[str, Any]) -> None:
    """A review stays good when the record is published at last: state, moments and the review itself are left out."""
    assert _digest(**fields) == _digest()


def test_the_fields_left_out_exist() -> None:
    """Each field that is no content is one of every kind."""
    for kind in KINDS:
        assert set(kind.model_fields) >= LIFE
