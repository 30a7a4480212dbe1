"""A published index read back without the code that wrote it: what a reader could find in it, as plain text.

The format is described in portal/search/format.py, bundle.py and head.py. What is taken from there are the
letters of single characters, which are turned round here, and the normal form.
"""

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import cbor2

from portal.search import terms
from portal.search.bundle import FILES
from portal.search.normal import normalise

MAGIC = b"pagefind_dcd"
BASE = 104

Tree = Mapping[str, bytes]
"""Files by path."""


def unpack(data: bytes) -> bytes:
    """What is in one of Pagefind's files."""
    content = gzip.decompress(data)
    assert content.startswith(MAGIC)
    return content[len(MAGIC) :]


def files(folder: Path) -> dict[str, bytes]:
    """A folder as a tree."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def shard(folder: Path) -> Tree:
    """A stored shard as a tree: what is published of it under the names that it has there, and what is kept beside it."""
    return {path.removeprefix(f"{FILES}/"): data for path, data in files(folder).items()}


@cache
def _direct() -> dict[str, str]:
    """The characters that are written as one letter, by that letter."""
    written = {terms.letters(chr(code)): chr(code) for code in range(0x20, 0x3400)}
    return {letter: character for letter, character in written.items() if len(letter) == 1}


def characters(letters: str) -> str:
    """The text that these letters stand for."""
    found = []
    while letters:
        first = ord(letters[0])
        if 0xA080 <= first < 0xA0F0:
            high, middle, low = (
                ord(letter) - start for letter, start in zip(letters[:3], (0xA080, 0xA0F0, 0xA160), strict=True)
            )
            found.append(chr((high * BASE + middle) * BASE + low))
            letters = letters[3:]
        else:
            found.append(letters[0] if 0x3400 <= first <= 0x9FFF else _direct()[letters[0]])
            letters = letters[1:]
    return "".join(found)


@dataclass
class Index:
    """What the files of a shard's index say. Pages are counted as in Pagefind's table."""

    pairs: dict[int, dict[int, str]] = field(default_factory=dict)  # page → place → the two characters there
    words: dict[str, dict[int, list[int]]] = field(default_factory=dict)  # one to four characters → page → [how much]
    numbers: dict[str, set[int]] = field(default_factory=dict)
    every: set[int] = field(default_factory=set)  # the pages with the term that each page holds
    terms: dict[str, int] = field(default_factory=dict)  # every term as it is written → the file it was in

    def blocks(self, page: int) -> list[tuple[int, str]]:
        """The texts of a page, each with the place at which it begins; of a block of one character no pair is known."""
        found: list[tuple[int, str]] = []
        end = -1
        for place, pair in sorted(self.pairs.get(page, {}).items()):
            if found and place == end:
                start, text = found[-1]
                assert text[-1] == pair[0], f"{text} does not go on with {pair}"
                found[-1] = (start, text + pair[1])
            else:
                found.append((place, pair))
            end = place + 1
        return found

    def words_of(self, page: int) -> dict[str, list[int]]:
        """The words as a whole that a page holds, each with how much."""
        return {word: pages[page] for word, pages in self.words.items() if page in pages}

    def texts(self) -> list[str]:
        """Everything in the index that is a text: each page's, a line a block, then its numbers and words as a whole."""
        pages = ["\n".join(text for _, text in self.blocks(page)) for page in sorted(self.pairs)]
        return [*pages, "\n".join(self.numbers), "\n".join(self.words)]


def read_index(tree: Tree) -> Index:
    """The index of a shard, from its files `index/<number>.pf_index`."""
    index = Index()
    for path, data in tree.items():
        if not (name := re.fullmatch(r"index/([0-9]+)\.pf_index", path)):
            assert not path.startswith("index/"), path
            continue
        (words,) = cbor2.loads(unpack(data))
        assert words
        assert [word[0] for word in words] == sorted(word[0] for word in words)
        for term, pages, variants in words:
            assert variants == []
            assert term not in index.terms
            index.terms[term] = int(name[1])
            _put(index, term[2:], _pages(pages))
    return index


def _pages(written: list[Any]) -> dict[int, list[int]]:
    """Page → places. Both are counted from the one before; a negative number says with what weight those after it count."""
    found: dict[int, list[int]] = {}
    page = 0
    for step, places, fields in written:
        page += step
        assert page not in found
        assert fields == []
        at = found[page] = []
        place = 0
        for number in places:
            if number < 0:
                assert number == -25, "weights other than that of ordinary text"
                continue
            place += number
            at.append(place)
        assert at == sorted(set(at))
        assert at
    return found


