"""A process that kills builds at every single call by which they change the file system. Run by test_crashed.py with a folder.

In a process of its own, without threads, so that it can fork a build that has everything loaded, a hundred times.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tiny import TinySite

from build.comparing import difference, strangers, tree_of
from build.killing import WITHOUT_SEARCH

CALLS = ("replace", "rename", "link", "symlink", "unlink", "mkdir", "rmdir", "open")


def forked(work: Callable[[], object]) -> int:
    """Do something in a process of its own; how it ended."""
    process = os.fork()
    if not process:
        try:
            work()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return os.waitpid(process, 0)[1]


def killed_at(count: int, site: TinySite) -> None:
    """Build, and be killed before the n-th change of the file system that this process makes."""
    me, left = os.getpid(), count

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            if os.getpid() == me and (call is not opened or arguments[1] & (os.O_WRONLY | os.O_RDWR)):
                left -= 1
                if left < 0:
                    os.kill(me, signal.SIGKILL)
            return call(*arguments, **options)

        return wrapper

    opened = os.open
    for name in CALLS:
        setattr(os, name, watched(getattr(os, name)))
    write = Path.write_bytes
    setattr(Path, "write_bytes", watched(write))  # noqa: B010 -- mypy knows it as no variable
    site.build()


def write(site: TinySite, state: int) -> None:
    """One of two states of the sources, which differ in what there is as well."""
    words = ("甲。", "乙二。")[state]
    site.news("changed", words)
    site.entry("cited", words, 索引号="TEST/2026-00077")
    other = site.news(f"only{state}", words)
    other.with_name(f"only{1 - state}.md").unlink(missing_ok=True)


def main(folder: Path) -> None:
    """Print how many moments there were."""
    site = TinySite(folder / "site")
    site.write("pelicanconf.py", WITHOUT_SEARCH)
    trees = []
    for state in (0, 1):
        write(site, state)
        site.build(OUTPUT_PATH=str(folder / f"clean{state}"))
        trees.append(tree_of(folder / f"clean{state}"))
    for state in (1, 0, 1, 0):
        write(site, state)
        assert forked(site.build) == 0
    releases = site.root / "releases"
    moments, state = 0, 0
    while True:
        state = 1 - state
        write(site, state)
        ended = forked(partial(killed_at, moments, site))
        assert ended in (0, signal.SIGKILL), ended
        for each in [site.output.resolve(), *releases.iterdir()]:
            if each.name.isdigit():
                assert tree_of(each) in trees, f"killed at {moments}, {each.name} is not whole"
        if ended == 0:
            break
        if moments % 3 == 0:  # else the next one begins on what two killed builds left
            assert forked(site.build) == 0
            found = difference(tree_of(site.output.resolve()), trees[state])
            assert found == [], f"killed at {moments}: {found}"
            assert strangers(releases) == [], f"killed at {moments}"
            assert len([each for each in releases.iterdir() if each.name.isdigit()]) == 3
        moments += 1
    print(moments)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
