"""Builds that are killed, and builds beside each other: real commands on a real site, with workers.

What is published is one whole site or another, the next build is the clean one, and nothing is left behind.
"""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny import TinySite

from build.comparing import Tree, difference, strangers, tree_of
from build.killing import ENVIRONMENT, ended, gone, kill_session, many, portal_command, session, started

RECORDS = 160
"""As many as make two workers read, and two render."""

STEPS = 8

STATES = ("甲文。", "乙文，长一些。")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    """For each state of the site what a build from nothing makes of it."""
    found = {}
    for number, words in enumerate(STATES):
        site = many(TinySite(tmp_path_factory.mktemp("clean") / f"site{number}"), RECORDS, words)
        portal_command(site, "build", "--output", str(site.root.parent / "whole"))
        found[words] = tree_of(site.root.parent / "whole")
    assert found[STATES[0]] != found[STATES[1]]
    return found


def _wait_until(path: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.parametrize("number", range(2))
def test_a_killed_build_leaves_a_whole_site(clean: dict[str, Tree], tmp_path: Path, number: int) -> None:
    """At eight moments each from the first file read to the swap, by either signal, one killed build upon another; what
    a killed build left in the cache and among the releases does no harm to the next."""
    chance = random.Random(number)
    site = TinySite(tmp_path / "site")
    many(site, RECORDS, STATES[1])
    portal_command(site, "build")
    releases = site.root / "releases"
    many(site, RECORDS, STATES[0])
    process = started(site, "build")
    _wait_until(releases / ".staging")
    start = time.monotonic()
    assert ended(process)[0] == 0
    whole = time.monotonic() - start
    moments = [(step + chance.random()) / STEPS for step in range(STEPS)]
    chance.shuffle(moments)
    killed = 0
    for step, moment in enumerate(moments):
        words = STATES[(step + 1) % 2]
        many(site, RECORDS, words)
        if step % 4 == 3:
            shutil.rmtree(site.root / ".cache", ignore_errors=True)
        process = started(site, "build")
        _wait_until(releases / ".staging")
        start = time.monotonic()
        try:
            process.wait(moment * whole)
            whole = time.monotonic() - start  # the machine is less busy than it was
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL if step % 3 else signal.SIGTERM)
        killed += ended(process)[0] != 0
        try:
            assert gone(process.pid), "its workers are still there"
        finally:
            kill_session(process.pid)
        assert tree_of(site.output.resolve()) in clean.values()
        if step % 3 == 2:
            portal_command(site, "build")
            assert difference(tree_of(site.output.resolve()), clean[words]) == []
            assert strangers(releases) == []
            assert not (site.root / ".output-new").is_symlink()
    assert killed >= STEPS // 2


def test_two_builds_at_once_are_two_builds_one_after_another(clean: dict[str, Tree], tmp_path: Path) -> None:
    """On one site without a cache: one waits for the other, both publish the same."""
    site = many(TinySite(tmp_path / "site"), RECORDS, STATES[0])
    both = [started(site, "build") for _ in range(2)]
    results = [ended(each) for each in both]
    assert [code for code, _ in results] == [0, 0]
    assert "另一个 portal" in results[0][1] + results[1][1]
    assert difference(tree_of(site.output.resolve()), clean[STATES[0]]) == []
    assert sorted(path.name for path in (site.root / "releases").iterdir() if path.is_dir()) == ["1", "2"]
    assert difference(tree_of(site.root / "releases/1"), clean[STATES[0]]) == []


def test_builds_beside_each_other_do_not_disturb_each_other(clean: dict[str, Tree], tmp_path: Path) -> None:
    """A build that publishes, one into another folder and a check, at once and without a cache: all are right, and what
    they leave in the cache is right for the next."""
    site = many(TinySite(tmp_path / "site"), RECORDS, STATES[1])
    portal_command(site, "build")
    many(site, RECORDS, STATES[0])
    shutil.rmtree(site.root / ".cache")
    beside = tmp_path / "beside"
    commands = [["build"], ["build", "--output", str(beside)], ["check"], ["build", "--diff"]]
    results = [ended(each) for each in [started(site, *command) for command in commands]]
    assert [code for code, _ in results] == [0, 0, 0, 0], results
    assert difference(tree_of(beside), clean[STATES[0]]) == []
    assert difference(tree_of(site.output.resolve()), clean[STATES[0]]) == []
    portal_command(site, "build")
    assert difference(tree_of(site.output.resolve()), clean[STATES[0]]) == []


def test_one_cache_serves_two_states(clean: dict[str, Tree], tmp_path: Path) -> None:
    """Two checkouts of one site, of other words, share a cache: in turn and at once, each is its own site."""
    sites = [many(TinySite(tmp_path / f"site{number}"), RECORDS, words) for number, words in enumerate(STATES)]
    (tmp_path / "cache").mkdir()
    for site in sites:
        (site.root / ".cache").symlink_to(tmp_path / "cache")
    for site in sites:
        portal_command(site, "build")
    for each in [started(site, "build") for site in sites]:
        assert ended(each)[0] == 0
    for site, words in zip(sites, STATES, strict=True):
        assert difference(tree_of(site.output.resolve()), clean[words]) == []


def test_workers_make_the_same_bytes_as_one_process(tmp_path: Path) -> None:
    """A site of three hundred records on two processors and on one, in an order of its own on each."""
    site = many(TinySite(tmp_path / "site"), 300)
    portal_command(site, "build", "--output", str(tmp_path / "many"))
    shutil.rmtree(site.root / ".cache")
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from portal.build import workers; assert workers.processors() == 1\nfrom portal.cli import run; run()"
    )
    command = [sys.executable, "-c", code, "-C", str(site.root), "build", "--output", str(tmp_path / "one")]
    subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True)
    assert difference(tree_of(tmp_path / "many"), tree_of(tmp_path / "one")) == []
    assert len(tree_of(tmp_path / "one")) > 600


_UNREAD = """
import os, sys, time
from pathlib import Path
from portal.build.{module} import {name}
{body}
print("ready", flush=True)
time.sleep(60)
"""
_WORKERS = """
results = shared(range(4000), lambda jobs: ("x" * 1000 for _ in jobs), str)
next(results)
"""
_CLONING = """
from portal.build.manifest import Entry, Manifest
files = {f"{number:0200d}": Entry(b"", 0, 0) for number in range(2000)}  # none of them is there
cloning = Cloning(Path(sys.argv[1]), Manifest(files), Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("module", "name", "body"),
    [("workers", "shared", _WORKERS), ("cloning", "Cloning", _CLONING)],
    ids=["workers", "cloning"],
)
def test_what_a_killed_build_started_ends_with_it(tmp_path: Path, module: str, name: str, body: str) -> None:
    """Processes with more to tell than a pipe holds do not wait for a parent that was killed: they would keep the lock, and
    every later build waiting."""
    code = _UNREAD.format(module=module, name=name, body=body)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)  # the pipes are full
        assert len(session(process.pid)) > 1
        process.kill()
        process.stdout.close()
        process.wait()
        try:
            assert gone(process.pid)
        finally:
            kill_session(process.pid)
