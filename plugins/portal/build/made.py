"""A file beside the pages that is a function of a value: `make(value)`, as a page is `template(view)`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its path, a function of a module, and the value that everything in it comes from.

    The value is frozen data: strings, numbers, dates, tuples, dataclasses of these. The file is made again when the
    value is another, or the portal's code.
    """

    path: str
    make: Callable[[Any], bytes]
    value: Any
