"""The proof's own proof: what the truth takes for an answer, and which questions are asked."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import pytest

from portal.search.blocks import Source
from portal.search.documents import Document
from portal.search.recall import TERMS, Truth, questions
from search.making import document, in_browser

DOCUMENTS = [
    document(
        "funds", "一、科研**经费**管理。\n\n二、自印发之日起施行。\n\n| 项目 | 金额 |\n|---|---|\n| 甲 | 12 |", doc_no="试科发〔2026〕12号",
        index_no="TEST/2026-00012", title="科研经费办法",
    ),
    document("english", "Open government data, at last.\n\n第二段 有 空格", title="開放數據"),
    document("attached", "正文。", title="附有表", attachments=(Source(("附表第一格", "第二格"), "附表", "/files/a"),)),
]  # fmt: skip


def _answer(query: str) -> set[str]:
    return {url.split("/")[2] for url in Truth.of(DOCUMENTS).answer(query)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("科研经费管理", {"funds"}, id="across markup"),
        pytest.param("科研", {"funds"}, id="two characters"),
        pytest.param("一", {"funds", "attached"}, id="one character"),
        pytest.param("管理。二", set(), id="across blocks"),
        pytest.param("项目金额", set(), id="across cells"),
        pytest.param("正文附表", set(), id="across texts"),
        pytest.param("科研经费办法试科发", set(), id="across fields"),
        pytest.param("经费 施行", {"funds"}, id="two words in two blocks"),
        pytest.param("施行　经费", {"funds"}, id="in any order, wide space"),
        pytest.param("经费 data", set(), id="two words in two records"),
        pytest.param("试验厅", {"funds", "english", "attached"}, id="a field"),
        pytest.param("第二", {"english", "attached"}, id="an attachment, too"),
        pytest.param("附表第一格", {"attached"}, id="in an attachment"),
        pytest.param("open DATA", {"english"}, id="case"),
        pytest.param("governmentdata", {"english"}, id="without the space"),
        pytest.param('"government data"', {"english"}, id="quoted phrase"),
        pytest.param('"data government"', set(), id="quoted in another order"),
        pytest.param("data government", {"english"}, id="words in another order"),
        pytest.param('"第二段 有 空格" 开放', {"english"}, id="phrase and word"),
        pytest.param('"data', set(), id="one quotation mark"),
        pytest.param("试科发[2026]１２号", {"funds"}, id="number in other brackets"),
        pytest.param("开放数据", {"english"}, id="Simplified for Traditional"),
        pytest.param("開放数據", {"english"}, id="mixed"),
        pytest.param("２０２６", {"funds"}, id="full width"),
        pytest.param("没有的词", set(), id="nowhere"),
        pytest.param("", set(), id="nothing"),
        pytest.param(" \u3000\u200b", set(), id="nothing visible"),
        pytest.param('" "', set(), id="a quoted space"),
        pytest.param("\n", set(), id="a line's end"),
    ],
)
def test_the_truth(query: str, found: set[str]) -> None:
    """A record answers when each word stands in one block of it, compared in normal form; a quoted phrase is one word."""
    assert _answer(query) == found


def test_every_record_is_read() -> None:
    """The truth has a text for each record, a line a block."""
    truth = Truth.of(DOCUMENTS)
    assert set(truth.texts) == {each.facts.url for each in DOCUMENTS}
    assert truth.texts["/news/attached/"].split("\n") == ["附有表", "试验厅", "正文。", "附表第一格", "第二格"]
    assert Truth.of([]).answer("甲") == frozenset()


def test_the_browser_takes_the_same_words_from_a_query() -> None:
    """What separates words, and what a phrase is, is the same for the truth and for the script that it judges."""
    queries = ["甲 乙", "甲\u3000乙\u00a0丙", '"甲 乙" 丙', '甲"乙 丙"', '"甲', '""', '" "', '"甲""乙"', "甲\u200b乙", "甲\ufeff乙", "甲\x85乙", "甲\x1c乙", "甲\u2028乙", "甲\u180e乙", "\t甲\v乙\f丙\r\n丁"]  # fmt: skip
    for query, words in zip(queries, in_browser("given.map(worker.wordsOf)", queries), strict=True):
        # A record with exactly these words answers, and one that lacks any of them does not.
        texts = {"all": "\n".join(words)} | {str(n): "\n".join(words[:n] + words[n + 1 :]) for n in range(len(words))}
        assert Truth(texts).answer(query) == (frozenset({"all"}) if words else frozenset()), ascii(query)


def _many() -> list[Document]:
    """Records that share no character but what every record has, so that a question tells where it comes from."""
    return [
        document(
            str(number), "\n\n".join("".join(chr(0x4E00 + number * 200 + row * 20 + column) for column in range(20)) for row in range(5)) + f"\n\nword{number} and more",
            doc_no=f"试发〔20{number + 10}〕{number}号", index_no=f"TEST/2026-{number:05d}",
        )
        for number in range(20)
    ]  # fmt: skip


def test_questions_are_drawn_again_by_their_seed() -> None:
    """One seed gives one list, whatever was drawn before; another seed another."""
    assert questions(_many(), "a", 300) == questions(_many(), "a", 300)
    assert questions(_many(), "a", 300) != questions(_many(), "b", 300)
    assert questions(_many(), "a", 100) == questions(_many(), "a", 300)[:100]


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_as_many_questions_as_are_wanted(count: int) -> None:
    """Exactly so many, none twice, none without a word in it."""
    found = questions(_many(), "seed", count)
    assert len(found) == count
    assert len(set(found)) == count
    assert all(question.strip() for question in found)


def test_all_kinds_of_questions_occur() -> None:
    """Parts of terms, pieces of texts, numbers as they are spelled, phrases that are nowhere, and several words."""
    documents = _many()
    found = questions(documents, "seed", 1000)
    truth = Truth.of(documents)
    answers = {question: truth.answer(question) for question in found}
    assert sum(any(question in term for term in TERMS) for question in found) > 50
    pieces = [q for q in found if len(answers[q]) == 1 and " " not in q and ord(q[0]) > 0x4DFF]
    assert len(pieces) > 100
    assert {len(piece) for piece in pieces} >= {1, 2, 3, 4, 5, 6, 8, 20}
    assert sum('"' in question for question in found) > 3
    more = questions(documents, "seed", 1500)
    for spelled in ("试发〔2011〕1号", "试发[2011]1号", "2011 1", "TEST/2026-00001", "2026 00001"):
        assert spelled in more
        assert "/news/1/" in truth.answer(spelled)
    absent = [q for q in found if not answers[q] and len(q) > 4 and all(q not in term for term in TERMS)]
    assert len(absent) > 100
    several = [q for q in found if '"' not in q and len(q.split()) in (2, 3) and len(answers[q]) == 1]
    assert len(several) > 100
    for question in several:
        assert all(answers[question] <= truth.answer(word) for word in question.split())


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError("it goes on for ever")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_small_site_has_an_end_of_questions() -> None:
    """Where fewer questions can be made than are wanted, there are fewer: the search for more ends."""
    with _at_most(2):
        found = questions([document("a", title="甲", organ="")], "seed", 10_000)
    assert 394 < len(found) < 1000  # the parts of the terms, and what one character gives
    assert "甲" in found


def test_without_records_only_terms_are_asked_for() -> None:
    """An empty site is asked for terms, and there is an end of them."""
    with _at_most(2):
        found = questions([], "seed", 10_000)
    assert found
    assert all(any(question in term for term in TERMS) for question in found)
    assert set(islice(TERMS, 5)) <= set(found)
