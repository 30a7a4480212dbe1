"""The portal beside Hugo, Eleventy and plain Pelican, making the same pages of the same articles.

    bench/speed.py [--number 10000] [--rounds 3] [--work /dev/shm/portal-bench] [--only cold,edit,…] [--growth 100000]

Measures, each in a process of its own, the builders in turn within each round:

- cold: no cache, no output. Memory is the peak sum of PSS over the process tree.
- edit, add, withdraw, due: one change, with what the last build left. Hugo runs everything again.
- fresh: one edit in sources that a checkout has just written, with the caches of before.
- search: a cold build, and one edit, added and withdrawn record, with all outputs of the portal brought up to date, of the
  peers' pages and of the portal's own; beside them Hugo and Pagefind over its output.
- watch: from saving to seeing, `portal serve` beside `hugo --watch`.
- growth: the portal alone, --growth articles by --number articles.

After each run the page is read: a builder that does not show the change has failed. Writes build/bench.json and
build/bench.svg, and prints a table. Quote ratios: machines are noisy.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from measure import Failed, run
from peers import call, install_eleventy
from picture import picture
from results import Raw, Results, machine
from trees import PEERS, Change, Trees, page
from watching import Unseen, watch

from portal import HOME, clock

MEASURES = ("cold", "edit", "add", "withdraw", "due", "fresh", "search", "watch", "growth")
CHANGES = ("edit", "add", "withdraw", "due")
EVERY = 0.05
"""Seconds between two looks at the memory of a cold build; changes are over too soon to be looked at."""
WATCHED_EDITS = 5


class NotShown(Exception):
    """A builder ended well and did not do the work."""


class Bench:
    """The trees, and the runs so far."""

    def __init__(self, results: Results, work: Path, modules: Path) -> None:
        self.results = results
        self.modules = modules
        self.trees = Trees(results.number, work)

    def prepare(self, builders: Sequence[str]) -> None:
        """Every builder's tree anew."""
        for builder in builders:
            self.trees.write(builder, self.modules)

    def once(self, measure: str, builder: str, turn: int, *, every: float = 0.0, at: str = "") -> None:
        """One run, taken down."""
        runs = [run(each.command, cwd=each.cwd, env=each.env, every=every) for each in call(builder, self.trees, at)]
        wall, cpu = sum(each.wall for each in runs), sum(each.cpu for each in runs)
        self.take(measure, builder, turn, wall, cpu, max(each.pss_mib for each in runs))

    def take(self, measure: str, builder: str, turn: int, wall: float, cpu: float = 0.0, pss_mib: int = 0) -> None:
        """Take down a run, and say it."""
        raw = Raw(measure, builder, self.trees.number, turn, round(wall, 4), round(cpu, 3), pss_mib)
        self.results.runs.append(raw)
        memory = f"{pss_mib:>7} MiB" if pss_mib else ""
        print(f"{turn + 1:>3}  {measure:<20} {builder:<15} {self.trees.number:>7}{wall:>9.2f} s{memory}", flush=True)

    def warm(self, builders: Sequence[str]) -> None:
        """Bring every site up to date once, not measured."""
        for builder in builders:
            for each in call(builder, self.trees):
                run(each.command, cwd=each.cwd, env=each.env)

    def shown(self, builder: str, change: Change) -> None:
        """The site must show the change. Hugo leaves the page of a removed file where it was."""
        if change.what == "withdraw" and (builder in PEERS or builder == "hugo+pagefind"):
            return
        own = f"entries/{Path(change.path).stem}/index.html"
        path = self.trees.out(builder) / (own if builder == "portal-own" else change.path)
        if not path.is_file() or change.words not in path.read_text(encoding="utf-8"):
            raise NotShown(f"{builder}: {change.what} is not on {path}")

    def whole(self, builder: str) -> None:
        """The site must have a page for each article."""
        missing = [name for each in self.trees.found if not (self.trees.out(builder) / (name := page(each))).is_file()]
        if missing:
            raise NotShown(f"{builder}: {len(missing)} articles have no page, {missing[0]} among them")

    def at(self, turn: int) -> int:
        """Which article is edited: the newest, in every second round one in the middle."""
        return len(self.trees.found) // 2 + turn if turn % 2 else len(self.trees.found) - 1

    def remove(self) -> None:
        """Give back the room of the articles and the portal's site."""
        for folder in (self.trees.data, self.trees.folder("portal")):
            shutil.rmtree(folder, ignore_errors=True)

    # ── measures ────────────────────────────────────────────────────────────

    def cold(self) -> None:
        """All four builders from nothing."""
        builders = ("hugo", "portal", "eleventy", "pelican")
        for turn in range(self.results.rounds):
            for builder in _turned(builders, turn):
                self.trees.forget(builder)
                self.once("cold", builder, turn, every=EVERY)
                self.whole(builder)

    def changes(self, wanted: Sequence[str]) -> None:
        """One change after another, each from the state that the one before left."""
        for turn in range(self.results.rounds):
            for what in wanted:
                at = ""
                match what:
                    case "edit":
                        change = self.trees.edit(self.at(turn))
                    case "add":
                        change = self.trees.add()
                    case "withdraw":
                        change = self.trees.withdraw(len(self.trees.found) // 3 + turn)
                    case _:
                        moment = clock.read() - timedelta(minutes=1)
                        due = self.trees.schedule(moment)
                        for each in call("portal", self.trees, clock.format_minute(moment - timedelta(minutes=1))):
                            run(each.command, cwd=each.cwd, env=each.env)
                        change, at = due(), clock.format_minute(moment)
                for builder in _turned(("hugo", "portal"), turn):
                    self.once(what, builder, turn, at=at if builder == "portal" else "")
                    self.shown(builder, change)

    def fresh(self) -> None:
        """An edit in a tree that was checked out anew."""
        for turn in range(self.results.rounds):
            self.trees.checkout("portal")
            change = self.trees.edit(self.at(turn))
            for builder in _turned(("hugo", "portal"), turn):
                self.once("edit-fresh-checkout", builder, turn)
                self.shown(builder, change)

    def search(self) -> None:
        """Changes with everything that the portal can put out, of the peers' pages and of its own; beside them Hugo and then
        Pagefind."""
        builders = ("hugo+pagefind", "portal-full", "portal-own")
        for builder in builders:
            self.once("cold+search", builder, 0, every=EVERY)
        for turn in range(self.results.rounds):
            for what in ("edit", "add", "withdraw"):
                match what:
                    case "edit":
                        change = self.trees.edit(self.at(turn))
                    case "add":
                        change = self.trees.add()
                    case _:
                        change = self.trees.withdraw(len(self.trees.found) // 4 + turn)
                for builder in _turned(builders, turn):
                    self.once(f"{what}+search", builder, turn)
                    self.shown(builder, change)

    def watch(self) -> None:
        """From saving to seeing."""
        for builder, seconds in watch(self.trees, WATCHED_EDITS).items():
            for turn, each in enumerate(seconds):
                self.take("watch", builder, turn, each)

    def growth(self, *, edits: int) -> None:
        """The portal alone at this number: cold, then edits."""
        self.trees.forget("portal")
        turn = len(self.results.of("growth-cold", "portal", self.trees.number))
        self.once("growth-cold", "portal", turn, every=EVERY)
        for number in range(edits):
            change = self.trees.edit(self.at(number))
            self.once("growth-edit", "portal", turn * edits + number)
            self.shown("portal", change)


def main() -> None:
    """Prepare, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=10_000, help="articles")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("/dev/shm/portal-bench"), help="a folder on a tmpfs")  # noqa: S108
    parser.add_argument("--only", default="", help=f"some of {','.join(MEASURES)}")
    parser.add_argument("--growth", type=int, default=0, help="articles of the grown site; 100000 takes minutes")
    parser.add_argument("--no-growth", action="store_true", help="leave growth out")
    parser.add_argument("--out", type=Path, default=HOME / "build", help="where bench.json and bench.svg go")
    asked = parser.parse_args()
    wanted = tuple(filter(None, asked.only.split(","))) or MEASURES
    if unknown := set(wanted) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    asked.work.mkdir(parents=True, exist_ok=True)
    results = Results(asked.number, asked.growth, asked.rounds)
    failed = ""
    try:
        measure(results, asked.work, wanted, grow=bool(asked.growth) and not asked.no_growth)
    except (Failed, NotShown, Unseen) as error:
        failed = f"{type(error).__name__}: {error}"
    tell(results, asked.out)
    sys.exit(failed or None)


def measure(results: Results, work: Path, wanted: Sequence[str], *, grow: bool) -> None:
    """Everything that is wanted, one measure after another."""
    bench = Bench(results, work, install_eleventy(work) if "cold" in wanted else work)
    builders = ["hugo", "portal"]
    builders += ["eleventy", "pelican"] if "cold" in wanted else []
    builders += ["portal-full", "portal-own"] if "search" in wanted else []
    bench.prepare(builders)
    if "cold" in wanted:
        bench.cold()
    elif set(wanted) & {*CHANGES, "fresh"}:
        bench.warm(("hugo", "portal"))
    bench.changes([each for each in CHANGES if each in wanted])
    if "fresh" in wanted:
        bench.fresh()
    if "search" in wanted:
        bench.search()
    if "watch" in wanted:
        bench.watch()
    if "growth" in wanted and grow:
        grown = Bench(Results(results.growth, results.growth, results.rounds, results.runs), work, work)
        grown.prepare(["portal"])
        bench.growth(edits=2)  # before and after the long one: the machine may be another by then
        grown.growth(edits=2)
        bench.growth(edits=2)
        grown.remove()


def tell(results: Results, out: Path) -> None:
    """The table, the file and the picture."""
    found = machine()
    print(f"\n{found['model']}, {found['processors']} processors, {found['date']}\n{results.table()}")
    out.mkdir(parents=True, exist_ok=True)
    (out / "bench.json").write_text(
        json.dumps(results.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    title = f"The same {results.number:,} articles: the portal beside other generators"
    note = f"{found['model']}, {found['processors']} processors, {found['date']}; medians; without search and feeds unless it is said"
    ratios = results.ratios()
    growth = ""
    if "growth" in ratios:
        growth = (
            f"The portal alone, {results.growth:,} by {results.number:,} articles: cold {ratios['growth'].value:.1f} ×, "
            f"one edit {ratios['growth-edit'].value:.1f} ×, peak memory {results.growth_memory():,} MiB"
        )
    (out / "bench.svg").write_text(picture(ratios, title, note, growth), encoding="utf-8")
    print(f"\n{out / 'bench.json'}, {out / 'bench.svg'}")


def _turned(builders: Sequence[str], turn: int) -> Sequence[str]:
    """The builders in turn, another one first in each round."""
    start = turn % len(builders)
    return (*builders[start:], *builders[:start])


if __name__ == "__main__":
    main()
