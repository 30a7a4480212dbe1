"""Shards built in processes of their own: `python -m portal.search.workers` reads jobs and answers each.

Not multiprocessing: its fresh processes import the main module of the caller again, which may be any script, and its
forked ones copy a process that holds ten thousand records and may have threads.
"""

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue

from portal.search.bundle import Job, build
from portal.search.layout import Layout
from portal.search.pagefind import SearchFailed


class Worker:
    """A process that builds one shard after another."""

    def __init__(self) -> None:
        # -P: what lies in the site's folder is not imported.
        command = [sys.executable, "-P", "-m", "portal.search.workers"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)

    def build(self, job: Job) -> Layout:
        """Build a shard into a new folder. Raises SearchFailed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(job, self._process.stdin)
            self._process.stdin.flush()
            answer = pickle.load(self._process.stdout)  # noqa: S301 -- from our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
            killed = "，可能是内存不足" if self._process.returncode == -signal.SIGKILL else ""
            raise SearchFailed(f"搜索索引没有生成，网站没有发布：一个索引进程中断了{killed}。") from error
        if not isinstance(answer, Layout):
            raise SearchFailed(str(answer))
        return answer

    def close(self) -> None:
        """End the process; what it was doing is given up."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was still to be written has no reader
                    pipe.close()
        self._process.wait()


def build_all(jobs: Sequence[Job], number: int) -> Iterator[Layout]:
    """The layouts of these jobs, in order, built by so many processes. Raises SearchFailed."""
    started = [Worker() for _ in range(number)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in started:
        free.put(worker)

    def run(job: Job) -> Layout:
        worker = free.get()
        try:
            return worker.build(job)
        finally:
            free.put(worker)

    pool = ThreadPoolExecutor(len(started))
    try:
        yield from pool.map(run, jobs)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in started:
            worker.close()


def main() -> None:
    """Answer jobs on standard input until it ends."""
    while True:
        try:
            job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the process that started this one
        except EOFError:
            return
        try:
            answer: Layout | str = build(job)
        except SearchFailed as error:
            answer = str(error)
        except OSError as error:
            answer = f"搜索索引没有生成，网站没有发布：{error.filename or job.target} 读写不了：{error.strerror}。"
        except MemoryError:
            answer = (
                "搜索索引没有生成，网站没有发布：内存不足。请把 pelicanconf.py 中的 PORTAL_SEARCH_MEMORY 调小后再试。"
            )
        except Exception as error:  # a fault of ours is told as what it is
            answer = f"搜索索引没有生成，网站没有发布：{type(error).__name__}：{error}。请把这段文字交给维护人员。"
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
