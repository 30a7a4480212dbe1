"""A file beside the pages that is a function of a value: `make(value)`, as a page is `template(view)`."""

from collections.abc import Callable
from typing import Any

from portal.value import Value


class Made(Value, frozen=True):
    """A file: its path, a function of a module, and the value that everything in it comes from.

    The value is frozen data: strings, numbers, dates, tuples, dataclasses of these. The file is made again when the
    value is another, or the portal's code.
    """

    path: str
    make: Callable[[Any], bytes]
    value: Any
