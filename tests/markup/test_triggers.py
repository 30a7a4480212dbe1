"""Text in which no pattern can match is passed over, and the result is that of the plain parser."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import HOME
from portal.markup import parser, scan
from portal.markup.body import Body
from portal.markup.convert import to_html
from portal.markup.prose import Prose
from portal.markup.scan import links, tags
from portal.markup.triggers import triggers


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        (r"`", "a`", "a"),
        (r"(\*)\1{2}(.+?)", "***a", "a"),
        (r"(?<!x)([\[])\S*|<b>", "a>[", "a<b"),
        (r"(?:a|[bc])+d?(?=e)", "ae", "abcd"),
        (r"!*\[x\]{2,}", "[x]]", "![x"),
        (r"(?>&#)\d", "&#1", "&1"),
        (r"  \n", "a  \nb", "a  b"),
    ],
)
def test_every_match_holds_a_trigger(pattern: str, matching: str, others: str) -> None:
    """What a pattern matches holds one of the characters; a text that holds none is passed over."""
    marks = triggers([re.compile(pattern)])
    assert marks is not None
    assert re.search(pattern, matching)
    assert marks.search(matching)
    assert not marks.search(others)


@pytest.mark.parametrize("pattern", [r"\d+", r"a*", r"[^a]", r"a|\w", r"(?i)a", r"[a-c]", r"(a)?"])
def test_where_nothing_can_be_said_nothing_is_passed_over(pattern: str) -> None:
    """A pattern that may match without a certain character leaves no text out."""
    assert triggers([re.compile("`"), re.compile(pattern)]) is None


def test_no_pattern_needs_no_look() -> None:
    """Without patterns there is nothing that could match."""
    marks = triggers([])
    assert marks is not None
    assert not marks.search("any text `*[<&")


def _bodies() -> Iterator[str]:
    corpus = HOME.parent / "shared" / "corpus"
    for folder in (HOME / "content", HOME / "catalog", HOME / "docs", corpus):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".md", ".html", ".txt", ".json"} and path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace")[:30_000]


def _shown(source: str) -> object:
    scan._look.cache_clear()
    scan._parsed.cache_clear()
    return to_html(Body(Prose.of(source))), links(source), tags(source)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The parser that looks for every pattern everywhere."""
    monkeypatch.setattr(parser, "triggers", lambda _: None)
    parser._parser.cache_clear()
    yield
    parser._parser.cache_clear()


def test_nothing_is_lost_in_real_texts(request: pytest.FixtureRequest) -> None:
    """Every text of the demo, of the documentation, and of the corpus where it is there, comes out as from the plain parser."""
    bodies = list(_bodies())
    assert len(bodies) > 50
    mended = [_shown(source) for source in bodies]
    request.getfixturevalue("plain")
    assert [_shown(source) for source in bodies] == mended


MARKS = st.sampled_from(["*", "**", "_", "`", "[", "](", ")", "!", "<", ">", "&", ";", "#", "\\", "\n", "\n\n", "  \n", "- ", "> ", "1. ", "|", "甲", "a", " "])  # fmt: skip


@given(st.lists(MARKS, max_size=30).map("".join))
def test_nothing_is_lost_in_any_text(source: str) -> None:
    """So does any heap of marks."""
    mended = to_html(Body(Prose.of(source)))
    real = parser.triggers
    try:
        parser.triggers = lambda _: None
        parser._parser.cache_clear()
        assert to_html(Body(Prose.of(source))) == mended
    finally:
        parser.triggers = real
        parser._parser.cache_clear()
