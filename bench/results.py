"""What was measured: every run, and the ratios that are worth quoting.

A machine's speed changes while it measures, so that no time is quoted, only the ratio of two medians of the same rounds; its
spread is that of the rounds' own ratios.
"""

import itertools
import os
import platform
import re
import statistics
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Raw:
    """One run: what was measured, of which builder, at how many articles, in which round."""

    measure: str
    builder: str
    number: int
    round: int
    wall: float
    cpu: float
    pss_mib: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two medians, and its least and greatest in a round."""

    value: float
    least: float
    most: float


@dataclass
class Results:
    """The runs of one session."""

    number: int
    growth: int
    rounds: int
    runs: list[Raw] = field(default_factory=list)

    def of(self, measure: str, builder: str, number: int = 0) -> list[Raw]:
        """The runs of a builder for a measure, by round."""
        return [
            run
            for run in self.runs
            if (run.measure, run.builder, run.number) == (measure, builder, number or self.number)
        ]

    def ratios(self, of: str = "wall") -> dict[str, Ratio]:
        """Every ratio for which both sides were measured, in the order in which they are told: of the time that passed
        (`wall`) and of memory, or of the processors' time (`cpu`) where that was taken."""
        found: dict[str, Ratio] = {}

        def add(key: str, ours: list[Raw], theirs: list[Raw], what: str = of) -> None:
            above, below = ([float(getattr(run, what)) for run in side] for side in (ours, theirs))
            if above and below and all(above) and all(below):
                same = len(above) == len(below)  # else the sides were not measured round by round
                sides = zip(above, below, strict=True) if same else itertools.product(above, below)
                pairs = [a / b for a, b in sides if b]
                value = statistics.median(above) / statistics.median(below)
                found[key] = Ratio(value, min(pairs, default=value), max(pairs, default=value))

        for peer in ("hugo", "eleventy", "pelican"):
            add(f"cold/{peer}", self.of("cold", "portal"), self.of("cold", peer))
        for change in ("edit", "add", "withdraw", "due", "edit-fresh-checkout"):
            add(f"{change}/hugo", self.of(change, "portal"), self.of(change, "hugo"))
        for builder, named in (("portal-full", ""), ("portal-own", "own-")):
            for what in ("cold", "edit", "add", "withdraw"):
                theirs = self.of(f"{what}+search", "hugo+pagefind")
                add(f"{named}{what}+search/hugo+pagefind", self.of(f"{what}+search", builder), theirs)
        add("watch/hugo-watch", self.of("watch", "portal-serve"), self.of("watch", "hugo-watch"))
        add("watch-title/hugo-watch", self.of("watch", "portal-serve-title"), self.of("watch", "hugo-watch-title"))
        if of == "wall":
            add("memory/hugo", self.of("cold", "portal"), self.of("cold", "hugo"), "pss_mib")
        add("growth", self.of("growth-cold", "portal", self.growth), self.of("growth-cold", "portal"))
        add("growth-edit", self.of("growth-edit", "portal", self.growth), self.of("growth-edit", "portal"))
        return found

    def growth_memory(self) -> int:
        """MiB of a cold build of the grown site, 0 if there was none."""
        return max((run.pss_mib for run in self.of("growth-cold", "portal", self.growth)), default=0)

    def as_json(self) -> dict[str, Any]:
        """Everything, as build/bench.json holds it."""
        ratios: dict[str, Any] = {key: round(ratio.value, 4) for key, ratio in self.ratios().items()}
        if memory := self.growth_memory():
            ratios["growth-memory-mib"] = memory
        return {
            "machine": machine(),
            "number": self.number,
            "growth": self.growth,
            "rounds": self.rounds,
            "ratios": ratios,
            "cpu": {key: round(ratio.value, 4) for key, ratio in self.ratios("cpu").items()},
            "spread": {key: [round(ratio.least, 4), round(ratio.most, 4)] for key, ratio in self.ratios().items()},
            "runs": [asdict(run) for run in self.runs],
        }

    def table(self) -> str:
        """The runs as text: medians, spread, and each builder beside Hugo."""
        lines = [
            f"{'measure':<22}{'builder':<16}{'articles':>9}{'runs':>6}{'median s':>10}{'min–max s':>16}{'CPU s':>9}{'MiB':>8}{'/ Hugo':>9}"
        ]
        for measure, builder, number in dict.fromkeys((run.measure, run.builder, run.number) for run in self.runs):
            found = self.of(measure, builder, number)
            walls = [run.wall for run in found]
            peer = "hugo+pagefind" if measure.endswith("+search") else {"watch": "hugo-watch"}.get(measure, "hugo")
            peer += "-title" if builder.endswith("-title") else ""
            base = [run.wall for run in self.of(measure, peer, number)]
            share = f"{statistics.median(walls) / statistics.median(base):.3f}" if base else ""
            spread = f"{min(walls):.2f}–{max(walls):.2f}"
            cpu = statistics.median(run.cpu for run in found)
            memory = max(run.pss_mib for run in found)
            lines.append(
                f"{measure:<22}{builder:<16}{number:>9}{len(found):>6}{statistics.median(walls):>10.2f}{spread:>16}"
                f"{f'{cpu:.2f}' if cpu else '':>9}{memory or '':>8}{share:>9}"
            )
        cpu_ratios = self.ratios("cpu")
        lines += ["", f"{'ratio':<28}{'median':>9}   {'rounds':<16}{'CPU':>7}   rounds"]
        for key, r in self.ratios().items():
            c = cpu_ratios.get(key) if key != "memory/hugo" else None
            of_cpu = f"{c.value:>7.3f}   {c.least:.3f}–{c.most:.3f}" if c else ""
            lines.append(f"{key:<28}{r.value:>9.3f}   {f'{r.least:.3f}–{r.most:.3f}':<16}{of_cpu}".rstrip())
        if memory := self.growth_memory():
            lines.append(f"{'growth-memory-mib':<28}{memory:>9}")
        return "\n".join(lines)


def machine() -> dict[str, Any]:
    """What it was measured on."""
    processors = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    model = re.search(r"^model name\s*:\s*(.+)$", processors, re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"), re.MULTILINE)
    return {
        "processors": os.cpu_count(),
        "model": model[1] if model else platform.machine(),
        "memory_mib": int(memory[1]) // 1024 if memory else 0,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }
