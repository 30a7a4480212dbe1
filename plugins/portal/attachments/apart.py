"""Attachments read in a process apart (worker.py), which can be ended: whatever a file makes of a library, the build
goes on, and the editor gets a sentence about the file."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from math import ceil
from types import TracebackType
from typing import Self

from portal.attachments.limits import Limits
from portal.attachments.reading import LIBRARIES, Text
from portal.attachments.refusals import Refusal
from portal.attachments.worker import READY, Answer, Job

_START = 120
"""Seconds for the process to start, on a machine that does other things as well."""

_SIMPLER = "请用原来的软件打开检查，删去用不到的内容，重新另存或者导出，也可以分成几个文件，然后换上。"


class Reader:
    """Reads one file after another, in one process as long as that lives; a context, at whose end nothing is left.

    The process starts with the first file. It is in a session of its own: Ctrl+C ends it through this one. Where this
    one is killed, it ends with the file that it reads, at the latest when the file's time is used up.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, name: str, ending: str, data: bytes) -> Text:
        """The same as reading.read_text, within the limits: a file that goes beyond one has a refusal instead of words.

        Used-up time of the processor is the file's, within a factor that the allowance is generous for: this refusal
        is lasting, or each build would spend the time again, and so would the preview each time that a file is saved.
        Time on the wall, memory and a process that was killed may be the machine's: these are tried again.
        Raises ImportError where the process or a library does not start, and OSError of an exhausted machine (see
        faults).
        """
        if ending not in LIBRARIES:
            return Text((), None)
        seconds = self._limits.seconds(len(data))
        job = name, ending, data, seconds, self._limits.memory
        process = self._started()
        answer, is_late = _exchange(process, job, seconds * self._limits.patience)
        if isinstance(answer, Text):
            return answer
        self.close()
        if isinstance(answer, ImportError | OSError):
            raise answer
        if process.returncode == -signal.SIGXCPU:
            return Text((), _endless(name, seconds))
        if is_late:
            return Text((), _endless(name, seconds * self._limits.patience), lasting=False)
        return Text((), _broken_off(name), lasting=False)

    def close(self) -> None:
        """End the process, if there is one; what it was doing is given up."""
        if self._process is None:
            return
        _kill(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was still to be written has no reader
                    pipe.close()
        self._process.wait()
        self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        """A process that has said that it is there. One that cannot is no fault of the file."""
        if self._process is not None and self._process.poll() is not None:
            self.close()  # it was ended while it had nothing to do
        if self._process is None:
            command = [sys.executable, "-P", "-m", "portal.attachments.worker"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
            if _exchange(self._process, None, _START)[0] != READY:
                self.close()
                raise ImportError("读取附件文字的进程启动不了")
        return self._process


def _exchange(process: subprocess.Popen[bytes], job: Job | None, seconds: int) -> tuple[Answer | str | None, bool]:
    """What the process says next, once it has the job, if any; None where it ends or is ended after so many seconds on the
    wall, and whether it was."""
    assert process.stdin is not None
    assert process.stdout is not None
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        _kill(process)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        if job is not None:
            pickle.dump(job, process.stdin)
            process.stdin.flush()
        answer: Answer | str = pickle.load(process.stdout)  # noqa: S301 -- from our own process
    except (OSError, EOFError, pickle.UnpicklingError):
        return None, is_late.is_set()
    finally:
        timer.cancel()
        timer.join()  # the process that is given the next job is not ended for this one
    return answer, False


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:  # else its number may be another process's by now
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _endless(name: str, seconds: int) -> Refusal:
    what = f"“{name}”过于复杂，读了 {ceil(seconds / 60)} 分钟还没有读完，已经停止，里面的文字搜索不到。"
    return "attachment-too-complex", what, _SIMPLER


def _broken_off(name: str) -> Refusal:
    what = f"“{name}”没有读完就中断了（文件过于复杂或者已经损坏，也可能是内存不足），里面的文字搜索不到。"
    return "attachment-too-complex", what, _SIMPLER
