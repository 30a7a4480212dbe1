"""The words of a CSV table: one cell after the other."""

import csv
from collections.abc import Iterator
from io import StringIO

_SEPARATORS = ",\t;，"


def blocks(data: bytes) -> Iterator[str]:
    """The cells in rows. Chinese office software saves UTF-8 with a byte-order mark or GB 18030 (which holds GBK).

    Raises UnicodeDecodeError for any other encoding, and csv.Error for a cell longer than the csv module takes.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    head = text[: text.find("\n")] if "\n" in text else text
    separator = max(_SEPARATORS, key=head.count)  # the first of equals: a comma, where nothing separates
    for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
        yield from row
