"""Work shared by processes that are forked from this one: what they read is there already, and only results travel.

Forked and not started anew, because a worker needs the ten thousand values that this process has just made. So there must
be no other thread while they start: where there is one (the development server), everything is done in this process.
"""

import gc
import multiprocessing
import multiprocessing.context
import os
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import TypeVar

import msgspec

from portal.problems import Stopped

Job = TypeVar("Job")
Result = TypeVar("Result")

_BATCH = 64
"""Results that travel together."""


class WorkerFailed(Stopped):
    """A worker was ended, or raised what is told here; the build stops, and what is published stays as it is."""


def processors() -> int:
    """How many processes can work at a time."""
    return len(os.sched_getaffinity(0)) if threading.active_count() == 1 else 1


def shared(
    jobs: Sequence[Job], work: Callable[[Sequence[Job]], Iterator[Result]], kind: type[Result], least: int = 100
) -> Iterator[Result]:
    """The results of `work` on all jobs, in no particular order: in this process where there are fewer than `least`.

    `kind` is the type of a result, which MessagePack must be able to carry. Raises WorkerFailed, OSError for what the
    system refuses a worker, and what `work` raises in this process.
    """
    processes = min(processors(), len(jobs) // least + 1)
    if processes == 1:
        yield from work(jobs)
        return
    context = multiprocessing.get_context("fork")
    decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]  # a type that is a value here
    gc.freeze()  # a collection in a worker would copy what it only looks at
    started: list[tuple[Connection, multiprocessing.context.ForkProcess]] = []
    try:
        for number in range(processes):
            ours, theirs = context.Pipe(duplex=False)
            readers = [*(reader for reader, _ in started), ours]
            process = context.Process(target=_run, args=(theirs, readers, work, jobs[number::processes]), daemon=True)
            process.start()
            theirs.close()
            started.append((ours, process))
        waiting = [ours for ours, _ in started]
        while waiting:
            for ready in wait(waiting):
                assert isinstance(ready, Connection)
                try:
                    message = ready.recv_bytes()
                except (EOFError, OSError):  # OSError where it was ended in the middle of a message
                    raise WorkerFailed(
                        "生成网站的一个进程被中断了（多半是内存不足），没有发布。请重新运行一次。"
                    ) from None
                if not message:
                    waiting.remove(ready)
                elif message.startswith(_REFUSED):
                    raise OSError(*msgspec.msgpack.decode(message.removeprefix(_REFUSED)))
                elif message.startswith(_FAILED):
                    raise WorkerFailed(message.removeprefix(_FAILED).decode())
                else:
                    yield from decoder.decode(message)
    finally:
        gc.unfreeze()
        for ours, process in started:
            ours.close()
            process.terminate()
            process.join()
            process.close()


_FAILED, _REFUSED = b"\xc1F", b"\xc1R"
"""They begin with the byte that MessagePack never uses: an exception's traceback; what the system refused."""


def _run(
    pipe: Connection,
    readers: Sequence[Connection],
    work: Callable[[Sequence[Job]], Iterator[Result]],
    jobs: Sequence[Job],
) -> None:
    """In the worker. `readers` are the parent's ends of this pipe and others: held here, too, they would keep a worker waiting
    for ever, and the lock of the releases with it, when the parent is killed."""
    try:
        for reader in readers:
            reader.close()
        batch: list[Result] = []
        for result in work(jobs):
            batch.append(result)
            if len(batch) == _BATCH:
                pipe.send_bytes(msgspec.msgpack.encode(batch))
                batch.clear()
        if batch:
            pipe.send_bytes(msgspec.msgpack.encode(batch))
        pipe.send_bytes(b"")
    except BrokenPipeError:  # the build has stopped
        pass
    except OSError as error:  # a full disk is no fault of the program, and is told as such
        name = None if error.filename is None else os.fsdecode(error.filename)
        pipe.send_bytes(_REFUSED + msgspec.msgpack.encode((error.errno, error.strerror, name)))
    except Stopped as error:  # a sentence for people
        pipe.send_bytes(_FAILED + str(error).encode(errors="backslashreplace"))
    except Exception:
        pipe.send_bytes(_FAILED + traceback.format_exc().encode(errors="backslashreplace"))
    finally:
        os._exit(0)  # nothing of the parent's is cleaned up twice
