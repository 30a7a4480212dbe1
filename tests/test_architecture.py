"""The house itself: pure rooms stay pure, views stay narrow, templates see their view and nothing else."""

import ast
import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from jinja2 import Environment, meta, nodes

import portal
from portal.attachments.files import File
from portal.build.filters import FILTERS
from portal.markup.body import Body
from portal.pages import FAMILIES, parts, records
from portal.pages.parts import View
from portal.records.repository import Repository
from portal.records.types import KINDS, Record
from portal.records.vocabulary import Vocabulary
from portal.site.model import Item, NamedFile, Site, Tombstone
from portal.site.resolve import Resolution

PACKAGE = portal.HOME / "plugins" / "portal"
TEMPLATES = portal.HOME / "theme" / "templates"

PURE = sorted(
    [
        *(path for room in ("records", "site", "markup", "pages", "search") for path in (PACKAGE / room).rglob("*.py")),
        PACKAGE / "problems.py",
        PACKAGE / "clock.py",
        PACKAGE / "workdays.py",
    ]
)
PURE.remove(PACKAGE / "records" / "repository.py")  # the edge of reading
SEARCH_EDGE = {"bundle", "pagefind", "sums", "workers", "store"}
"""Where search meets Pagefind, other processes and the disk."""
for name in SEARCH_EDGE:
    PURE.remove(PACKAGE / "search" / f"{name}.py")

CLOCK = {
    "now",
    "today",
    "utcnow",
    "time",
    "time_ns",
    "monotonic",
    "perf_counter",
    "localtime",
    "gmtime",
    "fromtimestamp",
}
FILES = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob", "rglob", "walk", "listdir", "scandir",
    "stat", "lstat", "exists", "is_file", "is_dir", "mkdir", "unlink", "rename", "getenv", "environ", "urlopen", "run", "Popen",
}  # fmt: skip
OUTSIDE = {
    "pelican", "jinja2", "click", "rich", "feedgen", "watchfiles", "django", "os", "io", "shutil", "subprocess", "socket",
    "tempfile", "time", "random", "uuid", "secrets", "threading", "logging",
}  # fmt: skip


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _uses(path: Path) -> Iterator[tuple[str, int, str]]:
    """Every called or read name: its last part, the line, and the function that it stands in."""

    def visit(node: ast.AST, function: str) -> Iterator[tuple[str, int, str]]:
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno, function
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno, function
        for child in ast.iter_child_nodes(node):
            yield from visit(child, function)

    yield from visit(_tree(path), "")


def test_there_are_pure_rooms() -> None:
    """The list of pure modules that the next tests look at is not empty by mistake."""
    assert len(PURE) > 30
    assert PACKAGE / "search" / "normal.py" in PURE
    assert PACKAGE / "site" / "resolve.py" in PURE


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_pure_module_imports_nothing_from_the_edge(path: Path) -> None:
    """Reading, resolving and planning import no Pelican, no template engine, no process, no file system."""
    # The questions of search/recall.py are drawn by a seed: the same in, the same out.
    allowed = {"random"} if path == PACKAGE / "search" / "recall.py" else set()
    found = {name.split(".")[0] for name in _imports(path)} & OUTSIDE
    assert found == allowed
    edges = ("portal.build", "portal.cli", "portal.serve", "portal.outputs", "portal.inspection")
    edges += tuple(f"portal.search.{name}" for name in SEARCH_EDGE)
    # `signals` names only the Timings of the build in its types; pages/__init__.py is where Pelican registers them.
    crossing = {name for name in _imports(path) if name.startswith(edges)}
    assert not crossing


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_pure_module_reads_no_clock_and_no_file(path: Path) -> None:
    """The one reading of the clock is clock.read; no pure module calls it, and none opens a file but normal.py, whose table of
    characters is a part of the package."""
    exceptions = {"clock.py": ("now", "read"), "normal.py": ("read_text", "_traditional")}
    allowed = {exceptions[path.name]} if path.name in exceptions else set()
    found = [
        f"{path.name}:{line} {name}"
        for name, line, function in _uses(path)
        if name in CLOCK | FILES and (name, function) not in allowed
    ]
    # `site.now` is the clock that was passed in.
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [each for each in found if "site.now" not in lines[int(each.split(":")[1].split()[0]) - 1]]
    assert found == []


def test_only_the_edges_read_the_clock() -> None:
    """clock.read is called by the command line, Pelican's run and the preview, and nowhere else."""
    callers = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "clock.read":
                callers.add(path.relative_to(PACKAGE).parts[0])
    assert callers <= {"cli", "build"}
    engine = (PACKAGE / "build" / "engine.py").read_text(encoding="utf-8")
    assert engine.count("clock.read()") == 1


def test_nobody_else_asks_for_the_time() -> None:
    """Outside clock.py no module of the package calls now() or today()."""
    for path in PACKAGE.rglob("*.py"):
        if path.name == "clock.py":
            continue
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in {"now", "utcnow", "today"}, f"{path}:{node.lineno}"


WIDE = {Site, Item, Tombstone, Record, Repository, Resolution, Vocabulary, NamedFile, File, *KINDS}
"""What a template must never hold: it could show, and would depend on, anything."""


