"""`python -m portal.attachments.worker`: reads the words of one attachment after another, each within its allowances.

Jobs come on standard input and answers go to standard output, pickled; apart.py is the other end.
"""

import errno
import os
import pickle
import sys
from typing import BinaryIO

from portal.attachments.limits import allow
from portal.attachments.reading import Text, read_text

Job = tuple[str, str, bytes, int, int]
"""Name, ending and bytes of a file (see read_text), its seconds of the processor, and bytes of address space."""

Answer = Text | MemoryError | ImportError | OSError
"""The words, or what is to be raised: no memory within the allowance, a broken installation, an exhausted machine."""

READY = "ready"
"""What is said before the first job: a process that does not say it has not failed at a file."""


def answer(job: Job) -> Answer:
    """Read a file. What says nothing of the file is returned instead of raised, made anew: not every error can be
    pickled with all that it holds."""
    name, ending, data, seconds, memory = job
    allow(seconds, memory)
    try:
        return read_text(name, ending, data)
    except MemoryError:
        return MemoryError()
    except OSError as error:
        return MemoryError() if error.errno == errno.ENOMEM else OSError(error.errno, error.strerror)
    except ImportError as error:
        return ImportError(str(error))
    except Exception as error:  # read_text raises no other: it is a library that fails while it is imported
        return ImportError(f"{type(error).__name__}: {error}")


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Say READY, then answer jobs until there are no more."""
    said: Answer | str = READY
    while True:
        pickle.dump(said, answers)
        answers.flush()
        try:
            job: Job = pickle.load(jobs)  # noqa: S301 -- from the process that started this one
        except EOFError:
            return
        said = answer(job)


def main() -> None:
    """Serve. What a library prints must not get among the answers: it goes to standard error."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
