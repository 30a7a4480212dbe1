"""What a query loads of the index, by three ways of asking it, on a built site: bench/ways.py SITE [QUERY …]

- phrase: all pairs of the query, as Pagefind's own quoted phrase needs them;
- places: every second pair and the last, put together by our worker;
- words: as places, but words of one to four characters as a whole where the shard has them (what is published).

Prints KB over all shards, index files alone. `portal recall` proves the last exact; the first two find the same.
"""

import sys
from pathlib import Path

from portal.search.layout import Layout
from portal.search.normal import normalise
from portal.search.terms import CLASSES, Spelling, bucket_number, spread

QUERIES = (
    "督查",
    "办公厅",
    "信息公开",
    "食品药品",
    "科研经费",
    "安全生产法",
    "行政处罚",
    "公共卫生应急预案",
    "县级以上人民政府",
    "知识产权",
    "道路交通安全隐患治理",
)


def main(site: Path, queries: tuple[str, ...]) -> None:
    """One row a query."""
    shards = []
    cache = site.parent / f"{site.name.replace('site', 'portal')}" / ".cache" / "search" / "shards"
    for folder in sorted((site / "search" / "shards").iterdir()):
        shards.append((folder, Layout.from_json((cache / folder.name / "layout.json").read_bytes())))
    print(f"{len(shards)} shards")
    print(f"{'query':<24}{'phrase':>9}{'places':>9}{'words':>9}   KB of index")
    for query in queries:
        word = normalise(query)
        pairs = [word[at : at + 2] for at in range(len(word) - 1)]
        second = dict.fromkeys([*pairs[::2], pairs[-1]])
        sums = [0, 0, 0]
        for folder, layout in shards:
            spelling = Spelling(layout.placed, layout.whole)
            bits = int.from_bytes(bytes.fromhex(layout.frequent), "little")
            frequent = [bool(bits >> spread(pair, CLASSES) & 1) for pair in (pairs[0], pairs[-1])]
            whole = len(word) < 3 or (len(word) < 5 and all(frequent))
            for number, terms in enumerate(
                (
                    [spelling.pair(pair) for pair in pairs],
                    [spelling.pair(pair) for pair in second],
                    [spelling.word(word)] if whole else [spelling.pair(pair) for pair in second],
                )
            ):
                sums[number] += sum(_size(folder, term) for term in {term[:2] for term in terms})
        wide = 24 - len(query)
        print(f"{query:<{wide}}" + "".join(f"{size / 1000:>9.0f}" for size in sums))


def _size(folder: Path, letters: str) -> int:
    path = folder / "index" / f"{bucket_number(letters)}.pf_index"
    return path.stat().st_size if path.is_file() else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or QUERIES)
