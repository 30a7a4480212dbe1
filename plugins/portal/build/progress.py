"""Telling the operator how long work goes: a bar where someone watches, and the stages' times on request."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress as Bar

Item = TypeVar("Item")


@dataclass
class Timings:
    """Seconds of wall time by stage, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; one that runs again adds up."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def lines(self) -> list[str]:
        """The stages with their share, the sum last."""
        total = sum(self.seconds.values()) or 1.0
        rows = [f"{name}\t{spent:.3f} s\t{spent / total:.0%}" for name, spent in self.seconds.items()]
        return [*rows, f"合计\t{total:.3f} s"]


class Progress:
    """A bar for long work, on standard error and only where it is a terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True)
        self._shown = self._console.is_terminal and not quiet

    def track(self, items: Iterable[Item], label: str, total: int) -> Iterable[Item]:
        """The items, with a bar when there are many. The bar has no thread of its own: work is shared by forking."""
        return items if not self._shown or total < 200 else self._with_bar(items, label, total)

    def _with_bar(self, items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
        # Without the bar's own thread: work is shared by forking, and a process with threads must not be forked.
        with Bar(console=self._console, transient=True, auto_refresh=False) as bar:
            task = bar.add_task(label, total=total)
            shown = 0.0
            for count, item in enumerate(items):
                yield item
                if time.perf_counter() - shown > 0.1:
                    bar.update(task, completed=count, refresh=True)
                    shown = time.perf_counter()
