"""The kinds of record."""

import re

import pytest
from pydantic import BaseModel, ValidationError

from portal.problems import Place
from portal.records import vocabulary
from portal.records.types import (
    KINDS,
    Attachment,
    Correction,
    DisclosureEntry,
    Image,
    Origin,
    PressRelease,
    Record,
    SecrecyReview,
    aliases,
)
from records.written import record

PARTS: list[type[BaseModel]] = [
    *KINDS, Attachment, Image, Correction, SecrecyReview, vocabulary.Organ, vocabulary.SubTheme, vocabulary.Theme,
    vocabulary.Genre, vocabulary.SubColumn, vocabulary.Column, vocabulary.IndexPrefix, vocabulary.Identity,
    vocabulary.Redirect,
]  # fmt: skip


@pytest.mark.parametrize("model", PARTS)
def test_every_field_has_an_english_key_and_a_chinese_one(model: type[BaseModel]) -> None:
    """Each field that an editor writes has a Chinese alias, and no key means two fields."""
    names = aliases(model)
    fields = [name for name in model.model_fields if name not in {"body", "origin"}]
    for name in fields:
        alias = model.model_fields[name].alias
        assert alias is not None
        assert re.search("[一-鿿]", alias)
        assert names[name] == names[alias] == name
    assert len(names) == 2 * len(fields)


@pytest.mark.parametrize("kind", KINDS)
def test_the_body_and_the_origin_are_no_keys(kind: type[Record]) -> None:
    """An editor cannot set what the reader sets."""
    assert not {"body", "origin", "正文"} & set(aliases(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_records_cannot_be_changed(kind: type[Record]) -> None:
    """A record is a frozen value."""
    with pytest.raises(ValidationError):
        record(kind).title = "乙"


@pytest.mark.parametrize(
    ("kind", "address"), list(zip(KINDS, ("/entries/", "/news/", "/interpretations/", "/pages/"), strict=True))
)
def test_a_record_has_the_address_of_its_kind(kind: type[Record], address: str) -> None:
    """The address is made of kind and identifier alone."""
    found = record(kind)
    assert found.url == f"{address}jia/"
    assert found.key == (kind.kind, "jia")


def test_modified_is_the_latest_of_publication_corrections_and_withdrawal() -> None:
    """The time of modification follows from the record's own dates."""
    plain = record(PressRelease)
    corrections = [{"日期": "2026-04-02 10:00", "说明": "甲"}, {"日期": "2026-04-01 10:00", "说明": "乙"}]
    corrected = record(PressRelease, 更正说明=corrections)
    gone = record(PressRelease, 更正说明=corrections, 状态="已撤回", 撤回日期="2026-05-01 10:00", 撤回原因="丙")
    assert [f"{item.modified:%m-%d}" for item in (plain, corrected, gone)] == ["03-05", "04-02", "05-01"]


def test_a_scheduled_record_is_first_public_when_it_is_due() -> None:
    """定时发布 stands for 发布日期."""
    found = record(PressRelease, 发布日期=None, 定时发布="2027-01-02 08:00")
    assert f"{found.first_public:%Y-%m-%d %H:%M}" == "2027-01-02 08:00"
    assert found.year == 2027


def test_an_entry_is_filed_under_the_year_in_which_it_was_made() -> None:
    """An old document recorded today is filed under its own year."""
    assert record(DisclosureEntry, 成文日期="2019-12-31").year == 2019


def test_an_origin_gives_the_nearest_place() -> None:
    """The place of a field that is not written is that of what holds it, at last the file."""
    origin = Origin("a.md", {(): Place("a.md", 2), ("attachments", 0): Place("a.md", 5, 3)})
    assert origin.place("attachments", 0, "file") == Place("a.md", 5, 3)
    assert origin.place("title") == Place("a.md", 2)
    assert Origin("b.md").place("title") == Place("b.md")
