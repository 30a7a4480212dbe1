"""One command measured: wall time, processor time and the peak memory of its whole process tree."""

import os
import re
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PSS = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)


class Failed(Exception):
    """A measured command ended with an error; what it said last."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds on the clock and of processors; MiB of memory, 0 where it was not watched; what the command printed."""

    wall: float
    cpu: float
    pss_mib: int
    said: str


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    every: float = 0.0,
) -> Run:
    """Run a command to its end. `every` is the seconds between two looks at its memory; 0 looks never.

    Looking costs the watched process some time, so what is short is not to be watched. Raises Failed.
    """
    with tempfile.TemporaryFile() as said:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.monotonic()
        running = subprocess.Popen(
            list(map(str, command)), cwd=cwd, env={**os.environ, **(env or {})}, stdout=said, stderr=subprocess.STDOUT
        )
        watch = _Watch(running.pid, every) if every else None
        code = running.wait()
        wall = time.monotonic() - begun
        peak = watch.end() if watch else 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if code:
        raise Failed(f"{' '.join(map(str, command))}: exit {code}\n{text[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, peak // 1024, text)


class _Watch:
    """Looks at a process tree's memory in a thread until told to end."""

    def __init__(self, root: int, every: float) -> None:
        self._root, self._every = root, every
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.is_set():
            self._peak = max(self._peak, tree_pss(self._root))
            self._over.wait(self._every)

    def end(self) -> int:
        """The peak in KiB."""
        self._over.set()
        self._thread.join()
        return self._peak


def tree_pss(root: int) -> int:
    """Sum of PSS in KiB over a process and its descendants, 0 for what has gone."""
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        try:
            found = _PSS.search(Path(f"/proc/{process}/smaps_rollup").read_text())
            total += int(found[1]) if found else 0
            for task in Path(f"/proc/{process}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return total