def _views() -> list[type[View]]:
    found: list[type[View]] = []
    waiting = [View]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


def _types(annotation: object) -> Iterator[object]:
    """Every type that an annotation names, inside tuples, unions and the fields of dataclasses, too."""
    seen: set[object] = set()
    waiting = [annotation]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        arguments = typing.get_args(each)
        if arguments:
            waiting += [argument for argument in arguments if argument is not Ellipsis]
            origin = typing.get_origin(each)
            if isinstance(origin, type) and not issubclass(origin, types.UnionType):
                waiting.append(origin)
        elif isinstance(each, type):
            yield each
            if issubclass(each, msgspec.Struct):
                waiting += typing.get_type_hints(each).values()


@pytest.mark.parametrize("view", _views(), ids=lambda view: view.__name__)
def test_no_view_holds_the_site(view: type[View]) -> None:
    """No field of a view, however deep, is a Site, an Item, a Record or a Vocabulary."""
    found = set(_types(view))
    assert not found & WIDE
    assert all(isinstance(kind, type) for kind in found)
    assert {str, View} & found or view is View


@pytest.mark.parametrize("view", _views(), ids=lambda view: view.__name__)
def test_views_and_what_they_hold_are_frozen_values(view: type[View]) -> None:
    """A view and every value in it are frozen, and hold tuples instead of lists and dictionaries."""
    for kind in _types(view):
        assert isinstance(kind, type)
        assert kind not in {list, dict, set, object}, f"{view.__name__} holds a {kind.__name__}"
        assert not dataclasses.is_dataclass(kind), kind
        if issubclass(kind, msgspec.Struct):
            assert kind.__struct_config__.frozen, kind


def test_the_walk_over_types_finds_what_is_hidden() -> None:
    """The walk that the tests above trust looks into unions, tuples and nested values."""

    class Inner(msgspec.Struct):
        item: tuple[Item, ...] | None

    class Outer(msgspec.Struct):
        inner: tuple[Inner, ...]

    assert Item in set(_types(Outer))
    assert Body in set(_types(records.RecordView))


def test_every_view_class_is_in_a_page_family() -> None:
    """The views looked at above are those of all page families."""
    modules = {view.__module__ for view in _views()}
    assert modules == {parts.__name__, *(family.__name__ for family in FAMILIES)}


TEMPLATE_FILES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_template_sees_its_view_and_nothing_else(path: Path) -> None:
    """No template refers to anything that it was not given: its `view`, or, in a component, its macro's arguments."""
    tree = _template(path)
    given = {"view"} if path.parent == TEMPLATES else set()
    # Jinja resolves what a template sets or imports at its top in its blocks, too, and what its base sets there.
    declared = _declared(tree) | (_declared(_template(TEMPLATES / "base.html")) if path.parent == TEMPLATES else set())
    assert meta.find_undeclared_variables(tree) - declared <= given


def _template(path: Path) -> nodes.Template:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    return environment.parse(path.read_text(encoding="utf-8"))


def _declared(tree: nodes.Template) -> set[str]:
    found = {each.target for each in tree.find_all(nodes.Import)}
    for imported in tree.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in imported.names}
    found |= {macro.name for macro in tree.find_all(nodes.Macro)}
    return found | {each.target.name for each in tree.find_all(nodes.Assign) if isinstance(each.target, nodes.Name)}


def test_no_template_switches_escaping_off() -> None:
    """No template prints anything as safe by itself but the theme's own icons: a body's HTML is cleaned in its filter."""
    for path in TEMPLATE_FILES:
        text = path.read_text(encoding="utf-8")
        if path.name == "icons.html":  # drawings that stand in the template itself
            assert not re.search(r"\bview\b(?!Box|=)", text.replace("viewBox", ""))
            continue
        for word in ("|safe", "| safe", "autoescape", "Markup"):
            assert word not in text, f"{path}: {word}"


def test_no_template_needs_what_the_policy_refuses() -> None:
    """No template has an inline script, an inline style, an event attribute, or an address of another site."""
    for path in TEMPLATE_FILES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), path


def test_every_planned_template_is_there_and_each_is_used() -> None:
    """The templates that page families name are those of the theme, base.html and components apart."""
    named = set()
    for path in (PACKAGE / "pages").glob("*.py"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Page", "_page"}:
                named |= {
                    a.value for a in node.args[1:] if isinstance(a, ast.Constant) and str(a.value).endswith(".html")
                }
    assert named == {path.name for path in TEMPLATE_FILES if path.parent == TEMPLATES} - {"base.html"}


def test_outputs_hang_on_signals_alone() -> None:
    """The engine does not call a page family or an output to write: an office switches each off in PLUGINS."""
    called = {
        ast.unparse(node.func)
        for node in ast.walk(_tree(PACKAGE / "build" / "engine.py"))
        if isinstance(node, ast.Call)
    }
    assert {
        f"signals.{name}.send" for name in ("site_resolved", "pages_planned", "files_planned", "site_written")
    } <= called
    for module in ("feeds", "catalogue", "sitemap", "search"):
        text = (PACKAGE / "outputs" / f"{module}.py").read_text(encoding="utf-8")
        tail = text[text.index("def register()") :]
        assert "signals.site_written.connect" in tail or "signals.files_planned.connect" in tail
