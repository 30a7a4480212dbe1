"""Terms: the same from Python and from the browser, whole to Pagefind, told apart, and spread over their buckets."""

import itertools
import random
import unicodedata
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.search import terms
from portal.search.documents import groups_of_digits
from portal.search.edit import MAX_FILES
from search.making import ENGINE_INDEX, in_browser
from search.reading import characters

SPELLINGS = [terms.Spelling(placed, whole) for placed, whole in ((1, 1), (7, 3), (300, 640), (2048, 2048))]
USUAL = b"".join(bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)).decode(
    "gb2312", "ignore"
)
"""The 3,755 hanzi of GB2312's first level: those in daily use."""

EVERY_LETTER = {letter for code in range(0x20, 0x110000, 7) for letter in terms.letters(chr(code))}
EVERY_LETTER |= {letter for code in range(0x20, 0xA000) for letter in terms.letters(chr(code))}
"""The letters in which characters are written; a seventh of Unicode uses them all."""

BUCKET_LETTERS = {letter for number in range(2 * MAX_FILES) for letter in terms.bucket_letters(number)}

CHARACTER = st.characters(blacklist_categories=("Cs",)) | st.sampled_from("甲乙。，()〔0123456789ab鿿㐀\U00020000😀")
GROUPS = st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=4).map(tuple)
WORD = st.text(CHARACTER, min_size=1, max_size=4)
TERM = st.one_of(
    st.tuples(st.just("pair"), st.tuples(CHARACTER, CHARACTER).map("".join)),
    st.tuples(st.just("word"), WORD),
    st.tuples(st.just("number"), GROUPS),
    st.just(("every",)),
)
"""What a term is made of: a pair, a word as a whole, a number; or nothing, for that of every page."""


def _written(of: tuple[Any, ...], spelling: terms.Spelling) -> str:
    kind, *given = of
    written: str = getattr(spelling, kind)(*given)
    return written


def test_the_browser_writes_the_same_terms() -> None:
    """Of characters from all of Unicode, pairs and words of them, for few buckets and for the most."""
    every = [chr(code) for code in range(0x20, 0x110000, 89) if not 0xD800 <= code <= 0xDFFF]
    every += [chr(code) for code in range(0x20, 0x3400)] + list(USUAL)
    chance = random.Random(7)
    words = every + ["".join(chance.choices(every, k=chance.randint(2, 4))) for _ in range(5_000)]
    pairs = ["".join(chance.choices(every, k=2)) for _ in range(5_000)]
    assert len(words) > 30_000
    expression = (
        "given[0].map(([placed, whole]) => { const s = worker.spelling({ placed, whole });"
        " return [s.every(), given[1].map(s.word), given[2].map(s.pair)]; })"
    )
    given = [[[each.placed, each.whole] for each in SPELLINGS], words, pairs]
    for spelling, (every_page, of_words, of_pairs) in zip(SPELLINGS, in_browser(expression, given), strict=True):
        assert every_page == spelling.every()
        assert [(w, m) for w, m in zip(words, of_words, strict=True) if m != spelling.word(w)] == []
        assert [(p, m) for p, m in zip(pairs, of_pairs, strict=True) if m != spelling.pair(p)] == []


def test_the_browser_writes_the_same_numbers() -> None:
    """Of numbers with one group of digits or several, as a reader types them, leading zeros and too long ones included."""
    chance = random.Random(8)
    texts = ["2026", "(2026)00012", "2026-0-000", "1" * 18, "1" * 19 + "-5", "0" * 18, "试发(2026)1号", "无", "٣"]
    texts += ["-".join(str(chance.randrange(10**6)).zfill(chance.randint(1, 8)) for _ in range(3)) for _ in range(500)]
    expression = (
        "given[0].map(([placed, whole]) => given[1].map((text) =>"
        " worker.spelling({ placed, whole }).number(worker.digitsOf([text]))))"
    )
    given = [[[each.placed, each.whole] for each in SPELLINGS], texts]
    for spelling, made in zip(SPELLINGS, in_browser(expression, given), strict=True):
        assert made == [spelling.number(groups_of_digits(text)) for text in texts]


