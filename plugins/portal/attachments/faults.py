"""Errors that say something of the machine or the installation, not of the file that was being read."""

import errno

_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EIO}


def is_of_machine(error: Exception) -> bool:
    """Whether another run, on a whole machine, may read the same bytes: no memory, no open file left, no library.

    Libraries raise OSError for what is wrong in a file, too; those have no such number.
    """
    return isinstance(error, MemoryError | ImportError) or (isinstance(error, OSError) and error.errno in _EXHAUSTED)
