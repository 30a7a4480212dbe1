"""Fingerprints: whether a file would come out as it did, without making it.

A page is a function of its template, with all that this includes, its view, and the code that renders; so a hash of these
says whether the file on disk is still right. No list of what depends on what can be wrong, because there is none.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from portal.build.made import Made
from portal.build.own_code import settings_version
from portal.build.version import code_version
from portal.markup.prose import Prose
from portal.pages.parts import Page, Shared
from portal.value import Value

SIZE = 16
"""Bytes of a fingerprint."""


class Fingerprints:
    """The fingerprints of one build."""

    def __init__(self, templates: Mapping[str, str], settings: Mapping[str, Any], root: Path) -> None:
        """`templates` are the sources of all templates by name; `settings` are Pelican's, `root` the site's folder."""
        self._templates = templates
        self._environment = tuple(settings.get("JINJA_ENVIRONMENT") or ())
        self._base = hashlib.blake2b(
            f"{code_version()} {settings_version(settings, root)}".encode(), digest_size=SIZE
        ).digest()
        self._of_template: dict[str, Any] = {}
        self._of_function: dict[Any, Any] = {}
        self._of_shared: dict[int, tuple[Shared, bytes]] = {}

    def of(self, planned: Page | Made) -> bytes:
        """The fingerprint of a page, or of another file that is planned."""
        if isinstance(planned, Made):
            begun = self._of_function.get(planned.make)
            if begun is None:
                name = f"{planned.make.__module__}.{planned.make.__qualname__}"
                if "<" in name:  # what it closes over would be in no fingerprint
                    raise TypeError(f"{planned.path}: {name} is no function of a module")
                begun = self._of_function[planned.make] = self._begun(name.encode())
            told = self._told(planned.value) if isinstance(planned.value, Value) else planned.value
        else:
            begun = self._of_template.get(planned.template)
            if begun is None:
                sources = planned.template, closure(planned.template, self._templates, self._environment)
                begun = self._of_template[planned.template] = self._begun(msgspec.msgpack.encode(sources))
            told = self._told(planned.view)
        digest = begun.copy()
        digest.update(_encoder.encode(told))
        return bytes(digest.digest())

    def _begun(self, data: bytes) -> Any:
        return hashlib.blake2b(self._base + data, digest_size=SIZE)

    def _told(self, view: Any) -> list[Any]:
        """The fields of a view; what it shares with many others by a digest that is made once."""
        kind = type(view)
        names, shared = _shape(kind)
        told = [getattr(view, name) for name in names]
        for position in shared:
            told[position] = self._shared(told[position])
        return told

    def _shared(self, value: Shared | None) -> bytes | None:
        if value is None:
            return None
        found = self._of_shared.get(id(value))
        if found is None:  # the value is held, so that no other gets its id
            digest = hashlib.blake2b(_encoder.encode(value), digest_size=SIZE).digest()
            found = self._of_shared[id(value)] = value, digest
        return found[1]


def _fields(kind: type[Any]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of a value's fields, and which of them it shares with other values."""
    names = kind.__struct_fields__
    hints = get_type_hints(kind)

    def is_shared(annotation: Any) -> bool:
        if isinstance(annotation, type) and issubclass(annotation, Shared):
            return True
        return any(is_shared(each) for each in get_args(annotation))

    return names, tuple(position for position, name in enumerate(names) if is_shared(hints[name]))


_shape: Callable[[Any], tuple[tuple[str, ...], tuple[int, ...]]] = cache(_fields)


def _hook(value: Any) -> Any:
    if isinstance(value, Prose):
        return value.digest
    raise TypeError(f"{type(value).__qualname__} is no value that a view may hold")


_encoder = msgspec.msgpack.Encoder(enc_hook=_hook)

_NAMES = re.compile(
    r"""\{%[-+]?\s*(?:extends|include|import|from)\s+(?:"([^"\\]+)"|'([^'\\]+)')\s*(?:[-+]?%\}|(?:ignore|with|without|as|import)\s)"""
)
_ANY = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b")

_SYNTAX = {"autoescape", "undefined", "finalize", "trim_blocks", "lstrip_blocks", "keep_trailing_newline", "optimized"}
"""The settings of Jinja's environment that leave a template's tags as the patterns above know them."""


def closure(name: str, templates: Mapping[str, str], environment: Collection[str] = ()) -> list[tuple[str, str]]:
    """A template and all that it extends, includes or imports, with their sources, by name.

    A template that names another by anything but a plain string may mean any of them; so may each, where the settings of
    Jinja's `environment` can make tags that look otherwise.
    """
    if not _SYNTAX.issuperset(environment):
        return sorted(templates.items())
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        if each not in templates:  # a loader may know it by that name all the same: "./part.html"
            return sorted(templates.items())
        source = found[each] = templates[each]
        named = [first or second for first, second in _NAMES.findall(source)]
        if len(named) != len(_ANY.findall(source)):
            return sorted(templates.items())
        waiting += named
    return sorted(found.items())