def _put(index: Index, body: str, pages: dict[int, list[int]]) -> None:
    """Note a term; `body` is what follows the two letters of its bucket."""
    if not body.endswith("\ua48b"):
        pair = characters(body)
        assert len(pair) == 2, f"places of {len(pair)} characters"
        for page, places in pages.items():
            for place in places:
                assert index.pairs.setdefault(page, {}).setdefault(place, pair) == pair
    elif body == "\ua1d1\ua48b":
        assert not index.every
        index.every = set(pages)
    elif body.startswith("\ua1d0"):
        index.numbers[characters(body[1:-1])] = set(pages)
    else:
        index.words[characters(body[:-1])] = pages


def whole_words(blocks: Iterable[str], frequent: str, title: str = "") -> dict[str, list[int]]:
    """The words as a whole that a page with these normalised blocks must hold, each with how much: 0 when the title has
    it, which stands on a record's first page, else 1, 2 for three times, 3 for eight times and more."""
    bits = bytes.fromhex(frequent)
    counted: dict[str, int] = {}

    def often(pair: str) -> bool:
        number = terms.spread(pair, len(bits) * 8)
        return bool(bits[number // 8] >> number % 8 & 1)

    for block in blocks:
        for start in range(len(block)):
            for end in range(start + 1, min(start + 4, len(block)) + 1):
                word = block[start:end]
                if len(word) < 3 or (often(word[:2]) and often(word[-2:])):
                    counted[word] = counted.get(word, 0) + 1
    return {
        word: [0 if word in title else 3 if times >= 8 else 2 if times >= 3 else 1] for word, times in counted.items()
    }


def fragments(tree: Tree) -> dict[int, dict[str, Any]]:
    """The fragments of a shard by number."""
    found = {}
    for path, data in tree.items():
        if path.startswith("fragment/"):
            name = re.fullmatch(r"fragment/([0-9]+)\.pf_fragment", path)
            assert name, path
            found[int(name[1])] = json.loads(unpack(data))
    return found


def page_names(meta: bytes) -> list[int]:
    """From Pagefind's table: the number of the fragment of each page, in the order in which the index counts pages."""
    _, pages, *_ = cbor2.loads(meta)
    return [int(name) for name, _ in pages]


def shards(tree: Tree) -> dict[str, dict[str, bytes]]:
    """The shards of a published site: fingerprint → its files."""
    found: dict[str, dict[str, bytes]] = {}
    for path, data in tree.items():
        if path.startswith("search/shards/"):
            _, _, fingerprint, rest = path.split("/", 3)
            found.setdefault(fingerprint, {})[rest] = data
    return found


def read_head(data: bytes) -> tuple[list[dict[str, Any]], list[bytes]]:
    """The head: what it says of each shard, and Pagefind's table of each."""
    size = int.from_bytes(data[:4], "big")
    described = json.loads(data[4 : 4 + size])["shards"]
    rest = data[4 + size :]
    tables = []
    for shard in described:
        tables.append(rest[: shard["meta"]])
        rest = rest[shard["meta"] :]
    assert rest == b""
    return described, tables


def column(values: list[Any]) -> list[list[int]]:
    """A column of the head: for each row its values; one stands by itself, and -1 is none."""
    return [value if isinstance(value, list) else [] if value == -1 else [value] for value in values]


def minutes(steps: list[int]) -> list[datetime]:
    """The column of dates, newest first: minutes since 1970, each as the step down from the one before."""
    found: list[datetime] = []
    minute = 0
    for step in steps:
        minute -= step
        found.append(datetime.fromtimestamp(minute * 60, UTC))
    return found


def wrong_pages(tree: Tree) -> list[tuple[str, int]]:
    """The pages of a published site of which the index does not say exactly what their fragments show."""
    head = next(data for path, data in tree.items() if re.fullmatch(r"search/head\.[0-9a-f]+", path))
    found = []
    for described, table in zip(*read_head(head), strict=True):
        shard = shards(tree)[described["id"]]
        index, shown = read_index(shard), fragments(shard)
        for page, name in enumerate(page_names(table)):
            lines = [normalise(line) for line in shown[name]["content"].split("\n")]
            begins = all(shown[before]["url"] != shown[name]["url"] for before in range(name))
            title = normalise(shown[name]["meta"]["title"]) if begins else ""
            blocks = [text for _, text in index.blocks(page)]
            words = whole_words(lines, described["frequent"], title)
            if blocks != [line for line in lines if len(line) > 1] or index.words_of(page) != words:
                found.append((described["id"], name))
    return found
