"""Words that only their reader can open: the office's key for what citizens send, the query code for what the office answers.

The public process has the office's public key and cannot open what it stores. Each submission has a key pair of its own that
follows from its query code; its public half is stored, and an answer sealed to it is opened while a visitor shows the code.
"""

import hashlib

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

_BLOCK = 1024
"""Bytes to which lengths are rounded up: a stored length is not to tell 谢谢 from a complaint."""


class CannotOpen(Exception):
    """Sealed for somebody else, or not as it was sealed."""


def office_keys() -> tuple[bytes, bytes]:
    """A new pair for the office, public and private, 32 bytes each."""
    key = PrivateKey.generate()
    return bytes(key.public_key), bytes(key)


def reply_keys(code: str) -> tuple[bytes, bytes]:
    """The pair that follows from a query code, public and private."""
    seed = hashlib.blake2b(code.encode(), digest_size=PrivateKey.SEED_SIZE, person=b"reply key").digest()
    key = PrivateKey.from_seed(seed)
    return bytes(key.public_key), bytes(key)


def seal(data: bytes, public: bytes) -> bytes:
    """Data for the holder of a private key alone. Raises ValueError for what is no public key."""
    padded = data + b"\x80"
    padded += bytes(-len(padded) % _BLOCK)
    return bytes(SealedBox(PublicKey(public)).encrypt(padded))


def unseal(sealed: bytes, private: bytes) -> bytes:
    """The data again. Raises CannotOpen."""
    try:
        padded = bytes(SealedBox(PrivateKey(private)).decrypt(sealed))
    except (CryptoError, ValueError, TypeError) as error:
        raise CannotOpen from error
    data, mark, rest = padded.rpartition(b"\x80")
    if not mark or rest.strip(b"\0"):
        raise CannotOpen
    return data
