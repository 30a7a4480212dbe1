"""The endpoint's own house: what it may know of the portal, and which of its rooms are pure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import HOME

ENDPOINT = HOME / "endpoint"
MODULES = sorted(ENDPOINT.rglob("*.py"))
PURE = [path for path in MODULES if path.parent.name in {"law", "protocol"}]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ENDPOINT).as_posix())
def test_of_the_portal_only_working_days_are_known(path: Path) -> None:
    """The portal is static and the endpoint is not: what both need is one pure module."""
    assert {name for name in _imports(path) if name.split(".")[0] == "portal"} <= {"portal.workdays"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(ENDPOINT).as_posix())
def test_law_and_protocol_know_no_framework(path: Path) -> None:
    """They can be read, and proved, without a database, a request or a clock."""
    outside = {"django", "os", "io", "pathlib", "sqlite3", "socket", "time", "subprocess"}
    assert not {name.split(".")[0] for name in _imports(path)} & outside
    calls = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert not calls & {"now", "today", "utcnow", "open"}
