"""One spelling: what is compared, that it is a normal form, and that the browser makes the very same of everything."""

import random
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.search.normal import BRACKETS, TRADITIONAL, UNSEEN, normalise
from search.making import in_browser

ASSIGNED = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) != "Cn"]
"""What this Python knows; a browser may know newer characters."""

TRICKY = (
    *("ΟΔΟΣ", "ὈΔΥΣΣΕΎΣ", "σς", "Σ", "ΑΣ.", "ᾼ", "ΐ", "ᾳ\u0301", "\u0345\u0301", "İstanbul", "ıI", "i\u0307", "ß", "Straße", "STRASSE"),
    *("ẞ", "STRAẞE", "ŉ", "ǰ", "և", "ﬁn", "ﬃ", "ſt", "Ꭰꭰ", "ᏸᏰ", "Ა", "e\u0301", "é", "é̂", "a\u0323\u0302", "a\u0302\u0323", "ậ"),
    *("한국", "\u1112\u1161\u11ab", "ㅎㅏㄴ", "㈠（一）", "㊀", "①⑴", "㎡", "ﷺ", "½", "Å", "Ω", "K", "2⁵", "\u2126\u0301", "ﾊﾟ", "ば"),
    *("〔2026〕", "﹝2026﹞", "［2026］", "﹙甲﹚", "｛甲｝", "甲\u3000乙", "甲\u200b乙", "甲\ufeff乙", "\u00ad", "\u180e", "\u2028", "\x85", "\t\r\n", "\x00"),
    *("發佈", "后後", "乾坤", "臺灣", "臺\u0301", "\uf900", "\U0002f800", "\U00020000", "😀👩‍👩‍👧", "\u0903\u093c", "\u0f71\u0f72", "\u0f73"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("试发〔2026〕1号", "试发(2026)1号"),
        ("试发﹝2026﹞1号", "试发(2026)1号"),
        ("试发[2026]1号", "试发(2026)1号"),
        ("试发［2026］１号", "试发(2026)1号"),
        ("试发（2026）1号", "试发(2026)1号"),
        ("【2026】〖2026〗〘2026〙〚2026〛", "(2026)" * 4),
        ("{2026}｛2026｝", "(2026)" * 2),
        ("﹙﹚﹛﹜", "()()"),
        ("《办法》「甲」『乙』", "《办法》「甲」『乙』"),
        ("ＡＢＣ，１２３", "abc,123"),
        ("①㈠㎡ﬁ", "1(一)m2fi"),
        ("政府資訊公開", "政府资讯公开"),
        ("乾隆", "干隆"),
        ("中华\u3000人民 \t共和\u00a0国\r\n", "中华人民共和国"),
        ("甲\u200b乙\u200d丙\ufeff丁\u00ad戊\u2060", "甲乙丙丁戊"),
        ("甲\u2028乙\u2029丙\x85丁", "甲乙丙丁"),
        ("甲\x00乙\x1b丙\x7f", "甲乙丙"),
        ("\u202e甲\u2066乙\u2069", "甲乙"),
        ("甲\ud800乙\udfff", "甲乙"),
        ("Straße ΟΔΟΣ İ", "strasseοδοσi\u0307"),
        ("e\u0301É", "éé"),
        ("😀\U00020000", "😀\U00020000"),
        (" \u3000\u200b", ""),
        ("", ""),
    ],
)
def test_what_a_text_is_compared_as(text: str, normal: str) -> None:
    """Brackets are round, forms of width and case are one, Traditional is Simplified, and what nobody sees is gone."""
    assert normalise(text) == normal


def test_every_bracket_in_which_numbers_are_written_is_round() -> None:
    """All eight kinds become the same two, and so do their full-width and small forms."""
    assert [normalise(bracket) for bracket in BRACKETS[0]] == ["("] * 8
    assert [normalise(bracket) for bracket in BRACKETS[1]] == [")"] * 8
    assert [normalise(bracket) for bracket in "（［｛﹝﹙﹛"] == ["("] * 6
    assert [normalise(bracket) for bracket in "）］｝﹞﹚﹜"] == [")"] * 6


def test_nothing_unseen_is_left_of_any_character() -> None:
    """Of no character in Unicode does white space, a control character, a format character or a surrogate remain."""
    left = {c for c in ASSIGNED for n in normalise(c) if unicodedata.category(n) in UNSEEN or n.isspace()}
    assert left == set()


@settings(deadline=None)
@given(st.text() | st.text(st.sampled_from("eo¨´\u0301\u0308\u0345\u200b \u1112\u1161\u11abßΣİ甲〔臺")))
@example("e\u200b\u0301")
@example("e¨")
@example("\u1112 \u1161")
def test_a_normal_text_is_its_own_normal_form(text: str) -> None:
    """Normalising twice is normalising once: a text that was copied from a normal one is compared as that is."""
    once = normalise(text)
    assert normalise(once) == once


@settings(deadline=None)
@given(st.text(), st.text(st.sampled_from(" \t\n\u3000\u200b\u00a0\ufeff\x00")))
def test_white_space_around_a_text_does_not_matter(text: str, space: str) -> None:
    """What stands before and after a text and cannot be seen changes nothing."""
    assert normalise(space + text + space) == normalise(text)


def test_traditional_and_simplified_are_one() -> None:
    """Each pair of OpenCC's table folds to the same, from either side, and nothing is left that the table folds."""
    pairs = TRADITIONAL.read_text(encoding="utf-8").strip()
    keys, values = pairs[::2], pairs[1::2]
    assert len(keys) > 3000
    assert len(set(keys)) == len(keys)
    assert not set(values) & set(keys)
    for key, value in zip(keys, values, strict=True):
        assert normalise(key) == normalise(value) == value


def test_the_browser_makes_the_same_of_every_character() -> None:
    """Over the whole of Unicode the script's normal form is this one."""
    given = [character for character in ASSIGNED if not "\ud800" <= character <= "\udfff"]
    assert len(given) > 280_000
    made = in_browser("given.map(worker.normalise)", given)
    assert {c: (m, normalise(c)) for c, m in zip(given, made, strict=True) if m != normalise(c)} == {}


def test_the_browser_makes_the_same_of_texts() -> None:
    """Where characters act on each other (marks, jamo, final sigma, surrogates) the script's normal form is this one."""
    chance = random.Random(20260301)
    kinds = [
        [c for c in ASSIGNED if unicodedata.category(c).startswith("M")],
        [c for c in ASSIGNED if c.casefold() != c or c.upper() != c],
        [c for c in ASSIGNED if unicodedata.normalize("NFKC", c) != c],
        [chr(code) for code in range(0x1100, 0x1200)],
        list("ςσΣıİiIß\u0345\u200b\u0307 "),
        ASSIGNED,
    ]
    mixed = ["".join(chance.choice(chance.choice(kinds)) for _ in range(chance.randint(2, 6))) for _ in range(10_000)]
    given = [*TRICKY, *mixed, "甲\ud800乙", "\udc00甲"]
    made = in_browser("given.map(worker.normalise)", given)
    wrong = {ascii(t): (ascii(m), ascii(normalise(t))) for t, m in zip(given, made, strict=True) if m != normalise(t)}
    assert wrong == {}
