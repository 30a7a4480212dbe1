"""The token of a submission: given with the page on which somebody checks the answers, shown again when they confirm.

It says which form it was given for and when, and binds what was checked: another text under the same token is noticed. Its
chance is what the receipt and the query code follow from, so that confirming twice is confirming once. Stored is only its hash.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_CHANCE = 16
_MAC = 16
_TIME = 5
_VERSION = 1
_LIFE = timedelta(hours=24)
"""How long somebody may take over the page; what they typed is in the page, and is kept when it is too late."""


class BadToken(Exception):
    """Not one that this server gave; `expired` says that it was, too long ago."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "not ours")
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Token:
    """A token that this server gave: its chance, for which form, when, and the MAC of what was checked."""

    chance: bytes
    form: str
    given: datetime
    content: bytes

    @property
    def stored(self) -> bytes:
        """What the database keeps of it."""
        return hashlib.blake2b(self.chance, digest_size=32, person=b"token").digest()

    def binds(self, secret: bytes, content: bytes) -> bool:
        """Whether this is what was checked when the token was given."""
        return hmac.compare_digest(self.content, content_mac(secret, self.chance, content))


def content_mac(secret: bytes, chance: bytes, content: bytes) -> bytes:
    """What binds a text to a token: nobody without the secret can tell from it which text it was."""
    return hmac.digest(secret, b"content\0" + chance + content, hashlib.sha256)[:_MAC]


def give(secret: bytes, form: str, content: bytes, now: datetime) -> str:
    """A new token for what somebody is about to confirm; `now` is aware."""
    return _written(secret, form, secrets.token_bytes(_CHANCE), content, now)


def _written(secret: bytes, form: str, chance: bytes, content: bytes, now: datetime) -> str:
    seconds = int(now.timestamp()).to_bytes(_TIME, "big")
    body = bytes([_VERSION]) + chance + seconds + content_mac(secret, chance, content)
    return base64.urlsafe_b64encode(body + _sign(secret, form, body)).decode().rstrip("=")


def read(secret: bytes, form: str, text: str, now: datetime) -> Token:
    """The token that a form brings back. Raises BadToken: forged, of another form or version, or too old."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadToken from None
    body, sign = data[:-_MAC], data[-_MAC:]
    if len(data) != 1 + _CHANCE + _TIME + 2 * _MAC or not hmac.compare_digest(sign, _sign(secret, form, body)):
        raise BadToken
    if body[0] != _VERSION:
        raise BadToken
    chance, seconds = body[1 : 1 + _CHANCE], body[1 + _CHANCE : 1 + _CHANCE + _TIME]
    given = datetime.fromtimestamp(int.from_bytes(seconds, "big"), UTC)
    if not timedelta(minutes=-5) <= now - given <= _LIFE:
        raise BadToken(expired=True)
    return Token(chance, form, given, body[1 + _CHANCE + _TIME :])


def _sign(secret: bytes, form: str, body: bytes) -> bytes:
    return hmac.digest(secret, b"token\0" + form.encode() + b"\0" + body, hashlib.sha256)[:_MAC]
