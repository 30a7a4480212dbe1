"""Names of imported regulations: an id for the address, and an 索引号 under a prefix that is declared not official.

Both follow from title and version date alone, so a second import, or one with more files, gives the same names;
what a site already holds keeps its name whatever else is added (addresses never change).
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from pypinyin import Style, lazy_pinyin

PREFIX = "IMPORT-XZFG"
"""The 索引号 prefix of imported regulations. It stands in no register; catalog/site.yaml declares it as an exception."""
_LETTERS = 24
_NUMBERS = 99_999

Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Name:
    """The id (a part of the address) and the 索引号 of one version."""

    id: str
    index_no: str


def base_id(title: str, version: date) -> str:
    """Pinyin initials of the title and the date: 护士条例, 2020-03-27 → `hstl-20200327`. Cut to 24 letters."""
    words = title.removeprefix("中华人民共和国")
    letters = "".join(lazy_pinyin(words, style=Style.FIRST_LETTER, errors="ignore")).lower()
    letters = re.sub(r"[^a-z0-9]", "", letters)[:_LETTERS]
    return f"{letters or 'x'}-{version:%Y%m%d}"


def name_all(
    keys: Iterable[Key], taken: Mapping[Key, Name] | None = None, reserved: Collection[str] = ()
) -> dict[Key, Name]:
    """A name for every key (title, version date). `taken` are the names the site already gave to imported versions,
    which stay; `reserved` are ids that other records hold.

    Two new versions with one base id both get a hash of their title. An 索引号's number is derived from a hash too, and
    moves up to the next free one where two meet. Raises ValueError when a year has no free number left.
    """
    taken = dict(taken or {})
    new = sorted({key for key in keys if key not in taken}, key=lambda key: (key[1], key[0]))
    used_ids = {name.id for name in taken.values()} | set(reserved)
    used_numbers = {name.index_no for name in taken.values()}
    wanted: dict[str, int] = {}
    for key in new:
        wanted[base_id(*key)] = wanted.get(base_id(*key), 0) + 1
    named = {}
    for key in new:
        id_ = base_id(*key)
        if wanted[id_] > 1 or id_ in used_ids:
            id_ = next(i for n in count(6) if (i := f"{base_id(*key)}-{_hash(*key)[:n]}") not in used_ids)
        index_no = _index_no(key, used_numbers)
        used_ids.add(id_)
        used_numbers.add(index_no)
        named[key] = Name(id_, index_no)
    return taken | named


def _hash(title: str, version: date) -> str:
    return hashlib.sha256(f"{title}\n{version}".encode()).hexdigest()


def _index_no(key: Key, used: Collection[str]) -> str:
    start = int(_hash(*key), 16) % _NUMBERS
    for step in range(_NUMBERS):
        number = f"{PREFIX}/{key[1].year}-{(start + step) % _NUMBERS + 1:05d}"
        if number not in used:
            return number
    raise ValueError(f"no free number left in {key[1].year}")
