"""The look-ups of the controlled words."""

import pytest

from portal.records.vocabulary import (
    Column,
    Genre,
    Identity,
    IndexPrefix,
    Organ,
    SubColumn,
    SubTheme,
    Theme,
    Vocabulary,
)

IDENTITY = Identity(
    **{name: "甲" for name, info in Identity.model_fields.items() if info.is_required() and name != "url"},
    url="https://www.a.cn/",
    index_prefixes=(IndexPrefix(prefix="OLD", reason="沿用"),),
)
WORDS = Vocabulary(
    IDENTITY,
    (
        Organ(id="a", name="科技厅", short="厅", code="12620600MB0523338C", predecessors=("科委", "院")),
        Organ(id="b", name="院"),
    ),
    (
        Theme(
            id="s",
            name="科技、教育",
            children=(SubTheme(id="s1", name="科技"), SubTheme(id="s2", name="其他"), SubTheme(id="s3", name="教育")),
        ),
        Theme(id="o", name="其他", children=(SubTheme(id="o1", name="科技"),)),
    ),
    (Genre(id="g", name="命令（令）", official="是"), Genre(id="n", name="通知")),
    (Column(id="c", name="依据", children=(SubColumn(id="c1", name="规章"),)), Column(id="d", name="收费")),
)


def test_organs_are_known_by_all_their_names() -> None:
    """Full name, short name and predecessors' names mean the organ; a full name goes before a past one."""
    assert {name: organ.id for name, organ in WORDS.organ_by_name.items()} == {
        "科技厅": "a", "厅": "a", "科委": "a", "院": "b",
    }  # fmt: skip


def test_themes_are_known_by_name_and_by_path() -> None:
    """A theme is named alone or with its parent, with a slash or, as on gov.cn, a backslash."""
    found = WORDS.theme_by_name
    assert found["其他/科技"].id == found["其他\\科技"].id == "o1"
    assert found["科技、教育/其他"].id == "s2"
    assert found["教育"].full == "科技、教育/教育"
    assert [theme.id for theme in found["教育"].lineage] == ["s", "s3"]


def test_a_name_that_stands_below_two_themes_is_ambiguous() -> None:
    """Alone it names nothing, and its full forms are told; the name of a top theme means that theme."""
    assert WORDS.ambiguous_themes == {"科技": ("科技、教育/科技", "其他/科技")}
    assert "科技" not in WORDS.theme_by_name
    assert WORDS.theme_by_name["其他"].id == "o"


def test_a_name_that_stands_below_two_columns_is_ambiguous() -> None:
    """As with themes: the full forms are told, and a top column keeps its name."""
    columns = (
        Column(id="a", name="甲", children=(SubColumn(id="a1", name="其他"), SubColumn(id="a2", name="乙"))),
        Column(id="b", name="乙", children=(SubColumn(id="b1", name="其他"),)),
    )
    words = Vocabulary(IDENTITY, WORDS.organs, WORDS.themes, WORDS.genres, columns)
    assert words.ambiguous_columns == {"其他": ("甲/其他", "乙/其他")}
    assert {name: column.id for name, column in words.column_by_name.items()} == {
        "甲": "a", "甲/其他": "a1", "甲/乙": "a2", "乙": "b", "乙/其他": "b1",
    }  # fmt: skip
    assert WORDS.ambiguous_columns == {}


def test_themes_come_in_order() -> None:
    """Each top theme stands before its children."""
    assert [theme.id for theme in WORDS.theme_paths] == ["s", "s1", "s2", "s3", "o", "o1"]


def test_an_order_is_known_by_its_short_names() -> None:
    """命令（令） is also 命令 and 令."""
    assert {name for name, genre in WORDS.genre_by_name.items() if genre.id == "g"} == {"命令（令）", "命令", "令"}


def test_columns_are_known_at_both_levels() -> None:
    """A lower column is named alone or below its parent, and each column knows the top column it stands under."""
    assert WORDS.column_by_name["规章"].id == WORDS.column_by_name["依据/规章"].id == "c1"
    assert {name: column.id for name, column in WORDS.parent_column.items()} == {"c": "c", "c1": "c", "d": "d"}


@pytest.mark.parametrize(
    ("prefix", "allowed"),
    [
        ("12620600MB0523338C", True), ("MB0523338", True), ("OLD", True), ("MB052333", False), ("", False), ("None", False),
        ("OL", False), ("12620600MB0523338", False),
    ],
)  # fmt: skip
def test_an_index_number_begins_with_an_organs_code(prefix: str, allowed: bool) -> None:
    """The organ's code, the nine characters of it that are its organisation code, or a declared exception."""
    assert WORDS.index_prefix_allowed(prefix) is allowed


def test_nine_characters_must_be_an_organisation_code() -> None:
    """Cut from a code whose inner organisation code fails its own check (GB 11714), they name no organ."""
    wrong = Organ.model_construct(id="x", name="甲", code="12620600MB0523339C", short=None, predecessors=())
    words = Vocabulary(IDENTITY, (wrong,), WORDS.themes, WORDS.genres, WORDS.columns)
    assert words.index_prefix_allowed("12620600MB0523339C")
    assert not words.index_prefix_allowed("MB0523339")


def test_the_address_of_the_site_has_no_slash_at_its_end() -> None:
    """The site's address and domain are the same however it was written."""
    assert IDENTITY.url == "https://www.a.cn"
    assert IDENTITY.domain == "www.a.cn"
