"""The query code: what a citizen writes down to ask for an answer, and tells an officer over the telephone.

Eighty bits in Crockford's base 32, four groups of four: no I, L, O or U, and whoever reads O for 0 or l for 1 is understood.
It is derived from a secret of the server and the token of the submission, so that a confirmation that is sent twice shows the
same code, and nothing of it needs to be stored but what it is compared with.
"""

import hashlib
import hmac
import unicodedata

BITS = 80
"""Of chance in a code: nobody guesses it, nor searches for it in what was stored."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = str.maketrans("", "", "- —–_·.　")
_LENGTH = BITS // 5
_GROUP = 4


def derive(secret: bytes, token: bytes) -> str:
    """The code of a submission. `secret` is the server's, at least 32 bytes. Raises ValueError for a shorter one."""
    if len(secret) < 32:
        raise ValueError("the secret is shorter than 32 bytes")
    digest = hmac.digest(secret, b"query code\0" + token, hashlib.sha256)
    return written(int.from_bytes(digest[: BITS // 8], "big"))


def written(number: int) -> str:
    """A number below 2**80 in groups: `7K3M-0QAZ-…`."""
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def understood(text: str) -> str | None:
    """A code as it was derived, from what somebody typed: in small or full-width letters, with other spaces and dashes, with
    letters that look alike. None where it cannot be one."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_BETWEEN).translate(_MEANT)
    plain = "".join(plain.split())
    if len(plain) != _LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return written(int("".join(_DIGITS[letter] for letter in plain), 32))


_DIGITS = dict(zip(ALPHABET, "0123456789abcdefghijklmnopqrstuv", strict=True))
"""Python's own digits of base 32."""


def verifier(code: str) -> bytes:
    """What is stored in place of a code, to compare with. Eighty bits of chance need no salt and no slow hash."""
    return hashlib.blake2b(code.encode(), digest_size=32, person=b"verifier").digest()


def matches(code: str, stored: bytes) -> bool:
    """Whether a code is the one of which that was stored; how long it takes tells nothing."""
    return hmac.compare_digest(verifier(code), stored)
