"""Work shared by processes: every result once, failures told, and nobody left behind."""

import errno
import gc
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from build.killing import ENVIRONMENT
from portal.build.manifest import Entry
from portal.build.workers import WorkerFailed, processors, shared


@pytest.fixture(autouse=True)
def _three_processors(monkeypatch: pytest.MonkeyPatch, alone: bool) -> Iterator[None]:
    """Three processes can work, however many this machine has; after each test none of them is left, nor a pipe."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    before = _open_files()
    yield
    if alone:
        with pytest.raises(ChildProcessError):  # waited for, too
            os.waitpid(-1, os.WNOHANG)
        assert _open_files() == before
    assert gc.get_freeze_count() == 0


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _double(jobs: Sequence[int]) -> Iterator[int]:
    for job in jobs:
        yield 2 * job


def _who(jobs: Sequence[int]) -> Iterator[int]:
    """Who does it."""
    for _ in jobs:
        yield os.getpid()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 63, 64, 65, 192, 193, 1000])
def test_every_result_arrives_once(count: int) -> None:
    """However many there are, of full batches and of begun ones."""
    assert sorted(shared(range(count), _double, int, least=1)) == [2 * number for number in range(count)]


def test_a_job_may_have_no_result_or_many() -> None:
    """What travels are results: some jobs have none, and others more than travel together."""

    def work(jobs: Sequence[int]) -> Iterator[int]:
        for job in jobs:
            yield from itertools.repeat(job, job)

    for counts in ([0, 0, 0], [200, 0, 1]):
        assert sorted(shared(counts, work, int, least=1)) == sorted(each for each in counts for _ in range(each))


def test_results_come_as_what_they_are() -> None:
    """Of the type that was named, and though they are larger than what a pipe holds."""

    def work(jobs: Sequence[int]) -> Iterator[tuple[str, Entry]]:
        for job in jobs:
            yield "甲" * 100_000, Entry(b"\xc1", job, -job)

    assert sorted(shared(range(9), work, tuple[str, Entry], least=1), key=lambda found: found[1].size) == [
        ("甲" * 100_000, Entry(b"\xc1", job, -job)) for job in range(9)
    ]


def test_a_worker_knows_what_was_just_made() -> None:
    """It is forked from this process: the values need not travel, nor could these."""
    made = {number: threading.Lock() for number in range(6)}

    def work(jobs: Sequence[int]) -> Iterator[bool]:
        for job in jobs:
            yield made[job].acquire(blocking=False)

    assert list(shared(range(6), work, bool, least=1)) == [True] * 6
    assert not any(lock.locked() for lock in made.values())


@pytest.mark.parametrize(("jobs", "processes"), [(9, 0), (10, 2), (19, 2), (20, 3), (500, 3)])
def test_few_jobs_need_no_process(jobs: int, processes: int) -> None:
    """Fewer than `least` are done here; else one process works for so many, and as many as there are processors."""
    found = set(shared(range(jobs), _who, int, least=10))
    assert len(found) == (processes or 1)
    assert (os.getpid() in found) is (processes == 0)


def test_beside_another_thread_everything_is_done_here() -> None:
    """A fork would copy its locks in whatever state they are."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert processors() == 1
        assert set(shared(range(100), _who, int, least=1)) == {os.getpid()}
    finally:
        end.set()
        thread.join()
    assert processors() == 3


def test_on_one_processor_everything_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes would only wait for each other."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert set(shared(range(100), _who, int, least=1)) == {os.getpid()}


def test_a_worker_that_raises_stops_the_build() -> None:
    """With where and what it was; the others, who would never end, are ended."""

    def work(jobs: Sequence[int]) -> Iterator[int]:
        for job in jobs:
            if job == 4:
                raise ValueError("第四件")
            time.sleep(60 if job == 3 else 0)
            yield job

    with pytest.raises(WorkerFailed, match=r"(?s)Traceback.*test_workers\.py.*in work.*ValueError: 第四件"):
        list(shared(range(6), work, int, least=1))


def test_in_this_process_an_error_stays_what_it_is() -> None:
    """There is no worker that could have failed."""

    def work(jobs: Sequence[int]) -> Iterator[int]:
        yield from jobs
        raise ValueError("here")

    found = shared(range(3), work, int)
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="here"):
        next(found)


