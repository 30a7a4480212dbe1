"""What a site's own code and settings are: whatever a template may call or be given beside its view.

What a filter reads from elsewhere (a file, the environment, a clock) nobody can see. Filters must be pure; what they need is
given to them through JINJA_GLOBALS or a constant of their module, which are looked at.
"""

import functools
import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

_SIZE = 16

_TEMPLATES = ("JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_TESTS", "JINJA_GLOBALS")

_DERIVED = {"output", "releases", "node_modules", "__pycache__"}
"""Folders of a site in which none of its code lies."""


def settings_version(settings: Mapping[str, Any], root: Path) -> str:
    """A hash of the Python in the site's folder, of plugins, and of what the settings give to templates."""
    digest = hashlib.blake2b(digest_size=_SIZE)
    files: set[Path] = set()
    told = {
        name: [(str(key), _told(value, files)) for key, value in _sorted(settings.get(name))] for name in _TEMPLATES
    }
    digest.update(repr(told).encode())
    for path in sorted(files | set(_own_code(settings, root))):
        # Of what is moved as a whole only the contents count.
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        digest.update(f"{name}\0".encode(errors="surrogateescape"))
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_installed(path: str | os.PathLike[str]) -> bool:
    """Whether a file belongs to the portal, Python or a library: these have versions, and are known by them."""
    return os.fspath(path).startswith(_INSTALLED)


_INSTALLED = (
    f"{Path(__file__).parent.parent}{os.sep}",
    *(f"{sysconfig.get_path(name)}{os.sep}" for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)


def _sorted(of: Mapping[Any, Any] | None) -> list[tuple[Any, Any]]:
    return sorted((of or {}).items(), key=lambda pair: str(pair[0]))


def _own_code(settings: Mapping[str, Any], root: Path) -> Iterable[Path]:
    """Modules that are neither the portal's nor installed: in the site's folder, where PLUGIN_PATHS says, and whatever else
    the settings and plugins have loaded from anywhere; and plugins that are installed, with their packages."""
    found = set(_below(root))
    for folder in settings.get("PLUGIN_PATHS") or ():
        found |= set((root / folder).rglob("*.py"))
    plugins = {plugin if isinstance(plugin, str) else plugin.__name__ for plugin in settings.get("PLUGINS") or ()}
    packages = {plugin.split(".")[0] for plugin in plugins} - {"portal"}
    for name, module in list(sys.modules.items()):
        # Whoever called us makes no page; multiprocessing has it under a second name.
        file = getattr(module, "__file__", None) if module is not sys.modules["__main__"] else None
        if file and file.endswith(".py") and (name.split(".")[0] in packages or not is_installed(file)):
            found.add(Path(file))
    return (path for path in found if path.is_file())


def _below(root: Path) -> Iterator[Path]:
    """The Python of the site's folder: in it, and in folders of it that hold neither records nor what was built."""
    for folder, folders, files in os.walk(root):
        skipped = _DERIVED | {"content", "catalog"} if folder == str(root) else _DERIVED
        folders[:] = [name for name in folders if name not in skipped and not name.startswith(".")]
        yield from (Path(folder, name) for name in files if name.endswith(".py"))


# ── values that templates are given ─────────────────────────────────────────


def _told(value: Any, files: set[Path]) -> Any:
    """A value as text that is another where the value may do something else, and never for its address in memory. The files
    of functions are added to `files`."""
    if isinstance(value, functools.partial):
        return "partial", _told(value.func, files), _all(value.args, files), _all(_sorted(value.keywords), files)
    if isinstance(value, FunctionType):
        return _function(value, files)
    if isinstance(value, Mapping):
        return "mapping", _all(_sorted(value), files)
    if isinstance(value, (list, tuple)):
        return type(value).__name__, _all(value, files)
    if isinstance(value, (set, frozenset)):
        return "set", sorted(map(repr, value))
    if (name := getattr(value, "__qualname__", None)) is not None:  # a class, a method, a function of C
        return f"{getattr(value, '__module__', '')}.{name}"
    kind: Any = type(value)
    if kind.__repr__ is object.__repr__:
        return f"{kind.__module__}.{kind.__qualname__}", _all(_sorted(getattr(value, "__dict__", None)), files)
    return repr(value)


def _all(values: Iterable[Any], files: set[Path]) -> list[Any]:
    return [_told(value, files) for value in values]


def _function(function: FunctionType, files: set[Path]) -> Any:
    """A function: its name, what it has by default, closes over and finds in its module; and the file that it is written in."""
    code = function.__code__
    name = f"{function.__module__}.{function.__qualname__}"
    if is_installed(code.co_filename):
        return name
    if (file := Path(code.co_filename)).is_file():
        files.add(file.resolve())
    cells = []
    for cell in function.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:  # not assigned yet
            cells.append(None)
    # By itself a function is in its own module, or its own cell.
    used = [(each, function.__globals__[each]) for each in sorted(_names(code)) if each in function.__globals__]
    constants = [(each, repr(value)) for each, value in used if isinstance(value, _PLAIN)]
    others = [value for value in cells if value is not function]
    return name, _all(function.__defaults__ or (), files), _all(others, files), constants


_PLAIN = (str, bytes, int, float, bool, tuple, list, dict, type(None))


def _names(code: CodeType) -> set[str]:
    """The names that a function and those within it look up outside."""
    within = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, within))