def test_the_browser_spreads_pairs_over_the_same_classes() -> None:
    """By its class the browser knows whether a pair is frequent."""
    chance = random.Random(6)
    pairs = ["".join(chance.choices(USUAL + "。()12ab😀", k=2)) for _ in range(3000)]
    made = in_browser("given[1].map((pair) => worker.spread(pair, given[0]))", [terms.CLASSES, pairs])
    assert made == [terms.spread(pair, terms.CLASSES) for pair in pairs]
    assert f"const CLASSES = {terms.CLASSES};" in ENGINE_INDEX.read_text(encoding="utf-8")


@settings(deadline=None)
@given(TERM, TERM, st.sampled_from(SPELLINGS))
@example(("word", "甲"), ("word", "甲乙"), SPELLINGS[0])
@example(("pair", "甲乙"), ("word", "甲乙"), SPELLINGS[0])
@example(("number", (2026,)), ("number", (2026, 1)), SPELLINGS[0])
@example(("number", (1,)), ("number", (12,)), SPELLINGS[0])
@example(("word", "6"), ("number", (6,)), SPELLINGS[0])
@example(("word", "-"), ("every",), SPELLINGS[0])
def test_no_term_is_the_beginning_of_another(
    one: tuple[Any, ...], other: tuple[Any, ...], spelling: terms.Spelling
) -> None:
    """Two terms that differ are no beginnings of each other, in one bucket, too, nor of what stands between blocks."""
    if one != other:
        assert not _written(one, spelling).startswith(_written(other, spelling))
        assert not _written(other, spelling).startswith(_written(one, spelling))
    for of in (one, other):
        assert not _written(of, spelling).startswith(terms.FILLER)
        assert not terms.FILLER.startswith(_written(of, spelling))


@settings(deadline=None)
@given(TERM)
def test_what_a_term_stands_for_can_be_read_back(of: tuple[Any, ...]) -> None:
    """The letters of a term name its characters: two texts never have one term."""
    body = _written(of, SPELLINGS[0])[2:]
    match of:
        case ("pair", pair):
            assert characters(body) == pair
        case ("word", word):
            assert characters(body[:-1]) == word
        case ("number", groups):
            assert characters(body[1:-1]) == "-".join(map(str, groups))


def test_pagefind_leaves_the_letters_alone() -> None:
    """Every character is written in letters without case that no form of normalising changes: hanzi or Yi syllables."""
    others = {*SPELLINGS[0].number((1,)), *SPELLINGS[0].word("甲"), *SPELLINGS[0].every(), terms.FILLER}
    used = EVERY_LETTER | BUCKET_LETTERS | others
    # U+A015 is a Yi letter, too, though Unicode calls it a modifier letter: it stands for a sound's length.
    assert {letter for letter in used if unicodedata.category(letter) != "Lo"} <= {"\ua015"}
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert all(unicodedata.normalize(form, letter) == letter for letter in used)
    assert all(letter.lower() == letter == letter.upper() == letter.casefold() for letter in used)
    assert all(0x3400 <= ord(letter) <= 0x9FFF or 0xA000 <= ord(letter) <= 0xA48C for letter in used)


def test_every_bucket_has_letters_of_its_own() -> None:
    """The letters of as many buckets as a shard may have are Yi syllables that stand for nothing else, in order."""
    written = [terms.bucket_letters(number) for number in range(2 * MAX_FILES)]
    assert len(set(written)) == 2 * MAX_FILES
    assert written == sorted(written)
    assert all(len(letters) == 2 for letters in written)
    assert not BUCKET_LETTERS & (
        EVERY_LETTER | {terms.FILLER, *SPELLINGS[0].number((1,))[2:], *SPELLINGS[0].every()[2:]}
    )
    assert max(BUCKET_LETTERS) < terms.FILLER


