"""How much of the machine the reading of one attachment may take: a small file can be made to take any amount.

What is kept of a file is limited elsewhere (blocks, archives, pdf); a million empty cells or a page drawn ten thousand
times leave nothing that could be counted, whatever library reads them. The kernel counts all work alike.
"""

import resource
from dataclasses import dataclass
from math import ceil

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The allowances of one file.

    Time of the processor: `least` seconds, `per_mib` more for each MiB of the file, `most` at most. Measured in 2026 on
    one core of a cloud server: a workbook of 100,000 rows and ten columns (4 MiB) takes 10 s; 2,000 pages of PDF take
    6 s as Word writes them (5 MiB), and as browsers write them, which is the slowest known, 0.1 s a page: 200 s (10 MiB
    and more). So a machine a quarter as fast reads all of these, while a bomb, which is small, ends after minutes.

    `patience`: by how much the clock on the wall may be slower, for a machine that does other things as well.

    `memory`: bytes of address space. The largest XML that is read (archives.MAX_XML) takes a third of it as a document,
    and half of it as nothing but the shortest elements; a workbook of a million cells and a PDF of 5,000 pages take
    0.2 GiB.
    """

    least: int = 300
    per_mib: int = 60
    most: int = 1200
    patience: int = 4
    memory: int = 4096 * _MIB

    def seconds(self, size: int) -> int:
        """Seconds of the processor's time that a file of so many bytes may take."""
        return min(self.least + size * self.per_mib // _MIB, self.most)


def allow(seconds: int, memory: int) -> None:
    """Let this process use so many more seconds of the processor and so many bytes of address space in all.

    When the seconds are used up the kernel ends the process with SIGXCPU, in a library's C code too; memory beyond the
    limit is a MemoryError. Limits that the process was started under stay in force. Whole seconds are counted.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime) + seconds)
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CORE, 0)  # SIGXCPU would leave the memory of the process in a file


def _lower(kind: int, soft: int) -> None:
    """Set a soft limit. The hard one stays, so that the soft one can be raised for the next file."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
