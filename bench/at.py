"""The command `portal` at another time: bench/at.py '2026-11-20 09:00' build …

It publishes what is public then. Only for measuring what a scheduled record costs when it becomes due.
"""

import sys

from portal import clock
from portal.cli import run

if __name__ == "__main__":
    moment = clock.parse_minute(sys.argv.pop(1))
    clock.read = lambda: moment
    run()