@settings(deadline=None)
@given(WORD, GROUPS, st.sampled_from(SPELLINGS))
def test_what_is_whole_has_buckets_after_those_with_places(
    word: str, groups: tuple[int, ...], spelling: terms.Spelling
) -> None:
    """A pair with places is in one of the first buckets; words as a whole, numbers and the term of all in those after."""
    letters = [terms.bucket_letters(number) for number in range(spelling.placed + spelling.whole)]
    for term in (spelling.word(word), spelling.number(groups), spelling.every()):
        assert letters.index(term[:2]) >= spelling.placed
    if len(word) == 2:
        assert letters.index(spelling.pair(word)[:2]) < spelling.placed


BLOCKS = st.lists(st.text(CHARACTER, min_size=1, max_size=12), max_size=6)


@settings(deadline=None)
@given(BLOCKS)
def test_a_block_takes_its_length_less_one_and_the_gap(blocks: list[str]) -> None:
    """A block of n characters takes n - 1 + GAP places; its pairs stand in order, and nothing after them."""
    expected: dict[str, list[int]] = {}
    at = 0
    for block in blocks:
        for start in range(len(block) - 1):
            expected.setdefault(block[start : start + 2], []).append(at + start)
        at += len(block) - 1 + terms.GAP
    assert terms.places(blocks) == expected


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("甲乙丙"), min_size=1, max_size=8), max_size=5), st.integers(0, 2**9 - 1))
def test_the_words_of_a_text(blocks: list[str], chosen: int) -> None:
    """Each character and each pair is a word as a whole, and so are three and four characters that begin and end in a
    frequent pair; each is counted as often as it stands, also where it overlaps itself."""
    every = [one + other for one in "甲乙丙" for other in "甲乙丙"]
    frequent = frozenset(pair for number, pair in enumerate(every) if chosen >> number & 1)
    expected: Counter[str] = Counter()
    for block in blocks:
        for length in (1, 2, 3, 4):
            for start in range(len(block) - length + 1):
                word = block[start : start + length]
                if length < 3 or (word[:2] in frequent and word[-2:] in frequent):
                    expected[word] += 1
    assert terms.words(blocks, frequent) == expected


def test_pairs_of_two_blocks_are_never_two_places_apart() -> None:
    """The browser asks for every second pair: were one block's last pair two places before the next, it would join them."""
    places = sorted(place for at in terms.places(["甲乙", "丙丁", "戊", "己庚"]).values() for place in at)
    assert min(later - earlier for earlier, later in itertools.pairwise(places)) > 2


@pytest.mark.parametrize("buckets", [7, 30, 100])
def test_buckets_are_filled_evenly(buckets: int) -> None:
    """Of 3,000 pairs of usual hanzi, and of neighbours in the alphabet, no bucket gets three times its share."""
    chance = random.Random(9)
    samples = [
        ["".join(chance.sample(USUAL, 2)) for _ in range(3000)],
        [one + other for one in USUAL[:55] for other in USUAL[100:155]],
        [chr(0x4E00 + number) + "的" for number in range(3000)],
        ["的" + chr(0x4E00 + number) for number in range(3000)],
        [chr(0x4E00 + number) for number in range(3000)],
        ["".join(chance.sample(USUAL, 4)) for _ in range(3000)],
    ]
    for sample in samples:
        filled = Counter(terms.spread(characters, buckets) for characters in sample)
        assert max(filled.values()) <= 3 * len(sample) / buckets
        assert set(filled) == set(range(buckets))


def test_the_pairs_asked_for_cover_a_word() -> None:
    """Of the pairs that the browser asks for, each stands where it says, the first at the beginning and the last at the
    end, and no two that follow each other are more than two places apart; a single character has none."""
    chance = random.Random(10)
    alphabet = "甲乙丙丁戊()1aé😀\U00020000"
    words = ["".join(chance.choice(alphabet) for _ in range(length)) for length in (*range(1, 40), 99, 100)]
    for word, pairs in zip(words, in_browser("given.map(worker.cover)", words), strict=True):
        if len(word) == 1:
            assert pairs == []
            continue
        assert all(word[at : at + 2] == pair for at, pair in pairs)
        places = [at for at, _ in pairs]
        assert places[0] == 0
        assert places[-1] == len(word) - 2
        assert all(0 < later - earlier <= 2 for earlier, later in itertools.pairwise(places))
        assert {at + offset for at in places for offset in (0, 1)} == set(range(len(word)))