@pytest.mark.parametrize("at", [300, 301, 302], ids=["first", "second", "last"])
@pytest.mark.parametrize("how", ["killed", "exit", "all"])
def test_a_worker_that_is_ended_stops_the_build(how: str, at: int) -> None:
    """Killed for want of memory, or gone of itself: its jobs are not done, however many results it had sent."""

    def work(jobs: Sequence[int]) -> Iterator[int]:
        for job in jobs:
            if job == at or (how == "all" and job > 300):
                if how == "exit":
                    raise SystemExit(0)
                os.kill(os.getpid(), signal.SIGKILL)
            yield job

    with pytest.raises(WorkerFailed, match="被中断了（多半是内存不足），没有发布。请重新运行一次"):
        list(shared(range(600), work, int, least=1))


def test_whoever_asks_no_more_ends_the_workers() -> None:
    """They would go on for ever; that nothing is left of them is looked at after each test."""

    def work(_: Sequence[int]) -> Iterator[int]:
        yield from itertools.repeat(os.getpid())

    found = shared(range(9), work, int, least=1)
    assert isinstance(found, Iterator)
    worker = next(found)
    assert worker in {process.pid for process in multiprocessing.active_children()}
    found.close()  # type: ignore[attr-defined]  # a generator, as whoever stops in the middle of a loop finds
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_worker_that_sleeps_is_not_waited_for() -> None:
    """Nor one that would clean up when it is told to end: what it does is of no use any more."""

    def work(jobs: Sequence[int]) -> Iterator[int]:
        yield from jobs if 0 in jobs else ()
        time.sleep(0 if 0 in jobs else 60)

    found = shared(range(300), work, int, least=1)
    start = time.monotonic()
    assert next(found) == 0
    del found
    assert time.monotonic() - start < 30


_TWICE = """
import atexit, os, sys
from portal.build.workers import shared

os.sched_getaffinity = lambda _: {0, 1, 2}
atexit.register(print, "atexit")
file = open(sys.argv[1], "w")
file.write("file")
sys.stdout.write("output ")

def work(jobs):
    for job in jobs:
        if job == 7 and sys.argv[2:]:
            raise ValueError("seven")
        yield os.getpid()

try:
    found = set(shared(range(9), work, int, least=1))
    assert len(found) == 3 and os.getpid() not in found
except Exception as error:
    assert "ValueError: seven" in str(error)
finally:
    sys.stdout.write("finally ")
"""


@pytest.mark.parametrize("arguments", [[], ["fail"]], ids=["done", "failed"])
def test_nothing_of_the_parents_happens_twice(tmp_path: Path, arguments: list[str]) -> None:
    """What the parent will do at its end, and what it has not written yet, is left to it."""
    command = [sys.executable, "-c", _TWICE, str(tmp_path / "file"), *arguments]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("output finally atexit\n", "", 0)
    assert (tmp_path / "file").read_text() == "file"


def test_a_worker_that_is_killed_while_it_tells_stops_the_build() -> None:
    """In the middle of results that are more than a pipe holds."""

    def work(jobs: Sequence[int]) -> Iterator[str]:
        yield from [str(os.getpid())] * 64
        yield from ["x" * 10**6] * 64

    found = shared(range(2), work, str, least=1)
    killed = int(next(found))
    time.sleep(0.3)  # the pipe is full
    os.kill(killed, signal.SIGKILL)
    with pytest.raises(WorkerFailed, match="中断"):
        list(found)


def test_what_the_system_refuses_a_worker_is_told_as_such(tmp_path: Path) -> None:
    """A full disk is no fault of the program: the same error as in this process, with the file's name."""
    path = tmp_path / "full"
    path.symlink_to("/dev/full")

    def work(jobs: Sequence[int]) -> Iterator[int]:
        for _ in jobs:
            with path.open("wb", buffering=0) as file:
                try:
                    file.write(b"x")
                except OSError as error:
                    error.filename = path
                    raise
            yield 1

    with pytest.raises(OSError, match="No space") as refused:
        list(shared(range(3), work, int, least=1))
    assert (refused.value.errno, refused.value.filename) == (errno.ENOSPC, str(path))
