"""Tokens, query codes and sealed words: what they bind, what they forgive, and what they keep."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.protocol import code, sealed, token

SECRET = bytes(range(32))
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


# ── the query code ──────────────────────────────────────────────────────────


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_code_follows_from_the_token_alone(one: bytes, other: bytes) -> None:
    """The same token gives the same code, another token another, another secret another."""
    assert code.derive(SECRET, one) == code.derive(SECRET, one)
    assert (code.derive(SECRET, one) == code.derive(SECRET, other)) == (one == other)
    assert code.derive(SECRET, one) != code.derive(SECRET[::-1], one)


def test_a_code_is_written_in_groups_that_can_be_read_out() -> None:
    """Sixteen letters of Crockford's base 32, eighty bits, none of which looks like another."""
    assert code.written(0) == "0000-0000-0000-0000"
    assert code.written(2**80 - 1) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code.derive(SECRET, b"token"))
    with pytest.raises(ValueError, match="32 bytes"):
        code.derive(b"short", b"token")


@given(st.integers(0, 2**80 - 1), st.randoms())
def test_a_code_is_understood_however_it_was_copied(number: int, chance: object) -> None:
    """Small and full-width letters, other dashes, spaces, O for 0, I and l for 1."""
    right = code.written(number)
    full = "".join(chr(ord(letter) + 0xFEE0) for letter in right)
    for typed in (
        right.lower(),
        right.replace("-", ""),
        right.replace("-", " "),
        f"　{full} ",
        right.replace("-", "—"),
        right.replace("0", "O").replace("1", "l"),
        right.replace("0", "o").replace("1", "I"),
        "  ".join(right),
    ):
        assert code.understood(typed) == right


@pytest.mark.parametrize(
    "typed", ["", "0000", "0000-0000-0000-000U", "0000-0000-0000-00000", "零" * 16, "٠" * 16, "0" * 10**6]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    """Too short, too long, with letters that no code has."""
    assert code.understood(typed) is None


def test_a_code_is_compared_with_what_was_stored_of_it() -> None:
    """Which does not tell the code."""
    right = code.derive(SECRET, b"token")
    stored = code.verifier(right)
    assert code.matches(right, stored)
    assert not code.matches(code.derive(SECRET, b"other"), stored)
    assert right.encode() not in stored


# ── sealed words ────────────────────────────────────────────────────────────


@given(st.binary(max_size=5000))
def test_sealed_words_are_opened_by_their_reader_alone(data: bytes) -> None:
    """Not by another key, and not when a bit was changed; each seal is another, and its length tells little."""
    public, private = sealed.office_keys()
    found = sealed.seal(data, public)
    assert sealed.unseal(found, private) == data
    assert sealed.seal(data, public) != found
    assert (len(found) - 48) % 1024 == 0
    for wrong in (found[:-1], found[:-1] + bytes([found[-1] ^ 1]), b"", found[1:]):
        with pytest.raises(sealed.CannotOpen):
            sealed.unseal(wrong, private)
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(found, sealed.office_keys()[1])


def test_an_answer_is_opened_with_the_code() -> None:
    """The pair follows from the code; its public half is all that is stored, and another code opens nothing."""
    right = code.derive(SECRET, b"token")
    public, private = sealed.reply_keys(right)
    assert sealed.reply_keys(right) == (public, private)
    answer = sealed.seal("您好：……".encode(), public)
    assert sealed.unseal(answer, private).decode() == "您好：……"
    with pytest.raises(sealed.CannotOpen):
        sealed.unseal(answer, sealed.reply_keys(code.derive(SECRET, b"other"))[1])


# ── tokens ──────────────────────────────────────────────────────────────────


@given(st.binary(max_size=200), st.binary(max_size=200), st.timedeltas(timedelta(0), timedelta(hours=24)))
def test_a_token_binds_what_was_checked(content: bytes, other: bytes, later: timedelta) -> None:
    """Read back within a day it is the same, and another text under it is noticed."""
    given_out = token.give(SECRET, "message", content, NOW)
    found = token.read(SECRET, "message", given_out, NOW + later)
    assert (found.form, found.given) == ("message", NOW)
    assert found.binds(SECRET, content)
    assert found.binds(SECRET, other) == (content == other)
    assert found == token.read(SECRET, "message", given_out, NOW)
    assert found.stored not in given_out.encode()


def test_two_tokens_are_never_one() -> None:
    """For the same text, in the same second: each visit of the page is a submission of its own."""
    tokens = {token.read(SECRET, "m", token.give(SECRET, "m", b"", NOW), NOW).stored for _ in range(100)}
    assert len(tokens) == 100


def test_a_forged_token_is_refused() -> None:
    """Any changed letter, another form, another secret; whatever is no token at all."""
    right = token.give(SECRET, "message", b"text", NOW)
    for at in range(len(right)):
        for letter in "Aw-_":
            wrong = right[:at] + letter + right[at + 1 :]
            if wrong != right and at < len(right) - 1:  # the last letter has bits that mean nothing
                with pytest.raises(token.BadToken):
                    token.read(SECRET, "message", wrong, NOW)
    for form, secret in (("letter", SECRET), ("message", SECRET[::-1])):
        with pytest.raises(token.BadToken) as refused:
            token.read(secret, form, right, NOW)
        assert not refused.value.expired
    for text in ("", "=", "零", right[:-2], right + "AAAA", "\0", "a b"):
        with pytest.raises(token.BadToken):
            token.read(SECRET, "message", text, NOW)


def test_an_old_token_is_told_from_a_forged_one() -> None:
    """Whoever took more than a day is told so; a clock that was set back by minutes does no harm."""
    right = token.give(SECRET, "message", b"text", NOW)
    with pytest.raises(token.BadToken) as refused:
        token.read(SECRET, "message", right, NOW + timedelta(hours=24, seconds=1))
    assert refused.value.expired
    assert token.read(SECRET, "message", right, NOW - timedelta(minutes=2)).given == NOW


@given(st.text(max_size=120))
def test_any_text_is_a_token_or_refused(text: str) -> None:
    """Nothing that somebody sends raises anything else."""
    with pytest.raises(token.BadToken):
        token.read(SECRET, "message", text, NOW)
