"""What most things here are: a small frozen value with named fields."""

import msgspec


class Value(msgspec.Struct, frozen=True):
    """A frozen value: equal to another with equal fields, hashable, shown with its fields.

    msgspec's structs and not dataclasses: a site of ten thousand records has half a million of them, which are made and
    compared several times as fast; and defining the two hundred classes of a frozen dataclass costs each start 60 ms.
    """
