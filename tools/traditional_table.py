"""Make plugins/portal/search/traditional.txt from OpenCC's dictionary: python tools/traditional_table.py TSCharacters.txt

OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), data/dictionary/TSCharacters.txt. Of several Simplified forms the
first is taken; where that is itself a key, its own form, so that a Traditional character and its Simplified one always
fold to the same.
"""

import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "plugins" / "portal" / "search" / "traditional.txt"


def main(source: str) -> None:
    """Read OpenCC's lines (key, tab, values) and write the pairs, sorted, without a separator."""
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    first = {key: values.split(" ")[0] for key, values in rows}
    folded = {}
    for key in first:
        value, seen = key, {key}
        while (following := first.get(value, value)) not in seen:
            value = following
            seen.add(value)
        if value != key:
            folded[key] = value
    TARGET.write_text("".join(key + value for key, value in sorted(folded.items())) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
