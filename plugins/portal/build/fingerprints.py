"""Fingerprints: whether a file would come out as it did, without making it.

A page is a function of its template, with all that this includes, its view, and the code that renders; so a hash of these
says whether the file on disk is still right. No list of what depends on what can be wrong, because there is none.
"""

import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from portal.build.made import Made
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
                begun = self._of_function[planned.make] = self._begun(name.encode())
            told = self._told(planned.value) if isinstance(planned.value, Value) else planned.value
        else:
            begun = self._of_template.get(planned.template)
            if begun is None:
                sources = planned.template, closure(planned.template, self._templates)
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
    r"""\{%[-+]?\s*(?:extends|include|import|from)\s+(?:"([^"]+)"|'([^']+)')\s*(?:[-+]?%\}|(?:ignore|with|without|as|import)\s)"""
)
_ANY = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\b")


def closure(name: str, templates: Mapping[str, str]) -> list[tuple[str, str]]:
    """A template and all that it extends, includes or imports, with their sources, by name.

    A template that names another by anything but a plain string may mean any of them.
    """
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in found or each not in templates:
            continue
        source = found[each] = templates[each]
        named = [first or second for first, second in _NAMES.findall(source)]
        if len(named) != len(_ANY.findall(source)):
            return sorted(templates.items())
        waiting += named
    return sorted(found.items())


def settings_version(settings: Mapping[str, Any], root: Path) -> str:
    """A hash of what the site's own code and settings are: files of Python in its folder, plugins, settings of templates."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for path in sorted(_own_code(settings, root)):
        digest.update(f"{path}\0".encode())
        digest.update(path.read_bytes())
    for name in ("JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_TESTS", "JINJA_GLOBALS"):
        told = sorted((str(key), _name_of(value)) for key, value in (settings.get(name) or {}).items())
        digest.update(repr((name, told)).encode())
    return digest.hexdigest()


def _own_code(settings: Mapping[str, Any], root: Path) -> Iterable[Path]:
    """Modules that are neither the portal's nor installed: in the site's folder, where PLUGIN_PATHS says, and whatever else
    the settings and plugins have loaded from anywhere; and plugins that are installed, with their packages."""
    found = set(root.glob("*.py"))
    for folder in settings.get("PLUGIN_PATHS") or ():
        found |= set((root / folder).rglob("*.py"))
    plugins = {plugin if isinstance(plugin, str) else plugin.__name__ for plugin in settings.get("PLUGINS") or ()}
    packages = {plugin.split(".")[0] for plugin in plugins} - {"portal"}
    for name, module in list(sys.modules.items()):
        # Whoever called us makes no page; multiprocessing has it under a second name.
        file = getattr(module, "__file__", None) if module is not sys.modules["__main__"] else None
        if file and file.endswith(".py") and (name.split(".")[0] in packages or not file.startswith(_INSTALLED)):
            found.add(Path(file))
    return (path for path in found if path.is_file())


_INSTALLED = (
    f"{Path(__file__).parent.parent}{os.sep}",
    *(f"{sysconfig.get_path(name)}{os.sep}" for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)
"""Below these lie the portal itself, Python, and the libraries, which have versions."""


def _name_of(value: Any) -> str:
    """A function or class by its name, for its address in memory is another each time; else the value as written."""
    name = getattr(value, "__qualname__", None)
    return f"{value.__module__}.{name}" if name else repr(value)
